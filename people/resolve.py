"""A label and the people who may be meant in; whom it names out, with how sure that is and why.

Tests run from the strongest to the weakest and the first that fits anybody decides: several who fit it equally are
told apart only by who speaks nearby, never by a weaker test, and otherwise stay unknown with all of them suggested.
Suggestions are empty where nobody fits, which is what a person not yet known looks like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from minutes.document import Certainty
from people import names


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


@dataclass(frozen=True, slots=True)
class _Known:
    """A candidate with everything that tests compare, folded once."""

    candidate: Candidate
    name: names.Name
    given: frozenset[str]  # the first given name, and any other word before the last
    surname: frozenset[str]  # the last word, and the surname with its particles
    surnames: frozenset[str]  # what may stand against a label's, see `_surname_pairs`
    pieces: frozenset[str]  # parts of hyphenated given names
    initials: frozenset[str]  # empty where other initials are known to be this person's own
    tails: frozenset[str]  # initials of the surname alone
    abbreviation: str  # both initials and the end of the surname, where that is no word: "jlk" for Jan Lok


@dataclass(frozen=True, slots=True)
class _Label:
    """A label with everything that tests compare."""

    text: str
    name: names.Name
    acronym: str  # folded; empty where the label cannot be initials
    single: bool
    first: str
    last: str
    surnames: frozenset[str]


_Test = tuple[Certainty, str, Callable[[_Label, _Known], bool]]

_ACRONYM = re.compile(r"(?:[^\W\d_]\.?\s?){2,4}")
KNOWN = "known by this name"
_KEPT = 50_000  # labels whose fit is remembered
_CROWD = 200  # people whose words begin or sound like those of a label; fewer where thousands are known
_PATIENCE = 20_000
_MISSPELT_AMONG = 4000  # words of names; among more, a slip of the pen tells nothing and takes long to find
_SQUEEZED = re.compile(r"([^\W\d_]*[^\W\d_A-Z])([A-Z]{1,3})")


# --- one word: a given name, a surname, initials ---


def _given(label: _Label, known: _Known) -> bool:
    return label.single and label.first == known.name.given[0]


def _surname(label: _Label, known: _Known) -> bool:
    return label.single and label.first in known.surname


def _whole_surname(label: _Label, known: _Known) -> bool:
    """A surname of several words: "di Stefano"."""
    return not label.single and " ".join(label.name.words) in known.surname


def _middle(label: _Label, known: _Known) -> bool:
    return label.single and label.first in known.given and len(label.first) > 1


def _piece(label: _Label, known: _Known) -> bool:
    return label.single and label.first in known.pieces


def _initials(label: _Label, known: _Known) -> bool:
    return bool(label.acronym) and label.acronym in known.initials


def _short(label: _Label, known: _Known) -> bool:
    return label.single and names.shortened(label.first, known.name.given[0])


def _initial_and_surname(label: _Label, known: _Known) -> bool:
    """An account name: "mnot", "jsmith"."""
    main = known.name.words[-1]
    tail = label.first[1:]
    return label.single and len(tail) > 2 and label.first[0] == known.name.given[0][0] and main.startswith(tail)


def _initial_alone(label: _Label, known: _Known) -> bool:
    """One capital letter: "M:" for Mary, who has just spoken under her name. "Q:" and "A:" stand for other words."""
    return (
        label.text not in ("Q", "A")
        and label.single
        and len(label.first) == 1
        and label.text.isupper()
        and label.first == known.name.given[0][0]
    )


def _abbreviation(label: _Label, known: _Known) -> bool:
    return bool(label.acronym) and label.acronym == known.abbreviation


def _misspelt_word(label: _Label, known: _Known) -> bool:
    if not label.single or len(label.first) < 4:
        return False
    return names.given_alike(label.first, known.name.given[0]) or any(
        names.alike(label.first, word) for word in known.surname
    )


# --- two words or more: a given name and a surname ---


def _full_parts(label: _Label, known: _Known) -> bool:
    """Both ends of the name, with words between left out: "Ada King" for Ada B. King."""
    return _meets_ends(label, known, str.__eq__)


def _short_given(label: _Label, known: _Known) -> bool:
    return _meets_ends(label, known, lambda a, b: a == b or names.shortened(a, b) or names.shares_piece(a, b))


def _initialled(label: _Label, known: _Known) -> bool:
    """The given names as initials on either side: "V. Rao", "Vimal Kumar Rao" for "V.K. Rao"."""
    if label.single or not known.name.surname or not _same_surname(label, known):
        return False
    mine, theirs = label.name.given, known.name.given
    joined = "".join(word[0] for word in theirs)
    if mine == (joined,) or theirs == ("".join(word[0] for word in mine),):
        return True
    return all(names.agrees(a, b) for a, b in zip(mine, theirs, strict=False))


def _surname_begun(label: _Label, known: _Known) -> bool:
    """The given name and how the surname begins: "Ada K", "AdaK", "Ada Ki"."""
    if label.single or len(label.name.words) > 2 or not known.name.surname:
        return False
    first = known.name.given[0]
    if not (label.first == first or names.shortened(label.first, first) or names.shares_piece(label.first, first)):
        return False
    main = known.name.surname[-1]
    return label.last in known.tails or (len(label.last) < len(main) and main.startswith(label.last))


def _begun_exactly(label: _Label, known: _Known) -> bool:
    return _surname_begun(label, known) and label.first == known.name.given[0]


def _known_by_one_word(label: _Label, known: _Known) -> bool:
    """Somebody of whom only one name was known until now: "Ada King" where the list says "Ada"."""
    return not label.single and not known.name.surname and known.name.given[0] in (label.first, label.last)


def _misspelt_surname(label: _Label, known: _Known) -> bool:
    if label.single or not known.name.surname or not any(names.alike(a, b) for a, b in _surname_pairs(label, known)):
        return False
    return names.agrees(label.first, known.name.given[0])


def _misspelt_given(label: _Label, known: _Known) -> bool:
    if label.single or not known.name.surname:
        return False
    pairs = _surname_pairs(label, known)
    return any(a == b or names.alike(a, b) for a, b in pairs) and names.given_alike(label.first, known.name.given[0])


_TESTS: tuple[_Test, ...] = (
    ("context", "only one has this surname", _whole_surname),
    ("context", "only one has this first name and surname", _full_parts),
    ("context", "only one has a first name like this one's short form, and this surname", _short_given),
    ("context", "only one has these initials and this surname", _initialled),
    ("context", "only one has this first name and a surname that begins so", _begun_exactly),
    ("context", "only one has a first name with this short form and a surname that begins so", _surname_begun),
    ("context", "only one has this first name", _given),
    ("context", "only one has this surname", _surname),
    ("context", "only one has these initials", _initials),
    ("context", "only one has this among the given names", _middle),
    ("context", "only one has this in a double first name", _piece),
    ("context", "only one has a first name with this short form", _short),
    ("context", "only one has this initial and a surname that begins so", _initial_and_surname),
    ("context", "only one is known by one of these names alone", _known_by_one_word),
    ("context", "only one has a first name with this initial", _initial_alone),
    ("fuzzy", "first name fits, surname is spelt much alike", _misspelt_surname),
    ("fuzzy", "surname fits, first name is spelt much alike", _misspelt_given),
    ("fuzzy", "both initials and the last letter of the surname fit", _abbreviation),
    ("fuzzy", "only one has a name spelt much alike", _misspelt_word),
)


#: Those that fit no label of several words, and those that fit none of one word: half of all need not be tried.
_OF_ONE = (_given, _surname, _middle, _piece, _short, _initial_and_surname, _misspelt_word)
_OF_SEVERAL = (
    *(_whole_surname, _full_parts, _short_given, _initialled, _begun_exactly, _surname_begun, _known_by_one_word),
    *(_misspelt_surname, _misspelt_given),
)
_TESTS_BY_SINGLE = {
    True: tuple(test for test in _TESTS if test[2] not in _OF_SEVERAL),
    False: tuple(test for test in _TESTS if test[2] not in _OF_ONE),
}


# --- what words have in common ---


def _meets_ends(label: _Label, known: _Known, same: Callable[[str, str], bool]) -> bool:
    """The label's first word stands among the given names, its surname is the surname, and nothing contradicts."""
    if label.single or not known.name.surname or not _same_surname(label, known):
        return False
    given = known.name.given + known.name.surname[:-1]
    return any(len(word) > 1 and len(label.first) > 1 and same(label.first, word) for word in given)


def _same_surname(label: _Label, known: _Known) -> bool:
    return not label.surnames.isdisjoint(known.surnames)


def _surname_pairs(label: _Label, known: _Known) -> tuple[tuple[str, str], ...]:
    """What may stand against each other as surnames: the whole with particles, the main words, and the first of two
    last words, as some people use the first of their two surnames."""
    return tuple((a, b) for a in label.surnames for b in known.surnames)


# --- the roster ---


class Roster:
    """Candidates with their folded forms; keep one for many labels. What a label fits is worked out once."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._known: list[_Known] = []
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
        known = _learn(candidate)
        place = self._places.setdefault(candidate.key, len(self._known))
        self._known[place : place + 1] = [known]
        for text in (candidate.name, *candidate.forms):
            _file(self._exact, _forms_of(text), place)
        _file(self._handles, _handles_of(known), place)
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
        return self._keys({place for form in _forms_of(label) for place in self._exact.get(form, ())})

    def _fit(self, label: str) -> tuple[Certainty, str, tuple[str, ...]]:
        """Who fits the strongest test that anybody fits."""
        if known := self.known_as(label):
            return "exact", KNOWN, known
        readings = _read(label)
        pairs = [
            (place, self._known[place], reading)
            for place in sorted({place for reading in readings for place in self._near(reading)})
            for reading in readings
        ]
        single = {reading.single for reading in readings}
        for certainty, reason, fits in _TESTS_BY_SINGLE[single.pop()] if len(single) == 1 else _TESTS:
            places = {place for place, known, reading in pairs if fits(reading, known)}
            if places:
                return certainty, reason, self._keys(places)
        return "unknown", "", ()

    def _near(self, label: _Label) -> set[int]:
        """All who can fit any test at all, and few others: what makes a long list of labels fast.

        Whose words these are comes first; where a crowd has words that begin or sound like them, that says nothing.
        """
        found = [self._handles.get(word, set()) for word in _whole(label)]
        places = set().union(*found)
        crowd = min(_CROWD, _PATIENCE // (len(self._known) + 1))
        if len(places) > crowd and len(label.name.words) > 1:
            return set.intersection(*(self._handles.get(word, set()) for word in label.name.words))
        begun = {place for handle in _begun(label) for place in self._handles.get(handle, ())}
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
        return tuple(dict.fromkeys(self._known[place].candidate.key for place in sorted(places)))


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


def _learn(candidate: Candidate) -> _Known:
    name = names.parse(candidate.name)
    own_initials = any(_ACRONYM.fullmatch(form) and form.isupper() for form in candidate.forms)
    surname = frozenset(form for spelling in names.spellings(candidate.name) for form in _surnames(spelling))
    abbreviation = name.given[0][0] + name.surname[-1][0] + name.surname[-1][-1] if name.surname else ""
    return _Known(
        candidate=candidate,
        name=name,
        given=frozenset(name.words[:-1] if name.surname else name.words),
        surname=surname,
        surnames=frozenset(form for form in {*surname, *_first_of_two(name)} if len(form) > 1),
        pieces=frozenset(piece for word in name.given if "-" in word for piece in word.split("-")),
        initials=frozenset() if own_initials else names.initials(name),
        tails=names.surname_initials(name),
        abbreviation="" if own_initials else abbreviation,
    )


def _first_of_two(name: names.Name) -> tuple[str, ...]:
    """The word before the last of a long name, where that may be a surname of its own."""
    word = name.words[-2] if len(name.words) > 2 else ""
    return (word,) if len(word) > 2 and word not in names.PARTICLES else ()


def _surnames(name: str) -> tuple[str, ...]:
    surname = names.parse(name).surname
    return (surname[-1], " ".join(surname)) if surname else ()


def _handles_of(known: _Known) -> set[str]:
    """Strings of which a label that fits by anything but likeness has at least one: see `_whole`, `_begun`."""
    words = {*known.name.words, *known.surname, *known.pieces}
    beginnings = {word[:end] for word in words for end in range(3, len(word))}
    shorts = {form for word in known.name.given for form in names.short_forms(word) | names.full_forms(word)}
    first = known.name.given[0][0]
    return words | beginnings | shorts | known.initials | {known.abbreviation, first} - {""}


def _whole(label: _Label) -> set[str]:
    """Its words as they are, and all together."""
    return {*label.name.words, " ".join(label.name.words), label.acronym} - {""}


def _begun(label: _Label) -> set[str]:
    """Parts of its words by which somebody may be found."""
    words = {*label.name.words, *(piece for word in label.name.words for piece in word.split("-"))}
    return words | {word[:end] for word in words for end in range(3, min(6, len(word)))} | {label.first[1:]} - {""}


@lru_cache(maxsize=65536)
def _forms_of(text: str) -> frozenset[str]:
    """What equal names have in common: their folded letters, in the order printed and with the surname last."""
    shapes = {text, names.plain(text), " ".join(names.parse(text).words)}
    spelt = {" ".join(names.atoms(spelling)) for shape in shapes for spelling in names.spellings(shape)}
    return frozenset(spelt - {""})


@lru_cache(maxsize=16384)
def _read(label: str) -> tuple[_Label, ...]:
    """The ways to read a label: with umlauts as letters or written out; "AdaK" is read as "Ada K"."""
    text = names.plain(label)
    acronym = names.fold(text).replace(".", "").replace(" ", "") if _ACRONYM.fullmatch(text) else ""
    squeezed = _SQUEEZED.fullmatch(text)
    if squeezed:
        text = f"{squeezed[1]} {squeezed[2].lower()}"
    named = ((shape, names.parse(shape)) for shape in names.spellings(text))
    return tuple(
        _Label(
            shape,
            name,
            acronym,
            single=len(name.words) == 1,
            first=name.words[0],
            last=name.words[-1],
            surnames=frozenset(form for form in (name.words[-1], " ".join(name.surname)) if len(form) > 1),
        )
        for shape, name in named
        if name.words
    )
