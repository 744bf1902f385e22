"""An import's report in, all that its preview shows out: every source line by its place, and what was understood."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .accounting import Account, account_of
from .document import PLACES, Action, Contact, Day, Decision, Document, Link, Note, Session, Talk, Theme, Turn
from .forecast import Forecast, forecast
from .importing import Report

#: The word in the gutter: what a line was read as, for those who see no colour.
WORDS = {"metadata": "about", "participant": "person", "unplaced": "no place"}
LISTED = 50  # lines without a place that are shown one by one
SHOWN = 10_000  # lines of the source that stand in one page; counts and warnings are of all


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    place: str  # "" for a blank line
    word: str
    rule: str
    begins: str  # id of the part of the page for the record that begins here


@dataclass(frozen=True, slots=True)
class Part:
    """How many lines were read as one thing."""

    place: str
    word: str
    lines: int
    first: int


@dataclass(frozen=True, slots=True)
class Speaker:
    label: str
    name: str  # "" where nobody is known
    certain: bool
    suggestions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    turn: Turn
    speakers: tuple[Speaker, ...]
    to: tuple[str, ...]
    opens: bool  # the first of its exchange


@dataclass(frozen=True, slots=True)
class Follow:
    """An action or a decision."""

    line: int
    text: str
    owners: tuple[str, ...] = ()
    due: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A session or a talk as understood, with what stands in it."""

    id: str
    kind: str  # "session" or "talk"
    title: str
    line: int
    people: tuple[str, ...]
    status: str
    said: tuple[Said, ...]
    notes: tuple[Note, ...]
    links: tuple[Link, ...]
    actions: tuple[Follow, ...]
    decisions: tuple[Follow, ...]


@dataclass(frozen=True, slots=True)
class DayShown:
    day: Day | None
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Participant:
    name: str
    affiliations: tuple[str, ...]
    listed: bool  # among the participants; else named elsewhere
    known: bool  # the site has this person already
    line: int


@dataclass(frozen=True, slots=True)
class Preview:
    report: Report
    counts: Mapping[str, int]
    account: Account
    forecast: Forecast
    lines: tuple[Line, ...]
    legend: tuple[Part, ...]
    people: tuple[Participant, ...]
    days: tuple[DayShown, ...]
    themes: tuple[Theme, ...]
    contacts: tuple[tuple[str, Contact], ...]
    elsewhere: tuple[tuple[str, Follow], ...]  # actions and decisions of the workshop as a whole

    @property
    def document(self) -> Document:
        return self.report.document

    @property
    def warnings(self) -> tuple[tuple[int, str], ...]:
        """What was odd, but for the names that are listed with those whom they may mean."""
        named = {(line, doubt.label) for doubt in self.account.unresolved for line in doubt.lines}
        return tuple(
            (line, message)
            for line, message in self.account.problems
            if not any(line == at and message.endswith(label) for at, label in named)
        )

    @property
    def unplaced(self) -> tuple[tuple[int, str], ...]:
        return self.account.unplaced[:LISTED]

    @property
    def cut(self) -> bool:
        return len(self.report.lines) > len(self.lines)

    @property
    def more_unplaced(self) -> int:
        return len(self.account.unplaced) - len(self.unplaced)

    @property
    def known_people(self) -> int:
        return sum(1 for person in self.people if person.known)


def preview_of(report: Report) -> Preview:
    document = report.document
    shown = _Shown(document)
    days = _days(document, shown)
    return Preview(
        report=report,
        counts=report.counts(),
        account=account_of(dataclasses.asdict(document)),
        forecast=forecast(report),
        lines=_lines(report, days),
        legend=_legend(document),
        people=_people(report),
        days=days,
        themes=document.themes,
        contacts=tuple((shown.names.get(c.person, c.person), c) for c in document.contacts),
        elsewhere=shown.elsewhere(),
    )


def _lines(report: Report, days: Iterable[DayShown]) -> tuple[Line, ...]:
    places = {place.line: place for place in report.document.places}
    begins: dict[int, str] = {}
    for day in days:
        for stretch in day.stretches:
            begins.setdefault(stretch.line, stretch.id)
            for said in stretch.said:
                begins.setdefault(said.turn.lines[0], said.turn.id)
    lines = []
    for number, text in enumerate(report.lines[:SHOWN], start=1):
        place = places.get(number)
        name, rule = (place.place, place.rule) if place else ("", "")
        lines.append(Line(number, text, name, word_of(name), rule, begins.get(number, "")))
    return tuple(lines)


def word_of(place: str) -> str:
    return WORDS.get(place, place)


def _legend(document: Document) -> tuple[Part, ...]:
    counted = Counter(place.place for place in document.places)
    first = {place.place: place.line for place in reversed(document.places)}
    return tuple(Part(name, word_of(name), counted[name], first[name]) for name in PLACES if counted[name])


def _people(report: Report) -> tuple[Participant, ...]:
    names = report.plan.names
    return tuple(
        Participant(
            person.name,
            person.affiliations,
            person.in_participants,
            report.unchanged or not names.get(f"p:{person.key}", "new:").startswith("new:"),
            person.lines[0],
        )
        for person in report.document.people
    )


def _days(document: Document, shown: _Shown) -> tuple[DayShown, ...]:
    """Sessions and talks in the order of the document, each day with its own."""
    every = [one for one in (*document.sessions, *document.talks) if one.lines[0] <= SHOWN]
    stretches = sorted(every, key=lambda one: (one.lines[0], one.id[:1]))
    known = {day.n for day in document.days}
    first = min(known, default=None)
    days: list[Day | None] = [*document.days] or [None]
    return tuple(
        DayShown(
            day,
            tuple(
                shown.stretch(one)
                for one in stretches
                if day is None or (one.day if one.day in known else first) == day.n
            ),
        )
        for day in days
    )


class _Shown:
    """What stands where in a document, looked up once."""

    def __init__(self, document: Document) -> None:
        self.names = {person.key: person.name for person in document.people}
        self._document = document
        self._turns: dict[str, list[Turn]] = {}
        for turn in (turn for turn in document.turns if turn.lines[0] <= SHOWN):
            self._turns.setdefault(turn.where, []).append(turn)
        self._home = {turn.id: turn.where for turn in document.turns}
        self._actions: dict[str, list[Action]] = {}
        for action in document.actions:
            self._actions.setdefault(self._home.get(action.where, action.where), []).append(action)
        self._decisions: dict[str, list[Decision]] = {}
        for decision in document.decisions:
            self._decisions.setdefault(self._home.get(decision.where, decision.where), []).append(decision)

    def stretch(self, one: Session | Talk) -> Stretch:
        is_talk = isinstance(one, Talk)
        keys, printed = (
            (one.speakers, one.speaker_affiliations)
            if isinstance(one, Talk)
            else (one.conveners, one.convener_affiliations)
        )
        return Stretch(
            id=one.id,
            kind="talk" if is_talk else "session",
            title=one.title,
            line=one.lines[0],
            people=self._with_affiliations(keys, dict(printed)),
            status=one.status if isinstance(one, Talk) and one.status != "given" else "",
            said=self._said(one.id),
            notes=one.notes,
            links=one.links,
            actions=tuple(self._action(action) for action in self._actions.get(one.id, ())),
            decisions=tuple(Follow(d.lines[0], d.text) for d in self._decisions.get(one.id, ())),
        )

    def elsewhere(self) -> tuple[tuple[str, Follow], ...]:
        """Actions and decisions that stand in no talk and no session."""
        homes = {one.id for one in (*self._document.sessions, *self._document.talks)}
        actions = [("action", self._action(a)) for where in self._actions.keys() - homes for a in self._actions[where]]
        decisions = [
            ("decision", Follow(d.lines[0], d.text))
            for where in self._decisions.keys() - homes
            for d in self._decisions[where]
        ]
        return tuple(sorted([*actions, *decisions], key=lambda item: item[1].line))

    def _with_affiliations(self, keys: Sequence[str], printed: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(f"{self._name(key)} ({printed[key]})" if printed.get(key) else self._name(key) for key in keys)

    def _name(self, key: str) -> str:
        return self.names.get(key, key)

    def _action(self, action: Action) -> Follow:
        owners = tuple(self._name(key) for key in action.owner)
        return Follow(action.lines[0], action.text, owners, action.due.isoformat() if action.due else "")

    def _said(self, where: str) -> tuple[Said, ...]:
        said, exchange = [], None
        for turn in self._turns.get(where, ()):
            speakers = tuple(
                Speaker(
                    voice.label,
                    self._name(voice.person) if voice.person else "",
                    voice.certainty in ("exact", "context"),
                    tuple(self._name(key) for key in voice.suggestions),
                )
                for voice in turn.voices
            )
            to = tuple(self._name(key) for key in turn.addressed_to)
            said.append(Said(turn, speakers, to, turn.exchange != exchange))
            exchange = turn.exchange
        return tuple(said)
