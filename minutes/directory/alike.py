"""A theme in; other themes that may be the same, those first that share topics and words with it, out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from rapidfuzz import fuzz

from minutes.models import Theme
from minutes.rendering import fold_text, plain
from minutes.search.words import STOP_WORDS

from .themes import noted

SUGGESTED, FOUND = 8, 20
LEAST = 50.0  # of 100: how much alike words are that suggest a theme without a topic in common
TOPIC = 25.0  # what a topic that both name is worth beside the words


@dataclass(frozen=True, slots=True)
class Alike:
    """A theme that may be the same, and why."""

    theme: Theme
    topics: list[str]
    words: float

    @property
    def weight(self) -> float:
        return self.words + TOPIC * len(self.topics)


def elsewhere(theme: Theme, user) -> QuerySet[Theme]:
    """Themes of other workshops with which this one is not joined yet."""
    joined = Q(recurring=theme.recurring_id) if theme.recurring_id else Q(pk=theme.pk)
    return noted(user).exclude(workshop=theme.workshop_id).exclude(joined)


def beside(theme: Theme, user) -> QuerySet[Theme]:
    """The other themes of its workshop."""
    return noted(user).filter(workshop=theme.workshop_id).exclude(pk=theme.pk)


def by_likeness(theme: Theme, others: QuerySet[Theme]) -> list[Alike]:
    """All of them, the likeliest first. Two queries."""
    mine = {row.tag_id for row in theme.topic_items.all()}
    words = _words(theme)
    found = [
        Alike(
            other,
            [row.tag.name for row in other.topic_items.all() if row.tag_id in mine and row.tag.retired_at is None],
            fuzz.token_set_ratio(words, _words(other)),
        )
        for other in others
    ]
    return sorted(found, key=lambda one: -one.weight)


def suggested(theme: Theme, others: QuerySet[Theme]) -> list[Alike]:
    """Those few that share a topic, or most of their words."""
    return [one for one in by_likeness(theme, others) if one.topics or one.words >= LEAST][:SUGGESTED]


def searched(theme: Theme, others: QuerySet[Theme], text: str) -> list[Alike]:
    """Those in whose words, or in the title of whose workshop, all typed words stand."""
    typed = fold_text(text).split()
    if not typed:
        return []
    found = by_likeness(theme, others)
    return [
        one
        for one in found
        if all(word in fold_text(f"{plain(one.theme.text)} {one.theme.workshop.title}") for word in typed)
    ][:FOUND]


def _words(theme: Theme) -> str:
    return " ".join(word for word in re.findall(r"\w+", fold_text(plain(theme.text))) if word not in STOP_WORDS)
