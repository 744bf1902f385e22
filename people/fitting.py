"""A label against one name: the tests by which it may fit, strongest first, and what must be known of both for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from minutes.document import Certainty
from people import names


@dataclass(frozen=True, slots=True)
class Known:
    """A name of somebody with everything that tests compare, folded once."""

    name: names.Name
    given: frozenset[str]  # the first given name, and any other word before the last
    surname: frozenset[str]  # the last word, and the surname with its particles
    surnames: frozenset[str]  # what may stand against a label's, see `_surname_pairs`
    pieces: frozenset[str]  # parts of hyphenated given names
    initials: frozenset[str]  # empty where other initials are known to be this person's own
    tails: frozenset[str]  # initials of the surname alone
    handles: frozenset[str]  # of which a label that fits by anything but likeness has at least one
    abbreviation: str  # both initials and the end of the surname, where that is no word: "jlk" for Jan Lok


@dataclass(frozen=True, slots=True)
class Label:
    """A label with everything that tests compare."""

    text: str
    name: names.Name
    acronym: str  # folded; empty where the label cannot be initials
    single: bool
    first: str
    last: str
    surnames: frozenset[str]


Test = tuple[Certainty, str, Callable[[Label, Known], bool]]

_ACRONYM = re.compile(r"(?:[^\W\d_]\.?\s?){2,4}")
_SQUEEZED = re.compile(r"([^\W\d_]*[^\W\d_A-Z])([A-Z]{1,3})")


# --- one word: a given name, a surname, initials ---


def _given(label: Label, known: Known) -> bool:
    return label.single and label.first == known.name.given[0]


def _surname(label: Label, known: Known) -> bool:
    return label.single and label.first in known.surname


def _whole_surname(label: Label, known: Known) -> bool:
    """A surname of several words: "di Stefano"."""
    return not label.single and " ".join(label.name.words) in known.surname


def _middle(label: Label, known: Known) -> bool:
    return label.single and label.first in known.given and len(label.first) > 1


def _piece(label: Label, known: Known) -> bool:
    return label.single and label.first in known.pieces


def _initials(label: Label, known: Known) -> bool:
    return bool(label.acronym) and label.acronym in known.initials


def _short(label: Label, known: Known) -> bool:
    return label.single and names.shortened(label.first, known.name.given[0])


def _initial_and_surname(label: Label, known: Known) -> bool:
    """An account name: "mnot", "jsmith"."""
    main = known.name.words[-1]
    tail = label.first[1:]
    return label.single and len(tail) > 2 and label.first[0] == known.name.given[0][0] and main.startswith(tail)


def _initial_alone(label: Label, known: Known) -> bool:
    """One capital letter: "M:" for Mary, who has just spoken under her name. "Q:" and "A:" stand for other words."""
    return (
        label.text not in ("Q", "A")
        and label.single
        and len(label.first) == 1
        and label.text.isupper()
        and label.first == known.name.given[0][0]
    )


def _abbreviation(label: Label, known: Known) -> bool:
    return bool(label.acronym) and label.acronym == known.abbreviation


def _misspelt_word(label: Label, known: Known) -> bool:
    if not label.single or len(label.first) < 4:
        return False
    return names.given_alike(label.first, known.name.given[0]) or any(
        names.alike(label.first, word) for word in known.surname
    )


# --- two words or more: a given name and a surname ---


def _full_parts(label: Label, known: Known) -> bool:
    """Both ends of the name, with words between left out: "Ada King" for Ada B. King."""
    return _meets_ends(label, known, str.__eq__)


def _short_given(label: Label, known: Known) -> bool:
    return _meets_ends(label, known, lambda a, b: a == b or names.shortened(a, b) or names.shares_piece(a, b))


def _initialled(label: Label, known: Known) -> bool:
    """The given names as initials on either side: "V. Rao", "Vimal Kumar Rao" for "V.K. Rao"."""
    if label.single or not known.name.surname or not _same_surname(label, known):
        return False
    mine, theirs = label.name.given, known.name.given
    joined = "".join(word[0] for word in theirs)
    if mine == (joined,) or theirs == ("".join(word[0] for word in mine),):
        return True
    return all(names.agrees(a, b) for a, b in zip(mine, theirs, strict=False))


def _surname_begun(label: Label, known: Known) -> bool:
    """The given name and how the surname begins: "Ada K", "AdaK", "Ada Ki"."""
    if label.single or len(label.name.words) > 2 or not known.name.surname:
        return False
    first = known.name.given[0]
    if not (label.first == first or names.shortened(label.first, first) or names.shares_piece(label.first, first)):
        return False
    main = known.name.surname[-1]
    return label.last in known.tails or (len(label.last) < len(main) and main.startswith(label.last))


def _begun_exactly(label: Label, known: Known) -> bool:
    return _surname_begun(label, known) and label.first == known.name.given[0]


def _known_by_one_word(label: Label, known: Known) -> bool:
    """Somebody of whom only one name was known until now: "Ada King" where the list says "Ada"."""
    return not label.single and not known.name.surname and known.name.given[0] in (label.first, label.last)


def _misspelt_surname(label: Label, known: Known) -> bool:
    if label.single or not known.name.surname or not any(names.alike(a, b) for a, b in _surname_pairs(label, known)):
        return False
    return names.agrees(label.first, known.name.given[0])


def _misspelt_given(label: Label, known: Known) -> bool:
    if label.single or not known.name.surname:
        return False
    pairs = _surname_pairs(label, known)
    return any(a == b or names.alike(a, b) for a, b in pairs) and names.given_alike(label.first, known.name.given[0])


TESTS: tuple[Test, ...] = (
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
TESTS_BY_SINGLE = {
    True: tuple(test for test in TESTS if test[2] not in _OF_SEVERAL),
    False: tuple(test for test in TESTS if test[2] not in _OF_ONE),
}


# --- what words have in common ---


def _meets_ends(label: Label, known: Known, same: Callable[[str, str], bool]) -> bool:
    """The label's first word stands among the given names, its surname is the surname, and nothing contradicts."""
    if label.single or not known.name.surname or not _same_surname(label, known):
        return False
    given = known.name.given + known.name.surname[:-1]
    return any(len(word) > 1 and len(label.first) > 1 and same(label.first, word) for word in given)


def _same_surname(label: Label, known: Known) -> bool:
    return not label.surnames.isdisjoint(known.surnames)


def _surname_pairs(label: Label, known: Known) -> tuple[tuple[str, str], ...]:
    """What may stand against each other as surnames: the whole with particles, the main words, and the first of two
    last words, as some people use the first of their two surnames."""
    return tuple((a, b) for a in label.surnames for b in known.surnames)


# --- what is known of a name and of a label ---


def learn(called: str, forms: Sequence[str]) -> Known:
    """All that tests compare of a name with at least one word; `forms` are other forms known beside it."""
    known = _learn(called)
    if any(form.isupper() and _ACRONYM.fullmatch(form) for form in forms):
        least = replace(known, initials=frozenset(), abbreviation="")
        return replace(least, handles=_handles_of(least))
    return known


@lru_cache(maxsize=16384)
def _learn(called: str) -> Known:
    name = names.parse(called)
    surname = frozenset(form for spelling in names.spellings(called) for form in _surnames(spelling))
    known = Known(
        name=name,
        given=frozenset(name.words[:-1] if name.surname else name.words),
        surname=surname,
        surnames=frozenset(form for form in {*surname, *_first_of_two(name)} if len(form) > 1),
        pieces=frozenset(piece for word in name.given if "-" in word for piece in word.split("-")),
        initials=names.initials(name),
        tails=names.surname_initials(name),
        handles=frozenset(),
        abbreviation=name.given[0][0] + name.surname[-1][0] + name.surname[-1][-1] if name.surname else "",
    )
    return replace(known, handles=_handles_of(known))


def _first_of_two(name: names.Name) -> tuple[str, ...]:
    """The word before the last of a long name, where that may be a surname of its own."""
    word = name.words[-2] if len(name.words) > 2 else ""
    return (word,) if len(word) > 2 and word not in names.PARTICLES else ()


def _surnames(name: str) -> tuple[str, ...]:
    surname = names.parse(name).surname
    return (surname[-1], " ".join(surname)) if surname else ()


def _handles_of(known: Known) -> frozenset[str]:
    """See `words_of`, `beginnings_of`, which are what a label has."""
    words = {*known.name.words, *known.surname, *known.pieces}
    beginnings = {word[:end] for word in words for end in range(3, len(word))}
    shorts = {form for word in known.name.given for form in names.short_forms(word) | names.full_forms(word)}
    first = known.name.given[0][0]
    return frozenset(words | beginnings | shorts | known.initials | {known.abbreviation, first} - {""})


def words_of(label: Label) -> set[str]:
    """Its words as they are, and all together."""
    return {*label.name.words, " ".join(label.name.words), label.acronym} - {""}


def beginnings_of(label: Label) -> set[str]:
    """Parts of its words by which somebody may be found."""
    words = {*label.name.words, *(piece for word in label.name.words for piece in word.split("-"))}
    return words | {word[:end] for word in words for end in range(3, min(6, len(word)))} | {label.first[1:]} - {""}


@lru_cache(maxsize=65536)
def forms_of(text: str) -> frozenset[str]:
    """What equal names have in common: their folded letters, in the order printed and with the surname last."""
    plain, parsed = names.plain(text), " ".join(names.parse(text).words)
    if plain == text and parsed.isascii() and text.isascii():  # nearly all: the same result by a shorter way
        return frozenset({" ".join(names.atoms(text)), parsed.replace("-", " ")} - {""})
    shapes = {text, plain, parsed}
    spelt = {" ".join(names.atoms(spelling)) for shape in shapes for spelling in names.spellings(shape)}
    return frozenset(spelt - {""})


@lru_cache(maxsize=16384)
def read_label(label: str) -> tuple[Label, ...]:
    """The ways to read a label: with umlauts as letters or written out; "AdaK" is read as "Ada K"."""
    text = names.plain(label)
    acronym = names.fold(text).replace(".", "").replace(" ", "") if _ACRONYM.fullmatch(text) else ""
    squeezed = _SQUEEZED.fullmatch(text)
    if squeezed:
        text = f"{squeezed[1]} {squeezed[2].lower()}"
    named = ((shape, names.parse(shape)) for shape in names.spellings(text))
    return tuple(
        Label(
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
