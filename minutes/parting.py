"""Texts in; which of them are made of several others, each a part of it, out: how splits and joins are found. Pure.

Every part must stand in the whole (nearly) word for word, in the same order, and together they must be most of it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

ALIKE = 85.0  # of 100: how nearly a part stands in its whole
ALL_OF_IT = 0.8  # how much of the whole its parts must be
MOST_WORDS = 0.7  # of a part's words that stand in the whole, for the two to be compared at all
SHORT = 12  # characters; what is shorter must stand there letter for letter, beside another part
COMMON = 50  # texts in which a word may stand, to tell anything
LEAST = 20  # characters of a whole
TOUCHING = 2  # characters in which two parts may overlap, where the comparison saw one too many


def find_parts(wholes: Sequence[str], pieces: Sequence[str]) -> dict[int, tuple[int, ...]]:
    """For places among the wholes, the places of the pieces that make them up: two or more, each piece used once.

    Both come in their order in the document. The time grows with the number of texts, not with its square: only texts
    that share rare words are compared.
    """
    offers = []
    for place, candidates in _candidates(wholes, pieces).items():
        chosen, covered = _in_order(wholes[place], pieces, candidates)
        if len(chosen) > 1 and covered >= ALL_OF_IT:
            offers.append((-covered, place, chosen))
    found: dict[int, tuple[int, ...]] = {}
    used: set[int] = set()
    for _, place, chosen in sorted(offers):
        if used.isdisjoint(chosen):
            found[place] = chosen
            used.update(chosen)
    return found


def _candidates(wholes: Sequence[str], pieces: Sequence[str]) -> dict[int, list[int]]:
    """Pieces that share most of their telling words with a whole, and the short ones beside those."""
    holders: dict[str, list[int]] = defaultdict(list)
    telling: Counter[int] = Counter()
    words = [_words(piece) for piece in pieces]
    for place, some in enumerate(words):
        for word in some:
            holders[word].append(place)
    rare = {word: places for word, places in holders.items() if len(places) <= COMMON}
    for places in rare.values():
        telling.update(places)
    found: dict[int, list[int]] = {}
    for place, whole in enumerate(wholes):
        if len(whole) < LEAST:
            continue
        shared = Counter(piece for word in _words(whole) for piece in rare.get(word, ()))
        hits = [piece for piece, count in shared.items() if count >= MOST_WORDS * telling[piece]]
        beside = {near for hit in hits for near in (hit - 1, hit + 1) if 0 <= near < len(pieces)}
        if hits:
            found[place] = sorted({*hits, *beside})
    return found


def _in_order(whole: str, pieces: Sequence[str], candidates: Sequence[int]) -> tuple[tuple[int, ...], float]:
    """Those candidates that stand in the whole one after the other and are most of it; and how much of it that is."""
    chains: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]  # letters covered, where they end, places
    for place, start, stop in _standing(whole, pieces, candidates):
        covered, _, places = max(chain for chain in chains if chain[1] <= start + TOUCHING)
        chains.append((covered + stop - start, stop, (*places, place)))
    covered, _, places = max(chains)
    return places, covered / len(whole)


def _standing(whole: str, pieces: Sequence[str], candidates: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Where in the whole each candidate stands: its place, first and last letter."""
    for place in candidates:
        piece = pieces[place]
        if not piece or len(piece) >= len(whole):
            continue
        if len(piece) < SHORT:
            start = whole.find(piece)
            if start >= 0:
                yield place, start, start + len(piece)
            continue
        found = fuzz.partial_ratio_alignment(piece, whole, score_cutoff=ALIKE)
        if found:
            yield place, found.dest_start, found.dest_end


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
