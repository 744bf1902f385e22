"""A merge plan in, rows written: creations in bulk, updates with their log, retirements, conflicts.

Serves the import of minutes and that of seeds; the caller opens the door and the transaction.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils import timezone

from records.models import Origin, Record

from .fields import FIELDS, MODELS, POSITIONAL, Plain, Reference, Rows, fields_of, values_of, with_rows
from .matching import Entry
from .merging import KINDS, Current, Disagreement, Plan, Rules, Update
from .models import Change, Conflict, ImportRun, Source, Workshop
from .models.record import SourcedRecord

RULES = Rules(
    sets={model.kind_name(): frozenset(f.name for f in known if f.as_set) for model, known in FIELDS.items()},
    positional=POSITIONAL,
)
CHUNK = 500  # ids in one query; SQLite's limit on variables is far above, its planner's patience is not


@dataclass(slots=True)
class Workplace:
    """Where new records go: the workshop (made by the plan where there is none yet) and the source they come from."""

    workshop: Workshop | None
    source: Source
    of_new_workshop: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Done:
    created: dict[str, str] = field(default_factory=dict)  # "new:" + ref: permanent id
    touched: list[Record] = field(default_factory=list)  # whose derived values are to be made anew


def newest() -> tuple[int, int]:
    """A stamp that moves whenever people or imports change anything."""
    return tuple(model.objects.aggregate(top=Max("pk"))["top"] or 0 for model in (Change, ImportRun))


def current_of(entries: Iterable[Entry]) -> dict[str, Current]:
    """What stands now in the records that these entries became, by permanent id."""
    wanted: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"ids": set(), "names": set()})
    for entry in entries:
        if entry.became:
            wanted[entry.kind]["ids"].add(entry.became)
            wanted[entry.kind]["names"] |= set(entry.fields)
    found: dict[str, Current] = {}
    for kind, asked in wanted.items():
        names = sorted(asked["names"] & set(fields_of(MODELS[kind])))
        for record in _records(MODELS[kind], names, asked["ids"]):
            lines = (record.first_line, record.last_line) if getattr(record, "first_line", None) is not None else None
            found[record.public_id] = Current(values_of(record, names), lines, record.retired_by)
    return found


def apply(plan: Plan, run: ImportRun, workplace: Workplace) -> Done:
    done = Done()
    known = _Known(plan)
    creates: dict[str, list[Entry]] = defaultdict(list)
    for entry in plan.creates:
        creates[entry.kind].append(entry)
    for kind in KINDS:
        if creates[kind]:
            _create(MODELS[kind], creates[kind], known, workplace, done)
    _move(plan.updates)
    _update(plan.updates, known, run, done)
    _set_retired(plan.retires, run, f"no longer in {run.version.source}", done)
    _set_retired(plan.revives, run, None, done)
    _follow_parents([*plan.updates, *plan.revives], run, done)
    _file(plan.conflicts, run)
    return done


def _file(disagreements: Iterable[Disagreement], run: ImportRun) -> None:
    """One open conflict for each field: a newer one takes the place of the older, and a source that went back to what
    the correction was made from leaves none."""
    now = timezone.now()
    for new in disagreements:
        before = Conflict.objects.filter(record=new.public_id, field=new.field, settled_at__isnull=True)
        returned = any(old.base == new.source for old in before)
        before.update(settled_at=now)
        if not returned:
            Conflict.objects.create(
                run=run,
                record_id=new.public_id,
                field=new.field,
                base=new.base,
                source=new.source,
                current=new.current,
            )


def held_by_people(ids: Iterable[str]) -> set[str]:
    """Those of these records in which something living stands that a person added."""
    wanted, held = set(ids), set()
    for model, known in FIELDS.items():
        if not issubclass(model, SourcedRecord):
            continue
        for key in known:
            if isinstance(key, Reference) and issubclass(key.model, SourcedRecord):
                added = model.objects.living().filter(origin=Origin.PERSON)
                held |= wanted & set(added.values_list(f"{key.name}__public_id", flat=True))
    return held


def fitted(entries: Iterable[Entry]) -> list[Entry]:
    """Entries whose texts fit their columns: what is longer is cut, with a mark; the source still has all of it."""
    return [replace(entry, fields={n: _fit(entry.kind, n, v) for n, v in entry.fields.items()}) for entry in entries]


def _fit(kind: str, name: str, value: Any) -> Any:
    stated = fields_of(MODELS[kind]).get(name)
    if isinstance(stated, Rows):
        limits = {column: stated.model._meta.get_field(column).max_length for column in stated.columns}
        return [{key: _cut(item, limits.get(key)) for key, item in row.items()} for row in value]
    if isinstance(stated, Plain):
        return _cut(value, MODELS[kind]._meta.get_field(name).max_length)
    return value


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
        self.records: dict[str, Record] = {}
        for model, ids in wanted.items():
            for record in _records(model, (), ids):
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


def _records(model: type[Record], names: Sequence[str], ids: Iterable[str]) -> Iterable[Record]:
    real = sorted(value for value in ids if not value.startswith("new:"))
    for start in range(0, len(real), CHUNK):
        yield from with_rows(model, names).filter(public_id__in=real[start : start + CHUNK])


def _create(model: type[Record], entries: list[Entry], known: _Known, workplace: Workplace, done: Done) -> None:
    columns = {name: f for name, f in fields_of(model).items() if not f.in_rows}
    in_rows = {name: f for name, f in fields_of(model).items() if f.in_rows}
    records = []
    for entry in entries:
        record = model(origin=Origin.RULE)
        for name in entry.fields.keys() & columns.keys():
            columns[name].assign(record, known.real(entry.fields[name]), _finder(known, entry, name))
        _settle(record, entry, workplace)
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


def _settle(record: Record, entry: Entry, workplace: Workplace) -> None:
    """Workshop, source and lines; and the retirement of what it stands in, where a person retired that."""
    if isinstance(record, Workshop):
        for name, value in workplace.of_new_workshop.items():
            setattr(record, name, value)
        workplace.workshop = record
    if not isinstance(record, SourcedRecord):
        return
    record.workshop, record.source = workplace.workshop, workplace.source
    record.first_line, record.last_line = entry.lines or (None, None)
    parent = _retired_parent(record)
    if parent:
        _retire_with(record, parent)


def _retired_parent(record: Record) -> Record | None:
    """What the record stands in, if a person took that out of the lists."""
    parents = (getattr(record, name, None) for name in ("exchange", "talk", "session", "turn", "theme", "day"))
    return next((parent for parent in parents if parent is not None and parent.retired_by == Origin.PERSON), None)


def _retire_with(record: Record, parent: Record) -> None:
    record.retired_at, record.retired_reason = parent.retired_at, parent.retired_reason
    record.retired_by = Origin.PERSON


def _follow_parents(touched: Iterable[Update | tuple[str, str]], run: ImportRun, done: Done) -> None:
    """What came back, or moved, into something that a person retired leaves the lists with it."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for one in touched:
        kind, public_id = (one.kind, one.public_id) if isinstance(one, Update) else one
        by_kind[kind].add(public_id)
    changes, group = [], uuid.uuid4()
    for kind, ids in by_kind.items():
        parents = [field.name for field in FIELDS[MODELS[kind]] if isinstance(field, Reference)]
        for record in _records(MODELS[kind], parents, ids):
            parent = _retired_parent(record)
            if parent and not record.retired_at:
                _retire_with(record, parent)
                record.version += 1
                record.save(update_fields=["retired_at", "retired_reason", "retired_by", "version"])
                changes.append(_change(record, run, group, "retired", None, record.retired_reason))
                done.touched.append(record)
    Change.objects.bulk_create(changes, batch_size=CHUNK)


def _move(updates: Iterable[Update]) -> None:
    """Positions and source lines, in bulk: a line that was added on top moves everything below it."""
    by_kind: dict[str, list[Update]] = defaultdict(list)
    for update in updates:
        if update.moved or update.lines:
            by_kind[update.kind].append(update)
    for kind, some in by_kind.items():
        model = MODELS[kind]
        found = {record.public_id: record for record in _records(model, (), {update.public_id for update in some})}
        names = {name for update in some for name in update.moved}
        for update in some:
            record = found[update.public_id]
            for name, value in update.moved.items():
                setattr(record, name, value)
            if update.lines and isinstance(record, SourcedRecord):
                record.first_line, record.last_line = update.lines
        if issubclass(model, SourcedRecord):
            names |= {"first_line", "last_line"}
        if names:
            model.objects.bulk_update(found.values(), sorted(names), batch_size=CHUNK)


def _update(updates: Iterable[Update], known: _Known, run: ImportRun, done: Done) -> None:
    by_kind: dict[str, list[Update]] = defaultdict(list)
    for update in updates:
        if update.fields:
            by_kind[update.kind].append(update)
    changes: list[Change] = []
    group = uuid.uuid4()
    for kind, some in by_kind.items():
        found = {record.public_id: record for record in _records(MODELS[kind], (), {u.public_id for u in some})}
        for update in some:
            record = found[update.public_id]
            _update_one(record, {name: after for name, (_, after) in update.fields.items()}, known)
            changes += [
                _change(record, run, group, name, before, known.real(after))
                for name, (before, after) in update.fields.items()
            ]
            done.touched.append(record)
    Change.objects.bulk_create(changes, batch_size=CHUNK)


def _update_one(record: Record, values: Mapping[str, Any], known: _Known) -> None:
    fields = fields_of(type(record))
    columns = [name for name in values if not fields[name].in_rows]
    for name in columns:
        value = values[name]
        fields[name].assign(record, value, lambda model, _, value=value: known.records[value])
    record.version += 1
    record.save(update_fields=[*columns, "version"])
    for name, value in values.items():
        if fields[name].in_rows:
            fields[name].replace(record, value, known.find, origin=Origin.RULE)


def _set_retired(which: Iterable[tuple[str, str]], run: ImportRun, reason: str | None, done: Done) -> None:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, public_id in which:
        by_kind[kind].add(public_id)
    group, now = uuid.uuid4(), timezone.now()
    changes: list[Change] = []
    for kind, ids in by_kind.items():
        for record in _records(MODELS[kind], (), ids):
            before = record.retired_reason or None
            record.retired_at = now if reason else None
            record.retired_reason = reason or ""
            record.retired_by = Origin.RULE if reason else ""
            record.version += 1
            record.save(update_fields=["retired_at", "retired_reason", "retired_by", "version"])
            changes.append(_change(record, run, group, "retired", before, reason))
            done.touched.append(record)
    Change.objects.bulk_create(changes, batch_size=CHUNK)


def _change(record: Record, run: ImportRun, group: uuid.UUID, name: str, before: Any, after: Any) -> Change:
    return Change(
        group=group,
        record_id=record.public_id,
        field=name,
        before=before,
        after=after,
        version=record.version,
        reason=f"import of {run.version}",
        by=run.by,
        run=run,
    )
