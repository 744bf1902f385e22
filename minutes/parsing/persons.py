"""Everybody the document names, growing as the stages find more; who a label means among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from minutes.document import Lines, Person, Voice
from minutes.parsing.credits import fits, looks_like_name
from people import names
from people.resolve import Candidate, Resolution, Roster


@dataclass(slots=True)
class _Entry:
    """Somebody while the document is read; `named` once it does more than introduce initials."""

    key: str
    name: str
    lines: Lines
    participant: bool = False
    named: bool = False
    forms: list[str] = field(default_factory=list)  # by which labels may call this person
    labels: list[str] = field(default_factory=list)  # by which they do
    affiliations: list[str] = field(default_factory=list)

    def calls(self, label: str) -> None:
        if label and label not in self.labels:
            self.labels.append(label)


class People:
    """The registry of one document. `curated` are people known beforehand, with the forms that mean them."""

    def __init__(self, curated: Sequence[Candidate] = ()) -> None:
        self._entries: dict[str, _Entry] = {}
        self._order: list[str] = []
        self._curated = {names.fold(person.name): person for person in curated}
        self._elsewhere = Roster(curated)
        self._roster: Roster | None = None

    def add(
        self, name: str, lines: Lines, *, participant: bool = False, named: bool = True, initials: str | None = None
    ) -> str:
        """The key of the person of exactly this name, who is new or known."""
        key = names.slug(name)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry(key, name, lines)
            if known := self._curated.get(names.fold(name)):
                entry.forms += known.forms
            self._roster = None
        if initials and initials not in entry.forms:
            entry.forms.append(initials)
            self._roster = None
        entry.participant |= participant
        if named and not entry.named:
            entry.named = True
            self._order.append(key)
        return key

    def credit(self, name: str, lines: Lines, affiliation: str | None = None, initials: str | None = None) -> str:
        """The key of whom a speaker's line means: somebody known, else somebody new."""
        found = self.resolve(name)
        key = found.people[0] if found.people else ""
        key = self.add(self._entries[key].name if key else name, lines, initials=initials)
        self._entries[key].calls(name)
        self.belongs(key, affiliation)
        return key

    def belongs(self, key: str, affiliation: str | None) -> None:
        if affiliation and affiliation not in self._entries[key].affiliations:
            self._entries[key].affiliations.append(affiliation)

    def expect(self, name: str, lines: Lines) -> None:
        """Somebody whom a later stage will name, known from now on."""
        if not self.resolve(name).people:
            self.add(name, lines, named=False)

    def resolve(self, label: str, nearby: Sequence[str] = ()) -> Resolution:
        """Whom one person's label means among those the document names, else among the curated by full form."""
        found = self._known().resolve(label, nearby)
        if found.people or found.suggestions:
            return found
        elsewhere = self._elsewhere.resolve(label)
        if elsewhere.certainty != "exact" or len(names.words(label)) < 2:
            return found
        person = next(person for person in self._curated.values() if person.key == elsewhere.people[0])
        key = self.add(person.name, (0, 0), named=False)
        return Resolution(label, (key,), "exact", reason=elsewhere.reason)

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
        return tuple(self._voice(part, nearby, lines) for part in parts)

    def _voice(self, part: str, nearby: Sequence[str], lines: Lines) -> Voice:
        found = self.resolve(part, nearby)
        printed = names.plain(part)
        if not found.people and not found.suggestions and looks_like_name(printed) and len(printed.split()[-1]) > 1:
            self.add(printed, lines)
            found = self.resolve(part, nearby)
        if not found.people:
            return Voice(part, None, "unknown", found.suggestions, found.reason)
        self.add(self._entries[found.people[0]].name, lines)
        self._entries[found.people[0]].calls(printed)
        return Voice(part, found.people[0], found.certainty, (), found.reason)

    def find_in_text(self, rows: Iterable[tuple[int, str]]) -> None:
        """People of the curated list whom the document names in full anywhere."""
        if not self._curated:
            return
        full = {name: person for name, person in self._curated.items() if len(name.split()) > 1}
        pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(p.name) for p in full.values()) + r")(?!\w)")
        for line, text in rows:
            for match in pattern.finditer(text):
                person = full[names.fold(match[0])]
                key = names.slug(person.name)
                if key not in self._entries or not self._entries[key].named:
                    self.add(person.name, (line, line))
                self._entries[key].calls(match[0])

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
            self._roster = Roster(Candidate(e.key, e.name, tuple(e.forms)) for e in self._entries.values())
        return self._roster
