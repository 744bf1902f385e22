"""A user and the address of a workshop in, the pictures of it that have a page of their own, out."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from minutes.models import Workshop
from minutes.pages import places_of, programme

from .asking import asking
from .course import Course, course_of
from .said import said
from .together import together


def workshop_of(user: Any, slug: str) -> Workshop:
    return get_object_or_404(Workshop.objects.visible_to(user), slug=slug)


def courses(workshop: Workshop, user: Any) -> list[Course]:
    """How each day went. Four queries."""
    days = list(workshop.days.visible_to(user).order_by("n"))
    talks = list(workshop.talks.visible_to(user).select_related("session").order_by("day__n", "order", "pk"))
    sessions = list(workshop.sessions.visible_to(user).order_by("order", "pk"))
    turns = said(workshop.turns.visible_to(user))
    made = []
    for day in days:
        day.workshop = workshop
        slots = programme(
            [session for session in sessions if session.day_id == day.pk],
            [talk for talk in talks if talk.day_id == day.pk],
        )
        places = places_of(slots)
        for where in places:
            where.day = day
        made.append(course_of(day, places, turns))
    return made


def gallery(user: Any, slug: str) -> dict[str, Any]:
    """All three at a glance. Ten queries."""
    workshop = workshop_of(user, slug)
    return {
        "workshop": workshop,
        "courses": courses(workshop, user),
        "together": together(workshop, user),
        "asking": asking(workshop, user),
    }


def days(user: Any, slug: str) -> dict[str, Any]:
    workshop = workshop_of(user, slug)
    return {"workshop": workshop, "courses": courses(workshop, user)}


def topics(user: Any, slug: str, kind: str) -> dict[str, Any]:
    workshop = workshop_of(user, slug)
    return {"workshop": workshop, "together": together(workshop, user, kind)}


def questions(user: Any, slug: str) -> dict[str, Any]:
    workshop = workshop_of(user, slug)
    return {"workshop": workshop, "asking": asking(workshop, user)}
