"""Sections with what was gathered from them to the records of a Document, numbered and with people resolved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from minutes.document import Action, Decision, Lines, Link, Note, Problem, Session, Talk, Theme, Turn
from minutes.parsing.credits import Credit
from minutes.parsing.exchanges import thread
from minutes.parsing.followups import find_followups
from minutes.parsing.labels import Labels
from minutes.parsing.ledger import Ledger
from minutes.parsing.persons import People
from minutes.parsing.sections import Outline, Section
from minutes.parsing.turns import Outcome, Said, gather, writes_prose

_DONE = re.compile(r"\W{0,3}\[[xX]\]")
_ANSWERS = ("a", "answer")  # labels, numbered perhaps, of whoever presents, where questions are labelled "Q (Name)"
_LONG_NOTE = 15  # lines after which a note deserves a look


@dataclass(slots=True)
class Records:
    """All that stands in the sections."""

    sessions: list[Session] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)  # listed as such, with the record they stand in
    links: list[Link] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Credited:
    """A section's speakers or conveners as people."""

    keys: tuple[str, ...]
    affiliations: tuple[tuple[str, str], ...]


class _Assembler:
    def __init__(self, outline: Outline, people: People, labels: Labels, ledger: Ledger) -> None:
        self.outline = outline
        self.people = people
        self.labels = labels
        self.ledger = ledger
        self.records = Records()

    def assemble(self) -> Records:
        bodies = (piece for section in self.outline.sections for piece in section.body)
        prose = writes_prose(bodies, self.labels)
        for section in self.outline.sections:
            said = gather(section, self.labels, self.ledger, prose)
            if section.kind == "front":
                self._front(section, said)
            else:
                self._number(section)
                self._record(section, said)
        return self.records

    def _number(self, section: Section) -> None:
        rows = self.records.sessions if section.kind == "session" else self.records.talks
        section.id = f"{section.kind[0]}{len(rows) + 1}"

    def _front(self, section: Section, said: Said) -> None:
        """What stands before any talk belongs to the whole, unless somebody speaks there: that needs a talk."""
        if said.turns:
            section.title = section.title or self.outline.title
            section.kind = "talk"
            self.records.problems.append(Problem(said.turns[0].lines[0], "words before the first talk"))
            self._number(section)
            self._record(section, said)
            self._credit(section.chairs)
            return
        self._credit([*section.people, *section.chairs])
        self.records.links += section.links
        self.records.notes += said.notes
        self._look_at(said.notes)
        self.records.outcomes += [("", outcome) for outcome in said.outcomes]

    def _record(self, section: Section, said: Said) -> None:
        credited = self._credit(section.people)
        around = section.session.id if section.session else None
        notes = tuple(sorted([*section.notes, *said.notes], key=lambda note: note.lines))
        links = tuple(section.links)
        if section.kind == "session":
            opening = "\n\n".join(turn.text for turn in said.turns) or None
            self.records.sessions.append(
                Session(
                    section.id,
                    section.day,
                    section.title,
                    credited.keys,
                    opening,
                    section.lines,
                    links,
                    notes,
                    credited.affiliations,
                )
            )
        else:
            self.records.talks.append(
                Talk(
                    id=section.id,
                    session=around,
                    day=section.day,
                    title=section.title,
                    speakers=credited.keys,
                    speaker_affiliations=credited.affiliations,
                    status=section.status,
                    lines=section.lines,
                    links=links,
                    notes=notes,
                )
            )
        self._turns(section, said, credited.keys)
        self.records.outcomes += [(section.id, outcome) for outcome in said.outcomes]
        self._look_at(notes)

    def _look_at(self, notes: Sequence[Note]) -> None:
        for note in notes:
            count = self.ledger.count(note.lines, "note")
            if count > _LONG_NOTE:
                message = f"a note of {count} lines, words that nobody is said to have spoken"
                self.records.problems.append(Problem(note.lines[0], message))

    def _credit(self, people: Sequence[tuple[Credit, Lines]]) -> _Credited:
        keys: dict[str, str | None] = {}
        for credit, lines in people:
            key = self.people.credit(credit.name, lines, credit.affiliation, credit.initials)
            keys[key] = keys.get(key) or credit.affiliation
        return _Credited(tuple(keys), tuple((key, org) for key, org in keys.items() if org))

    def _turns(self, section: Section, said: Said, speakers: Sequence[str]) -> None:
        spoken: list[str] = list(speakers)
        turns: list[Turn] = []
        for n, stretch in enumerate(said.turns, start=1):
            label = stretch.label
            if label.lower().rstrip("0123456789 ") in _ANSWERS and len(speakers) == 1:
                label = self.people.name_of(speakers[0])
            voices = self.people.voices(label, spoken, stretch.lines)
            for voice in voices:
                if voice.person is None:
                    self.records.problems.append(Problem(stretch.lines[0], f"unresolved label: {voice.label}"))
                elif voice.person not in spoken:
                    spoken.append(voice.person)
            number = len(self.records.turns) + n
            turns.append(Turn(f"q{number}", section.id, n, stretch.label, voices, stretch.text, stretch.lines))
        self.records.turns += thread(turns, speakers, self.people.called)


def assemble(outline: Outline, people: People, labels: Labels, ledger: Ledger) -> Records:
    """The records of an outline; people whom it names become known on the way."""
    return _Assembler(outline, people, labels, ledger).assemble()


def find_outcomes(
    records: Records, themes: Sequence[Theme], people: People
) -> tuple[tuple[Action, ...], tuple[Decision, ...]]:
    """Actions and decisions: those that the document lists as such, and those that its turns, notes and themes hold.

    An entry of a list of actions reads as if each bore the mark that stands above them.
    """
    texts: list[tuple[str, str, Lines]] = [(theme.id, theme.text, theme.lines) for theme in themes]
    records_with_notes: tuple[Session | Talk, ...] = (*records.sessions, *records.talks)
    texts += [(record.id, note.text, note.lines) for record in records_with_notes for note in record.notes]
    texts += [("", note.text, note.lines) for note in records.notes]
    texts += [
        (where, "ACTION: " + " ".join(outcome.text.split()), outcome.lines)
        for where, outcome in records.outcomes
        if outcome.kind == "action" and not _DONE.match(outcome.text)
    ]
    actions, found = find_followups(records.turns, texts, tuple(people.candidates().values()))
    listed = [
        Decision("", outcome.text, where, outcome.lines)
        for where, outcome in records.outcomes
        if outcome.kind == "decision"
    ]
    decisions = sorted([*found, *listed], key=lambda decision: decision.lines)
    return actions, tuple(replace(decision, id=f"d{n}") for n, decision in enumerate(decisions, start=1))
