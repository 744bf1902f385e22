"""The document of an import run in, an account of it out: what became of every line, and who was not identified."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .document import PLACES


@dataclass(frozen=True, slots=True)
class Rule:
    """How many lines ended in one place, by one rule where the place alone does not say it."""

    place: str
    rule: str
    lines: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A printed name of which the reading is not sure: whom it was read as, or who may be meant."""

    label: str
    lines: tuple[int, ...]
    read_as: str
    suggestions: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Account:
    line_count: int  # lines that are not blank
    rules: tuple[Rule, ...]
    unresolved: tuple[Doubt, ...]
    guessed: tuple[Doubt, ...]
    unplaced: tuple[tuple[int, str], ...]
    problems: tuple[tuple[int, str], ...]

    @property
    def most(self) -> int:
        return max((rule.lines for rule in self.rules), default=0)


def account_of(document: Mapping[str, Any]) -> Account:
    """`document` as `ImportRun.document` keeps it: a `minutes.document.Document` in JSON."""
    places = document["places"]
    counted = Counter((place["place"], place["rule"] if place["place"] == "ignored" else "") for place in places)
    return Account(
        line_count=len(places),
        rules=tuple(
            Rule(place, rule, lines)
            for (place, rule), lines in sorted(counted.items(), key=lambda item: (PLACES.index(item[0][0]), item[0][1]))
        ),
        unresolved=_doubts(document, {"unknown"}),
        guessed=_doubts(document, {"fuzzy"}),
        unplaced=tuple((line, text) for line, text in document["unplaced"]),
        problems=tuple((problem["line"], problem["message"]) for problem in document["problems"]),
    )


def _doubts(document: Mapping[str, Any], certainties: set[str]) -> tuple[Doubt, ...]:
    """Labels of voices with such a certainty, each once with all its lines, in the order of the document."""
    names = {person["key"]: person["name"] for person in document["people"]}
    found: dict[tuple[str, str], list[tuple[int, Mapping[str, Any]]]] = {}
    for turn in document["turns"]:
        for voice in turn["voices"]:
            if voice["certainty"] in certainties:
                key = (voice["label"], voice["person"] or "")
                found.setdefault(key, []).append((turn["lines"][0], voice))
    return tuple(
        Doubt(
            label=label,
            lines=tuple(line for line, _ in voices),
            read_as=names.get(person, ""),
            suggestions=tuple(names.get(key, key) for key in voices[0][1]["suggestions"]),
            reason=voices[0][1]["reason"],
        )
        for (label, person), voices in found.items()
    )
