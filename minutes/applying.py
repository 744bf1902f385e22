"""A merge plan in, rows written: creations in bulk, updates with their log, retirements, conflicts.

Serves the import of minutes and that of seeds; the caller opens the door and the transaction.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils import timezone

from people.models import Alias
from records.models import Origin, Record

from .fields import FIELDS, MODELS, POSITIONAL, Plain, Reference, Rows, fields_of
from .matching import PLACE, Entry
from .merging import KINDS, Disagreement, Plan, Rules, Update
from .models import Change, Conflict, ImportRun, Source, Workshop
from .models.record import SourcedRecord
from .retiring import (
    CHUNK,
    Done,
    carry_topics,
    chunks,
    follow_parents,
    join,
    log_row,
    records_of,
    retire_with,
    retired_parent,
    set_retired,
)

RULES = Rules(
    sets={model.kind_name(): frozenset(f.name for f in known if f.as_set) for model, known in FIELDS.items()},
    positional=POSITIONAL,
)
Changed = Sequence[tuple[Record, Mapping[str, Any]]]  # records, and what each gets


@dataclass(slots=True)
class Workplace:
    """Where new records go: the workshop (made by the plan where there is none yet) and the source they come from."""

    workshop: Workshop | None
    source: Source
    of_new_workshop: Mapping[str, Any] = field(default_factory=dict)


def newest() -> tuple[int, int]:
    """A stamp that moves whenever people or imports change anything."""
    return tuple(model.objects.aggregate(top=Max("pk"))["top"] or 0 for model in (Change, ImportRun))


def apply(plan: Plan, run: ImportRun, workplace: Workplace) -> Done:
    done = Done()
    known = _Known(plan)
    creates: dict[str, list[Entry]] = defaultdict(list)
    for entry in plan.creates:
        creates[entry.kind].append(entry)
    for kind in KINDS:
        if creates[kind]:
            _create(MODELS[kind], creates[kind], known, workplace, done)
    _move(plan.updates, done)
    _update(plan.updates, known, run, done)
    source = run.version.source
    set_retired(plan.retires, run, run.reason if run.undoes else f"no longer in {source}", done)
    join(plan.joins, run, f"joined with another one in {source}", done)
    carry_topics(plan.joins, run, done)
    set_retired(plan.revives, run, None, done)
    moved = [update for update in plan.updates if update.fields.keys() & PLACE]
    follow_parents([*moved, *plan.revives], run, done)
    _file(plan.conflicts, run, done)
    return done


def _file(disagreements: Iterable[Disagreement], run: ImportRun, done: Done) -> None:
    """One open conflict for each field: a newer one takes the place of the older, and a source that went back to what
    the correction was made from leaves none."""
    disagreements = list(disagreements)
    before: dict[tuple[str, str], list[Conflict]] = defaultdict(list)
    for some in chunks(sorted({new.public_id for new in disagreements})):
        for old in Conflict.objects.filter(record__in=some, settled_at__isnull=True):
            before[old.record_id, old.field].append(old)
    filed = []
    for new in disagreements:
        olds = before[new.public_id, new.field]
        done.settled += [old.pk for old in olds]
        if not any(old.base == new.source for old in olds):
            texts = {"base": new.base, "source": new.source, "current": new.current}
            filed.append(Conflict(run=run, record_id=new.public_id, field=new.field, **texts))
    for some in chunks(done.settled):
        Conflict.objects.filter(pk__in=some).update(settled_at=timezone.now())
    Conflict.objects.bulk_create(filed, batch_size=CHUNK)


def held_by_people(ids: Iterable[str]) -> set[str]:
    """Those of these records in which something living stands that a person added; and labels that people decided."""
    wanted, held = set(ids), set()
    for model, known in FIELDS.items():
        if not issubclass(model, SourcedRecord):
            continue
        for key in known:
            if isinstance(key, Reference) and issubclass(key.model, SourcedRecord):
                added = model.objects.living().filter(origin=Origin.PERSON)
                held |= wanted & set(added.values_list(f"{key.name}__public_id", flat=True))
    for some in chunks(sorted(wanted)):
        aliases = Alias.objects.filter(public_id__in=some).values("public_id")
        held |= set(Change.objects.filter(record__in=aliases, run=None).values_list("record", flat=True))
    return held


def fitted(entries: Iterable[Entry]) -> list[Entry]:
    """Entries whose texts fit their columns: what is longer is cut, with a mark; the source still has all of it."""
    return [replace(entry, fields={n: _fit(entry.kind, n, v) for n, v in entry.fields.items()}) for entry in entries]


def _fit(kind: str, name: str, value: Any) -> Any:
    limit = _limits(kind, name)
    if isinstance(limit, dict):
        return [{key: _cut(item, limit.get(key)) for key, item in row.items()} for row in value]
    return _cut(value, limit)


@cache
def _limits(kind: str, name: str) -> int | dict[str, int | None] | None:
    """How long a text may be; in rows, the text of each column."""
    stated = fields_of(MODELS[kind]).get(name)
    if isinstance(stated, Rows):
        return {column: stated.model._meta.get_field(column).max_length for column in stated.columns}
    return MODELS[kind]._meta.get_field(name).max_length if isinstance(stated, Plain) else None


def _cut(value: Any, limit: int | None) -> Any:
    return value[: limit - 1] + "…" if isinstance(value, str) and limit and len(value) > limit else value


class _Known:
    """Records by permanent id, fetched in bulk for all that a plan refers to; new ones by "new:" + ref."""

    def __init__(self, plan: Plan):
        wanted: dict[type[Record], set[str]] = defaultdict(set)
        for kind, name, value in _stated(plan):
            target = fields_of(MODELS[kind]).get(name)
            if isinstance(target, Reference) and value:
                wanted[target.model].add(value)
            elif isinstance(target, Rows):
                wanted[target.key_model] |= {row[target.key] for row in value or [] if row.get(target.key)}
        for entry in plan.splits:
            wanted[MODELS[entry.kind]].add(entry.split_from)
        self.records: dict[str, Record] = {}
        for model, ids in wanted.items():
            for record in records_of(model, (), ids):
                self.records[record.public_id] = record

    def find(self, model: type[Record], value: str) -> Record:
        return self.records[value]

    def real(self, value: Any) -> Any:
        """A value with "new:" ids replaced by those that the records got."""
        if isinstance(value, str) and value.startswith("new:") and value in self.records:
            return self.records[value].public_id
        if isinstance(value, list):
            return [self.real(item) for item in value]
        if isinstance(value, dict):
            return {key: self.real(item) for key, item in value.items()}
        return value


def _stated(plan: Plan) -> Iterable[tuple[str, str, Any]]:
    for entry in plan.creates:
        yield from ((entry.kind, name, value) for name, value in entry.fields.items())
    for update in plan.updates:
        yield from ((update.kind, name, value) for name, (_, value) in update.fields.items())


def _create(model: type[Record], entries: list[Entry], known: _Known, workplace: Workplace, done: Done) -> None:
    columns = {name: f for name, f in fields_of(model).items() if not f.in_rows}
    in_rows = {name: f for name, f in fields_of(model).items() if f.in_rows}
    records = []
    for entry in entries:
        record = model(origin=Origin.RULE)
        for name in entry.fields.keys() & columns.keys():
            columns[name].assign(record, known.real(entry.fields[name]), _finder(known, entry, name))
        _settle(record, entry, workplace, known.records.get(entry.split_from))
        records.append(record)
        known.records[f"new:{entry.ref}"] = record
    model.objects.bulk_create(records, batch_size=CHUNK)
    rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for record, entry in zip(records, entries, strict=True):
        done.created[f"new:{entry.ref}"] = record.public_id
        known.records[record.public_id] = record
        for name in entry.fields.keys() & in_rows.keys():
            for row in in_rows[name].build(record, entry.fields[name], known.find):
                rows[type(row)].append(row)
    for row_model, made in rows.items():
        row_model.objects.bulk_create(made, batch_size=CHUNK)
    done.touched += records


def _finder(known: _Known, entry: Entry, name: str):
    """References are looked up under the name that the plan gave them, also where that is not an id yet."""
    stated = entry.fields[name]
    return lambda model, value: known.records[stated]


def _settle(record: Record, entry: Entry, workplace: Workplace, whole: Record | None) -> None:
    """Workshop, source and lines; and the retirement of what it stands in, or was a part of, if people retired that."""
    if isinstance(record, Workshop):
        for name, value in workplace.of_new_workshop.items():
            setattr(record, name, value)
        workplace.workshop = record
    if not isinstance(record, SourcedRecord):
        return
    record.workshop, record.source = workplace.workshop, workplace.source
    record.first_line, record.last_line = entry.lines or (None, None)
    if entry.split_from:
        record.split_from_id = entry.split_from
    withdrawn = [one for one in (retired_parent(record), whole) if one is not None and one.retired_by == Origin.PERSON]
    if withdrawn:
        retire_with(record, withdrawn[0])


def _move(updates: Iterable[Update], done: Done) -> None:
    """Positions and source lines, in bulk: a line that was added on top moves everything below it."""
    by_kind: dict[str, list[Update]] = defaultdict(list)
    for update in updates:
        if update.moved or update.lines:
            by_kind[update.kind].append(update)
    for kind, some in by_kind.items():
        model = MODELS[kind]
        found = {record.public_id: record for record in records_of(model, (), {update.public_id for update in some})}
        names = {name for update in some for name in update.moved}
        for update in some:
            record = found[update.public_id]
            for name, value in update.moved.items():
                done.moved.setdefault(update.public_id, {})[name] = getattr(record, name)
                setattr(record, name, value)
            if update.lines and isinstance(record, SourcedRecord):
                record.first_line, record.last_line = update.lines
        if issubclass(model, SourcedRecord):
            names |= {"first_line", "last_line"}
        if names:
            model.objects.all().rewrite(found.values(), names)


def _update(updates: Iterable[Update], known: _Known, run: ImportRun, done: Done) -> None:
    by_kind: dict[str, list[Update]] = defaultdict(list)
    for update in updates:
        if update.fields:
            by_kind[update.kind].append(update)
    changes: list[Change] = []
    group = uuid.uuid4()
    for kind, some in by_kind.items():
        found = {record.public_id: record for record in records_of(MODELS[kind], (), {u.public_id for u in some})}
        changed = [(found[u.public_id], {name: after for name, (_, after) in u.fields.items()}) for u in some]
        _write_columns(MODELS[kind], changed, known)
        _write_rows(MODELS[kind], changed, known)
        for update, (record, _) in zip(some, changed, strict=True):
            changes += [
                log_row(record, run, group, name, before, known.real(after))
                for name, (before, after) in update.fields.items()
            ]
        done.touched += found.values()
    Change.objects.bulk_create(changes, batch_size=CHUNK)


def _write_columns(model: type[Record], changed: Changed, known: _Known) -> None:
    fields = fields_of(model)
    columns = {"version", *model.filled}
    for record, values in changed:
        for name, value in values.items():
            if not fields[name].in_rows:
                fields[name].assign(record, value, lambda _, __, value=value: known.records[value])
                columns.add(name)
        record.version += 1
        record.fill()
    model.objects.all().rewrite([record for record, _ in changed], columns)


def _write_rows(model: type[Record], changed: Changed, known: _Known) -> None:
    for stated in fields_of(model).values():
        some = [(record, values[stated.name]) for record, values in changed if stated.name in values]
        if isinstance(stated, Rows):
            for part in chunks(some):
                rows = stated.model.objects.filter(**{f"{stated.owner}__in": [record for record, _ in part]})
                rows.filter(**stated.among).delete()
                made = [row for record, value in part for row in stated.build(record, value, known.find)]
                stated.model.objects.bulk_create(made, batch_size=CHUNK)
        elif stated.in_rows:
            for record, value in some:
                stated.replace(record, value, known.find, origin=Origin.RULE)
