"""A turn in; all that a page of results shows of it, as the index keeps it, out: such a page asks for no rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format

from minutes.masking import mask
from minutes.models import Addressed, Session, Talk, Turn, TurnTopic, Voice
from minutes.queries import living_as, once
from people.models import Person
from people.names import reads_otherwise
from themes.vocabulary import short

Look = dict[str, Any]


class Looks:
    """Makes looks of turns that are indexed together; names, pages and titles of what they share are made once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Any] = {}

    def turn(
        self, turn: Turn, voices: Sequence[Voice], addressed: Sequence[Addressed], topics: Sequence[TurnTopic]
    ) -> Look:
        """What templates/minutes/_hit.html reads."""
        return {
            "html": turn.html,
            "voices": [self._voice(voice) for voice in (once(voices) if len(voices) > 1 else voices)],
            "to": [self._person(living_as(row.person)) for row in once(addressed)],
            "topics": [[*self._topic(row), row.tag_id, row.label] for row in topics],
        }

    def head(self, turn: Turn, spoke: Sequence[tuple[Turn, list[Person]]], *, unanswered: bool) -> Look:
        """What templates/minutes/_answer.html reads: where the exchange that this turn opens stands, and who spoke."""
        by_kind: dict[str, dict[int, Person]] = {kind: {} for kind in Turn.Kind.values}
        for one, people in spoke:
            by_kind[one.kind] |= {person.pk: person for person in people}
        return {
            "unanswered": unanswered,
            "place": self._place(turn),
            "asked": [self._person(person) for person in by_kind[Turn.Kind.QUESTION].values()],
            "answered": [self._person(person) for person in by_kind[Turn.Kind.ANSWER].values()],
        }

    def page(self, where: Talk | Session) -> str:
        """The address of the page on which its turns stand."""
        key = (type(where), where.pk)
        if key not in self._kept:
            self._kept[key] = (where if isinstance(where, Talk) else where.day).get_absolute_url()
        return self._kept[key]

    def _place(self, turn: Turn) -> list[str]:
        where = turn.where
        key = ("place", type(where), where.pk)
        if key not in self._kept:
            day = where.day
            when = date_format(day.date, "l j F Y") if day.date else f"{mask(turn.workshop.title)}, day {day.n}"
            self._kept[key] = [mask(where.title), where.get_absolute_url(), when]
        return self._kept[key]

    def _person(self, person: Person) -> list[str]:
        """The name, and the page of a person who has one."""
        key = ("person", person.pk)
        if key not in self._kept:
            self._kept[key] = [mask(person.shown_name), "" if person.retired_at else person.get_absolute_url()]
        return self._kept[key]

    def _voice(self, voice: Voice) -> list[str]:
        """The name with its page, how it was printed where that differs, and what is to be said of it."""
        key = ("voice", voice.person_id, voice.label, voice.certainty)
        if key not in self._kept:
            if voice.person is None:
                doubt = "not identified" if voice.certainty == Voice.Certainty.UNKNOWN else ""
                self._kept[key] = [mask(voice.label) or "Somebody", "", "", doubt]
            else:
                person = living_as(voice.person)
                printed = mask(voice.label) if reads_otherwise(voice.label, person.shown_name) else ""
                self._kept[key] = [*self._person(person), printed, ""]
        return self._kept[key]

    def _topic(self, row: TurnTopic) -> list[str]:
        key = ("topic", row.tag_id)
        if key not in self._kept:
            self._kept[key] = [short(mask(row.tag.name)), row.tag.get_absolute_url(), row.tag.kind]
        return self._kept[key]
