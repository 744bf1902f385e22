"""Turns in; the same turns by day and by talk or session, as pages list them, out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from minutes.models import Day, Session, Talk, Turn

_FIRST_TALK = Talk.objects.filter(session=OuterRef("session")).order_by("order")

#: Newest workshop first; in a workshop, the order in which things were said. A session's own turns open it.
IN_ORDER = (
    F("workshop__start").desc(nulls_last=True),
    F("workshop").desc(),
    Coalesce("talk__day__n", "session__day__n"),
    Coalesce("talk__order", Subquery(_FIRST_TALK.values("order")[:1]), 0),
    F("talk__order").asc(nulls_first=True),
    "talk",
    "n",
)


@dataclass(slots=True)
class Place:
    """A talk or a session, with those of its rows that the page is about."""

    where: Talk | Session
    rows: list[Any] = field(default_factory=list)


@dataclass(slots=True)
class DayOf:
    """A day of one workshop, with the places in it that the page is about."""

    day: Day
    places: list[Place] = field(default_factory=list)


def with_places(turns):
    """Adds all that `by_day` reads to the same query."""
    return turns.select_related("talk__day__workshop", "talk__workshop", "session__day__workshop")


def by_day(turns: Iterable[Turn]) -> list[DayOf]:
    """For turns that are in order already, and come from `with_places`."""
    days: list[DayOf] = []
    for turn in turns:
        where = turn.where
        if not days or days[-1].day != where.day:
            days.append(DayOf(where.day))
        places = days[-1].places
        if not places or places[-1].where != where:
            places.append(Place(where))
        places[-1].rows.append(turn)
    return days
