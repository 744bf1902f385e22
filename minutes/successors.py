"""A record that left the lists in, the living one that says most nearly the same out: where a reader goes on."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rapidfuzz import fuzz, process

from people.models import Person
from people.names import fold
from records.models import Record
from themes.models import Topic

from .models import ActionItem, Contact, Decision, Link, Note, Session, Talk, Theme, Turn
from .models.record import SourcedRecord

ALIKE = 45.0  # of 100: below that, the place around it tells more
COMPARED = 3000  # records of one place

#: What a record says, and the place within which its successor is looked for first.
SAID: dict[type[Record], tuple[str, str]] = {
    Turn: ("text", "talk"),
    Note: ("text", "talk"),
    Link: ("label", "talk"),
    Talk: ("title", "day"),
    Session: ("title", "day"),
    Decision: ("text", ""),
    ActionItem: ("quote", ""),
    Theme: ("text", ""),
    Person: ("name", ""),
    Topic: ("name", ""),
}


def successor_of(record: Record, user: Any) -> Record | None:
    """The most similar living record of the kind that this user may read: where it stood, then in its workshop.

    None where nothing is alike; people and topics are looked for by the same name only.
    """
    if type(record) not in SAID or isinstance(record, Contact):
        return None
    name, place = SAID[type(record)]
    said = getattr(record, name)
    if isinstance(record, Person | Topic):
        return _namesake(record, said)
    around = type(record).objects.visible_to(user).filter(workshop=record.workshop_id).exclude(pk=record.pk)
    for some in _nearer_first(record, around, place):
        found = _most_alike(said, list(some.values_list("pk", name)[:COMPARED]))
        if found is not None:
            return type(record).objects.select_related("workshop").get(pk=found)
    return None


def _nearer_first(record: SourcedRecord, around: QuerySet, place: str) -> list[QuerySet]:
    at = getattr(record, f"{place}_id", None) if place else None
    if at is None and place == "talk":
        place, at = "session", record.session_id
    return [around.filter(**{place: at}), around] if at else [around]


def _most_alike(said: str, others: list[tuple[int, str]]) -> int | None:
    texts = [text.casefold() for _, text in others]
    best = process.extractOne(said.casefold(), texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
    if best is None:  # a text that became part of a longer one is in it, however long that is
        best = (
            process.extractOne(said.casefold(), texts, scorer=fuzz.partial_ratio, score_cutoff=90)
            if said[19:]
            else None
        )
    return others[best[2]][0] if best else None


def _namesake(record: Person | Topic, name: str) -> Record | None:
    living = type(record).objects.living().exclude(pk=record.pk)
    return next((other for other in living if fold(other.name) == fold(name)), None)
