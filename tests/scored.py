"""The seed minutes, what is known beforehand, and its figures against gold labels: for tests that guard them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from minutes.exporting.minutes_document import as_json
from minutes.parsing import parse
from minutes.reading import read_source
from people.curated import load_people
from people.names import slug
from people.resolve import Candidate
from tests.gold.score import score
from themes.vocabulary import Topic, load_vocabulary

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "seeds" / "minutes" / "escape-2022.txt"
GOLD = ROOT / "tests" / "gold" / "escape-2022.gold.json"


def curated() -> tuple[Candidate, ...]:
    people = load_people(ROOT / "seeds" / "people.toml")
    return tuple(Candidate(slug(person.name), person.name, person.labels) for person in people)


def vocabulary() -> tuple[Topic, ...]:
    return load_vocabulary(ROOT / "seeds" / "topics.toml")


def gold() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(GOLD.read_text(encoding="utf-8"))
    return loaded


def predicted(text: str, people: Sequence[Candidate], topics: Sequence[Topic]) -> dict[str, Any]:
    return as_json(parse(read_source("minutes.txt", text.encode()), people=people, topics=topics))


def figures(wanted: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    measures, _ = score(wanted, found)
    return {name: value for name, (value, _) in measures.items()}
