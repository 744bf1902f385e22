"""A label and the people who may be meant in; whom it names out, with how sure that is and why.

Tests run from the strongest to the weakest and the first that fits anybody decides: several who fit it equally are
told apart only by who speaks nearby, never by a weaker test, and otherwise stay unknown with all of them suggested.
Suggestions are empty where nobody fits, which is what a person not yet known looks like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Fit:
    """Who fits a label, and what somebody new must have to change that."""

    certainty: Certainty
    reason: str
    keys: tuple[str, ...]
    told: int  # how many changes of the roster are weighed in it
    readings: tuple[Label, ...]
    handles: frozenset[str]

    def is_exact(self) -> bool:
        return self.certainty == "exact"


@dataclass(slots=True)
class _Filed:
    """Under what one candidate is to be found."""

    forms: set[str] = field(default_factory=set)
    handles: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


class Roster:
    """Candidates with their folded forms; keep one for many labels. What a label fits is worked out once, and again
    only where somebody who came later may fit it as well."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._known: list[Known] = []
        self._called: list[str] = []  # the key of each
        self._filed: list[_Filed] = []
        self._places: dict[str, int] = {}
        self._exact: dict[str, set[int]] = {}
        self._handles: dict[str, set[int]] = {}
        self._words: dict[str, set[int]] = {}
        self._sounds: dict[str, set[int]] = {}
        self._fits: dict[str, _Fit] = {}
        self._changed: list[int] = []  # places in the order in which something was put there
        self._crowd = _CROWD
        self._largest = 0  # of the crowds that were none, among the fits that are remembered
        for candidate in candidates:
            self.put(candidate)

    def put(self, candidate: Candidate) -> None:
        """Another candidate, or more forms of one already there."""
        if not names.words(candidate.name):
            return
        known = learn(candidate.name, candidate.forms)
        place = self._places.setdefault(candidate.key, len(self._known))
        if place == len(self._known):
            self._known.append(known)
            self._called.append(candidate.key)
            self._filed.append(_Filed())
        self._known[place] = known
        filed = self._filed[place]
        words = {known.name.given[0], *known.surname}
        for text in (candidate.name, *candidate.forms):
            _file(self._exact, forms_of(text), filed.forms, place)
        _file(self._handles, known.handles, filed.handles, place)
        for word in words - filed.words:
            self._sounds.setdefault(names.sound(word), set()).add(place)
        _file(self._words, words, filed.words, place)
        self._changed.append(place)
        self._crowd = min(_CROWD, _PATIENCE // (len(self._known) + 1))
        if self._crowd < self._largest or len(self._words) > _MISSPELT_AMONG:
            self._fits.clear()
            self._largest = 0

    def resolve(self, label: str, nearby: Sequence[str] = ()) -> Resolution:
        """Whom one person's label names; `nearby` are the keys of those who speak in the same talk."""
        fit = self._fits.get(label)
        if fit is None or (fit.told < len(self._changed) and self._may_change(fit, label)):
            if len(self._fits) >= _KEPT:
                self._fits.clear()
            fit = self._fits[label] = self._fit(label)
        certainty, reason, keys = fit.certainty, fit.reason, fit.keys
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

    def _may_change(self, fit: _Fit, label: str) -> bool:
        """Whether anybody who was put here since may fit a label, too."""
        forms = forms_of(label)
        for place in dict.fromkeys(self._changed[fit.told :]):
            filed = self._filed[place]
            if not filed.forms.isdisjoint(forms):
                return True
            if fit.is_exact():
                continue
            if not filed.handles.isdisjoint(fit.handles):
                return True
            if fit.certainty != "context" and any(
                _are_alike(word, other)
                for reading in fit.readings
                for word in _words_alike(reading)
                for other in filed.words
            ):
                return True
        fit.told = len(self._changed)
        return False

    def _fit(self, label: str) -> _Fit:
        """Who fits the strongest test that anybody fits. Likeness is weighed last, as it takes longest to find."""
        told = len(self._changed)
        if known := self.known_as(label):
            return _Fit("exact", KNOWN, known, told, (), frozenset())
        readings = read_label(label)
        handles = frozenset(handle for reading in readings for handle in words_of(reading) | beginnings_of(reading))
        near = [self._near(reading) for reading in readings]
        places = {place for found, _ in near for place in found}
        single = {reading.single for reading in readings}
        tests = TESTS_BY_SINGLE[single.pop()] if len(single) == 1 else TESTS
        for sure in (True, False):
            if not sure:
                more = (self._alike(reading) for reading, (_, enough) in zip(readings, near, strict=True) if not enough)
                places = places.union(*more)
            pairs = [(place, self._known[place], reading) for place in places for reading in readings]
            for certainty, reason, fits in tests if pairs else ():
                if (certainty == "context") is sure:
                    hits = {place for place, other, reading in pairs if fits(reading, other)}
                    if hits:
                        return _Fit(certainty, reason, self._keys(hits), told, readings, handles)
        return _Fit("unknown", "", (), told, readings, handles)

    def _near(self, label: Label) -> tuple[set[int], bool]:
        """All who can fit any test but that of likeness, and few others: what makes a long list of labels fast. And
        whether those are among them, too, who can fit by likeness.

        Whose words these are comes first; where a crowd has words that begin or sound like them, that says nothing.
        """
        found = [self._handles[word] for word in words_of(label) if word in self._handles]
        places = set().union(*found)
        if self._is_crowd(places) and len(label.name.words) > 1:
            return set.intersection(*(self._handles.get(word, set()) for word in label.name.words)), True
        begun = {place for handle in beginnings_of(label) for place in self._handles.get(handle, ())}
        if self._is_crowd(begun):
            return places | self._alike(label), True
        return places | begun, False

    def _alike(self, label: Label) -> set[int]:
        """All who have a word that is spelt or sounds much like one of this label, where they are no crowd."""
        alike = {place for word in _words_alike(label) for place in self._like(word)}
        return set() if self._is_crowd(alike) else alike

    def _is_crowd(self, places: Collection[int]) -> bool:
        if len(places) > self._crowd:
            return True
        self._largest = max(self._largest, len(places))
        return False

    def _like(self, word: str) -> set[int]:
        """All who have a word that is spelt or sounds much like this one."""
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


def _file(index: dict[str, set[int]], keys: Iterable[str], filed: set[str], place: int) -> None:
    """Files a place under all keys under which it does not stand yet."""
    for key in keys:
        if key not in filed:
            filed.add(key)
            index.setdefault(key, set()).add(place)


def _words_alike(label: Label) -> set[str]:
    """The words of a label to which others may be alike."""
    return {label.first, label.last, " ".join(label.name.surname)} - {""}


def _are_alike(a: str, b: str) -> bool:
    return (abs(len(a) - len(b)) < 3 and OSA.distance(a, b, score_cutoff=2) < 3) or names.sound(a) == names.sound(b)
