"""Turns in; who spoke in them, of what kind each is, and in which order, out: all that counting needs, in one query."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from minutes.models import Turn


@dataclass(slots=True)
class Said:
    """One turn without its words. `who`: persons by key, or the labels of those whom nobody identified."""

    pk: int
    talk: int | None
    session: int | None
    exchange: int
    kind: str
    who: set[Hashable] = field(default_factory=set)
    unanswered: bool = False  # a question after which nobody else spoke

    @property
    def asks(self) -> bool:
        return self.kind == Turn.Kind.QUESTION


def said(turns: QuerySet[Turn]) -> list[Said]:
    """One query; in the order of the talk or session."""
    meant = Coalesce("voices__person__canonical", "voices__person")
    rows = turns.order_by("talk", "session", "n", "pk").annotate(meant=meant, label=F("voices__label"))
    found: dict[int, Said] = {}
    for pk, talk, session, exchange, kind, person, label in rows.values_list(
        "pk", "talk", "session", "exchange", "kind", "meant", "label"
    ):
        turn = found.setdefault(pk, Said(pk, talk, session, exchange, kind))
        if person or label:
            turn.who.add(person or label)
    _note_silence(found.values())
    return list(found.values())


def _note_silence(turns: Iterable[Said]) -> None:
    """As `minutes.threads.Thread.unanswered` has it: what counts is who spoke after the first question."""
    exchanges: dict[int, list[Said]] = {}
    for turn in turns:
        exchanges.setdefault(turn.exchange, []).append(turn)
    for some in exchanges.values():
        first = next((n for n, turn in enumerate(some) if turn.asks), None)
        if first is not None:
            some[first].unanswered = all(turn.who <= some[first].who for turn in some[first + 1 :])
