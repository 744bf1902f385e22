"""What a person asked and answered in, and a user; what share of each workshop's questions and answers that is, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from minutes.models import Turn, Workshop
from people.models import Person

from . import search_for


@dataclass(slots=True)
class Share:
    """One workshop: so many of its questions were this person's, and so many of its answers."""

    workshop: Workshop
    asked: int
    questions: int
    asked_at: str
    answered: int
    answers: int
    answered_at: str


def shares(person: Person, said: Iterable[Turn], user: Any) -> list[Share]:
    """`said`: the person's turns, their places at hand. In the order of the workshops' dates. One query."""
    own: dict[Workshop, Counter[str]] = {}
    for turn in said:
        if turn.kind != Turn.Kind.COMMENT:
            own.setdefault(turn.where.day.workshop, Counter())[turn.kind] += 1
    every = _every(own, user)
    return [
        Share(
            workshop=workshop,
            asked=own[workshop]["question"],
            questions=every[workshop.pk, "question"],
            asked_at=search_for(asked_by=person.public_id, workshop=workshop.slug),
            answered=own[workshop]["answer"],
            answers=every[workshop.pk, "answer"],
            answered_at=search_for(answered_by=person.public_id, workshop=workshop.slug),
        )
        for workshop in sorted(own, key=lambda one: (one.start is None, one.start, one.pk))
    ]


def _every(workshops: Collection[Workshop], user: Any) -> Counter[tuple[int, str]]:
    turns = Turn.objects.visible_to(user).filter(workshop__in=list(workshops)).order_by()
    return Counter(
        {(workshop, kind): n for workshop, kind, n in turns.values_list("workshop", "kind").annotate(Count("pk"))}
    )
