"""One record as the last run read it, as the source says it now and as it stands: what becomes of each field. Pure.

Source unchanged keeps the correction; only the source changed takes the source; both changed keeps the correction and
names a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .matching import Entry

Json = Any

#: Fields that only make sense together, and so are merged as one: a turn stands in a talk or in a session.
GROUPS: dict[str, tuple[str, ...]] = {
    "alias": ("state", "person"),
    "turn": ("talk", "session", "exchange"),
    "exchange": ("talk", "session"),
    "link": ("talk", "session"),
    "note": ("talk", "session"),
    "actionitem": ("turn", "theme", "talk", "session"),
    "decision": ("turn", "theme", "talk", "session"),
}


@dataclass(frozen=True, slots=True)
class Current:
    """What stands now in one record."""

    fields: Mapping[str, Json]
    lines: tuple[int, int] | None = None
    retired_by: str = ""  # "", "rule" or "person"


@dataclass(frozen=True, slots=True)
class Update:
    public_id: str
    kind: str
    fields: Mapping[str, tuple[Json, Json]]  # name: (before, after); in the log, raises the version
    moved: Mapping[str, Json] = field(default_factory=dict)  # positions: neither
    lines: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """People and the source both changed a field."""

    public_id: str
    kind: str
    field: str
    base: Json
    source: Json
    current: Json


@dataclass(frozen=True, slots=True)
class Rules:
    """What the merge must know of fields: which are sets, which are mere positions; and what is never retired."""

    sets: Mapping[str, frozenset[str]]
    positional: frozenset[str]
    never_retired: frozenset[str] = frozenset({"person", "workshop"})


def merge_record(
    public_id: str, entry: Entry, old: Entry, now: Current, rules: Rules
) -> tuple[Update | None, list[Disagreement], list[str]]:
    taken: dict[str, tuple[Json, Json]] = {}
    moved: dict[str, Json] = {}
    quarrels: list[Disagreement] = []
    stays: list[str] = []
    group = [name for name in GROUPS.get(entry.kind, ()) if name in entry.fields]
    for name in entry.fields:
        source, current = entry.fields[name], now.fields.get(name)
        before = old.fields[name] if name in old.fields else _unread(source, current)
        if name in group[1:]:
            continue
        if name in rules.positional:
            moved |= {name: source} if source != current else {}
        elif name in rules.sets.get(entry.kind, ()):
            both, clashes = merge_sets(before or [], source or [], current or [])
            taken |= {name: (current, both)} if both != current else {}
            quarrels += [Disagreement(public_id, entry.kind, name, *clash) for clash in clashes]
        else:
            together = group if name in group else [name]
            values = [
                {each: fields.get(each) for each in together} for fields in (old.fields, entry.fields, now.fields)
            ]
            values[0][name] = before
            verdict = _compare(*values)
            if verdict == "take":
                taken |= {
                    each: (values[2][each], values[1][each]) for each in together if values[1][each] != values[2][each]
                }
            elif verdict == "keep":
                stays.append(name)
            elif verdict == "quarrel":
                shown = values if len(together) > 1 else [value[name] for value in values]
                quarrels.append(Disagreement(public_id, entry.kind, "+".join(together), *shown))
    lines = entry.lines if entry.lines and entry.lines != now.lines else None
    update = Update(public_id, entry.kind, taken, moved, lines) if taken or moved or lines else None
    return update, quarrels, stays


def _unread(source: Json, current: Json) -> Json:
    """The base of a field that older readings did not know: what stands empty is filled, what people filled stays."""
    return source if current else current


def _compare(base: Json, source: Json, current: Json) -> Literal["same", "take", "keep", "quarrel"]:
    """The table of docs/merging.md."""
    if source == current:
        return "same"
    if source == base:
        return "keep"
    return "take" if current == base else "quarrel"


def merge_sets(
    base: list[Json], source: list[Json], current: list[Json]
) -> tuple[list[Json], list[tuple[Json, Json, Json]]]:
    """What the source added, dropped or changed since the base, done to what stands now; and what both changed.

    Rows of people are told apart by the person, texts by themselves.
    """
    olds, news, nows = ({_element(item): item for item in items} for items in (base, source, current))
    merged: list[Json] = []
    clashes: list[tuple[Json, Json, Json]] = []
    for key in dict.fromkeys([*nows, *news]):
        old, new, now = olds.get(key), news.get(key), nows.get(key)
        value = now if new == old else new
        if now != old and new != old and now != new:
            value = now
            clashes.append((old, new, now))
        if value is not None:
            merged.append(value)
    return sorted(merged, key=str), clashes


def _element(item: Json) -> str:
    return str(item.get("person", item)) if isinstance(item, Mapping) else str(item)
