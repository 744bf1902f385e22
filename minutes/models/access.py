"""Who may read which workshop: the one rule behind every page, list, search, suggestion and file.

It is told in three ways that mean the same: as a filter of rows, as a test of one workshop, and as the words that the
search index keeps with each document. `tests/test_readers.py` holds them together.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.roles import READ_DRAFTS, may


class Visibility(models.TextChoices):
    DRAFT = "draft", "draft: editors, and readers named one by one"
    MEMBERS = "members", "members: everybody who signed in"
    PUBLIC = "public", "public"


def visibilities_for(user: Any) -> list[str]:
    """Which visibilities of a workshop this user may read, whoever is named."""
    levels = [Visibility.PUBLIC.value]
    if user is not None and user.is_authenticated:
        levels.append(Visibility.MEMBERS.value)
        if may(user, READ_DRAFTS):
            levels.append(Visibility.DRAFT.value)
    return levels


def named_for(user: Any) -> list[int]:
    """The workshops for which this user is a named reader; none for those who may read all. One query a request."""
    if user is None or not user.is_authenticated or may(user, READ_DRAFTS):
        return []
    named: list[int] | None = getattr(user, "named_workshops", None)
    if named is None:
        named = user.named_workshops = sorted(user.readings.values_list("workshop", flat=True))
    return named


def open_to(user: Any, way: str = "") -> Q:
    """Rows whose workshop this user may read; `way` is the path to the workshop, such as "workshop__"."""
    rule = Q(**{f"{way}visibility__in": visibilities_for(user)})
    named = named_for(user)
    return rule | Q(**{f"{way}pk__in": named}) if named else rule


def may_read(user: Any, workshop: Any) -> bool:
    return workshop.visibility in visibilities_for(user) or workshop.pk in named_for(user)


def scopes_for(user: Any) -> list[str]:
    """The words of which a document of the index must have one."""
    return [*visibilities_for(user), *(f"w{pk}" for pk in named_for(user))]


def scopes_of(visibility: str, workshop: int) -> list[str]:
    """The words that the index keeps with what stands in a workshop."""
    return [visibility] if visibility == Visibility.PUBLIC else [visibility, f"w{workshop}"]


def widest(scopes: set[str]) -> list[str]:
    """What is open to everybody needs no other word."""
    return [Visibility.PUBLIC.value] if Visibility.PUBLIC in scopes else sorted(scopes)
