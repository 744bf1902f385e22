"""A label, or a person, and everybody who may be meant, in; a ranked few with reasons in plain words, out.

Pure, and never a decision: this says whom a human should look at first, and why. What the name says counts most; where
somebody speaks, and what was decided elsewhere, puts the likely before the possible.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from people import names

MOST = 9  # as many as there are keys
_WEAK = 20  # below this the name alone says too little
_NAMED = 1000  # whoever has the name in favour goes before all who have only the place


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may be meant, and what the record says of him or her around the label."""

    key: str
    name: str
    forms: tuple[str, ...] = ()  # other names and initials by which he or she is known
    gives_talk: bool = False  # in which the label speaks
    speaks_here: bool = False  # in a talk in which the label speaks
    participant: bool = False  # in the list of the workshop
    in_series: bool = False  # was at another workshop of the series
    answered: int = 0  # talks elsewhere in which this label was this person


@dataclass(frozen=True, slots=True)
class Suggestion:
    key: str
    name: str
    score: int
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        return ", ".join(self.reasons)


@dataclass(frozen=True, slots=True)
class _Label:
    text: str
    name: names.Name
    letters: str  # folded, without dots and spaces

    @property
    def first(self) -> str:
        return self.name.words[0]

    @property
    def last(self) -> str:
        return self.name.words[-1]


_Test = Callable[[_Label, names.Name], bool]


def _initials(label: _Label, name: names.Name) -> bool:
    return 2 <= len(label.letters) <= 4 and label.letters in names.initials(name)


def _surname(label: _Label, name: names.Name) -> bool:
    return bool(name.surname) and label.last in (name.surname[-1], " ".join(name.surname))


def _both(label: _Label, name: names.Name) -> bool:
    return len(label.name.words) > 1 and _surname(label, name) and names.agrees(label.first, name.given[0])


def _begun(label: _Label, name: names.Name) -> bool:
    if len(label.name.words) != 2 or not name.surname:
        return False
    return names.agrees(label.first, name.given[0]) and name.surname[-1].startswith(label.last)


def _given(label: _Label, name: names.Name) -> bool:
    return label.first == name.given[0]


def _both_alike(label: _Label, name: names.Name) -> bool:
    if len(label.name.words) < 2 or not name.surname:
        return False
    if names.agrees(label.first, name.given[0]):
        return names.alike(label.last, name.surname[-1])
    return _surname(label, name) and names.alike(label.first, name.given[0])


def _single(fits: _Test) -> _Test:
    """Where the label is one word: of two, the other one contradicts."""
    return lambda label, name: len(label.name.words) == 1 and fits(label, name)


def _short(label: _Label, name: names.Name) -> bool:
    return names.shortened(label.first, name.given[0]) or names.shares_piece(label.first, name.given[0])


def _middle(label: _Label, name: names.Name) -> bool:
    return len(label.first) > 2 and label.first in name.words[1:-1]


def _surname_alike(label: _Label, name: names.Name) -> bool:
    return bool(name.surname) and label.last != name.surname[-1] and names.alike(label.last, name.surname[-1])


def _given_alike(label: _Label, name: names.Name) -> bool:
    return label.first != name.given[0] and names.alike(label.first, name.given[0])


def _reversed(label: _Label, name: names.Name) -> bool:
    return len(label.name.words) > 1 and sorted(label.name.words) == sorted(name.words)


def _surname_starts(label: _Label, name: names.Name) -> bool:
    if not name.surname or not 3 <= len(label.last) < len(name.surname[-1]):
        return False
    return name.surname[-1].startswith(label.last)


def _first_letter(label: _Label, name: names.Name) -> bool:
    return len(label.name.words) == 1 and label.first[0] in (name.words[0][0], name.words[-1][0])


#: The first that fits says what the name has in common with the label.
_IN_THE_NAME: tuple[tuple[int, str, _Test], ...] = (
    (90, "the same words in another order", _reversed),
    (80, "first name and surname fit", _both),
    (70, "first name fits, the surname begins so", _begun),
    (65, "nearly the same first name and surname", _both_alike),
    (60, "initials match", _initials),
    (55, "same surname", _single(_surname)),
    (50, "same first name", _single(_given)),
    (40, "short form of the first name", _single(_short)),
    (35, "among the given names", _single(_middle)),
    (30, "surname spelt much alike", _single(_surname_alike)),
    (30, "surname begins so", _single(_surname_starts)),
    (28, "same surname, another first name", _surname),
    (25, "first name spelt much alike", _single(_given_alike)),
    (22, "same first name, another surname", _given),
    (_WEAK - 10, "begins with the same letter", _first_letter),
)
_ELSEWHERE = 45  # somebody else's decision about the same label
_NEARBY = 4  # so many in all, if most of them are there for the place alone


class Index:
    """Everybody by what a label may have in common with a name: what makes a long list of people fast."""

    def __init__(self, people: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Numbers of people, each with all names that he or she has."""
        self._people: dict[str, set[int]] = defaultdict(set)
        for number, called in people:
            for name in called:
                for handle in _handles(names.words(name)):
                    self._people[handle].add(number)

    def near(self, label: str) -> set[int]:
        """Numbers of all whose names may fit, and of some whose do not."""
        read = _read(label)
        handles = _handles(read.name.words)
        if len(read.letters) <= 4:
            handles |= {f"{letter}-" for letter in read.letters[:1]}
        return {number for handle in handles for number in self._people.get(handle, ())}


def _handles(words: Iterable[str]) -> set[str]:
    """How the words begin and end, by letters and by sound, and how their short and full forms begin."""
    found: set[str] = set()
    for word in words:
        forms = {word, *word.split("-"), *names.full_forms(word), *names.short_forms(word)}
        found |= {form[:2] for form in forms if len(form) > 1} | {names.sound(form)[:2] for form in forms}
        found |= {f"{word[0]}-", f"-{word[-3:]}"}
    return found


def rank(label: str, people: Iterable[Known], talks: int = 1, most: int = MOST) -> list[Suggestion]:
    """Who may be meant, the likeliest first; empty where neither name nor place speaks for anybody.

    `talks` is the number of those in which the label speaks.
    """
    read = _read(label)
    found = [made for known in people if (made := _weigh(read, known, talks))]
    found.sort(key=lambda made: (-made.score, made.name, made.key))
    named = [made for made in found if made.score >= _NAMED]
    nearby = [made for made in found if made.score < _NAMED]
    return (named + nearby[: max(_NEARBY - len(named), 0)])[:most]


def _read(label: str) -> _Label:
    text = names.plain(label)
    return _Label(text, names.parse(text), names.fold(text).replace(".", "").replace(" ", ""))


def _weigh(label: _Label, known: Known, talks: int) -> Suggestion | None:
    score, reasons = _name_score(label, known)
    if known.answered:
        reasons = reasons if score >= _WEAK else []
        score += _ELSEWHERE + min(known.answered, 9)
        reasons.append(f"answered to this label in {_counted(known.answered, 'other talk')}")
    from_name = score >= _WEAK
    if not from_name and not (known.gives_talk or known.speaks_here or (score and known.participant)):
        return None
    talk = "this talk" if talks == 1 else "one of these talks"
    for here, points, reason in (
        (known.gives_talk, 14, f"gives {talk}"),
        (known.speaks_here and not known.gives_talk, 12, f"speaks in {talk}"),
        (known.participant, 6, "in the participants' list"),
        (known.in_series and not known.participant, 3, "was at another workshop of this series"),
    ):
        if here:
            score += points
            reasons.append(reason)
    return Suggestion(known.key, known.name, score + _NAMED * from_name, tuple(reasons))


def _name_score(label: _Label, known: Known) -> tuple[int, list[str]]:
    if not label.name.words or not names.words(known.name):
        return 0, []
    if names.fold(label.text) == names.fold(known.name):
        return 100, ["the same name"]
    if any(names.fold(label.text) == names.fold(form) for form in known.forms):
        return 95, ["known by this label elsewhere"]
    name = names.parse(known.name)
    return next(((points, [reason]) for points, reason, fits in _IN_THE_NAME if fits(label, name)), (0, []))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def doubles(name: str, others: Iterable[tuple[str, str]], most: int = MOST) -> list[Suggestion]:
    """Who of the others (keys and names) may be the same person, the likeliest first."""
    mine = names.parse(name)
    found = [
        Suggestion(key, other, score, (reason,))
        for key, other in others
        for score, reason in [_alike(name, mine, other, names.parse(other))]
        if score
    ]
    return sorted(found, key=lambda made: (-made.score, made.name, made.key))[:most]


def _alike(name: str, mine: names.Name, other: str, theirs: names.Name) -> tuple[int, str]:
    if not mine.words or not theirs.words:
        return 0, ""
    if names.fold(name) == names.fold(other) or mine.words == theirs.words:
        return 100, "the same name"
    if sorted(mine.words) == sorted(theirs.words):
        return 90, "the same words in another order"
    if mine.surname and theirs.surname:
        return _alike_in_full(mine, theirs)
    short, full = (mine, theirs) if not mine.surname else (theirs, mine)
    if "".join(short.words) in names.initials(full):
        return 60, "initials match"
    if full.surname and short.words[0] in (full.surname[-1], full.given[0]):
        return 50, "same surname" if short.words[0] == full.surname[-1] else "same first name"
    return (30, "spelt much alike") if names.alike(short.words[0], full.words[0]) else (0, "")


def _alike_in_full(mine: names.Name, theirs: names.Name) -> tuple[int, str]:
    same, alike = mine.surname[-1] == theirs.surname[-1], names.alike(mine.surname[-1], theirs.surname[-1])
    if same and names.agrees(mine.given[0], theirs.given[0]):
        return 80, "same surname, and first names that agree"
    given = (mine.given[0], theirs.given[0])
    if same and (names.alike(*given) or names.sound(given[0]) == names.sound(given[1])):
        return 70, "same surname, first name spelt much alike"
    if alike and names.agrees(mine.given[0], theirs.given[0]):
        return 70, "first name fits, surname spelt much alike"
    if (
        mine.given[0] == theirs.given[0]
        and len(mine.surname[-1]) > 1
        and (mine.surname[-1].startswith(theirs.surname[-1]) or theirs.surname[-1].startswith(mine.surname[-1]))
    ):
        return 60, "same first name, one surname begins the other"
    return 0, ""
