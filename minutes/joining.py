"""Records that became several in the source, or one: what of people's corrections goes with which of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .fieldwise import GROUPS, Current, Disagreement, Rules, Update, merge_record
from .matching import CONTENT, Entry

Json = Any


@dataclass(frozen=True, slots=True)
class Part:
    """One of several records that the source has in one now: as the last run read it, and as it stands."""

    old: Entry
    now: Current


def merge_joined(
    public_id: str, entry: Entry, parts: Sequence[Part], rules: Rules
) -> tuple[Update | None, list[Disagreement], list[str]]:
    """Like `merge_record`, for the one that lives: the first of the parts.

    Base is what all parts said in a row, current what people made of each: a correction stays where it is in the text,
    and where the source changed the words as well there is a conflict. What people set otherwise on the others (who
    speaks, the kind) is a conflict as well: one record cannot have it all.
    """
    [name] = CONTENT[entry.kind]
    source, stands = entry.fields[name], parts[0].now.fields.get(name)
    base, current = _in_a_row(source, parts, name)
    old = replace(parts[0].old, fields={**parts[0].old.fields, name: base})
    now = replace(parts[0].now, fields={**parts[0].now.fields, name: current})
    update, quarrels, stays = merge_record(public_id, entry, old, now, rules)
    update = update or Update(public_id, entry.kind, {})
    becomes = update.fields[name][1] if name in update.fields else current
    fields = {each: pair for each, pair in update.fields.items() if each != name}
    if becomes != stands:
        fields[name] = (stands, becomes)
    update = replace(update, fields=fields)
    final = {**parts[0].now.fields, **{each: after for each, (_, after) in fields.items()}}
    for part in parts[1:]:
        quarrels += [
            Disagreement(public_id, entry.kind, each, part.old.fields[each], entry.fields[each], value)
            for each, value in _corrected(part.old, part.now, name, rules).items()
            if each in entry.fields and value != final.get(each)
        ]
    return (update if fields or update.moved or update.lines else None), quarrels, stays


def _in_a_row(source: str, parts: Sequence[Part], name: str) -> tuple[str, str]:
    """What the parts said together, and what people made of it; in the source's own spelling where that is the same."""
    olds = [str(part.old.fields[name]) for part in parts]
    nows = [str(part.now.fields.get(name, old)) for part, old in zip(parts, olds, strict=True)]
    together = " ".join(olds)
    base = source if together.split() == source.split() else together
    return base, base if nows == olds else " ".join(nows)


def inherited(entry: Entry, old: Entry, now: Current, rules: Rules) -> Mapping[str, Json]:
    """Fields of a new record that was a part of another one: what people corrected there holds for it as well."""
    [name] = CONTENT[entry.kind]
    corrected = _corrected(old, now, name, rules)
    taken = {each: value for each, value in corrected.items() if entry.fields.get(each) == old.fields[each]}
    return {**entry.fields, **taken}


def _corrected(old: Entry, now: Current, text: str, rules: Rules) -> dict[str, Json]:
    """What people made of a record, but for its text and for where it stands."""
    apart = {text, *rules.positional, *GROUPS.get(old.kind, ())}
    return {
        name: now.fields[name]
        for name, value in old.fields.items()
        if name not in apart and name in now.fields and now.fields[name] != value
    }
