"""A user and an address in; the list of action items that it asks for, with what else could be chosen, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, F, Q, QuerySet, When

from accounts.people import person_of
from minutes.models import ActionItem, ActionOwner, Decision, Turn, Workshop
from minutes.models.followups import WAITING
from minutes.queries import MEANT
from people.models import Person
from themes.models import Topic

from . import wanted as wanting
from .choices import Choice, Select, page_number
from .followups import dress, with_causes
from .wanted import EVERYBODY, ME, NOBODY, Wanted

PAGE = 100
#: What waits for somebody comes first.
ORDER = (ActionItem.Status.OPEN, ActionItem.Status.PROPOSED, ActionItem.Status.DONE, ActionItem.Status.DROPPED)
SORTS = {"due": "by date", "priority": "by priority", "workshop": "by workshop"}
_DUE = (F("due").asc(nulls_last=True), "priority")
_NEWEST = (F("workshop__start").desc(nulls_last=True), "-workshop", "first_line", "pk")


@dataclass(frozen=True, slots=True)
class Room:
    """A list that people often want, with how much is in it."""

    words: str
    query: str
    count: int
    here: bool


@dataclass(slots=True)
class Listed:
    """All that the page of action items shows."""

    wanted: Wanted
    groups: list[tuple[str, list[ActionItem]]]  # (status, items)
    total: int
    everything: int  # items there are without any filter
    proposed: int  # of these, what nobody has confirmed
    page: int
    sort: str
    decisions: list[Decision]
    selects: list[Select]
    rooms: list[Room]
    several_workshops: bool
    complaints: list[str] = field(default_factory=list)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def filtered(self) -> bool:
        return bool(self.wanted.parts)

    @property
    def sorts(self) -> list[tuple[str, str, str]]:
        """(sort, words, query) of each order."""
        parts = {name: part.value for name, part in self.wanted.parts.items()}
        return [(sort, words, urlencode(parts | {"sort": sort})) for sort, words in SORTS.items()]


def action_list(address: Mapping[str, str], user: Any, today: date) -> Listed:
    """Ten queries, and one or two for each record that the address names. What makes no sense is said and left out."""
    wanted = wanting.read(address, user, today)
    visible = ActionItem.objects.visible_to(user)
    sort = address.get("sort", "") if address.get("sort", "") in SORTS else "due"
    counts = _counts(visible, today)
    total = wanted.of(visible).count() if wanted.parts else counts["all"]
    page = min(max(page_number(address.get("page", "")), 1), max(1, -(-total // PAGE)))
    items = list(sorted_by(sort, with_causes(wanted.of(visible)))[(page - 1) * PAGE : page * PAGE])
    for item in items:
        dress(item, today)
    selects, rooms, several = _choices(visible, wanted, counts, user)
    return Listed(
        wanted=wanted,
        groups=[(status, list(some)) for status, some in groupby(items, key=lambda item: item.status)],
        total=total,
        everything=counts["all"],
        proposed=counts["proposed"],
        page=page,
        sort=sort,
        decisions=_decisions(wanted, user),
        selects=selects,
        rooms=rooms,
        several_workshops=several,
        complaints=list(wanted.complaints),
    )


def sorted_by(sort: str, items: QuerySet) -> QuerySet:
    """By status, what waits first; then as asked."""
    orders = {"due": _DUE, "priority": ("priority", _DUE[0]), "workshop": ()}
    by_status = Case(*(When(status=status, then=n) for n, status in enumerate(ORDER)))
    return items.order_by(by_status, *orders[sort], *_NEWEST)


def _counts(visible: QuerySet, today: date) -> dict[str, int]:
    """How many items each choice that names no record would show. One query."""
    conditions = {
        **{status: Q(status=status) for status in ORDER},
        "waiting": Q(status__in=WAITING),
        "overdue": wanting.overdue(today),
        "soon": wanting.soon(today),
        "undated": Q(due=None),
        "for_all": Q(everybody=True),
        "ownerless": Q(everybody=False) & ~Q(pk__in=ActionOwner.objects.values("action")),
    }
    counted = {name: Count("pk", filter=rows) for name, rows in conditions.items()}
    return visible.order_by().aggregate(all=Count("pk"), **counted)


def _decisions(wanted: Wanted, user: Any) -> list[Decision]:
    decisions = with_causes(Decision.objects.visible_to(user))
    if wanted.value("workshop"):
        decisions = decisions.filter(workshop__slug=wanted.value("workshop"))
    return list(decisions.order_by("-workshop__start", "workshop", "first_line"))


def _choices(
    visible: QuerySet, wanted: Wanted, counts: Mapping[str, int], user: Any
) -> tuple[list[Select], list[Room], bool]:
    owning = _owning(visible)
    owed = _owed(visible, owning)
    me = person_of(user)
    people = Person.objects.in_bulk([*owning, *owed])
    workshops = _workshops(visible)
    statuses = [(status, status, counts[status]) for status in (*ORDER, "waiting") if counts[status]]
    others = [(NOBODY, "nobody yet", counts["ownerless"]), (EVERYBODY, "whoever is interested", counts["for_all"])]
    dues = [("overdue", "overdue", counts["overdue"]), ("soon", "within 30 days", counts["soon"])]
    dues.append(("none", "without date", counts["undated"]))
    selects = [
        _select("status", "Status", "any status", statuses, wanted),
        _select("owner", "Owner", "anybody", [*_named(owning, people), *others], wanted),
        _select("asked_by", "Asked for by", "anybody", _named(owed, people), wanted),
        _select("due", "Due", "at any time", dues, wanted),
        _select("topic", "Topic", "anything", _topics(visible), wanted),
        _select("workshop", "Workshop", "all workshops", workshops, wanted),
    ]
    rooms = [("All", {}, counts["all"])]
    if me is not None:
        rooms.append(("Mine", {"owner": ME}, len(owning.get(me.pk, ()))))
        rooms.append(("Owed to me", {"asked_by": ME}, len(owed.get(me.pk, ()))))
    rooms += [("Open", {"status": "open"}, counts["open"]), ("Proposed", {"status": "proposed"}, counts["proposed"])]
    rooms += [("Overdue", {"due": "overdue"}, counts["overdue"]), ("Due soon", {"due": "soon"}, counts["soon"])]
    rooms.append(("Without owner", {"owner": NOBODY}, counts["ownerless"]))
    made = [Room(words, urlencode(query), n, wanted.query == urlencode(query)) for words, query, n in rooms]
    return [select for select in selects if select.choices], made, len(workshops) > 1


def _select(name: str, label: str, nothing: str, values: list[tuple[str, str, int]], wanted: Wanted) -> Select:
    """Only what leads to something, and what is chosen."""
    chosen = wanted.value(name)
    if name in wanted.parts and chosen not in [value for value, _, n in values if n]:
        values = [*values, (chosen, wanted.parts[name].words, 0)]
    return Select(
        name, label, nothing, [Choice(v, words, n, v == chosen) for v, words, n in values if n or v == chosen]
    )


def _named(items: Mapping[int, set[int]], people: Mapping[int, Person]) -> list[tuple[str, str, int]]:
    living = [people[key] for key in items if key in people and not people[key].retired_at]
    ordered = sorted(living, key=lambda person: person.sort_name)
    return [(person.public_id, person.shown_name, len(items[person.pk])) for person in ordered]


def _owning(visible: QuerySet) -> dict[int, set[int]]:
    """By person: the items that he or she owns. One query."""
    rows = ActionOwner.objects.filter(action__in=visible.order_by()).annotate(meant=MEANT)
    return _gathered(rows.order_by().values_list("meant", "action"))


def _owed(visible: QuerySet, owning: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """By person: the items that he or she asked for and does not own. One query."""
    said = "turn__exchange__turns"
    asked = visible.filter(
        **{f"{said}__kind": Turn.Kind.QUESTION, f"{said}__retired_at": None, f"{said}__voices__person__isnull": False}
    )
    whom = (f"{said}__voices__person__canonical", f"{said}__voices__person")
    rows = asked.order_by().values_list(*whom, "pk").distinct()
    found = _gathered((canonical or person, item) for canonical, person, item in rows)
    owed = {person: items - owning.get(person, set()) for person, items in found.items()}
    return {person: items for person, items in owed.items() if items}


def _gathered(pairs: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, item in pairs:
        found.setdefault(key, set()).add(item)
    return found


def _topics(visible: QuerySet) -> list[tuple[str, str, int]]:
    """Two queries."""
    counts = Counter(topic for topic, _ in wanting.topic_pairs(visible))
    topics = Topic.objects.living().filter(pk__in=list(counts)).order_by("name")
    return [(topic.slug, topic.name, counts[topic.pk]) for topic in topics]


def _workshops(visible: QuerySet) -> list[tuple[str, str, int]]:
    workshops = Workshop.objects.filter(actionitems__in=visible.order_by()).annotate(n=Count("actionitems"))
    return [(one.slug, one.title, one.n) for one in workshops]
