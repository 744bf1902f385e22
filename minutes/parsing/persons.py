"""Everybody the document names, growing as the stages find more; who a label means among them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from minutes.document import Lines, Person, Voice
from minutes.parsing.credits import fits, looks_like_name
from minutes.parsing.printed import UNNAMED
from people import names
from people.resolve import KNOWN, Candidate, Resolution, Roster, roster_of


@dataclass(slots=True)
class _Entry:
    """Somebody while the document is read; `named` once it does more than introduce initials."""

    key: str
    name: str
    lines: Lines
    participant: bool = False
    named: bool = False
    apart: bool = False  # of the same name as somebody else here: no label means this one but by decision
    forms: list[str] = field(default_factory=list)  # by which labels may call this person
    labels: list[str] = field(default_factory=list)  # by which they do
    affiliations: list[str] = field(default_factory=list)

    def calls(self, label: str) -> None:
        if label and label not in self.labels:
            self.labels.append(label)


_DECIDED = "decided by a person"
_UNDECIDED = Candidate("", "")


def _any_of(printed: Sequence[str]) -> re.Pattern[str]:
    """These words wherever they stand."""
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, printed)) + r")(?!\w)")


class People:
    """The registry of one document. `curated` are people known beforehand, with the forms that mean them; `decided`
    says by folded label whom people said it means, or None for nobody."""

    def __init__(
        self, curated: Sequence[Candidate] = (), decided: Mapping[str, Candidate | None] | None = None
    ) -> None:
        self._decided = {names.fold(label): person for label, person in (decided or {}).items()}
        self._given = {person.key: person for person in self._decided.values() if person}
        self._keys = {names.fold(person.name): key for key, person in reversed(self._given.items()) if not person.apart}
        self._entries: dict[str, _Entry] = {}
        self._order: list[str] = []
        self._callable: dict[str, list[str]] = {}  # who may be called by a folded name
        self._curated = {names.fold(person.name): person for person in curated}
        self._elsewhere = roster_of(tuple(curated))
        self._roster: Roster | None = None

    def add(
        self, name: str, lines: Lines, *, participant: bool = False, named: bool = True, initials: str | None = None
    ) -> str:
        """The key of the person of exactly this name, who is new or known."""
        key = self._key(name)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._enter(key, name, lines)
        self.initialled(key, initials)
        entry.participant |= participant
        if named:
            self._name(key, lines)
        return key

    def _name(self, key: str, lines: Lines) -> None:
        """Takes somebody among those whom the document names, from these lines on."""
        entry = self._entries[key]
        if not entry.named:
            entry.named = True
            entry.lines = entry.lines if entry.lines[0] else lines
            self._order.append(key)
            for form in {names.fold(entry.name), *names.parse(entry.name).given[:1]}:
                self._callable.setdefault(form, []).append(key)

    def _key(self, name: str) -> str:
        """The key given with a decision, else one made of the name, which no given key may equal by accident."""
        folded = names.fold(name)
        if (person := self._decided.get(folded)) and not person.apart:
            return person.key
        if folded in self._keys:
            return self._keys[folded]
        key = names.slug(name)
        while key in self._given:
            key += "-2"
        return key

    def _enter(self, key: str, name: str, lines: Lines) -> _Entry:
        given = self._given.get(key)
        entry = self._entries[key] = _Entry(key, given.name if given else name, lines)
        entry.apart = given is not None and given.apart
        known = self._curated.get(names.fold(entry.name))
        for person in (given, known):
            entry.forms += person.forms if person else ()
        self._tell(entry)
        return entry

    def _tell(self, entry: _Entry) -> None:
        """Keeps the roster, once there is one, up to date."""
        if self._roster is not None and not entry.apart:
            self._roster.put(Candidate(entry.key, entry.name, tuple(entry.forms)))

    def decision(self, label: str) -> Candidate | None:
        """Whom people decided that a label means, None for nobody; a candidate without a name where they have not."""
        for form in (names.fold(label), names.fold(names.plain(label))):
            if form in self._decided:
                return self._decided[form]
        return _UNDECIDED

    def credit(self, name: str, lines: Lines, affiliation: str | None = None, initials: str | None = None) -> str:
        """The key of whom a speaker's line means: somebody known, else somebody new."""
        found = self.resolve(name)
        key = found.people[0] if found.people else ""
        if key:
            self._name(key, lines)
        key = key or self.add(name, lines)
        self.initialled(key, initials)
        self._entries[key].calls(name)
        self.belongs(key, affiliation)
        return key

    def initialled(self, key: str, form: str | None) -> None:
        """Another form by which labels may call somebody."""
        if form and form not in self._entries[key].forms:
            self._entries[key].forms.append(form)
            self._tell(self._entries[key])

    def called_by_role(self, key: str, role: str) -> None:
        """A role by which labels may call somebody; whoever held it first keeps it."""
        if not any(role.casefold() in map(str.casefold, entry.forms) for entry in self._entries.values()):
            self.initialled(key, role)

    def belongs(self, key: str, affiliation: str | None) -> None:
        if affiliation and affiliation not in self._entries[key].affiliations:
            self._entries[key].affiliations.append(affiliation)

    def expect(self, name: str, lines: Lines) -> str:
        """The key of somebody whom a later stage will name, known from now on."""
        found = self.resolve(name).people
        return found[0] if found else self.add(name, lines, named=False)

    def resolve(self, label: str, nearby: Sequence[str] = ()) -> Resolution:
        """Whom people decided that one person's label means; else whom it means among those the document names, else
        among the curated by full form."""
        decided = self.decision(label) if self._decided else _UNDECIDED
        if decided and decided.name:
            if decided.key not in self._entries:
                self._enter(decided.key, decided.name, (0, 0))
            return Resolution(label, (decided.key,), "exact", reason=_DECIDED)
        found = self._known().resolve(label, nearby)
        if found.people or found.suggestions:
            return found
        elsewhere = self._elsewhere.known_as(label)
        if len(elsewhere) != 1 or len(names.words(label)) < 2:
            return found
        person = next(person for person in self._curated.values() if person.key == elsewhere[0])
        key = self.add(person.name, (0, 0), named=False)
        return Resolution(label, (key,), "exact", reason=KNOWN)

    def knows(self, label: str) -> bool:
        """Whether anybody fits, or several do."""
        found = self.resolve(label)
        return bool(found.people or found.suggestions)

    def fitting(self, initials: str) -> list[str]:
        """Names of all for whom these letters may stand by first name and surname."""
        shaped = (entry.name for entry in self._entries.values() if len(entry.name.split()) > 1)
        return [
            name for name in shaped if fits(initials, name) and names.fold(name).split()[-1][0] == initials[-1].lower()
        ]

    def voices(self, label: str, nearby: Sequence[str], lines: Lines) -> tuple[Voice, ...]:
        """One voice for each person in a turn's label. A full name that fits nobody is somebody new."""
        whole = self.resolve(label, nearby)
        parts = (label,) if whole.certainty == "exact" else names.people_in(label)
        return tuple(self._voice(part, nearby, lines) for part in parts if self.decision(part) or len(parts) == 1)

    def _voice(self, part: str, nearby: Sequence[str], lines: Lines) -> Voice:
        found = self.resolve(part, nearby)
        printed = names.plain(part)
        new = looks_like_name(printed) and len(printed.split()[-1]) > 1 and not UNNAMED.match(printed)
        if not found.people and not found.suggestions and new:
            self.add(printed, lines)
            found = self.resolve(part, nearby)
        if not found.people:
            return Voice(part, None, "unknown", found.suggestions, found.reason)
        self._name(found.people[0], lines)
        self._entries[found.people[0]].calls(printed)
        return Voice(part, found.people[0], found.certainty, (), found.reason)

    def find_in_text(self, lines: Sequence[str]) -> None:
        """People of the curated list whom the document names in full anywhere."""
        if not self._curated:
            return
        full = {name: person for name, person in self._curated.items() if len(name.split()) > 1}
        whole = "\n".join(lines)
        present = tuple(person.name for person in full.values() if person.name in whole)
        pattern = _any_of(present)
        for line, text in enumerate(lines, start=1) if present else ():
            for match in pattern.finditer(text) if any(name in text for name in present) else ():
                person = full[names.fold(match[0])]
                key = self._key(person.name)
                if key not in self._entries or not self._entries[key].named:
                    self.add(person.name, (line, line))
                self._entries[key].calls(match[0])

    def called(self, form: str) -> Sequence[str]:
        """Keys of all named so far whose whole name or first name this is, folded."""
        return self._callable.get(form, ())

    def name_of(self, key: str) -> str:
        return self._entries[key].name

    def candidates(self) -> Mapping[str, Candidate]:
        """Those named so far by key, with every form that the document uses."""
        return {
            key: Candidate(key, entry.name, tuple(dict.fromkeys([*entry.forms, *entry.labels])))
            for key, entry in self._entries.items()
            if entry.named
        }

    def listed(self) -> tuple[Person, ...]:
        """The people of the document, participants first, then in order of first naming."""
        entries = sorted((self._entries[key] for key in self._order), key=lambda entry: not entry.participant)
        return tuple(
            Person(
                key=entry.key,
                name=entry.name,
                in_participants=entry.participant,
                labels=tuple(dict.fromkeys([entry.name, *entry.labels])),
                affiliations=tuple(entry.affiliations),
                lines=entry.lines,
            )
            for entry in entries
        )

    def _known(self) -> Roster:
        if self._roster is None:
            entries = (entry for entry in self._entries.values() if not entry.apart)
            self._roster = Roster(Candidate(e.key, e.name, tuple(e.forms)) for e in entries)
        return self._roster
