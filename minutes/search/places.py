"""Talks, sessions, workshops and themes that an operator names by permanent id, and their titles for hints."""

from __future__ import annotations

from typing import Any

from tantivy import Query

from minutes.masking import mask
from minutes.models import Session, Talk, Theme, Workshop

from .store import term

MOST = 500  # titles among which the nearest is looked for


def by_id(name: str, value: str, user: Any) -> tuple[Query, str] | None:
    """The filter and the title of the one record of that id; None where none is readable. One query."""
    if name == "workshop":
        workshop = Workshop.objects.visible_to(user).filter(slug=value).first()
        return (term("workshop", workshop.pk), workshop.title) if workshop else None
    model = {"talk": Talk, "session": Session, "theme": Theme}[name]
    rows = model.objects.visible_to(user)
    found = rows.filter(public_id=value).first()
    return (term(name, found.pk), mask(str(found))) if found else None


def titles(name: str, user: Any) -> list[str]:
    """One query."""
    if name == "workshop":
        workshops = Workshop.objects.visible_to(user)
        return [mask(title) for title in workshops.values_list("title", flat=True)[:MOST]]
    model, column = {"talk": (Talk, "title"), "session": (Session, "title"), "theme": (Theme, "text")}[name]
    rows = model.objects.visible_to(user)
    return [mask(title) for title in rows.order_by("-pk").values_list(column, flat=True)[:MOST]]
