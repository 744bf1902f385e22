"""Three-way merge of a document with what was read of it before and what people made of it since: a plan comes out.

Base: the entries of the last run. Source: the entries of the new reading. Current: the fields that pages show.
Source unchanged keeps the correction; only the source changed takes the source; both changed keeps the correction
and names a conflict. Pure: nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .matching import HOME, Entry, Ref, match

Json = Any

#: Kinds in the order in which they can be created: whatever refers to another comes after it.
KINDS = (
    *("person", "workshop", "alias", "day", "session", "talk", "exchange", "turn", "link", "note"),
    *("theme", "actionitem", "decision", "contact", "topic"),
)
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
class Plan:
    """All that an import would do. In `creates`, references to records that are not there yet are "new:" + ref."""

    creates: tuple[Entry, ...] = ()
    updates: tuple[Update, ...] = ()
    retires: tuple[tuple[str, str], ...] = ()  # (kind, permanent id)
    revives: tuple[tuple[str, str], ...] = ()
    conflicts: tuple[Disagreement, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()  # (permanent id, field): a correction that the source does not have
    names: Mapping[str, str] = field(default_factory=dict)  # source ref: permanent id, or "new:" + ref

    def changes_nothing(self) -> bool:
        return not (self.creates or self.updates or self.retires or self.revives or self.conflicts)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the merge must know of fields: which are sets, which are mere positions; and what is never retired."""

    sets: Mapping[str, frozenset[str]]
    positional: frozenset[str]
    never_retired: frozenset[str] = frozenset({"person", "workshop"})


def resolved(value: Json, names: Mapping[str, str]) -> Json:
    """The value with every reference replaced by the id it stands for."""
    if isinstance(value, Ref):
        return names[value.to]
    if isinstance(value, Mapping):
        return {key: resolved(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(item, names) for item in value]
    return value


def plan(
    base: Sequence[Entry],
    source: Sequence[Entry],
    current: Mapping[str, Current],
    rules: Rules,
    matched: Mapping[str, Entry] | None = None,
    held: Collection[str] = (),
) -> Plan:
    """The merge of all three. `current` holds, by permanent id, every record that the base or the source names.

    `held` are ids in which something stands that people added: those are not retired, whatever the source says.
    """
    matched = match(base, source) if matched is None else matched
    names = {e.ref: matched[e.ref].became if e.ref in matched else e.became or f"new:{e.ref}" for e in source}
    creates, updates, revives, conflicts, kept = [], [], [], [], []
    for entry in source:
        entry = replace(entry, fields=resolved(entry.fields, names))
        known = names[entry.ref]
        if known.startswith("new:"):
            creates.append(entry)
            continue
        now = current.get(known)
        if now is None or entry.ref not in matched:
            continue  # known from elsewhere: this document has no say in its fields
        if now.retired_by == "rule":
            revives.append((entry.kind, known))
        update, quarrels, stays = _merge_record(known, entry, matched[entry.ref], now, rules)
        updates += [update] if update else []
        conflicts += quarrels
        kept += [(known, name) for name in stays]
    retires, spared = _retirements(base, set(names.values()), current, updates, rules, held)
    kept += [(public_id, "retired") for public_id in spared]
    return Plan(tuple(creates), tuple(updates), tuple(retires), tuple(revives), tuple(conflicts), tuple(kept), names)


def _retirements(
    base: Sequence[Entry],
    alive: set[str],
    current: Mapping[str, Current],
    updates: Sequence[Update],
    rules: Rules,
    held: Collection[str],
) -> tuple[list[tuple[str, str]], list[str]]:
    """What the source no longer has, and what of that stays because something living stands in it."""
    lost = {
        entry.became: entry.kind
        for entry in base
        if not entry.gone
        and entry.became not in alive
        and entry.kind not in rules.never_retired
        and entry.became in current
        and not current[entry.became].retired_by
    }
    if not lost:
        return [], []
    changed = {update.public_id: {name: after for name, (_, after) in update.fields.items()} for update in updates}
    stands_in: dict[str, set[str]] = {
        public_id: {str(value) for name in (*HOME, "exchange") if (value := fields.get(name))}
        for public_id, now in current.items()
        if not now.retired_by or public_id in alive
        for fields in [{**now.fields, **changed.get(public_id, {})}]
    }
    spared = set(held) & lost.keys()
    spared |= {place for one in stands_in.keys() - lost.keys() for place in stands_in[one] if place in lost}
    waiting = list(spared)
    while waiting:  # what holds something that stays, stays too
        for place in stands_in.get(waiting.pop(), ()):
            if place in lost and place not in spared:
                spared.add(place)
                waiting.append(place)
    return [(kind, one) for one, kind in lost.items() if one not in spared], [one for one in lost if one in spared]


def next_base(base: Sequence[Entry], source: Sequence[Entry], done: Plan, created: Mapping[str, str]) -> list[Entry]:
    """The base of the merge after this one: the source as it is now, and what it no longer has, marked as gone."""
    names = {ref: created.get(name, name) for ref, name in done.names.items()}
    entries = [replace(e, fields=resolved(e.fields, names), became=names[e.ref], gone=False) for e in source]
    alive = {entry.became for entry in entries}
    lost = [e for e in base if e.became not in alive]
    return entries + [replace(e, ref=e.ref if e.gone else f"gone:{e.became}", gone=True) for e in lost]


def _merge_record(
    public_id: str, entry: Entry, old: Entry, now: Current, rules: Rules
) -> tuple[Update | None, list[Disagreement], list[str]]:
    taken: dict[str, tuple[Json, Json]] = {}
    moved: dict[str, Json] = {}
    quarrels: list[Disagreement] = []
    stays: list[str] = []
    group = [name for name in GROUPS.get(entry.kind, ()) if name in entry.fields]
    for name in entry.fields:
        source, before, current = entry.fields[name], old.fields.get(name), now.fields.get(name)
        if name in group[1:]:
            continue
        if name in rules.positional:
            moved |= {name: source} if source != current else {}
        elif name in rules.sets.get(entry.kind, ()):
            both, clashes = _merge_sets(before or [], source or [], current or [])
            taken |= {name: (current, both)} if both != current else {}
            quarrels += [Disagreement(public_id, entry.kind, name, *clash) for clash in clashes]
        else:
            together = group if name in group else [name]
            values = [
                {each: fields.get(each) for each in together} for fields in (old.fields, entry.fields, now.fields)
            ]
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


def _compare(base: Json, source: Json, current: Json) -> Literal["same", "take", "keep", "quarrel"]:
    """The table of docs/merging.md."""
    if source == current:
        return "same"
    if source == base:
        return "keep"
    return "take" if current == base else "quarrel"


def _merge_sets(
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
