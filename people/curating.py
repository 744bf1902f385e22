"""What the pages of curators share: who may open them, whom a form names, and the way back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.permitting import only_for
from accounts.roles import CURATE_PEOPLE, may
from minutes.queries import people_visible_to

from .models import Person
from .names import atoms, fold

for_curators = only_for(CURATE_PEOPLE)


def is_curator(user) -> bool:
    return may(user, CURATE_PEOPLE)


def person_or_404(request: HttpRequest, public_id: str) -> Person:
    """The record itself, also of somebody who was merged, as long as the user may know of the person."""
    person = get_object_or_404(Person.objects.select_related("canonical", "merged_into"), public_id=public_id)
    if not people_visible_to(request.user).filter(pk=person.lives_on.pk).exists():
        raise Http404
    return person


def chosen_person(public_id: str) -> Person:
    """Whom a button names. Raises ValidationError where that person cannot be chosen any more."""
    person = Person.objects.filter(public_id=public_id).select_related("canonical").first()
    if person is None or person.lives_on.retired_at:
        raise ValidationError("That person is not there any more: choose somebody else.")
    return person.lives_on


def find_person(text: str) -> Person:
    """Whom a typed name means. Raises ValidationError, with what to do, where that is not one person."""
    by_id = Person.objects.canonical().filter(public_id=text).first()
    if by_id:
        return by_id
    found = [person for person in Person.objects.canonical() if fold(person.shown_name) == fold(text)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(f"Nobody here is called “{text}”: check the spelling, or enter a new person.")
    raise ValidationError(
        f"{len(found)} people are called “{text}”: give the ten letters of the permanent link instead."
    )


def search_people(text: str, most: int = 9) -> list[Person]:
    """People of whose name every typed word begins a word."""
    wanted = atoms(text)
    if not wanted:
        return []
    found = []
    for person in Person.objects.canonical():
        words = atoms(person.shown_name)
        if all(any(word.startswith(one) for word in words) for one in wanted):
            found.append(person)
    return found[:most]


def back(request: HttpRequest, otherwise: str, anchor: str = "") -> HttpResponse:
    """To where the form said that it came from, if that is a page of this site."""
    address = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        address = otherwise
    return redirect(f"{address.partition('#')[0]}{f'#{anchor}' if anchor else ''}")


def sentence(problem: ValidationError) -> str:
    return " ".join(problem.messages)
