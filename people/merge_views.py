"""Merging two records of one person: whom to choose, what would be shown, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from minutes.directory.people import identities, profile, profile_of
from minutes.uniting import why_not

from . import steps
from .curating import back, for_curators, person_or_404, search_people, sentence
from .models import Person, PersonMerge
from .suggesting import doubles


@for_curators
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Without another record: likely doubles and a search. With one: both side by side, and what would be shown."""
    person = person_or_404(request, public_id)
    stated = request.POST if request.method == "POST" else request.GET
    other = person_or_404(request, stated["with"]) if stated.get("with") else None
    if request.method == "POST" and other:
        return _merge(request, person, other)
    shown: dict[str, object] = {"person": person, "other": other, "here": request.get_full_path()}
    if other is None:
        asked = request.GET.get("q", "").strip()
        everybody = Person.objects.canonical().exclude(pk=person.pk)
        found = [one for one in search_people(asked) if one != person]
        likely = doubles(person.shown_name, everybody.values_list("public_id", "shown_name"))
        return render(request, "people/merge.html", shown | {"q": asked, "people": found, "likely": likely})
    shown["complaint"] = why_not(other, person)
    shown["sides"] = [(one, profile(one, request.user)) for one in (person, other)]
    shown["together"] = profile_of(person, [*identities(person), *identities(other)], request.user)
    shown["names"] = list(dict.fromkeys([person.shown_name, person.name, other.shown_name, other.name]))
    return render(request, "people/merge_preview.html", shown)


def _merge(request: HttpRequest, person: Person, other: Person) -> HttpResponse:
    """`keep` says whose address the person has from now on."""
    kept, gone = (other, person) if request.POST.get("keep") == other.public_id else (person, other)
    try:
        name = request.POST.get("name", "").strip()
        step = steps.merge_people(request.user, gone, kept, name, request.POST.get("why", "").strip())
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return redirect(reverse("people:merge", args=[person.public_id]))
    kept.refresh_from_db()
    messages.success(request, f"{step.told} Nothing was moved, so this can be undone at any time, below.")
    return redirect(kept)


@for_curators
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    sent = request.POST.get("merge", "")
    found = PersonMerge.objects.filter(pk=sent).select_related("kept", "gone").first() if sent.isdecimal() else None
    if found is None or found.undone_at:
        messages.error(request, "That merge was undone already.")
        return back(request, reverse("people:desk"))
    steps.undo_merge(request.user, found)
    messages.success(request, f"{found.gone.name} and {found.kept.name} are two people again, as they were before.")
    return back(request, found.kept.get_absolute_url())
