"""Three-way merge of a document with what was read of it before and what people made of it since: a plan comes out.

Base: the entries of the last run. Source: the entries of the new reading. Current: the fields that pages show.
Source unchanged keeps the correction; only the source changed takes the source; both changed keeps the correction
and names a conflict. Pure: nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .fieldwise import Current, Disagreement, Rules, Update, merge_record
from .joining import Part, inherited, merge_joined
from .matching import PLACE, Entry, Matches, Ref, match

Json = Any

#: Kinds in the order in which they can be created: whatever refers to another comes after it.
KINDS = (
    *("person", "workshop", "alias", "day", "session", "talk", "exchange", "turn", "link", "note"),
    *("theme", "actionitem", "decision", "contact", "topic"),
)


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
    joins: tuple[tuple[str, str, str], ...] = ()  # (kind, id that moves, id that it moves to)

    def changes_nothing(self) -> bool:
        return not (self.creates or self.updates or self.retires or self.revives or self.conflicts or self.joins)

    @property
    def splits(self) -> tuple[Entry, ...]:
        """Those of the new records that were a part of another one."""
        return tuple(entry for entry in self.creates if entry.split_from)


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
    matched: Matches | None = None,
    held: Collection[str] = (),
) -> Plan:
    """The merge of all three. `current` holds, by permanent id, every record that the base or the source names.

    `held` are ids in which something stands that people added: those are not retired, whatever the source says.
    """
    matched = match(base, source) if matched is None else matched
    names = {e.ref: matched[e.ref].became if e.ref in matched else e.became or f"new:{e.ref}" for e in source}
    olds = {entry.became: entry for entry in base}
    creates, revives, merged = [], [], {}
    for entry in source:
        entry = replace(entry, fields=resolved(entry.fields, names))
        known = names[entry.ref]
        now = current.get(known)
        if known.startswith("new:"):
            creates.append(_part_of(entry, matched.split_from.get(entry.ref, ""), olds, current, rules))
            continue
        if now is None:
            continue
        if now.retired_by == "rule" and (entry.ref in matched or entry.kind == "person"):
            revives.append((entry.kind, known))
        if entry.ref in matched:  # of what is known from elsewhere this document has no say in its fields
            merged[known] = (entry, merge_record(known, entry, matched[entry.ref], now, rules))
    updates = [update for _, (update, _, _) in merged.values() if update]
    retires, spared = _retirements(base, set(names.values()), current, updates, rules, held)
    moves = {one: names[ref] for one, ref in matched.joined.items() if ref in matched}
    joins = tuple((kind, one, moves[one]) for kind, one in retires if one in moves)
    for survivor, ids in _survivors(joins).items():
        entry, _ = merged[survivor]
        parts = [Part(olds[one], current[one]) for one in (survivor, *ids)]
        merged[survivor] = (entry, merge_joined(survivor, entry, parts, rules))
    outcomes = [outcome for _, outcome in merged.values()]
    kept = [(known, name) for known, (_, (_, _, stays)) in merged.items() for name in stays]
    return Plan(
        creates=tuple(creates),
        updates=tuple(update for update, _, _ in outcomes if update),
        retires=tuple(pair for pair in retires if pair[1] not in moves),
        revives=tuple(revives),
        conflicts=tuple(quarrel for _, quarrels, _ in outcomes for quarrel in quarrels),
        kept=(*kept, *((public_id, "retired") for public_id in spared)),
        names=names,
        joins=joins,
    )


def _part_of(
    entry: Entry, whole: str, olds: Mapping[str, Entry], current: Mapping[str, Current], rules: Rules
) -> Entry:
    """Something new; with what people corrected on the record of which it was a part."""
    if whole not in current:
        return entry
    return replace(entry, split_from=whole, fields=inherited(entry, olds[whole], current[whole], rules))


def _survivors(joins: Sequence[tuple[str, str, str]]) -> dict[str, list[str]]:
    """The ids that move to each id, in the order in which the base had them."""
    moved: dict[str, list[str]] = {}
    for _, one, survivor in joins:
        moved.setdefault(survivor, []).append(one)
    return moved


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
    living = {public_id: now for public_id, now in current.items() if not now.retired_by or public_id in alive}
    spared = spared_of(lost.keys(), living, updates, held)
    return [(kind, one) for one, kind in lost.items() if one not in spared], [one for one in lost if one in spared]


def spared_of(
    lost: Collection[str], living: Mapping[str, Current], updates: Sequence[Update], held: Collection[str]
) -> set[str]:
    """Those of the lost in which something living stands, by these updates; and what holds those."""
    changed: dict[str, dict[str, Json]] = {}
    for update in updates:
        changed.setdefault(update.public_id, {}).update({name: after for name, (_, after) in update.fields.items()})
    stands_in: dict[str, set[str]] = {
        public_id: {str(value) for name in PLACE if (value := fields.get(name))}
        for public_id, now in living.items()
        for fields in [{**now.fields, **changed.get(public_id, {})}]
    }
    spared = {one for one in held if one in lost}
    spared |= {place for one, places in stands_in.items() if one not in lost for place in places if place in lost}
    waiting = list(spared)
    while waiting:  # what holds something that stays, stays too
        for place in stands_in.get(waiting.pop(), ()):
            if place in lost and place not in spared:
                spared.add(place)
                waiting.append(place)
    return spared


def next_base(base: Sequence[Entry], source: Sequence[Entry], done: Plan, created: Mapping[str, str]) -> list[Entry]:
    """The base of the merge after this one: the source as it is now, and what it no longer has, marked as gone."""
    names = {ref: created.get(name, name) for ref, name in done.names.items()}
    entries = [
        replace(
            entry,
            fields=resolved(entry.fields, names),
            became=names[entry.ref],
            gone=False,
            opening=names.get(entry.opening, ""),
        )
        for entry in source
    ]
    alive = {entry.became for entry in entries}
    lost = [e for e in base if e.became not in alive]
    return entries + [replace(e, ref=e.ref if e.gone else f"gone:{e.became}", gone=True) for e in lost]


__all__ = [
    "KINDS",
    "Current",
    "Disagreement",
    "Plan",
    "Rules",
    "Update",
    "next_base",
    "plan",
    "resolved",
    "spared_of",
]
