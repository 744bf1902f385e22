"""Turns in; threads as pages show them out: a question with what was said to it, or words that stand alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch

from .models import Addressed, Statement, Turn, TurnTopic, Voice
from .rendering import plain

#: The way from a row to the person whom the site shows for the one on it.
LIVES_ON = "person__canonical"


@dataclass(slots=True)
class Thread:
    """One exchange as a page shows it. Turns that resumed it after others had spoken carry `later`."""

    turns: list[Turn] = field(default_factory=list)

    @property
    def title(self) -> str:
        """How a list of landmarks names it."""
        first = self.turns[0]
        words = plain(first.text).split()
        return f"{first.get_kind_display().capitalize()}: {' '.join(words[:8])}{'…' if len(words) > 8 else ''}"

    @property
    def unanswered(self) -> bool:
        """It asks something, and nobody else spoke after that."""
        asked = [n for n, turn in enumerate(self.turns) if turn.kind == Turn.Kind.QUESTION]
        if not asked:
            return False
        askers = speakers_of(self.turns[asked[0]])
        return all(speakers_of(turn) <= askers for turn in self.turns[asked[0] + 1 :])


def speakers_of(turn: Turn) -> set[object]:
    """Whoever spoke: persons, or the printed labels of those whom nobody identified."""
    return {voice.person.lives_on.pk if voice.person else voice.label for voice in turn.voices.all()}


def turns_to_show(turns):
    """All that minutes/_turn.html reads, in five queries (turns, voices, whom they address, topics, corrections)."""
    return turns.prefetch_related(
        Prefetch("voices", Voice.objects.select_related(LIVES_ON).order_by("position")),
        Prefetch("addressings", Addressed.objects.select_related(LIVES_ON).order_by("position")),
        Prefetch("topic_items", TurnTopic.objects.select_related("tag").order_by("tag__name")),
        Prefetch("statements", Statement.objects.living().select_related(LIVES_ON)),
    )


def threads(turns: Iterable[Turn]) -> list[Thread]:
    """Turns in their order, gathered by exchange; exchanges in the order of their first turn."""
    found: dict[int, Thread] = {}
    before: Turn | None = None
    for turn in turns:
        resumed = turn.exchange_id in found and before is not None and before.exchange_id != turn.exchange_id
        turn.later = resumed
        found.setdefault(turn.exchange_id, Thread()).turns.append(turn)
        before = turn
    return list(found.values())
