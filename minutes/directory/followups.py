"""A user, and what he or she asks for, in; action items and decisions with the words that created them, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Case, F, Prefetch, Q, QuerySet, When

from minutes.models import ActionItem, ActionOwner, Decision, Turn, Voice, Workshop
from minutes.queries import id_lived_on, living_as
from minutes.threads import LIVES_ON
from people.models import Person
from themes.models import Topic

from .choices import Choice, Select

NOBODY = "none"  # the value of the select for items without owner

#: What waits for somebody comes first.
ORDER = (ActionItem.Status.OPEN, ActionItem.Status.PROPOSED, ActionItem.Status.DONE, ActionItem.Status.DROPPED)


@dataclass(slots=True)
class Followups:
    """All that the page of action items shows."""

    groups: list[tuple[str, list[ActionItem]]]  # (status, items)
    total: int
    everything: int  # items there are without any filter
    decisions: list[Decision]
    selects: list[Select]
    complaints: list[str] = field(default_factory=list)

    @property
    def several_workshops(self) -> bool:
        return any(len(select.choices) > 1 for select in self.selects if select.name == "workshop")

    @property
    def filtered(self) -> bool:
        return any(_chosen(select.choices) for select in self.selects)


def with_causes(followups: QuerySet) -> QuerySet:
    """What a page says about where an item comes from; owners in a second query."""
    followups = followups.select_related(
        "workshop",
        "turn__talk__workshop",
        "turn__talk__day",
        "turn__session__day__workshop",
        "theme",
        "talk__day",
        "session__day__workshop",
    )
    if followups.model is ActionItem:
        owners = ActionOwner.objects.select_related(LIVES_ON).order_by("position")
        followups = followups.prefetch_related(Prefetch("ownings", owners))
    return followups


def followups(wanted: Mapping[str, str], user, today: date) -> Followups:
    """Four queries; a fifth for an owner whom nothing has. An unknown value in the address is said, and left out."""
    items = list(
        with_causes(ActionItem.objects.visible_to(user)).order_by(
            Case(*(When(status=status, then=n) for n, status in enumerate(ORDER))),
            F("due").asc(nulls_last=True),
            "-workshop__start",
            "workshop",
            "first_line",
            "pk",
        )
    )
    decisions = list(
        with_causes(Decision.objects.visible_to(user)).order_by("-workshop__start", "workshop", "first_line")
    )
    statuses = _statuses(items, wanted.get("status", ""))
    owners = _owners(items, wanted.get("owner", ""))
    if wanted.get("owner") and not _chosen(owners):
        owners = _owners(items, id_lived_on(wanted["owner"]))
    workshops = _workshops(items, decisions, wanted.get("workshop", ""))
    complaints = []
    for name, choices in (("status", statuses), ("owner", owners), ("workshop", workshops)):
        if wanted.get(name) and not any(choice.chosen for choice in choices):
            complaints.append(f"There is no {name} “{wanted[name][:60]}” here, so all are shown.")
    for item in items:
        _dress(item, today)
    shown = [item for item in items if _fits(item, statuses, owners, workshops)]
    groups: dict[str, list[ActionItem]] = {}
    for item in shown:
        groups.setdefault(item.status, []).append(item)
    return Followups(
        groups=list(groups.items()),
        total=len(shown),
        everything=len(items),
        decisions=[each for each in decisions if not _chosen(workshops) or each.workshop.slug == _chosen(workshops)],
        selects=[
            Select("status", "Status", "any status", statuses),
            Select("owner", "Owner", "anybody", owners),
            Select("workshop", "Workshop", "all workshops", workshops),
        ],
        complaints=complaints,
    )


def item_page(public_id: str, user, today: date) -> ActionItem | None:
    """One item with all that its page shows; None where no living one that the user may read has the id."""
    item = with_causes(ActionItem.objects.visible_to(user)).filter(public_id=public_id).first()
    if item is None:
        return None
    _dress(item, today)
    item.askers = askers_of(item)
    item.about = topics_of(item)
    return item


def askers_of(item: ActionItem) -> list[Person]:
    """Whoever asked the question from which it came, but for its owners: it is owed to them. One query."""
    if item.turn is None:
        return []
    asked = Voice.objects.filter(
        turn__exchange=item.turn.exchange_id, turn__kind=Turn.Kind.QUESTION, person__isnull=False
    )
    rows = asked.filter(turn__retired_at=None).select_related(LIVES_ON).order_by("turn__n", "position")
    owners = set(owners_of(item))
    people = dict.fromkeys(living_as(row.person) for row in rows)
    return [person for person in people if person not in owners and person.retired_at is None]


def topics_of(item: ActionItem) -> list[Topic]:
    """What it is about: topics of its own, and of the words that created it. One query."""
    about = Q(actiontopic_items__content_object=item)
    for name in ("turn", "theme", "talk", "session"):
        if getattr(item, f"{name}_id"):
            about |= Q(**{f"{name}topic_items__content_object": getattr(item, f"{name}_id")})
    return list(Topic.objects.living().filter(about).distinct().order_by("name"))


def _dress(item: ActionItem, today: date) -> None:
    item.says_more = bool(item.quote) and _words(item.quote) != _words(item.title)
    item.overdue = item.waits and item.due is not None and item.due < today


def _words(text: str) -> list[str]:
    """What two lines are compared by, where one of them was only tidied: "(will do.)" and "Will do"."""
    return re.findall(r"\w+", text.lower())


def owners_of(item: ActionItem) -> list[Person]:
    return [living_as(owning.person) for owning in item.ownings.all()]


def _statuses(items: list[ActionItem], wanted: str) -> list[Choice]:
    counts = Counter(item.status for item in items)
    return [Choice(status, status, counts[status], status == wanted) for status in ORDER if counts[status]]


def _owners(items: list[ActionItem], wanted: str) -> list[Choice]:
    counts = Counter(person for item in items for person in dict.fromkeys(owners_of(item)))
    people = sorted(counts, key=lambda person: person.sort_name)
    choices = [Choice(p.public_id, p.shown_name, counts[p], wanted == p.public_id) for p in people if not p.retired_at]
    without = sum(not item.ownings.all() for item in items)
    return choices + ([Choice(NOBODY, "nobody yet", without, wanted == NOBODY)] if without else [])


def _workshops(items: list[ActionItem], decisions: list[Decision], wanted: str) -> list[Choice]:
    counts: Counter[Workshop] = Counter(item.workshop for item in items)
    for decision in decisions:
        counts.setdefault(decision.workshop, 0)
    return [Choice(each.slug, each.title, count, each.slug == wanted) for each, count in counts.items()]


def _chosen(choices: list[Choice]) -> str:
    return next((choice.value for choice in choices if choice.chosen), "")


def _fits(item: ActionItem, statuses: list[Choice], owners: list[Choice], workshops: list[Choice]) -> bool:
    status, owner, workshop = _chosen(statuses), _chosen(owners), _chosen(workshops)
    ids = [person.public_id for person in owners_of(item)] or [NOBODY]
    return (
        (not status or item.status == status) and (not owner or owner in ids) and workshop in ("", item.workshop.slug)
    )
