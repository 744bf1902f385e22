"""A label and the people who may be meant in; whom it names out, with how sure that is and why.

Tests run from the strongest to the weakest and the first that fits anybody decides: several who fit it equally are
told apart only by who speaks nearby, never by a weaker test, and otherwise stay unknown with all of them suggested.
Suggestions are empty where nobody fits, which is what a person not yet known looks like.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from minutes.document import Certainty
from people import names
from people.fitting import (
    TESTS,
    TESTS_BY_SINGLE,
    Known,
    Label,
    beginnings_of,
    forms_of,
    handles_of,
    learn,
    read_label,
    words_of,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant."""

    key: str
    name: str
    forms: tuple[str, ...] = ()  # other known forms: initials, curated aliases
    apart: bool = False  # somebody else than whom the document lists under this name: meant by decision alone


@dataclass(frozen=True, slots=True)
class Resolution:
    label: str
    people: tuple[str, ...]
    certainty: Certainty
    suggestions: tuple[str, ...] = ()  # keys that fit equally well; only where unknown
    reason: str = ""


KNOWN = "known by this name"
_KEPT = 50_000  # labels whose fit is remembered
_CROWD = 200  # people whose words begin or sound like those of a label; fewer where thousands are known
_PATIENCE = 20_000
_MISSPELT_AMONG = 4000  # words of names; among more, a slip of the pen tells nothing and takes long to find


class Roster:
    """Candidates with their folded forms; keep one for many labels. What a label fits is worked out once."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._known: list[Known] = []
        self._called: list[str] = []  # the key of each
        self._places: dict[str, int] = {}
        self._exact: dict[str, set[int]] = {}
        self._handles: dict[str, set[int]] = {}
        self._words: dict[str, set[int]] = {}
        self._sounds: dict[str, set[int]] = {}
        self._fits: dict[str, tuple[Certainty, str, tuple[str, ...]]] = {}
        for candidate in candidates:
            self.put(candidate)

    def put(self, candidate: Candidate) -> None:
        """Another candidate, or more forms of one already there."""
        if not names.words(candidate.name):
            return
        known = learn(candidate.name, candidate.forms)
        place = self._places.setdefault(candidate.key, len(self._known))
        self._known[place : place + 1] = [known]
        self._called[place : place + 1] = [candidate.key]
        for text in (candidate.name, *candidate.forms):
            _file(self._exact, forms_of(text), place)
        _file(self._handles, handles_of(known), place)
        _file(self._words, {known.name.given[0], *known.surname}, place)
        _file(self._sounds, {names.sound(word) for word in (known.name.given[0], *known.surname)}, place)
        self._fits.clear()

    def resolve(self, label: str, nearby: Sequence[str] = ()) -> Resolution:
        """Whom one person's label names; `nearby` are the keys of those who speak in the same talk."""
        if label not in self._fits:
            if len(self._fits) >= _KEPT:
                self._fits.clear()
            self._fits[label] = self._fit(label)
        certainty, reason, keys = self._fits[label]
        if len(keys) == 1:
            return Resolution(label, keys, certainty, reason=reason)
        here = [key for key in keys if key in nearby]
        if len(here) == 1:
            reason = f"only one of {len(keys)} whom it fits speaks here"
            return Resolution(label, (here[0],), "context", reason=reason)
        reason = f"fits {len(keys)} people" if keys else "fits nobody known"
        return Resolution(label, (), "unknown", suggestions=keys, reason=reason)

    def resolve_each(self, label: str, nearby: Sequence[str] = ()) -> tuple[Resolution, ...]:
        """The same for a label that may name several people ("A+B", "A and B"): one resolution for each."""
        parts = names.people_in(label)
        if len(parts) > 1:
            whole = self.resolve(label, nearby)
            if whole.certainty == "exact":  # "King, Ada"
                return (whole,)
        return tuple(self.resolve(part, nearby) for part in parts)

    def known_as(self, label: str) -> tuple[str, ...]:
        """Keys of all whose name or form this is, whole: the first and cheapest thing that `resolve` looks for."""
        return self._keys({place for form in forms_of(label) for place in self._exact.get(form, ())})

    def _fit(self, label: str) -> tuple[Certainty, str, tuple[str, ...]]:
        """Who fits the strongest test that anybody fits."""
        if known := self.known_as(label):
            return "exact", KNOWN, known
        readings = read_label(label)
        pairs = [
            (place, self._known[place], reading)
            for place in sorted({place for reading in readings for place in self._near(reading)})
            for reading in readings
        ]
        single = {reading.single for reading in readings}
        for certainty, reason, fits in TESTS_BY_SINGLE[single.pop()] if len(single) == 1 else TESTS:
            places = {place for place, known, reading in pairs if fits(reading, known)}
            if places:
                return certainty, reason, self._keys(places)
        return "unknown", "", ()

    def _near(self, label: Label) -> set[int]:
        """All who can fit any test at all, and few others: what makes a long list of labels fast.

        Whose words these are comes first; where a crowd has words that begin or sound like them, that says nothing.
        """
        found = [self._handles.get(word, set()) for word in words_of(label)]
        places = set().union(*found)
        crowd = min(_CROWD, _PATIENCE // (len(self._known) + 1))
        if len(places) > crowd and len(label.name.words) > 1:
            return set.intersection(*(self._handles.get(word, set()) for word in label.name.words))
        begun = {place for handle in beginnings_of(label) for place in self._handles.get(handle, ())}
        if len(begun) <= crowd:
            places |= begun
        alike = {
            place for word in {label.first, label.last, " ".join(label.name.surname)} for place in self._like(word)
        }
        return places | alike if len(alike) <= crowd else places

    def _like(self, word: str) -> set[int]:
        """All who have a word that is spelt or sounds much like this one."""
        if not word:
            return set()
        places = set(self._sounds.get(names.sound(word), ()))
        if len(self._words) <= _MISSPELT_AMONG:
            for alike, _, _ in process.extract(
                word, self._words.keys(), scorer=OSA.distance, score_cutoff=2, limit=None
            ):
                places |= self._words[alike]
        return places

    def _keys(self, places: set[int]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._called[place] for place in sorted(places)))


def resolve(label: str, roster: Sequence[Candidate], nearby: Sequence[str] = ()) -> Resolution:
    """`Roster.resolve` for one label; the folded roster is kept for the next call with equal candidates."""
    return roster_of(tuple(roster)).resolve(label, nearby)


@lru_cache(maxsize=16)
def roster_of(candidates: tuple[Candidate, ...]) -> Roster:
    """The roster of these candidates, kept for the next who ask for equal ones: nobody may put more into it."""
    return Roster(candidates)


def _file(index: dict[str, set[int]], keys: Iterable[str], place: int) -> None:
    for key in keys:
        index.setdefault(key, set()).add(place)
