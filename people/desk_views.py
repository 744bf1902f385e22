"""The names desk: labels that wait for a human, one label with all its turns, decisions and their undoing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from minutes.deciding import Place
from minutes.models import Workshop

from . import desk as desks
from . import steps
from .curating import back, chosen_person, find_person, for_curators, search_people, sentence
from .models import Alias, NameStep
from .steps import Said


@for_curators
def desk(request: HttpRequest) -> HttpResponse:
    shown = {"desk": desks.desk(request.GET, request.user), "here": request.get_full_path()}
    return render(request, "people/desk.html", shown | _steps(request))


@for_curators
def label(request: HttpRequest) -> HttpResponse:
    workshop = _workshop(request, request.GET.get("in", ""))
    found = desks.label_in(workshop, request.GET.get("label", ""), request.user) if workshop else None
    if found is None:
        raise Http404("No turn that you may read has this label.")
    asked = request.GET.get("q", "").strip()
    shown = {"label": found, "q": asked, "people": search_people(asked), "here": request.get_full_path()}
    return render(request, "people/label.html", shown | _steps(request))


def _steps(request: HttpRequest) -> dict[str, object]:
    return {"steps": steps.recent(), "last": steps.last_to_undo(request.user)}


def _workshop(request: HttpRequest, public_id: str) -> Workshop | None:
    return Workshop.objects.visible_to(request.user).select_related("series").filter(public_id=public_id).first()


@for_curators
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """One button of one label. Its card's number says where to go on: the next label takes the place."""
    sent = request.POST
    act, _, public_id = sent.get("act", "").partition(" ")
    n = int(sent["n"]) if sent.get("n", "").isdigit() and len(sent["n"]) < 6 else 0
    if act == "waiting" and not sent.get("guessed"):
        return back(request, reverse("people:desk"), f"label-{n + 1}" if n else "")
    try:
        said = _said(request, sent.get("in", ""), sent.get("label", ""), act, public_id)
        step = steps.decide_labels(request.user, [said])
    except ValidationError as problem:
        messages.error(request, sentence(problem))
    else:
        messages.success(request, step.told)
    return back(request, reverse("people:desk"), f"label-{n}" if n else "")


def _said(request: HttpRequest, workshop_id: str, label: str, act: str, public_id: str) -> Said:
    """Raises ValidationError for a form that nobody's desk has sent, or that is too old."""
    workshop = _workshop(request, workshop_id)
    if workshop is None:
        raise ValidationError("That workshop is not there any more: look at the desk anew.")
    place = _place(workshop, request.POST.get("scope", ""))
    if act == "person":
        return Said(label, place, Alias.State.PERSON, chosen_person(public_id))
    if act == "new":
        return Said(label, place, Alias.State.PERSON, new=steps.checked_name(request.POST.get("name", "")))
    if act in (Alias.State.NOBODY, Alias.State.WAITING):
        return Said(label, place, act)
    raise ValidationError("Choose a person, nobody, or to leave the label waiting.")


def _place(workshop: Workshop, scope: str) -> Place:
    if scope == Alias.Scope.EVERYWHERE:
        return Place(scope)
    if scope == Alias.Scope.SERIES:
        if workshop.series is None:
            raise ValidationError(f"{workshop} belongs to no series: choose the workshop, or everywhere.")
        return Place(scope, workshop.series.public_id)
    return Place(Alias.Scope.WORKSHOP, workshop.public_id)


@for_curators
@require_POST
def decide_several(request: HttpRequest) -> HttpResponse:
    """One button for all labels that were ticked: the first suggestion of each, one person for all, or nobody."""
    act = request.POST.get("act", "")
    try:
        person = find_person(request.POST.get("who", "")) if act == "who" else None
        said = []
        for value in request.POST.getlist("chosen"):
            workshop_id, first, label = [*value.split(" ", 2), "", ""][:3]
            one, public_id = ("nobody", "") if act == "nobody" else ("person", person.public_id if person else first)
            if public_id == "-":
                raise ValidationError(f"There is no suggestion for “{label}”: untick it, or choose somebody.")
            said.append(_said(request, workshop_id, label, one, public_id))
        step = steps.decide_labels(request.user, said)
    except ValidationError as problem:
        messages.error(request, sentence(problem))
    else:
        messages.success(request, step.told)
    return back(request, reverse("people:desk"))


@for_curators
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    sent = request.POST.get("step", "")
    step = NameStep.objects.filter(pk=sent).select_related("merge").first() if sent.isdecimal() else None
    if step is None:
        messages.error(request, "There is no such step to undo.")
        return back(request, reverse("people:desk"))
    try:
        stays = steps.undo_step(request.user, step)
    except ValidationError as problem:
        messages.error(request, sentence(problem))
    else:
        messages.success(request, f"Undone: {step.told} {stays}".strip())
    return back(request, reverse("people:desk"))
