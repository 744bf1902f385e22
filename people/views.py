"""Pages of people: an alphabet of names, and one page for each person."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.roles import KNOW_PEOPLE, may
from minutes.directory import people
from minutes.directory.letters import by_letter
from minutes.queries import living_as, people_visible_to

from .curating import is_curator
from .models import Person, PersonMerge


def person_list(request: HttpRequest) -> HttpResponse:
    everybody = people.everybody(request.user)
    letters = by_letter(everybody, lambda said: said.person.sort_name)
    most = max((said.said for said in everybody), default=0)
    return render(request, "people/person_list.html", {"letters": letters, "most": most, "total": len(everybody)})


def person(request: HttpRequest, public_id: str, slug: str = "") -> HttpResponse:
    found = living_as(get_object_or_404(Person, public_id=public_id))
    profile = people.profile(found, request.user)
    if not _may_see(found, profile, request.user):
        raise Http404
    if request.path != found.get_absolute_url():
        return redirect(found, permanent=True)
    shown: dict[str, object] = {"profile": profile, "person": found}
    if is_curator(request.user):
        merges = PersonMerge.objects.filter(kept__in=people.identities(found).order_by(), undone_at__isnull=True)
        shown |= {"curates": True, "merges": merges.select_related("gone", "by")}
    return render(request, "people/person.html", shown)


def _may_see(person: Person, profile: people.Profile, user: Any) -> bool:
    """What a page shows of somebody is reason enough; only where it shows nothing is there something to ask."""
    if person.retired_at is None and profile.shows_something:
        return True
    return may(user, KNOW_PEOPLE) or people_visible_to(user).filter(pk=person.pk).exists()
