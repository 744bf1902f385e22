"""An address and a user in; which action items it asks for, as a filter of rows and as the words of a search, out.

The same choice stands behind the page, its files, feeds and calendars, and means what the search operators mean
(`tests/test_action_lists.py` holds the two together).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from accounts.people import person_of
from minutes.models import ActionItem, ActionOwner, Turn, Voice, Workshop
from minutes.models.followups import WAITING
from minutes.queries import MEANT
from people.models import Person
from themes.models import Topic

NAMES = ("status", "owner", "asked_by", "topic", "workshop", "due")
STATUSES = (*ActionItem.Status.values, "waiting")
SOON = timedelta(days=30)
NOBODY, EVERYBODY, ME = "none", "everybody", "me"
DUES = ("overdue", "soon", "none")
_LABELS = {"asked_by": "person who asked"}


@dataclass(frozen=True, slots=True)
class Part:
    """One parameter of the address: what it asks for."""

    value: str  # as it stands in addresses
    rows: Q
    search: str  # the same for the search
    words: str  # the same for people
    shared: str = ""  # as it stands in addresses for others, where that differs


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that an address asks for. `complaints` say what was left out of it."""

    parts: Mapping[str, Part] = field(default_factory=dict)
    complaints: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        return self.parts[name].value if name in self.parts else ""

    def of(self, items: QuerySet) -> QuerySet:
        """Those of these items that are asked for."""
        for part in self.parts.values():
            items = items.filter(part.rows)
        return items

    @property
    def query(self) -> str:
        """As an address has it, without what was left out."""
        return urlencode({name: part.value for name, part in self.parts.items()})

    @property
    def shared(self) -> str:
        """As an address has it that means the same to everybody: "me" by name."""
        return urlencode({name: part.shared or part.value for name, part in self.parts.items()})

    @property
    def search(self) -> str:
        return " ".join(("in:actions", *(part.search for part in self.parts.values())))

    @property
    def title(self) -> str:
        """How a file, a feed or a calendar of this list is called."""
        return ", ".join(("Action items", *(part.words for part in self.parts.values())))

    def without(self, name: str) -> Wanted:
        return replace(self, parts={one: part for one, part in self.parts.items() if one != name})


def read(address: Mapping[str, str], user: Any, today: date) -> Wanted:
    """A query or two for each record that the address names."""
    visible = ActionItem.objects.visible_to(user)
    parts: dict[str, Part] = {}
    complaints = []
    for name in NAMES:
        value = address.get(name, "")
        if not value:
            continue
        part = None if "\0" in value else _READERS[name](value, user, today)
        if part is None or (_names_a_record(name, value) and not visible.filter(part.rows).exists()):
            complaints.append(_complaint(name, value))
        else:
            parts[name] = part
    return Wanted(parts, tuple(complaints))


def _names_a_record(name: str, value: str) -> bool:
    return name in ("topic", "workshop") or (name in ("owner", "asked_by") and value not in (NOBODY, EVERYBODY, ME))


def _complaint(name: str, value: str) -> str:
    if value == ME:
        return "“me” is somebody who signed in and whom the site knows as a person of the minutes; all are shown."
    return f"There is no {_LABELS.get(name, name)} “{value[:60]}” here, so all are shown."


# What each parameter means


def _status(value: str, user: Any, today: date) -> Part | None:
    if value not in STATUSES:
        return None
    rows = Q(status__in=WAITING) if value == "waiting" else Q(status=value)
    return Part(value, rows, f"is:{value}", value)


def _owner(value: str, user: Any, today: date) -> Part | None:
    if value == NOBODY:
        return Part(value, Q(ownings__isnull=True, everybody=False), "owner:none", "without owner")
    if value == EVERYBODY:
        return Part(value, Q(everybody=True), "owner:everybody", "for whoever is interested")
    person = _person(value, user)
    if person is None:
        return None
    words = f"of {person.shown_name}"
    return Part(_kept(value, person), owned_by(person.pk), f"owner:{_kept(value, person)}", words, person.public_id)


def _asked_by(value: str, user: Any, today: date) -> Part | None:
    person = _person(value, user)
    if person is None:
        return None
    words = f"asked for by {person.shown_name}"
    return Part(_kept(value, person), owed_to(person.pk), f"owed-to:{_kept(value, person)}", words, person.public_id)


def _kept(value: str, person: Person) -> str:
    return ME if value == ME else person.public_id


def _person(value: str, user: Any) -> Person | None:
    """Also by the permanent id of a record that was merged."""
    if value == ME:
        return person_of(user)
    found = Person.objects.select_related("canonical").filter(public_id=value).first()
    living = found.lives_on if found else None
    return living if living and not living.retired_at else None


def owned_by(person: int) -> Q:
    rows = ActionOwner.objects.annotate(meant=MEANT).filter(meant=person)
    return Q(pk__in=rows.values("action"))


def owed_to(person: int) -> Q:
    """Who asked a question in the exchange from which an item came waits for it, but for what is his or her own."""
    asked = Voice.objects.filter(turn__kind=Turn.Kind.QUESTION, turn__retired_at=None).annotate(meant=MEANT)
    return Q(turn__exchange__in=asked.filter(meant=person).values("turn__exchange")) & ~owned_by(person)


def _topic(value: str, user: Any, today: date) -> Part | None:
    topic = Topic.objects.living().filter(slug=value).first()
    return Part(value, about(topic.pk), f"topic:{value}", f"about {topic.name}") if topic else None


def about(topic: int) -> Q:
    """By its own words, or by those that created it."""
    found = Q()
    for way in ("", "turn__", "theme__", "talk__", "session__"):
        model = ActionItem._meta.get_field(way[:-2]).related_model if way else ActionItem
        rows = model.topics.through.objects.filter(tag=topic)
        found |= Q(**{f"{way.removesuffix('__') or 'pk'}__in": rows.values("content_object")})
    return found


def _workshop(value: str, user: Any, today: date) -> Part | None:
    workshop = Workshop.objects.visible_to(user).filter(slug=value).first()
    words = f"from {workshop.title}" if workshop else ""
    return Part(value, Q(workshop=workshop.pk), f"workshop:{value}", words) if workshop else None


def _due(value: str, user: Any, today: date) -> Part | None:
    if value == "overdue":
        return Part(value, overdue(today), "is:overdue", "overdue")
    if value == "soon":
        span = f"is:waiting due:{today.isoformat()}..{(today + SOON).isoformat()}"
        return Part(value, soon(today), span, "due within 30 days")
    return Part(value, Q(due=None), "due:none", "without date") if value == "none" else None


def overdue(today: date) -> Q:
    return Q(status__in=WAITING, due__lt=today)


def soon(today: date) -> Q:
    return Q(status__in=WAITING, due__range=(today, today + SOON))


_READERS: Mapping[str, Callable[[str, Any, date], Part | None]] = {
    "status": _status,
    "owner": _owner,
    "asked_by": _asked_by,
    "topic": _topic,
    "workshop": _workshop,
    "due": _due,
}


def topic_pairs(items: QuerySet) -> Iterable[tuple[int, int]]:
    """Each topic with each of the items that are about it, by primary keys. One query."""
    pairs = [items.order_by().filter(topic_items__isnull=False).values_list("topic_items__tag", "pk")]
    for way in ("turn", "theme", "talk", "session"):
        named = items.order_by().filter(**{f"{way}__topic_items__isnull": False})
        pairs.append(named.values_list(f"{way}__topic_items__tag", "pk"))
    return pairs[0].union(*pairs[1:])
