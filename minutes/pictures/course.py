"""Days with their talks in; how each day went, talk by talk and question by question, out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from minutes.models import Day, Session, Talk

from .said import Said

GAP = 0.6  # between two talks, in turns


@dataclass(slots=True)
class Mark:
    """A question: where on the line of the day it stands, and whether anybody answered."""

    at: float
    unanswered: bool

    @property
    def top(self) -> int:
        """A question without answer is a short stroke: shape tells it, not colour alone."""
        return 5 if self.unanswered else 0


@dataclass(slots=True)
class Segment:
    """A talk, or what was said to open a session, as a stretch of the day."""

    where: Talk | Session
    start: float
    length: float
    remarks: int
    marks: list[Mark]
    people: int

    @property
    def questions(self) -> int:
        return len(self.marks)


@dataclass(slots=True)
class Course:
    """A day from left to right: each talk as long as its discussion."""

    day: Day
    segments: list[Segment] = field(default_factory=list)
    length: float = 0

    @property
    def questions(self) -> int:
        return sum(segment.questions for segment in self.segments)

    @property
    def remarks(self) -> int:
        return sum(segment.remarks for segment in self.segments)

    @property
    def most_asked(self) -> Segment | None:
        """The talk that got the most questions; none where two got as many, or nobody asked."""
        ranked = sorted(self.segments, key=lambda segment: -segment.questions)
        if not ranked or not ranked[0].questions:
            return None
        return None if len(ranked) > 1 and ranked[1].questions == ranked[0].questions else ranked[0]


def course_of(day: Day, places: Iterable[Talk | Session], turns: Sequence[Said]) -> Course:
    """`places` in the order of the day, a session before its first talk where something was said to open it."""
    by_talk: dict[int | None, list[Said]] = {}
    by_session: dict[int | None, list[Said]] = {}
    for turn in turns:
        (by_talk if turn.talk else by_session).setdefault(turn.talk or turn.session, []).append(turn)
    course, at = Course(day), 0.0
    for where in places:
        its = (by_talk if isinstance(where, Talk) else by_session).get(where.pk, [])
        if isinstance(where, Session) and not its:
            continue
        length = max(len(its), 0.4)  # a talk that nobody discussed is a trace
        marks = [Mark(round(at + n + 0.5, 2), turn.unanswered) for n, turn in enumerate(its) if turn.asks]
        people = len({person for turn in its for person in turn.who})
        course.segments.append(Segment(where, round(at, 2), length, len(its), marks, people))
        at += length + GAP
    course.length = round(max(at - GAP, 1), 2)
    return course
