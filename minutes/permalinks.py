"""A permanent id and a user in, what became of its record out: where it is, where it moved, or its last words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.urls import reverse

from accounts.roles import KNOW_LABELS, KNOW_PEOPLE, KNOW_SERIES, READ_CONTACTS, may
from people.models import Alias, Person
from records.models import PublicId, Record
from themes.models import RecurringTheme, Topic

from . import queries
from .models import Contact, Exchange, Series, Workshop
from .models.access import may_read as may_read_workshop
from .models.record import SourcedRecord
from .successors import successor_of


@dataclass(frozen=True, slots=True)
class Found:
    """Where a permanent link leads."""

    address: str
    moved: bool = False  # for good: under another permanent id


@dataclass(frozen=True, slots=True)
class Gone:
    """A retired record: what it last said, what says nearly the same now, and where it stood."""

    record: Record
    words: str
    nearest: Record | None
    successor: Record | None = None  # the living record that says most nearly the same

    @property
    def succeeding(self) -> str:
        return last_words(self.successor) if self.successor else ""

    @property
    def kind(self) -> str:
        return str(self.record._meta.verbose_name)


APPS = {"series": "minutes", "person": "people", "alias": "people", "topic": "themes", "recurringtheme": "themes"}


def look_up(public_id: str, user: Any) -> Found | Gone | None:
    """None where there is nothing, or nothing that this user may read: the two are told apart by nobody."""
    entry = PublicId.objects.filter(value=public_id).first()
    if entry is None:
        return None
    if entry.moved_to_id:
        target = look_up(entry.moved_to_id, user)
        return Found(f"/r/{entry.moved_to_id}", moved=True) if target else None
    record = _of_kind(entry.kind, public_id)
    if record is None or not may_read(record, user):
        return None
    if isinstance(record, Person) and record.canonical:
        return Found(record.canonical.permalink, moved=True)
    if isinstance(record, SourcedRecord) and record.workshop.retired_at and not record.retired_at:
        return look_up(record.workshop.public_id, user)  # it is shown nowhere, as its workshop was withdrawn
    if record.retired_at:
        successor = successor_of(record, user)
        readable = successor is not None and may_read(successor, user)
        return Gone(record, last_words(record), nearest(record, user), successor if readable else None)
    address = address_of(record, user)
    return Found(address) if address else None


def record_by(public_id: str) -> Record | None:
    """The row behind a permanent id, whoever may read it."""
    entry = PublicId.objects.filter(value=public_id).first()
    return _of_kind(entry.kind, public_id) if entry else None


def _of_kind(kind: str, public_id: str) -> Record | None:
    return apps.get_model(APPS.get(kind, "minutes"), kind).objects.filter(public_id=public_id).first()


def may_read(record: Record, user: Any) -> bool:
    """Whether this user might read the record if it were living."""
    if isinstance(record, Contact) and not may(user, READ_CONTACTS):
        return False
    if isinstance(record, Workshop):
        return may_read_workshop(user, record)
    if isinstance(record, SourcedRecord):
        return may_read_workshop(user, record.workshop)
    if isinstance(record, Person):
        return may(user, KNOW_PEOPLE) or queries.appears(record, user)
    if isinstance(record, Alias):
        known = record.person is not None and may_read(record.person, user)
        return known or may(user, KNOW_LABELS)
    if isinstance(record, Series):
        return may(user, KNOW_SERIES) or record.workshops.visible_to(user).exists()
    if isinstance(record, RecurringTheme):
        return record.noted.visible_to(user).exists()
    return isinstance(record, Topic)


def address_of(record: Record, user: Any) -> str | None:
    """The page on which a record is read; of those without a page of their own, the page that shows it."""
    by_kind: dict[type[Record], Callable[[Any], Record | None]] = {
        Alias: lambda alias: alias.person or Workshop.objects.visible_to(user).filter(public_id=alias.scope_id).first(),
        RecurringTheme: lambda theme: theme.noted.visible_to(user).first(),
        Exchange: lambda exchange: exchange.turns.visible_to(user).order_by("n", "pk").first() or exchange.where,
    }
    if isinstance(record, Series):
        return reverse("minutes:workshop-list")
    for kind, shown in by_kind.items():
        if isinstance(record, kind):
            shown_by = shown(record)
            return shown_by.get_absolute_url() if shown_by else None
    return record.get_absolute_url()


def last_words(record: Record) -> str:
    """What it said, or how it was called."""
    for name in ("text", "quote", "title", "name", "label"):
        words = getattr(record, name, "")
        if words:
            return words
    return str(record)


def nearest(record: Record, user: Any) -> Record | None:
    """The talk, session, day or workshop in which it stood: the first of them that still stands."""
    if not isinstance(record, SourcedRecord):
        return None
    talk = getattr(record, "talk", None)
    session = getattr(record, "session", None) or (talk.session if talk else None)
    day = getattr(record, "day", None) or next((place.day for place in (talk, session) if place), None)
    around = [talk, session, day, record.workshop]
    open_to_user = record.workshop.retired_at is None and may_read_workshop(user, record.workshop)
    return next((place for place in around if place and place.retired_at is None), None) if open_to_user else None
