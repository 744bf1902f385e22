"""A record that one may cite in, its citation out: who spoke, what, on which occasion, by which permanent link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from people.models import Person
from records.models import Record

from .exporting.citing import Author, Citation, author_of
from .masking import mask
from .models import Speaking, Talk, Turn, Workshop
from .models.record import SourcedRecord
from .queries import living_as, with_person
from .rendering import plain
from .threads import turns_to_show

CITED = (Turn, Talk, Workshop)
TITLE = 160  # letters of what was said that stand for it


class NoRange(LookupError):
    """Two turns that are no stretch of one talk; the message is one sentence."""


def cite(record: Record, user: Any, site: str, to: str = "") -> Citation:
    """The citation of a turn, of the turns from it to `to`, of a talk or a workshop. Raises NoRange."""
    if isinstance(record, Turn):
        return _cite_turns(turns_between(record, user, to), site)
    if isinstance(record, Talk):
        return _cite_talk(record, site)
    return _cite_workshop(record, site)


def turns_between(first: Turn, user: Any, to: str) -> list[Turn]:
    """The turn, or all that was said in its talk or session from it up to the other one. Raises NoRange."""
    place = {"talk": first.talk_id} if first.talk_id else {"session": first.session_id, "talk": None}
    here = list(turns_to_show(Turn.objects.visible_to(user).filter(**place).order_by("n", "pk")))
    ids = [turn.public_id for turn in here]
    if not to or to == first.public_id:
        return [turn for turn in here if turn.pk == first.pk]
    if to not in ids:
        raise NoRange("The other turn does not stand in the same talk: a range ends where its talk ends.")
    start, stop = sorted((ids.index(first.public_id), ids.index(to)))
    return here[start : stop + 1]


def _cite_turns(turns: Sequence[Turn], site: str) -> Citation:
    first, last = turns[0], turns[-1]
    where = first.talk or first.session
    words = plain(first.text)
    title = words if len(words) <= TITLE else f"{words[:TITLE].rsplit(' ', 1)[0]} …"
    if first.pk == last.pk:
        part = f"{first.get_kind_display().lower()} on “{mask(where.title)}”"
        address = f"{site}{first.permalink}?v={first.version}"
    else:
        part = f"and what followed ({len(turns)} turns) on “{mask(where.title)}”"
        pinned = ".".join(str(turn.version) for turn in turns)
        address = f"{site}{first.permalink}?v={pinned}&to={last.public_id}"
    voices = [voice for turn in turns for voice in turn.voices.all()]
    authors = [_author(voice.person, voice.label) for voice in voices]
    return replace(_citation(first, "turn", title, address, authors, where.day, part), turns=len(turns))


def _cite_talk(talk: Talk, site: str) -> Citation:
    authors = [_author(row.person) for row in with_person(Speaking).filter(talk=talk)]
    address = f"{site}{talk.permalink}?v={talk.version}"
    return _citation(talk, "talk", plain(talk.title), address, authors, talk.day, "talk, with its discussion")


def _cite_workshop(workshop: Workshop, site: str) -> Citation:
    return Citation(
        id=workshop.public_id,
        kind="workshop",
        title=mask(workshop.title),
        address=f"{site}{workshop.permalink}?v={workshop.version}",
        authors=(Author(literal=mask(workshop.organiser)),) if workshop.organiser else (),
        part="minutes",
        place=mask(workshop.place),
        first=workshop.start,
        last=workshop.end,
        licence=mask(workshop.licence),
        publisher=mask(workshop.organiser),
    )


def _citation(record: SourcedRecord, kind, title, address, authors, day, part) -> Citation:
    workshop = record.workshop
    return Citation(
        id=record.public_id,
        kind=kind,
        title=title,
        address=address,
        authors=tuple(dict.fromkeys(authors)),
        part=part,
        occasion=mask(workshop.title),
        place=mask(workshop.place),
        first=day.date or workshop.start,
        licence=mask(workshop.licence),
        publisher=mask(workshop.organiser),
    )


def _author(person: Person | None, label: str = "") -> Author:
    """As the site shows him or her; a label that nobody identified as it is printed."""
    return author_of(mask(living_as(person).name)) if person else Author(literal=mask(label))
