"""Pages on which editors work with action items: the desk of what was proposed, one item's form, and one made from what
was said."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permitting import only_for
from accounts.roles import FOLLOW_UP
from people.curating import back, sentence

from . import following_up
from .action_forms import ActionForm, ToDoForm
from .changes import Stale
from .correcting import Step
from .correcting_views import opened_from, tell_step
from .directory.followups import item_page, with_causes
from .directory.proposed import desk as desk_of
from .models import ActionItem, Theme, Turn

MOST = 100  # items in one go


@only_for(FOLLOW_UP)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    shown = {"desk": desk_of(request.GET, request.user, timezone.localdate()), "reasons": following_up.REASONS}
    return render(request, "minutes/action_desk.html", shown | {"here": request.get_full_path()})


@only_for(FOLLOW_UP)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """One button: of one item, or of all that are ticked. A card's number says where to go on: the next takes its
    place."""
    sent = request.POST
    n = sent.get("n", "")
    verb, _, ready = sent.get("act", "").partition(":")
    try:
        if verb not in following_up.VERBS:
            raise ValidationError("Choose what is to become of it: accept, reject, done or open again.")
        reason = ready or sent.get("reason", "") if verb in ("reject", "complete") else ""
        tell_step(request, following_up.decide(request.user, verb, _chosen(request), reason))
    except Stale as stale:
        told = following_up.short(stale.record)
        messages.error(request, f"Somebody changed “{told}” since you opened this page: look again, then decide.")
    except ValidationError as problem:
        messages.error(request, sentence(problem))
    return back(request, reverse("minutes:action-desk"), f"item-{n}" if n.isdecimal() and len(n) < 6 else "")


def _chosen(request: HttpRequest) -> list[tuple[ActionItem, int]]:
    """The items that a form names, with the versions that were looked at. Raises ValidationError."""
    seen: dict[str, int] = {}
    for value in request.POST.getlist("chosen")[:MOST]:
        public_id, _, version = value.partition(":")
        if not (version.isdecimal() and len(version) < 10):
            raise ValidationError("This form is too old: look at the page anew.")
        seen[public_id] = int(version)
    if not seen:
        raise ValidationError("Tick at least one action item.")
    items = ActionItem.objects.visible_to(request.user).in_bulk(list(seen), field_name="public_id")
    if items.keys() != seen.keys():
        raise ValidationError("One of these is not there any more: look at the page anew.")
    return [(items[public_id], version) for public_id, version in seen.items()]


@only_for(FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """The form for one item: a piece of a page for htmx, else a page."""
    item = item_page(public_id, request.user, timezone.localdate())
    if item is None:
        raise Http404("No action item that you may read has this permanent id.")
    form = ActionForm(request.POST or None, item=item)
    if request.method == "POST" and form.is_valid() and _written(request, item, form):
        return back(request, item.get_absolute_url(), _place(request))
    piece = "HX-Request" in request.headers and request.method != "POST"
    shown = {"item": item, "form": form, "next": opened_from(request, item.get_absolute_url()), "n": _n(request)}
    return render(request, "minutes/_action_form.html" if piece else "minutes/action_edit.html", shown)


def _written(request: HttpRequest, item: ActionItem, form: ActionForm) -> bool:
    """Says what was done, with the way back; or why it was not."""
    values, cleaned = form.stated(), form.cleaned_data
    if "accept" in request.POST and cleaned["status"] == ActionItem.Status.PROPOSED:
        values["status"] = ActionItem.Status.OPEN.value
    try:
        tell_step(request, following_up.edit(request.user, item, values, seen=cleaned["seen"], why=cleaned["why"]))
    except Stale:
        messages.error(request, "Somebody changed it since you opened the form: look again, then save.")
        return False
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return False
    return True


def _n(request: HttpRequest) -> str:
    """Which card of the desk the form was opened from; nothing elsewhere."""
    n = request.POST.get("n") or request.GET.get("n", "")
    return n if n.isdecimal() and len(n) < 6 else ""


def _place(request: HttpRequest) -> str:
    return f"item-{_n(request)}" if _n(request) else ""


@only_for(FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def to_do(request: HttpRequest, public_id: str) -> HttpResponse:
    """Makes an action item of a turn or a theme: what is proposed is there already, so that Save is enough."""
    cause = _cause(request, public_id)
    form = ToDoForm(request.POST or None, cause=cause)
    came_from = opened_from(request, cause.get_absolute_url())
    if request.method == "POST" and form.is_valid():
        try:
            item, step = following_up.add(request.user, cause, **form.stated())
        except ValidationError as problem:
            messages.error(request, sentence(problem))
        else:
            _tell_made(request, item, step)
            return back(request, cause.get_absolute_url(), cause.public_id if isinstance(cause, Turn) else "")
    made = with_causes(cause.actionitems.living()).order_by("pk")
    shown = {"cause": cause, "form": form, "next": came_from, "made": made, "is_turn": isinstance(cause, Turn)}
    piece = "HX-Request" in request.headers and request.method != "POST"
    return render(request, "minutes/_to_do.html" if piece else "minutes/to_do.html", shown)


def _cause(request: HttpRequest, public_id: str) -> Turn | Theme:
    turns = Turn.objects.visible_to(request.user).select_related("workshop", "talk__day", "session__day")
    themes = Theme.objects.visible_to(request.user).select_related("workshop")
    cause = turns.filter(public_id=public_id).first() or themes.filter(public_id=public_id).first()
    if cause is None:
        raise Http404("No words that you may read have this permanent id.")
    return cause


def _tell_made(request: HttpRequest, item: ActionItem, step: Step) -> None:
    link = format_html('To do: <a href="{}">{}</a>.', item.get_absolute_url(), following_up.short(item))
    messages.success(request, link, extra_tags=f"undo-{step.group}")
