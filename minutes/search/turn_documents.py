"""Exchanges in; a document for each turn that stands in them, with what its exchange adds, out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Min, Prefetch

from minutes.masking import mask
from minutes.models import (
    ActionItem,
    ActionOwner,
    Addressed,
    Decision,
    Session,
    Speaking,
    Talk,
    ThemeEvidence,
    Turn,
    TurnTopic,
    Voice,
    Workshop,
)
from minutes.models.access import scopes_of
from minutes.queries import living_as, with_person
from minutes.rendering import plain
from people.models import Person

from .looks import Looks
from .schema import TURN

Fields = dict[str, Any]
AROUND = 4  # turns of the same exchange whose words count beside a turn's own
LONGEST = 2000  # characters of each of them
_LAST_DAY = date.max.toordinal()


@dataclass(slots=True)
class _Rows:
    """What belongs to the turns of some exchanges, by the turn: asked for all of them at once, and only read here."""

    voices: dict[int, list[Voice]]
    addressed: dict[int, list[Addressed]]
    topics: dict[int, list[TurnTopic]]
    evidence: dict[int, list[ThemeEvidence]]
    actions: dict[int, list[ActionItem]]
    decisions: dict[int, list[Decision]]
    speakers: dict[int, list[int]]  # by the talk
    openings: dict[int, int]  # by the session
    looks: Looks = field(default_factory=Looks)


def turn_documents(exchanges: Collection[int]) -> Iterator[Fields]:
    """All living turns of these exchanges. Ten queries, whatever their number."""
    places = ("workshop", "talk__day__workshop", "talk__workshop", "talk__session", "session__day__workshop")
    turns = Turn.objects.living().filter(exchange__in=exchanges, workshop__retired_at__isnull=True)
    found = list(turns.select_related(*places).order_by("exchange", "n", "pk"))
    rows = _rows_of(found)
    together: dict[int, list[Turn]] = {}
    for turn in found:
        together.setdefault(turn.exchange_id, []).append(turn)
    for some in together.values():
        yield from _of_exchange(some, rows)


def _rows_of(turns: list[Turn]) -> _Rows:
    keys = [turn.pk for turn in turns]
    accepted = ThemeEvidence.objects.filter(state=ThemeEvidence.State.ACCEPTED)
    themes = accepted.filter(theme__retired_at__isnull=True).select_related("theme")
    topics = TurnTopic.objects.select_related("tag").filter(tag__retired_at__isnull=True).order_by("tag__name")
    actions = ActionItem.objects.living().prefetch_related(Prefetch("ownings", with_person(ActionOwner)))
    speakers: dict[int, list[int]] = {}
    for row in with_person(Speaking).filter(talk__in={turn.talk_id for turn in turns if turn.talk_id}):
        speakers.setdefault(row.talk_id, []).append(living_as(row.person).pk)
    return _Rows(
        voices=_by_turn(with_person(Voice).filter(turn__in=keys)),
        addressed=_by_turn(with_person(Addressed).filter(turn__in=keys)),
        topics=_by_turn(topics.filter(content_object__in=keys), "content_object_id"),
        evidence=_by_turn(themes.filter(turn__in=keys)),
        actions=_by_turn(actions.filter(turn__in=keys)),
        decisions=_by_turn(Decision.objects.living().filter(turn__in=keys)),
        speakers=speakers,
        openings=first_talks({turn.session_id for turn in turns if turn.session_id}),
    )


def _by_turn(rows: Iterable[Any], key: str = "turn_id") -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, key), []).append(row)
    return found


def first_talks(sessions: Collection[int]) -> dict[int, int]:
    """The order of the first talk of each session: what is said before it stands there."""
    talks = Talk.objects.filter(session__in=sessions).order_by().values_list("session")
    return dict(talks.annotate(first=Min("order")))


def _of_exchange(turns: list[Turn], rows: _Rows) -> Iterator[Fields]:
    texts = [plain(turn.text) for turn in turns]
    spoke = [_speakers(rows.voices.get(turn.pk, [])) for turn in turns]
    voices = [_voices(rows.voices.get(turn.pk, [])) for turn in turns]
    state = state_of([turn.kind for turn in turns], voices)
    kinds = list(zip(turns, spoke, strict=True))
    shared = {
        "around_said": _ids(person for people in spoke for person in people),
        "around_asked": _ids(p for turn, people in kinds if turn.kind == Turn.Kind.QUESTION for p in people),
        "around_answered": _ids(p for turn, people in kinds if turn.kind == Turn.Kind.ANSWER for p in people),
        "around_topic": sorted({row.tag_id for turn in turns for row in rows.topics.get(turn.pk, [])}),
    }
    for n, (turn, people) in enumerate(kinds):
        fields = _of_turn(turn, texts[n], people, rows)
        fields["is"] += [state] if turn.kind == Turn.Kind.QUESTION and state else []
        fields["around"] = [text[:LONGEST] for text in _beside(texts, n)]
        if n == 0:
            fields["shown"]["head"] = rows.looks.head(turn, kinds, unanswered=state == "unanswered")
        yield fields | shared


def state_of(kinds: Sequence[str], voices: Sequence[set[object]]) -> str:
    """Whether anybody else spoke after the question: "answered", "unanswered", or "" where nothing was asked.

    It is a claim about people, so it counts who spoke, known or not, and not what a turn was taken for.
    """
    if Turn.Kind.QUESTION not in kinds:
        return ""
    asked = list(kinds).index(Turn.Kind.QUESTION)
    return "unanswered" if all(spoke <= voices[asked] for spoke in voices[asked + 1 :]) else "answered"


def _voices(rows: Iterable[Voice]) -> set[object]:
    return {living_as(voice.person).pk if voice.person else voice.label for voice in rows}


def _speakers(rows: Iterable[Voice]) -> list[Person]:
    people = [living_as(voice.person) for voice in rows if voice.person]
    return [person for person in people if person.retired_at is None]


def _beside(texts: list[str], n: int) -> list[str]:
    """The question, and the nearest turns before and after."""
    near = sorted((at for at in range(len(texts)) if at != n), key=lambda at: (at != 0, abs(at - n), at))
    return [texts[at] for at in sorted(near[:AROUND])]


def _ids(people: Iterable[Person]) -> list[int]:
    return sorted({person.pk for person in people})


def _of_turn(turn: Turn, text: str, people: list[Person], rows: _Rows) -> Fields:
    ids = _ids(people)
    labels = [mask(voice.label) for voice in rows.voices.get(turn.pk, [])]
    where = turn.where
    names = [*(person.shown_name for person in people), *labels]
    evidence = rows.evidence.get(turn.pk, [])
    return {
        **place_fields(turn.workshop, where, rows.openings, rows.speakers.get(turn.talk_id or 0, []), turn.n),
        **_followup_fields(turn, rows),
        "key": f"{TURN}:{turn.pk}",
        "what": TURN,
        "pk": turn.pk,
        "kind": turn.kind,
        "exchange": turn.exchange_id,
        "text": text,
        "together": together(text),
        "exact": text,
        "names": names,
        "vocabulary": [text, mask(where.title), *names],
        "said": ids,
        "asked": ids if turn.kind == Turn.Kind.QUESTION else [],
        "answered": ids if turn.kind == Turn.Kind.ANSWER else [],
        "to": _ids(living_as(row.person) for row in rows.addressed.get(turn.pk, [])),
        "topic": sorted({row.tag_id for row in rows.topics.get(turn.pk, [])}),
        "theme": sorted({row.theme_id for row in evidence}),
        "theme_words": [plain(row.theme.text) for row in evidence],
        "shown": {
            "id": turn.public_id,
            "text": mask(turn.text),
            "label": ", ".join(labels),
            "people": [person.shown_name for person in people],
            "talk": mask(where.title),
            "kind": turn.kind,
            "url": f"{rows.looks.page(where)}#{turn.public_id}",
            "look": rows.looks.turn(turn, *(by.get(turn.pk, []) for by in (rows.voices, rows.addressed, rows.topics))),
        },
    }


def _followup_fields(turn: Turn, rows: _Rows) -> Fields:
    """What was agreed to do or decided in the turn."""
    actions = rows.actions.get(turn.pk, [])
    waiting = [item for item in actions if item.waits]
    states = (("action", actions), ("waiting", waiting), ("decision", rows.decisions.get(turn.pk)))
    return {
        "owner": _ids(living_as(row.person) for item in actions for row in item.ownings.all()),
        "due": sorted({item.due.toordinal() for item in waiting if item.due}),
        "is": [*(state for state, some in states if some), *sorted({item.status for item in actions})],
    }


_COMPOUND = re.compile(r"\b[^\W_]+(?:[-/.][^\W_]+)+\b")


def together(text: str) -> str:
    """What is written in parts, as one word: who looks for "plugin" finds "plug-in"."""
    return " ".join(re.sub(r"\W", "", found) for found in _COMPOUND.findall(text))


def place_fields(
    workshop: Workshop, where: Talk | Session | None, openings: dict[int, int], speakers: list[int], n: int = 0
) -> Fields:
    """Where a record stands: for what narrows to it, and in which order it is listed."""
    talk = where if isinstance(where, Talk) else None
    session = talk.session if talk else where
    fields: Fields = {
        "vis": scopes_of(workshop.visibility, workshop.pk),
        "workshop": workshop.pk,
        "workshop_words": [workshop.title, workshop.slug.replace("-", " ")],
    }
    if where is not None:
        day = where.day
        order = 2 * talk.order + 1 if talk else 2 * openings.get(where.pk, 0)
        when = day.date or workshop.start
        fields |= {
            "day": day.pk,
            "day_n": day.n,
            "date": when.toordinal() if when else None,
            "title": mask(talk.title) if talk else "",
            "where": [mask(session.title)] if session else [],
            "talk": talk.pk if talk else None,
            "talk_words": mask(talk.title) if talk else "",
            "session": session.pk if session else None,
            "session_words": mask(session.title) if session else "",
            "speaker": sorted(set(speakers)),
            "place": _packed((_newest(workshop.start), 22), (-workshop.pk, 8), (day.n, 6), (order, 12), (n, 15)),
            "moment": _packed((_newest(when), 22), (-workshop.pk, 8), (day.n, 6), (order, 12), (n, 15)),
        }
    return fields


def _newest(when: date | None) -> int:
    """Smaller for later dates; without one comes last."""
    return _LAST_DAY - when.toordinal() if when else _LAST_DAY


def _packed(*numbers: tuple[int, int]) -> int:
    """One number that compares like these, each cut to its bits."""
    packed = 0
    for number, bits in numbers:
        most = (1 << bits) - 1
        packed = packed << bits | (number & most if number < 0 else min(number, most))
    return packed
