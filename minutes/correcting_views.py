"""Pages on which an editor puts a turn right, and takes back what he or she did last."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permitting import only_for
from accounts.roles import PUT_RIGHT
from people.curating import back, sentence

from . import correcting
from .changes import Stale
from .correcting import NotTakenBack, Step
from .models import Turn
from .threads import turns_to_show
from .turn_forms import TurnForm


@only_for(PUT_RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def put_right(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form for one turn: a piece of a page for htmx, else a page. One key of the talk's page sends a kind alone."""
    turns = turns_to_show(
        Turn.objects.visible_to(request.user).select_related("workshop", "exchange", "talk", "session")
    )
    turn = get_object_or_404(turns, public_id=public_id)
    if request.method == "POST" and request.POST.get("quick"):
        return _set_kind(request, turn)
    form = TurnForm(request.POST or None, turn=turn)
    if request.method == "POST" and form.is_valid():
        given = {"seen": form.cleaned_data["seen"], "apart": form.apart, "why": form.cleaned_data["why"]}
        if _written(request, turn, form.stated(), **given):
            return back(request, turn.get_absolute_url(), turn.public_id)
    piece = "HX-Request" in request.headers and request.method != "POST"
    shown = {"turn": turn, "form": form, "next": opened_from(request, turn.get_absolute_url())}
    template = "minutes/_put_right.html" if piece else "minutes/put_right.html"
    return render(request, template, shown)


def _set_kind(request: HttpRequest, turn: Turn) -> HttpResponse:
    kind, seen = request.POST["quick"], request.POST.get("seen", "")
    if kind in Turn.Kind.values and seen.isdecimal() and len(seen) < 10:
        _written(request, turn, {"kind": kind}, seen=int(seen))
    else:
        messages.error(request, "That is no kind of words: choose question, answer or comment.")
    return back(request, turn.get_absolute_url(), turn.public_id)


def _written(request: HttpRequest, turn: Turn, values: dict, **given) -> bool:
    """Says what was done, with the way back; or why it was not."""
    try:
        tell_step(request, correcting.put_right(request.user, turn, values, **given))
    except Stale:
        messages.error(request, "Somebody changed these words since you opened them: look again, then put them right.")
        return False
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return False
    return True


def tell_step(request: HttpRequest, step: Step | None) -> None:
    if step is None:
        messages.info(request, "Nothing differed, so nothing was changed.")
    else:
        messages.success(request, step.told, extra_tags=f"undo-{step.group}")


def opened_from(request: HttpRequest, otherwise: str) -> str:
    """The page from which a form was opened, to come back to."""
    asked = request.POST.get("next") or request.GET.get("next", "")
    opened = asked or request.headers.get("HX-Current-URL", "")
    here = url_has_allowed_host_and_scheme(opened, allowed_hosts={request.get_host()})
    return opened if here else otherwise


@login_required
@require_POST
def undo(request: HttpRequest, group: UUID) -> HttpResponse:
    try:
        messages.success(request, correcting.take_back(request.user, group))
    except NotTakenBack as refusal:
        messages.error(request, str(refusal))
    return back(request, reverse("minutes:home"), request.POST.get("next", "").partition("#")[2])
