"""What waits for an editor: counts with the filtered lists behind them, for the first page of the admin."""

from dataclasses import dataclass

from django import template
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.roles import may_do
from minutes import reporting, settling
from minutes.models import ActionItem, FailedImport, Link, Workshop
from people.curating import is_curator
from people.desk import waiting_count

register = template.Library()

#: Where what the admin does not edit is settled.
PAGES = {
    "actionitem": "minutes:action-desk",
    "conflict": "minutes:conflict-list",
    "report": "minutes:report-list",
}
LATEST = 6  # workshops whose chores are offered


@dataclass(frozen=True, slots=True)
class Waiting:
    count: int
    words: str
    address: str


@register.simple_tag(takes_context=True)
def waiting(context: template.Context) -> list[Waiting]:
    """Only what this user may see. What is at nought is not waiting."""
    user = context["request"].user
    actions, links = ActionItem.objects.visible_to(user), Link.objects.visible_to(user)
    conflicts = settling.conflicts_for(user).filter(settled_at=None)
    overdue = actions.overdue(timezone.localdate())
    kinds = (
        ("minutes", "actionitem", overdue, "overdue", "when=overdue"),
        ("minutes", "actionitem", actions.filter(status="proposed"), "proposed actions", ""),
        ("minutes", "conflict", conflicts, "conflicts with a source", ""),
        ("minutes", "report", reporting.reports_for(user).filter(outcome=""), "readers’ reports", ""),
        ("minutes", "failedimport", FailedImport.objects.all(), "failed imports", "o=-3"),
        ("minutes", "link", links.filter(url=""), "links without address", "address=without"),
    )
    return [
        Waiting(
            count, words, f"{reverse(f'admin:{app}_{model}_changelist')}?{query}" if query else reverse(PAGES[model])
        )
        for app, model, records, words, query in kinds
        if may_do(user, "view", records.model) and (count := records.count())
    ]


@register.simple_tag(takes_context=True)
def chores(context: template.Context) -> QuerySet[Workshop]:
    """The newest workshops, whose details and links an organiser sees to. One query."""
    return Workshop.objects.visible_to(context["request"].user)[:LATEST]


@register.simple_tag(takes_context=True)
def names_waiting(context: template.Context) -> int:
    """How many labels wait at the names desk, for those who may decide."""
    user = context["request"].user
    return waiting_count(user) if is_curator(user) else 0
