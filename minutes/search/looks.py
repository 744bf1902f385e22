"""A turn in; all that a page of results shows of it, as the index keeps it, out: such a page asks for no rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from minutes.masking import mask
from minutes.models import Addressed, Session, Talk, Turn, TurnTopic, Voice
from minutes.queries import living_as, once
from people.models import Person
from people.names import reads_otherwise
from themes.vocabulary import short

Look = dict[str, Any]
UNKNOWN = mark_safe('<span class="person unknown">Somebody</span>')


class Looks:
    """Makes looks of turns that are indexed together; names, pages and titles of what they share are made once."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], Any] = {}

    def turn(
        self, turn: Turn, voices: Sequence[Voice], addressed: Sequence[Addressed], topics: Sequence[TurnTopic]
    ) -> Look:
        """What `answers.Said` shows: ready HTML, as a page has dozens of them."""
        to = enumerated(self._person(living_as(row.person)) for row in once(addressed))
        who = enumerated(self._voice(voice) for voice in (once(voices) if len(voices) > 1 else voices))
        return {
            "html": turn.html,
            "who": (who or UNKNOWN) + (format_html(' <span class="to">to {}</span>', to) if to else ""),
            "topics": "".join(self._topic(row) for row in topics),
            "marks": _marks(turn.public_id, turn.kind),
            "labels": [[row.tag_id, row.label] for row in topics],
        }

    def head(self, turn: Turn, spoke: Sequence[tuple[Turn, list[Person]]], *, unanswered: bool) -> Look:
        """What `answers.Answer` shows: where the exchange that this turn opens stands, and who spoke."""
        by_kind: dict[str, dict[int, Person]] = {kind: {} for kind in Turn.Kind.values}
        for one, people in spoke:
            by_kind[one.kind] |= {person.pk: person for person in people}
        return {
            "unanswered": unanswered,
            "place": self._place(turn),
            "asked": enumerated(map(self._person, by_kind[Turn.Kind.QUESTION].values())),
            "answered": enumerated(map(self._person, by_kind[Turn.Kind.ANSWER].values())),
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

    def _person(self, person: Person) -> SafeString:
        """The name, which leads to the page of a person who has one."""
        key = ("person", person.pk)
        if key not in self._kept:
            name = mask(person.shown_name)
            self._kept[key] = (
                format_html('<span class="person">{}</span>', name)
                if person.retired_at
                else format_html('<a class="person" href="{}">{}</a>', person.get_absolute_url(), name)
            )
        return self._kept[key]

    def _voice(self, voice: Voice) -> SafeString:
        """The name with its page, how it was printed where that differs, and what is to be said of it."""
        key = ("voice", voice.person_id, voice.label, voice.certainty)
        if key not in self._kept:
            self._kept[key] = self._known(voice) if voice.person else self._unknown(voice)
        return self._kept[key]

    def _known(self, voice: Voice) -> SafeString:
        person = living_as(voice.person)
        if not reads_otherwise(voice.label, person.shown_name):
            return self._person(person)
        printed = mask(voice.label)
        return format_html('{} <span class="read-as">printed <i>{}</i></span>', self._person(person), printed)

    def _unknown(self, voice: Voice) -> SafeString:
        label = mask(voice.label) or "Somebody"
        if voice.certainty != Voice.Certainty.UNKNOWN:
            return format_html('<span class="person">{}</span>', label)
        doubt = '<span class="person unknown">{}</span> <span class="read-as">not identified</span>'
        return format_html(doubt, label)

    def _topic(self, row: TurnTopic) -> SafeString:
        key = ("topic", row.tag_id)
        if key not in self._kept:
            kind = row.tag.kind
            self._kept[key] = format_html(
                '<li><a class="topic {0}" href="{1}"><svg class="kind" width="10" height="10" aria-hidden="true" '
                'focusable="false"><use href="#mark-{0}"/></svg>{2}<span class="vh">, {0}</span></a></li>',
                kind,
                row.tag.get_absolute_url(),
                short(mask(row.tag.name)),
            )
        return self._kept[key]


def _marks(value: str, kind: str) -> str:
    words = "these words" if kind == Turn.Kind.COMMENT else f"this {kind}"
    return (
        f'<a class="mark" href="/r/{value}" aria-label="Permanent link to {words}">¶</a>'
        f'<a href="/r/{value}/history" rel="nofollow">history</a><a href="/r/{value}/cite" rel="nofollow">cite</a>'
    )


def enumerated(names: Iterable[SafeString]) -> SafeString:
    """“Ada, Ben and Cleo”."""
    *most, last = list(names) or [mark_safe("")]
    return mark_safe(f"{', '.join(most)} and {last}" if most else last)
