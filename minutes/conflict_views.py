"""The page on which editors settle what people and a corrected source both changed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.permitting import only_for
from accounts.roles import SETTLE_CONFLICTS

from . import settling
from .settling import NotSettled

PER_PAGE = 30
SAID = {
    "mine": "Kept what stands on the site.",
    "theirs": "Took what the source says.",
    "edited": "Your text stands there now.",
    "undo": "Open again, as it was before.",
}


@only_for(SETTLE_CONFLICTS)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict_list(request: HttpRequest) -> HttpResponse:
    """Open conflicts, each with the three texts, and those that were settled last."""
    conflicts = settling.conflicts_for(request.user)
    if request.method == "POST":
        return _settle(request, conflicts)
    waiting = conflicts.filter(settled_at=None).order_by("pk")
    settled = conflicts.exclude(settled_at=None).order_by("-settled_at", "-pk")
    shown = {
        "disputes": settling.disputes(waiting[:PER_PAGE], request.user),
        "count": waiting.count(),
        "settled": settling.disputes(settled[: settling.SETTLED_SHOWN], request.user),
    }
    return render(request, "minutes/conflict_list.html", shown)


def _settle(request: HttpRequest, conflicts) -> HttpResponse:
    stated = request.POST
    asked, seen = stated.get("conflict", ""), stated.get("seen", "")
    what = stated.get("do", "")
    if what not in SAID or not asked.isdecimal() or (what != "undo" and not seen.isdecimal()):
        raise Http404("This asks for nothing that the page offers.")
    conflict = get_object_or_404(conflicts.select_related("record"), pk=int(asked))
    [dispute] = settling.disputes(conflicts.filter(pk=conflict.pk), request.user) or [None]
    if dispute is None or (what == "edited" and dispute.text is None):
        raise Http404("No conflict that you may settle has this number.")
    try:
        if what == "undo":
            settling.reopen(request.user, conflict)
        else:
            text = stated.get("text", "").replace("\r\n", "\n")
            settling.settle(request.user, conflict, what, seen=int(seen), text=text)
    except NotSettled as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{reverse('minutes:conflict-list')}#c{conflict.pk}")
    messages.success(request, SAID[what])
    following = (
        conflicts.filter(settled_at=None, pk__gt=conflict.pk).order_by("pk").values_list("pk", flat=True).first()
    )
    place = conflict.pk if what == "undo" else following
    return redirect(reverse("minutes:conflict-list") + (f"#c{place}" if place else ""))
