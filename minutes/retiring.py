"""Records out of the lists and back into them, by an import: in bulk, with the log, and with the ids that move."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from records.models import Origin, PublicId, Record

from .fields import FIELDS, MODELS, Reference, fields_of, with_rows
from .merging import Update
from .models import Change, ImportRun, Turn, TurnTopic

CHUNK = 500  # ids in one query; SQLite's limit on variables is far above, its planner's patience is not
PLACES = ("exchange", "talk", "session", "turn", "theme", "day")  # the keys that say what a record stands in
RETIREMENT = ("retired_at", "retired_reason", "retired_by", "version")


@dataclass(slots=True)
class Done:
    created: dict[str, str] = field(default_factory=dict)  # "new:" + ref: permanent id
    touched: list[Record] = field(default_factory=list)  # whose derived values are to be made anew
    settled: list[int] = field(default_factory=list)  # conflicts of which newer ones took the place
    returned: dict[str, str] = field(default_factory=dict)  # what was joined before it came back: the id that it led to
    moved: dict[str, dict[str, Any]] = field(default_factory=dict)  # by permanent id: positions as they were before


def chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def records_of(model: type[Record], names: Sequence[str], ids: Iterable[str]) -> Iterable[Record]:
    for some in chunks(sorted(value for value in ids if not value.startswith("new:"))):
        yield from with_rows(model, names).filter(public_id__in=some)


def retired_parent(record: Record) -> Record | None:
    """What the record stands in, if a person took that out of the lists."""
    return next((parent for parent in _parents(record, PLACES) if parent.retired_by == Origin.PERSON), None)


def places_of(record: Record) -> list[Record]:
    """All that the record stands in, from the workshop down."""
    places: dict[tuple[str, int], Record] = {}
    for parent in _parents(record, (*PLACES, "workshop")):
        for each in (*places_of(parent), parent):
            places.setdefault((each.kind_name(), each.pk), each)
    return list(places.values())


def _parents(record: Record, names: Iterable[str]) -> list[Record]:
    return [parent for name in names if (parent := getattr(record, name, None)) is not None]


def retire_with(record: Record, parent: Record) -> None:
    record.retired_at, record.retired_reason = parent.retired_at, parent.retired_reason
    record.retired_by = Origin.PERSON


def follow_parents(touched: Iterable[Update | tuple[str, str]], run: ImportRun, done: Done) -> None:
    """What came back, or moved, into something that a person retired leaves the lists with it."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for one in touched:
        kind, public_id = (one.kind, one.public_id) if isinstance(one, Update) else one
        by_kind[kind].add(public_id)
    changes, group = [], uuid.uuid4()
    for kind, ids in by_kind.items():
        followed: list[Record] = []
        parents = [field.name for field in FIELDS[MODELS[kind]] if isinstance(field, Reference)]
        for record in records_of(MODELS[kind], parents, ids):
            parent = retired_parent(record)
            if parent and not record.retired_at:
                retire_with(record, parent)
                record.version += 1
                followed.append(record)
                changes.append(log_row(record, run, group, "retired", None, record.retired_reason))
        MODELS[kind].objects.all().rewrite(followed, RETIREMENT)
        done.touched += followed
    Change.objects.bulk_create(changes, batch_size=CHUNK)


def set_retired(which: Iterable[tuple[str, str]], run: ImportRun, reason: str | None, done: Done) -> None:
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, public_id in which:
        by_kind[kind].add(public_id)
    group, now = uuid.uuid4(), timezone.now()
    changes: list[Change] = []
    for kind, ids in by_kind.items():
        records = list(records_of(MODELS[kind], (), ids))
        for record in records:
            before = record.retired_reason or None
            record.retired_at = now if reason else None
            record.retired_reason = reason or ""
            record.retired_by = Origin.RULE if reason else ""
            record.version += 1
            changes.append(log_row(record, run, group, "retired", before, reason))
        MODELS[kind].objects.all().rewrite(records, RETIREMENT)
        done.touched += records
        if reason is None:  # what is back stands under its own id again
            for some in chunks(sorted(ids)):
                moved = PublicId.objects.filter(value__in=some, moved_to__isnull=False)
                done.returned |= dict(moved.values_list("value", "moved_to"))
                moved.update(moved_to=None)
    Change.objects.bulk_create(changes, batch_size=CHUNK)


def join(joins: Iterable[tuple[str, str, str]], run: ImportRun, reason: str, done: Done) -> None:
    """What is a part of another record now leaves the lists, and its id leads to that one."""
    joins = list(joins)
    set_retired([(kind, one) for kind, one, _ in joins], run, reason, done)
    moved = PublicId.objects.in_bulk([one for _, one, _ in joins])
    for _, one, survivor in joins:
        moved[one].moved_to_id = survivor
    PublicId.objects.all().rewrite(moved.values(), ["moved_to"])


def carry_topics(joins: Iterable[tuple[str, str, str]], run: ImportRun, done: Done) -> None:
    """Topics that people gave to a turn go with its words to the turn in which those stand now."""
    moves = {one: survivor for kind, one, survivor in joins if kind == Turn.kind_name()}
    given: dict[str, list[TurnTopic]] = defaultdict(list)
    for some in chunks(sorted(moves)):
        rows = TurnTopic.objects.filter(content_object__public_id__in=some, origin=Origin.PERSON)
        for row in rows.select_related("content_object"):
            given[moves[row.content_object.public_id]].append(row)
    group, changes = uuid.uuid4(), []
    topics = fields_of(Turn)["topics"]
    for turn in records_of(Turn, ["topics"], given):
        before = topics.read(turn)
        had = {row.tag_id for row in turn.topic_items.all() if row.origin == Origin.PERSON}
        new = {row.tag_id: row for row in given[turn.public_id] if row.tag_id not in had}
        TurnTopic.objects.filter(content_object=turn, tag__in=new).delete()
        TurnTopic.objects.bulk_create(
            TurnTopic(content_object=turn, tag_id=tag, label=row.label, origin=Origin.PERSON)
            for tag, row in new.items()
        )
        turn.version += 1
        turn.save(update_fields=["version"])
        after = topics.read(Turn.objects.get(pk=turn.pk))
        if after != before:
            changes.append(log_row(turn, run, group, "topics", before, after))
        done.touched.append(turn)
    Change.objects.bulk_create(changes)


def log_row(record: Record, run: ImportRun, group: uuid.UUID, name: str, before: Any, after: Any) -> Change:
    return Change(
        group=group,
        record_id=record.public_id,
        field=name,
        before=before,
        after=after,
        version=record.version,
        reason=run.reason[:300],
        by=run.by,
        run=run,
    )
