"""What one minutes document says, as frozen values: the parser makes it, the importer and the JSON printer read it.

Records refer to each other by `id` (days by `n`, people by `key`). `lines` are the first and last source line,
counted from 1. Nothing here knows a database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Lines = tuple[int, int]
Certainty = Literal["exact", "context", "fuzzy", "unknown"]
Kind = Literal["question", "answer", "comment"]
Status = Literal["given", "absent", "excused"]
TopicKind = Literal["experiment", "technology", "project", "organisation"]

#: Where a non-blank source line may end up. Every one of them ends in exactly one.
PLACES = (
    "heading",
    "metadata",
    "participant",
    "turn",
    "note",
    "action",
    "decision",
    "theme",
    "contact",
    "ignored",
    "unplaced",
)

#: All rules by which a line may be left out: it says nothing to a reader of the minutes.
IGNORING = (
    "comment",
    "separator",
    "marks alone",
    "template left-over",
    "navigation",
    "marks of a table or a log",
    "comings and goings of a log",
    "times of a log",
    "number or time of a subtitle",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something odd in the source; never an exception, because the rest can still be read."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """What became of one non-blank source line; `rule` names why, and is required where `place` is "ignored"."""

    line: int
    place: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str | None  # None where the export lost the target ("#")
    lines: Lines


@dataclass(frozen=True, slots=True)
class Note:
    """Words of a talk or session that nobody is said to have spoken. `kind` is "abstract" when it stands under the
    title, before the speakers or the discussion."""

    text: str
    kind: Literal["note", "abstract"]
    lines: Lines


@dataclass(frozen=True, slots=True)
class Person:
    key: str  # slug of the name; unique in the document
    name: str
    in_participants: bool
    labels: tuple[str, ...] = ()  # every form under which the document names this person, the name first
    affiliations: tuple[str, ...] = ()  # as printed, in order of appearance
    lines: Lines = (0, 0)  # where first named


@dataclass(frozen=True, slots=True)
class Day:
    n: int
    date: date | None
    label: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Session:
    id: str  # "s1", "s2", ... in document order
    day: int | None
    title: str
    conveners: tuple[str, ...]
    opening: str | None
    lines: Lines  # of the heading
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    convener_affiliations: tuple[tuple[str, str], ...] = ()  # (person key, as printed)


@dataclass(frozen=True, slots=True)
class Talk:
    id: str  # "t1", "t2", ... in document order
    session: str | None
    day: int | None
    title: str
    speakers: tuple[str, ...]
    speaker_affiliations: tuple[tuple[str, str], ...]  # (person key, as printed)
    status: Status
    lines: Lines  # of the title
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """Who spoke a turn: one for each person in the label, so "A+B" has two."""

    label: str  # the part of the printed label that names this voice
    person: str | None  # a person's key; None when unresolved
    certainty: Certainty
    suggestions: tuple[str, ...] = ()  # keys of candidates, for the human who decides; only where unresolved
    reason: str = ""  # why this person, in a few plain words ("only Martin among the participants")


@dataclass(frozen=True, slots=True)
class Turn:
    id: str  # "q1", "q2", ... in document order
    where: str  # id of a talk, or of a session for words said before its first talk
    n: int  # order in it, from 1
    label: str  # as printed before the colon
    voices: tuple[Voice, ...]
    text: str  # without the label, paragraphs joined by a blank line
    lines: Lines
    kind: Kind = "comment"
    exchange: int = 0  # from 1 within `where`; shared by a question and what answers it
    addressed_to: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(voice.person for voice in self.voices if voice.person)

    @property
    def certainty(self) -> Certainty:
        """That of the least certain voice."""
        order: tuple[Certainty, ...] = ("exact", "context", "fuzzy", "unknown")
        return max((voice.certainty for voice in self.voices), key=order.index, default="unknown")


@dataclass(frozen=True, slots=True)
class Entity:
    key: str
    name: str
    kind: TopicKind
    labels: tuple[str, ...]  # the forms found in this document


@dataclass(frozen=True, slots=True)
class Mention:
    where: str  # id of a turn, talk, session or theme
    entity: str
    label: str  # the form found there first


@dataclass(frozen=True, slots=True)
class Theme:
    id: str  # "th1", ...
    n: int
    text: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Action:
    id: str  # "a1", ...
    text: str  # the words that made it, verbatim
    where: str  # id of the turn, theme, talk or session in which they stand
    owner: tuple[str, ...]
    due: date | None
    explicit: bool  # the document itself calls it an action; otherwise a commitment or request made in talk
    reason: str  # what made us think so ("says: will follow")
    lines: Lines


@dataclass(frozen=True, slots=True)
class Decision:
    id: str  # "d1", ...
    text: str
    where: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Contact:
    person: str
    email: str | None
    institute: str | None
    certain: bool  # False where the document itself puts a question mark
    lines: Lines


@dataclass(frozen=True, slots=True)
class Document:
    """All of it. `line_count` counts every source line; `places` has one entry per non-blank line, in order."""

    name: str
    sha256: str
    media_type: str
    line_count: int
    title: str
    start: date | None
    end: date | None
    participants: tuple[str, ...] = ()  # full names as listed
    people: tuple[Person, ...] = ()
    days: tuple[Day, ...] = ()
    sessions: tuple[Session, ...] = ()
    talks: tuple[Talk, ...] = ()
    turns: tuple[Turn, ...] = ()
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    themes: tuple[Theme, ...] = ()
    actions: tuple[Action, ...] = ()
    decisions: tuple[Decision, ...] = ()
    contacts: tuple[Contact, ...] = ()
    links: tuple[Link, ...] = ()  # of the workshop as a whole
    notes: tuple[Note, ...] = ()  # of the workshop as a whole
    places: tuple[Place, ...] = ()
    unplaced: tuple[tuple[int, str], ...] = ()
    problems: tuple[Problem, ...] = field(default=())
