"""A TOML file of curated names in; the people whom minutes may name in running text only, out."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

_LISTS = ("labels", "affiliations")


@dataclass(frozen=True, slots=True)
class CuratedPerson:
    name: str
    labels: tuple[str, ...] = ()  # other forms under which the person is known, beside the name
    affiliations: tuple[str, ...] = ()


def load_people(path: Path) -> tuple[CuratedPerson, ...]:
    """The people of a file like `seeds/people.toml`. ValueError names the file, the entry and what is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name}: not a TOML file in UTF-8: {error}") from error
    entries = tables.get("person", [])
    if set(tables) - {"person"} or not isinstance(entries, list):
        raise ValueError(f"{path.name}: expected [[person]] tables and nothing else, found {sorted(tables)}")
    people: list[CuratedPerson] = []
    owners: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            person = _person(entry)
            for label in dict.fromkeys((person.name, *person.labels)):
                if label.casefold() in owners:
                    raise ValueError(f"{label!r} already stands for {owners[label.casefold()]!r}")
                owners[label.casefold()] = person.name
        except ValueError as error:
            name = entry.get("name") if isinstance(entry, dict) else None
            raise ValueError(f"{path.name}: person {number} ({name or 'without name'}): {error}") from None
        people.append(person)
    return tuple(people)


def _person(entry: object) -> CuratedPerson:
    if not isinstance(entry, dict):
        raise ValueError("not a table")
    if unknown := sorted(set(entry) - {"name", *_LISTS}):
        raise ValueError(f"unknown field {unknown[0]!r}")
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("name must be a text")
    lists: dict[str, tuple[str, ...]] = {}
    for field in _LISTS:
        values = entry.get(field, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            raise ValueError(f"{field} must be a list of texts")
        lists[field] = tuple(values)
    return CuratedPerson(name, **lists)
