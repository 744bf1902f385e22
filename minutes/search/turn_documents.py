"""Exchanges in; a document for each turn that stands in them, with what its exchange adds, out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Min, Prefetch

from minutes.masking import mask
from minutes.models import ActionItem, ActionOwner, Decision, Session, Speaking, Talk, ThemeEvidence, Turn, Workshop
from minutes.queries import living_as, with_person
from minutes.rendering import plain
from minutes.threads import turns_to_show
from people.models import Person

from .schema import TURN

Fields = dict[str, Any]
AROUND = 4  # turns of the same exchange whose words count beside a turn's own
LONGEST = 2000  # characters of each of them
_LAST_DAY = date.max.toordinal()


def turn_documents(exchanges: Collection[int]) -> Iterator[Fields]:
    """All living turns of these exchanges. Twelve queries, whatever their number."""
    turns = Turn.objects.living().filter(exchange__in=exchanges, workshop__retired_at__isnull=True)
    rows = list(
        turns_to_show(turns)
        .select_related("workshop", "talk__day", "talk__workshop", "talk__session", "session__day__workshop")
        .prefetch_related(
            Prefetch("talk__speakings", with_person(Speaking)),
            Prefetch("evidences", ThemeEvidence.objects.filter(theme__retired_at__isnull=True).select_related("theme")),
            Prefetch("actionitems", ActionItem.objects.living()),
            Prefetch("actionitems__ownings", with_person(ActionOwner)),
            Prefetch("decisions", Decision.objects.living()),
        )
        .order_by("exchange", "n", "pk")
    )
    openings = first_talks({row.session_id for row in rows if row.session_id})
    together: dict[int, list[Turn]] = {}
    for row in rows:
        together.setdefault(row.exchange_id, []).append(row)
    for some in together.values():
        yield from _of_exchange(some, openings)


def first_talks(sessions: Collection[int]) -> dict[int, int]:
    """The order of the first talk of each session: what is said before it stands there."""
    talks = Talk.objects.filter(session__in=sessions).order_by().values_list("session")
    return dict(talks.annotate(first=Min("order")))


def _of_exchange(turns: list[Turn], openings: dict[int, int]) -> Iterator[Fields]:
    state = state_of(turns)
    texts = [plain(turn.text) for turn in turns]
    asked = _ids(person for turn in turns if turn.kind == Turn.Kind.QUESTION for person in speakers(turn))
    answered = _ids(person for turn in turns if turn.kind == Turn.Kind.ANSWER for person in speakers(turn))
    shared = {
        "around_said": _ids(person for turn in turns for person in speakers(turn)),
        "around_asked": asked,
        "around_answered": answered,
        "around_topic": sorted({topic.pk for turn in turns for topic in topics(turn)}),
    }
    for n, turn in enumerate(turns):
        fields = _of_turn(turn, texts[n], openings)
        fields["is"] += [state] if turn.kind == Turn.Kind.QUESTION and state else []
        fields["around"] = [text[:LONGEST] for text in _beside(texts, n)]
        yield fields | shared


def state_of(turns: list[Turn]) -> str:
    """Whether anybody else spoke after the question: "answered", "unanswered", or "" where nothing was asked.

    It is a claim about people, so it counts who spoke, known or not, and not what a turn was taken for.
    """
    asked = [n for n, turn in enumerate(turns) if turn.kind == Turn.Kind.QUESTION]
    if not asked:
        return ""
    askers = _voices(turns[asked[0]])
    alone = all(_voices(turn) <= askers for turn in turns[asked[0] + 1 :])
    return "unanswered" if alone else "answered"


def _voices(turn: Turn) -> set[object]:
    return {living_as(voice.person).pk if voice.person else voice.label for voice in turn.voices.all()}


def _beside(texts: list[str], n: int) -> list[str]:
    """The question, and the nearest turns before and after."""
    near = sorted((at for at in range(len(texts)) if at != n), key=lambda at: (at != 0, abs(at - n), at))
    return [texts[at] for at in sorted(near[:AROUND])]


def speakers(turn: Turn) -> list[Person]:
    people = [living_as(voice.person) for voice in turn.voices.all() if voice.person]
    return [person for person in people if person.retired_at is None]


def topics(turn: Turn) -> list:
    return [row.tag for row in turn.topic_items.all() if row.tag.retired_at is None]


def _ids(people: Iterable[Person]) -> list[int]:
    return sorted({person.pk for person in people})


def _of_turn(turn: Turn, text: str, openings: dict[int, int]) -> Fields:
    people = speakers(turn)
    ids = _ids(people)
    labels = [mask(voice.label) for voice in turn.voices.all()]
    where = turn.where
    names = [*(person.name for person in people), *labels]
    actions = list(turn.actionitems.all())
    open_ones = [item for item in actions if item.status in (ActionItem.Status.PROPOSED, ActionItem.Status.OPEN)]
    is_a = [*(["action"] if actions else []), *(["open"] if open_ones else [])]
    return {
        **place_fields(turn.workshop, where, openings, turn.n),
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
        "to": _ids(living_as(row.person) for row in turn.addressings.all()),
        "topic": sorted({topic.pk for topic in topics(turn)}),
        "theme": sorted({row.theme_id for row in turn.evidences.all()}),
        "theme_words": [plain(row.theme.text) for row in turn.evidences.all()],
        "owner": _ids(living_as(row.person) for item in actions for row in item.ownings.all()),
        "due": sorted({item.due.toordinal() for item in open_ones if item.due}),
        "is": is_a + (["decision"] if turn.decisions.all() else []),
        "shown": {
            "id": turn.public_id,
            "text": mask(turn.text),
            "label": ", ".join(labels),
            "people": [person.name for person in people],
            "talk": mask(where.title),
            "kind": turn.kind,
            "url": turn.get_absolute_url(),
        },
    }


_COMPOUND = re.compile(r"\b[^\W_]+(?:[-/.][^\W_]+)+\b")


def together(text: str) -> str:
    """What is written in parts, as one word: who looks for "plugin" finds "plug-in"."""
    return " ".join(re.sub(r"\W", "", found) for found in _COMPOUND.findall(text))


def place_fields(workshop: Workshop, where: Talk | Session | None, openings: dict[int, int], n: int = 0) -> Fields:
    """Where a record stands: for what narrows to it, and in which order it is listed."""
    talk = where if isinstance(where, Talk) else None
    session = talk.session if talk else where
    fields: Fields = {
        "vis": workshop.visibility,
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
            "speaker": _ids(living_as(row.person) for row in talk.speakings.all()) if talk else [],
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
