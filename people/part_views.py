"""Splitting a person, and where somebody was from at each workshop."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from minutes.changes import change
from minutes.masking import mask

from .curating import find_person, for_curators, person_or_404, sentence
from .models import Person
from .parting import At, affiliations_of, parts_of, state_affiliation
from .parting import split as give
from .suggesting import doubles


@for_curators
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, public_id: str) -> HttpResponse:
    person = person_or_404(request, public_id).lives_on
    if request.method == "POST":
        return _split(request, person)
    everybody = list(Person.objects.canonical().exclude(pk=person.pk).values_list("public_id", "shown_name"))
    shown = {
        "person": person,
        "parts": parts_of(person, request.user),
        "likely": doubles(person.shown_name, everybody),
        "names": sorted({name for _, name in everybody}),
    }
    return render(request, "people/split.html", shown)


def _split(request: HttpRequest, person: Person) -> HttpResponse:
    sent = request.POST
    chosen = {name: sent.getlist(name) for name in ("turns", "groups", "others")}
    who = sent.get("who", "").strip()
    try:
        if not any(chosen.values()):
            raise ValidationError("Tick what belongs to somebody else.")
        target = who if sent.get("act") == "new" else find_person(who)
        if target == person:
            raise ValidationError(f"That is {person} already: name somebody else.")
        step = give(request.user, person, target, **chosen)
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return redirect(request.path)
    messages.success(request, f"{step.told} The names desk can undo it.")
    return redirect("people:split", person.public_id)


@for_curators
@require_http_methods(["GET", "HEAD", "POST"])
def affiliations(request: HttpRequest, public_id: str) -> HttpResponse:
    person = person_or_404(request, public_id).lives_on
    places = affiliations_of(person, request.user)
    if request.method == "POST":
        return _state(request, person, places)
    return render(request, "people/affiliations.html", {"person": person, "places": places})


def _state(request: HttpRequest, person: Person, places: list[At]) -> HttpResponse:
    """Only fields that the form changed; one that somebody else changed meanwhile is left, and said so."""
    changed, stale = 0, []
    try:
        with change(request.user, request.POST.get("why", "").strip()) as c:
            for at in places:
                shown = mask(at.affiliation)
                was = request.POST.get(f"was-{at.workshop.public_id}", shown)
                now = " ".join(request.POST.get(f"at-{at.workshop.public_id}", was).split())
                if now == was:
                    continue
                if was != shown:
                    stale.append(at)
                else:
                    changed += _checked(c, person, at, now)
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return redirect(request.path)
    for at in stale:
        messages.error(request, f"{at.workshop}: somebody changed it to “{at.affiliation}” meanwhile; it was left so.")
    if changed:
        messages.success(request, f"{changed} workshop{'' if changed == 1 else 's'} changed.")
    return redirect(person if changed and not stale else request.path)


def _checked(c, person: Person, at: At, now: str) -> bool:
    if len(now) > 300:
        raise ValidationError(f"{at.workshop}: an affiliation has at most 300 characters.")
    return state_affiliation(c, person, at.workshop, at.affiliation, now)
