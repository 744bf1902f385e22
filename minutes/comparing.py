"""Two texts in, what differs between them out, word by word. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Difference = Literal["same", "gone", "new"]

SHOWN_AROUND = 8  # words left on each side of what differs
COMPARED = 4_000_000  # pairs of words; above, the two texts stand whole


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a comparison."""

    text: str
    change: Difference = "same"


def compare(old: Sequence[str], new: Sequence[str], *, lists: bool = False, whole: bool = False) -> tuple[Words, ...]:
    """Two texts word by word, or two lists.

    Unless they are wanted whole, long stretches that are the same in both are cut in the middle.
    """
    if not old or not new or len(old) * len(new) > COMPARED:
        return _stretches([("gone", old), ("new", new)])
    stretches: list[tuple[Difference, Sequence[str]]] = []
    # the comma after an item of a list says that more follow, not what the item is
    one, other = ([word.rstrip(",") if lists else word for word in words] for words in (old, new))
    opcodes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for n, (tag, old_start, old_stop, new_start, new_stop) in enumerate(opcodes):
        if tag == "equal":
            same = new[new_start:new_stop]
            stretches.append(("same", same if whole else _cut(same, first=n == 0, last=n == len(opcodes) - 1)))
        else:
            stretches += [("gone", old[old_start:old_stop]), ("new", new[new_start:new_stop])]
    return _stretches(stretches)


def _stretches(stretches: Iterable[tuple[Difference, Sequence[str]]]) -> tuple[Words, ...]:
    return tuple(Words(" ".join(words), change) for change, words in stretches if words)


def _cut(words: Sequence[str], *, first: bool, last: bool) -> Sequence[str]:
    if (first and last) or len(words) <= SHOWN_AROUND * (1 if first or last else 2) + 1:
        return words
    head = [] if first else words[:SHOWN_AROUND]
    tail = [] if last else words[-SHOWN_AROUND:]
    return [*head, "…", *tail]
