"""Where a reader says “that is not what was said”, and the editors' list of what readers said."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.people import person_of
from accounts.permitting import only_for
from accounts.roles import READ_REPORTS
from people.curating import sentence

from . import reporting
from .correcting_views import tell_step
from .models import Report, Turn
from .report_forms import ReportForm, StatementForm
from .reporting import TooMany
from .threads import turns_to_show
from .visitors import address_of

PER_PAGE = 30
THANKS = _("Thank you: the editors will look at it. The words stay as they are until then.")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    turns = turns_to_show(Turn.objects.visible_to(request.user).select_related("workshop", "talk", "session"))
    turn = get_object_or_404(turns, public_id=public_id)
    person = person_of(request.user)
    form = ReportForm(request.POST or None, named=request.user.is_authenticated, person=person is not None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        stands = person if said.get("stand") else None
        try:
            if not form.by_program:
                given = {"name": said.get("name", ""), "person": stands, "address": address_of(request)}
                reporting.report(request.user, turn, said["text"], **given)
        except TooMany as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, THANKS)
            return redirect(turn.get_absolute_url())
    status = 400 if request.method == "POST" else 200
    return render(request, "minutes/report.html", {"turn": turn, "form": form, "person": person}, status=status)


@only_for(READ_REPORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """What readers said is wrong and nobody has looked at, oldest first; and what was settled last."""
    reports = reporting.reports_for(request.user)
    if request.method == "POST":
        return _settle(request, reports)
    words = Prefetch("turn", turns_to_show(Turn.objects.select_related("talk__workshop", "session__day__workshop")))
    shown = reports.select_related("by", "person__canonical", "settled_by").prefetch_related(words)
    waiting = shown.filter(outcome="")
    return render(
        request,
        "minutes/report_list.html",
        {
            "waiting": waiting[:PER_PAGE],
            "count": waiting.count(),
            "settled": shown.exclude(outcome="").order_by("-settled_at", "-pk")[:PER_PAGE],
        },
    )


def _settle(request: HttpRequest, reports) -> HttpResponse:
    asked, what = request.POST.get("report", ""), request.POST.get("do", "")
    if not asked.isdecimal() or len(asked) > 15 or what not in (*Report.Outcome.values, "reopen"):
        raise Http404("This asks for nothing that the page offers.")
    found = get_object_or_404(reports.select_related("turn__workshop"), pk=int(asked))
    if what == "reopen":
        reporting.reopen(found)
        messages.success(request, "It waits again.")
    elif what == Report.Outcome.STATED:
        _state(request, found)
    else:
        reporting.settle(request.user, found, what)
        messages.success(request, f"Settled: {found.get_outcome_display()}.")
    return redirect("minutes:report-list")


def _state(request: HttpRequest, found: Report) -> None:
    form = StatementForm(request.POST)
    if not form.is_valid():
        wrong = " ".join(problem for problems in form.errors.values() for problem in problems)
        messages.error(request, f"No statement was made. {wrong}")
        return
    said = form.cleaned_data
    try:
        tell_step(request, reporting.settle_by_statement(request.user, found, said["person"], said["text"]))
    except ValidationError as problem:
        messages.error(request, sentence(problem))
