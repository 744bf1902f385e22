"""What an editor does with themes: evidence accepted and refused one by one, themes joined, merged and split."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permitting import only_for
from accounts.roles import SHAPE_THEMES
from minutes import shaping
from minutes import views as records
from minutes.changes import Stale
from minutes.correcting import Step
from minutes.correcting_views import tell_step
from minutes.directory import alike, themes
from minutes.models import Theme, Turn
from people.curating import sentence

STALE = "Somebody changed this theme since you opened the page, so nothing was done: look again at what stands now."


def for_shapers(view: Callable[[HttpRequest, Theme], HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of one theme, for those who shape themes. One that left the lists leads where its links lead."""

    @wraps(view)
    def shown(request: HttpRequest, public_id: str) -> HttpResponse:
        theme = themes.noted(request.user).filter(public_id=public_id).first()
        if theme is not None:
            return view(request, theme)
        answer = records.record(request, public_id)
        if request.method == "POST":
            messages.error(request, "That theme left the lists since you opened the page, so nothing was done.")
        return answer

    return only_for(SHAPE_THEMES)(shown)


def _done(request: HttpRequest, act: Callable[[], Step | None]) -> bool:
    """Says what was done, with the way back; or why it was not."""
    try:
        tell_step(request, act())
    except Stale:
        messages.error(request, STALE)
        return False
    except ValidationError as problem:
        messages.error(request, sentence(problem))
        return False
    return True


def _seen(request: HttpRequest, name: str = "seen") -> int:
    """The version that the form was made from; none that there ever was where the form does not say."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


@for_shapers
@require_POST
def evidence(request: HttpRequest, theme: Theme) -> HttpResponse:
    acts = {"accept": shaping.accept, "refuse": shaping.refuse, "take-off": shaping.take_off}
    act = request.POST.get("act", "")
    if act == "add":
        _done(request, lambda: _add(request, theme))
    elif act in acts:
        sent = request.POST.getlist("turn" if act != "refuse" else "offered")
        turns = list(Turn.objects.visible_to(request.user).filter(public_id__in=sent[:100]).order_by("n", "pk"))
        if turns:
            _done(request, lambda: acts[act](request.user, theme, turns, seen=_seen(request)))
        else:
            messages.error(request, "Tick the words that you mean: no turn was chosen, so nothing was done.")
    else:
        messages.error(request, "Say of the words that they bear the theme out, or that they do not.")
    return redirect(theme)


def _add(request: HttpRequest, theme: Theme) -> Step | None:
    turn = shaping.find_turn(theme, request.POST.get("link", ""), request.user)
    return shaping.accept(request.user, theme, [turn], seen=_seen(request))


def _other(request: HttpRequest) -> Theme | None:
    """The second theme of which a form or a link speaks; says so where there is none that the user may read."""
    named = (request.POST if request.method == "POST" else request.GET).get("with", "")
    other = themes.noted(request.user).filter(public_id=named).first()
    if named and other is None:
        messages.error(request, "The theme that you mean is not in the lists: choose another one.")
    return other


def _candidates(request: HttpRequest, theme: Theme) -> dict[str, object]:
    others = alike.elsewhere(theme, request.user)
    asked = request.GET.get("q", "").strip()[:200]
    found = alike.searched(theme, others, asked) if asked else []
    return {"q": asked, "found": found, "likely": alike.suggested(theme, others)}


@for_shapers
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, theme: Theme) -> HttpResponse:
    """Without another theme: suggestions and a search. With one: both side by side, and the name for both."""
    other = _other(request)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    if act:
        return _join(request, theme, other, act)
    shown: dict[str, object] = {"theme": theme, "other": other}
    if other is None:
        together = themes.noted(request.user).filter(recurring=theme.recurring_id) if theme.recurring_id else ()
        shown |= {"together": list(together)} | _candidates(request, theme)
        return render(request, "themes/join.html", shown)
    shown |= {"complaint": shaping.why_not_join(theme, other), "title": shaping.title_for(theme, other)}
    return render(request, "themes/join_both.html", shown)


def _join(request: HttpRequest, theme: Theme, other: Theme | None, act: str) -> HttpResponse:
    user, seen, title = request.user, _seen(request), request.POST.get("title", "")
    acts: dict[str, Callable[[], Step | None]] = {
        "part": lambda: shaping.part(user, theme, seen=seen),
        "rename": lambda: shaping.rename(user, theme, title, seen=seen),
    }
    if other is not None:
        seen_other = _seen(request, "seen_other")
        acts["join"] = lambda: shaping.join(user, theme, other, title, seen=seen, seen_other=seen_other)
    if act not in acts:
        if other is not None or not request.POST.get("with"):
            messages.error(request, "Choose the theme with which to join this one.")
        return redirect("themes:join", theme.public_id)
    if _done(request, acts[act]):
        return redirect(theme)
    back = reverse("themes:join", args=[theme.public_id])
    return redirect(f"{back}?with={other.public_id}" if other else back)


@for_shapers
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, theme: Theme) -> HttpResponse:
    """Without another theme: the others of the workshop. With one: both side by side, and the words that stay."""
    other = _other(request)
    if request.method == "POST":
        return _merge(request, theme, other)
    shown: dict[str, object] = {"theme": theme, "other": other}
    if other is None:
        shown["likely"] = alike.by_likeness(theme, alike.beside(theme, request.user))
        return render(request, "themes/merge.html", shown)
    shown["complaint"] = shaping.why_not_merge(theme, other)
    shown["sides"] = [
        (one, one.evidences.filter(state="accepted").count(), shaping.hanging_on(one)) for one in (theme, other)
    ]
    return render(request, "themes/merge_both.html", shown)


def _merge(request: HttpRequest, theme: Theme, other: Theme | None) -> HttpResponse:
    here = reverse("themes:merge", args=[theme.public_id])
    if other is None:
        if not request.POST.get("with"):
            messages.error(request, "Choose the theme that is the same as this one.")
        return redirect(here)
    sent = {"seen": _seen(request), "seen_gone": _seen(request, "seen_other")}
    text = request.POST.get("text", "")
    if _done(request, lambda: shaping.merge(request.user, theme, other, text, **sent)):
        theme.refresh_from_db()
        return redirect(theme)
    return redirect(f"{here}?with={other.public_id}")


@for_shapers
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, theme: Theme) -> HttpResponse:
    """Words for both, and where each turn of the evidence and each follow-up goes."""
    sent = request.POST
    if request.method == "POST" and _done(request, lambda: _split(request, theme)):
        theme.refresh_from_db()
        return redirect(theme)
    proof = theme.evidences.filter(state="accepted").values("turn")
    shown = {
        "theme": theme,
        "text": sent.get("text", theme.text),
        "other_text": sent.get("other_text", theme.text),
        "turns": Turn.objects.visible_to(request.user).filter(pk__in=proof),
        "followups": shaping.hanging_on(theme),
        "ticked": {*sent.getlist("turn"), *sent.getlist("followup")},
    }
    return render(request, "themes/split.html", shown, status=400 if request.method == "POST" else 200)


def _split(request: HttpRequest, theme: Theme) -> Step:
    sent = request.POST
    chosen = {"turns": sent.getlist("turn"), "followups": sent.getlist("followup")}
    step, _ = shaping.split(
        request.user, theme, sent.get("text", ""), sent.get("other_text", ""), seen=_seen(request), **chosen
    )
    return step
