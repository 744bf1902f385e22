"""What the outline makes and later stages read: the sections of a document and the frame around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from minutes.document import Day, Lines, Link, Note, Problem, Status
from minutes.parsing.credits import Credit
from minutes.parsing.pieces import Piece


@dataclass(slots=True)
class Section:
    """A part of the document under one title, while it is being read."""

    kind: Literal["front", "session", "talk"]
    title: str
    lines: Lines
    level: int
    day: int | None = None
    session: Section | None = None
    status: Status = "given"
    people: list[tuple[Credit, Lines]] = field(default_factory=list)  # speakers, or conveners
    chairs: list[tuple[Credit, Lines]] = field(default_factory=list)  # of the whole, in the front matter
    links: list[Link] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    body: list[Piece] = field(default_factory=list)
    id: str = ""


@dataclass(slots=True)
class Outline:
    title: str = ""
    start: date | None = None
    end: date | None = None
    days: list[Day] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)  # the first is the front matter
    problems: list[Problem] = field(default_factory=list)
