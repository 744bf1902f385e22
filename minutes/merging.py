"""Three-way merge of a document with what was read of it before and what people made of it since: a plan comes out.

Base: the entries of the last run. Source: the entries of the new reading. Current: the fields that pages show.
Source unchanged keeps the correction; only the source changed takes the source; both changed keeps the correction
and names a conflict. Records are matched by content, never by position. Pure: nothing is read or written here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rapidfuzz import fuzz

Json = Any

SIMILAR_AT_HOME = 60.0  # of 100, by edit distance: for two texts in the same talk
SIMILAR_ANYWHERE = 80.0  # for two texts anywhere in the document

#: Kinds in the order in which they can be created: whatever refers to another comes after it.
KINDS = (
    *("person", "workshop", "alias", "day", "session", "talk", "exchange", "turn", "link", "note"),
    *("theme", "actionitem", "decision", "contact", "topic"),
)
#: What a record of each kind is recognised by, and where it stands. People and exchanges have ways of their own.
CONTENT: dict[str, tuple[str, ...]] = {
    "workshop": (),
    "day": ("date", "n"),
    "session": ("title",),
    "talk": ("title",),
    "turn": ("text",),
    "link": ("label",),
    "note": ("text",),
    "theme": ("text",),
    "actionitem": ("quote",),
    "decision": ("text",),
    "contact": ("person",),
    "alias": ("label",),
}
HOME = ("session", "talk", "day", "turn", "theme")
#: How long a text must be to be recognised away from home: "Slides" stands in every talk, a title is its own witness.
LONG_ENOUGH: dict[str, int] = {"turn": 20, "note": 20, "actionitem": 20, "decision": 20, "session": 1, "talk": 1}
MATCH_ORDER = ("workshop", "day", "session", "talk", "turn", "theme", "link", "note", "actionitem", "decision")


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a field for another record of the same document, until that one has its permanent id."""

    to: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a document says of one record."""

    ref: str  # unique in its document
    kind: str
    fields: Mapping[str, Json]
    lines: tuple[int, int] | None = None
    became: str = ""  # permanent id; in the base always, in the source where somebody outside knows it
    gone: bool = False  # in the base only: an earlier reading had it, the last one did not


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


def match(base: Sequence[Entry], source: Sequence[Entry]) -> dict[str, Entry]:
    """Which entry of the base each entry of the source continues, by source ref; one to one.

    Entries whose `became` is known are taken at their word. A match never crosses kinds.
    """
    by_id = {entry.became: entry for entry in base if not entry.gone}
    found = {entry.ref: by_id[entry.became] for entry in source if entry.became in by_id}
    olds, news = _by_kind(base), _by_kind(source)
    for kind in MATCH_ORDER:
        _match_kind(kind, olds[kind], news[kind], found)
    _match_exchanges(olds["exchange"], news["exchange"], news["turn"], found)
    for kind in ("contact", "alias"):
        _match_kind(kind, olds[kind], news[kind], found)
    return found


def plan(
    base: Sequence[Entry],
    source: Sequence[Entry],
    current: Mapping[str, Current],
    rules: Rules,
    matched: Mapping[str, Entry] | None = None,
) -> Plan:
    """The merge of all three. `current` holds, by permanent id, every record that the base or the source names."""
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
    continued = {id(entry) for entry in matched.values()}
    retires = [
        (entry.kind, entry.became)
        for entry in base
        if id(entry) not in continued
        and not entry.gone
        and entry.kind not in rules.never_retired
        and entry.became in current
        and not current[entry.became].retired_by
        and entry.became not in names.values()
    ]
    return Plan(tuple(creates), tuple(updates), tuple(retires), tuple(revives), tuple(conflicts), tuple(kept), names)


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
    for name, source in entry.fields.items():
        before, current = old.fields.get(name), now.fields.get(name)
        if name in rules.positional:
            if source != current:
                moved[name] = source
        elif name in rules.sets.get(entry.kind, ()):
            both, clashes = _merge_sets(before or [], source or [], current or [])
            if both != current:
                taken[name] = (current, both)
            quarrels += [Disagreement(public_id, entry.kind, name, *clash) for clash in clashes]
        elif source == before:
            stays += [name] if current != before else []
        elif current == before:
            taken[name] = (current, source)
        elif current != source:
            quarrels.append(Disagreement(public_id, entry.kind, name, before, source, current))
    lines = entry.lines if entry.lines and entry.lines != now.lines else None
    update = Update(public_id, entry.kind, taken, moved, lines) if taken or moved or lines else None
    return update, quarrels, stays


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


def _by_kind(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.kind].append(entry)
    return kinds


def _content(entry: Entry) -> str:
    values = [entry.fields.get(name) for name in CONTENT[entry.kind]]
    return "\n".join(str(v.to if isinstance(v, Ref) else v) for v in values if v is not None)


def _home(entry: Entry, found: Mapping[str, Entry]) -> str:
    """Permanent id of the record in which this one stands; for the source, of the one that it continues."""
    for name in HOME:
        value = entry.fields.get(name)
        if isinstance(value, Ref):
            return found[value.to].became if value.to in found else f"new:{value.to}"
        if value:
            return str(value)
    return ""


def _match_kind(kind: str, olds: list[Entry], news: list[Entry], found: dict[str, Entry]) -> None:
    """Four passes, strongest first: the same text at home, anywhere; a similar text at home, anywhere."""
    if kind == "workshop":
        found.update({new.ref: old for new, old in zip(news, olds, strict=False) if new.ref not in found})
        return
    taken = {entry.became for entry in found.values()}
    free_old = [entry for entry in olds if entry.became not in taken]
    free_new = [entry for entry in news if entry.ref not in found]
    if kind in ("contact", "alias", "day"):
        free_old, free_new = _pair_equal(free_old, free_new, found, lambda e: _named(e, found))
        return
    free_old, free_new = _pair_equal(free_old, free_new, found, lambda e: (_home(e, found), _content(e)))
    least = LONG_ENOUGH.get(kind)
    if least:
        free_old, free_new = _pair_equal(free_old, free_new, found, _content_if_long(least))
    free_old, free_new = _pair_similar(free_old, free_new, found, SIMILAR_AT_HOME, home=True)
    if least:
        _pair_similar([e for e in free_old if len(_content(e)) >= least], free_new, found, SIMILAR_ANYWHERE, home=False)


def _named(entry: Entry, found: Mapping[str, Entry]) -> str:
    """What identifies a contact, an alias or a day: whom or what it is of."""
    if entry.kind == "day":
        return str(entry.fields.get("date") or entry.fields.get("n"))
    if entry.kind == "contact":
        person = entry.fields["person"]
        return (found[person.to].became if person.to in found else person.to) if isinstance(person, Ref) else person
    return str(entry.fields["label"]).casefold()


def _content_if_long(least: int) -> Callable[[Entry], str | None]:
    return lambda entry: _content(entry) if len(_content(entry)) >= least else None


def _pair_equal(
    olds: list[Entry], news: list[Entry], found: dict[str, Entry], key: Callable[[Entry], Any]
) -> tuple[list[Entry], list[Entry]]:
    """Pairs entries with an equal key, in order; returns what is left of both."""
    waiting: dict[Any, list[Entry]] = defaultdict(list)
    for old in sorted(olds, key=lambda e: (e.gone, e.lines or (0, 0)), reverse=True):
        waiting[key(old)].append(old)
    paired = set()
    for new in news:
        wanted = key(new)
        if wanted is not None and waiting.get(wanted):
            old = waiting[wanted].pop()
            found[new.ref] = old
            paired.add(id(old))
    return [e for e in olds if id(e) not in paired], [e for e in news if e.ref not in found]


def _pair_similar(
    olds: list[Entry], news: list[Entry], found: dict[str, Entry], least: float, *, home: bool
) -> tuple[list[Entry], list[Entry]]:
    """Pairs the most similar first; of equals, those that stand nearest to each other."""
    pairs = sorted(_similar(olds, news, found, least, home=home), key=lambda pair: (-pair[0], pair[1]))
    used: set[int] = set()
    for _, _, old, new in pairs:
        if id(old) not in used and new.ref not in found:
            found[new.ref] = old
            used.add(id(old))
    return [e for e in olds if id(e) not in used], [e for e in news if e.ref not in found]


def _similar(
    olds: list[Entry], news: list[Entry], found: Mapping[str, Entry], least: float, *, home: bool
) -> Iterator[tuple[float, int, Entry, Entry]]:
    at: dict[str, list[tuple[int, str, Entry]]] = defaultdict(list)
    for place, old in enumerate(olds):
        at[_home(old, found) if home else ""].append((place, _content(old), old))
    for place, new in enumerate(news):
        text = _content(new)
        for other_place, other, old in at[_home(new, found) if home else ""]:
            score = fuzz.ratio(text, other, score_cutoff=least)
            if score:
                yield score, abs(place - other_place), old, new


def _match_exchanges(olds: list[Entry], news: list[Entry], turns: list[Entry], found: dict[str, Entry]) -> None:
    """An exchange continues the one that most of its turns were in."""
    votes: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        if turn.ref in found and isinstance(turn.fields["exchange"], Ref):
            votes[turn.fields["exchange"].to, found[turn.ref].fields["exchange"]] += 1
    by_id = {entry.became: entry for entry in olds}
    new_refs = {entry.ref for entry in news}
    used: set[str] = set()
    for (ref, public_id), _ in votes.most_common():
        if ref in new_refs and ref not in found and public_id in by_id and public_id not in used:
            found[ref] = by_id[public_id]
            used.add(public_id)
