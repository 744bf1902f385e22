"""Texts in; for each, those others that may be alike at all, out: so that few pairs need a comparison. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

FEW = 40_000  # pairs that are compared one and all
COMMON = 50  # texts in which a word may stand, to tell anything
BEST = 20  # of those that share words
NEAR = 8  # of those that stand at about the same place, on each side


def shortlist(texts: Sequence[str], others: Sequence[str], least: float) -> Iterator[Sequence[int]]:
    """For each text the places of others that may be at least so (of 100) alike, by edit distance.

    Of few pairs all that lengths allow. Of many those that share rare words, and those in about the same place: the
    time grows with the number of texts, not with its square.
    """
    order = sorted(range(len(others)), key=lambda place: len(others[place]))
    lengths = [len(others[place]) for place in order]
    shared = _Shared(others) if len(texts) * len(others) > FEW else None
    for place, text in enumerate(texts):
        # Two texts of lengths a < b are at most 2a / (a + b) alike.
        shortest, longest = len(text) * least / (200 - least), len(text) * (200 - least) / least
        if shared is None:
            yield order[bisect_left(lengths, shortest) : bisect_right(lengths, longest)]
            continue
        middle = place * len(others) // len(texts)
        near = range(max(0, middle - NEAR), min(len(others), middle + NEAR + 1))
        yield [one for one in {*shared.best(text), *near} if shortest <= len(others[one]) <= longest]


class _Shared:
    """Who shares rare words with a text."""

    def __init__(self, texts: Sequence[str]) -> None:
        holders: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            for word in _words(text):
                holders[word].append(place)
        self._rare = {word: places for word, places in holders.items() if len(places) <= COMMON}

    def best(self, text: str) -> list[int]:
        count = Counter(place for word in _words(text) for place in self._rare.get(word, ()))
        return [place for place, _ in count.most_common(BEST)]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
