"""What was found in; the exchanges it stands in, as lists of results show them, out.

Their HTML is written here and not in templates: a page has dozens of turns, and is asked for at every search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from minutes.models import Turn
from minutes.rendering import plain

from .finding import Found, Hit, readable_turns
from .words import mark, whole

LONG = 4  # turns of one conversation of which all are shown
_SAID = {Turn.Kind.QUESTION: "Question by", Turn.Kind.ANSWER: "Answer by"}


@dataclass(slots=True)
class Said:
    """One turn on the page, as the index keeps it; looks like templates/minutes/_turn.html."""

    id: str
    kind: str
    text: str
    url: str
    look: dict[str, Any]
    words: str  # HTML, with the words that were looked for marked
    hit: bool

    @property
    def title(self) -> str:
        """How a list of landmarks names what it opens."""
        words = plain(self.text[:200]).split()
        return f"{self.kind.capitalize()}: {' '.join(words[:8])}{'…' if len(words) > 8 else ''}"

    def html(self, *, leads: bool) -> str:
        kind = escape(self.kind)
        classes = f"turn {kind}{' lead' if leads else ''}{' hit' if self.hit else ''}"
        topics = self.look["topics"]
        return (
            f'<div class="{classes}" id="{escape(self.id)}">\n<div class="speech">\n'
            f'<p class="who"><span class="vh">{_SAID.get(self.kind, "Said by")}</span> {self.look["who"]}</p>\n'
            f'<div class="words">{self.words}</div>\n</div>\n<span class="marks">{self.look["marks"]}</span>\n'
            + (f'<ul class="topics" aria-label="Topics">{topics}</ul>\n' if topics else "")
            + "</div>"
        )


@dataclass(slots=True)
class Answer:
    """One exchange on the page of results: its turns, those that were found marked as hits, and where it stands."""

    turns: list[Said]
    head: dict[str, Any]  # place, who asked, who answered
    skipped: int = 0  # turns that are not shown

    @property
    def around(self) -> str:
        """The first turn that was found: what was said before and after it is shown on demand."""
        return next((turn.id for turn in self.turns if turn.hit), self.turns[0].id)

    @property
    def html(self) -> SafeString:
        opening = self.turns[0]
        turns = "\n".join(turn.html(leads=turn is opening) for turn in self.turns)
        silent = '<p class="unanswered">Asked; no answer recorded.</p>\n' if self.head.get("unanswered") else ""
        around = f"/r/{escape(self.around)}/around"
        skipped = (
            f'<a href="{escape(opening.url)}">{self.skipped} more in this conversation</a> ' if self.skipped else ""
        )
        return mark_safe(
            f'{self._place()}<div class="threads"><article class="thread" aria-label="{escape(opening.title)}">\n'
            f'{turns}\n{silent}</article></div>\n<p class="more small">{skipped}<a rel="nofollow" href="{around}" '
            f'data-hx-get="{around}" data-hx-target="closest li" data-hx-swap="innerHTML">Before and after</a></p>'
        )

    def _place(self) -> str:
        title, url, when = self.head.get("place", ("", "", ""))
        asked, answered = self.head.get("asked"), self.head.get("answered")
        who = f" · asked by {asked}{f', answered by {answered}' if answered else ''}" if asked else ""
        place = f'<a href="{escape(url)}">{escape(title)}</a>, {escape(when)}'
        return f'<p class="spot-line small quiet">{place}{who}</p>\n'


def answers(hits: list[Hit], found: Found, user: Any) -> list[Answer]:
    """The exchanges of one page, the words that were looked for marked in them. One query: what may still be read."""
    wanted = list(dict.fromkeys(hit.exchange for hit in hits if hit.exchange))
    if not wanted:
        return []
    hit_keys = {hit.pk for hit in hits}
    exchanges = found.turns_of(wanted)
    kept = {exchange: _kept_of(turns, hit_keys, found) for exchange, turns in exchanges.items()}
    readable = readable_turns([turn.pk for turns in kept.values() for turn, _ in turns], user)
    patterns, topics = found.meaning.patterns(), {topic.pk for topic in found.meaning.topics}
    made = []
    for exchange in wanted:
        turns = [turn for turn in kept.get(exchange, ()) if turn[0].pk in readable]
        if turns:
            head = turns[0][1].get("head") or {}
            said = [_said(shown, hit.pk in hit_keys, patterns, topics) for hit, shown in turns]
            made.append(Answer(said, head, len(exchanges[exchange]) - len(said)))
    return made


def _kept_of(turns: list[Hit], hit_keys: set[int], found: Found) -> list[tuple[Hit, dict[str, Any]]]:
    """All of a short exchange; of a long one what opens it, what was found, and what is said to a question there."""
    shown: dict[int, dict[str, Any]] = {}
    places = [n for n, turn in enumerate(turns) if turn.pk in hit_keys]
    for n in sorted({0, *places}) if len(turns) > LONG else range(len(turns)):
        shown[n] = found.shown(turns[n])
        if n in places and shown[n]["kind"] == Turn.Kind.QUESTION and n + 1 < len(turns):
            shown[n + 1] = found.shown(turns[n + 1])
    return [(turns[n], shown[n]) for n in sorted(shown)]


def _said(shown: dict[str, Any], is_hit: bool, patterns: Sequence[re.Pattern[str]], topics: set[int]) -> Said:
    look = shown["look"]
    labels = [whole(label) for key, label in look["labels"] if key in topics and label]
    words = mark(look["html"], [*patterns, *labels])
    return Said(shown["id"], shown["kind"], shown["text"], shown["url"], look, words, is_hit)
