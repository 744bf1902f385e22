"""A group of the change log in, everything in it as it was before, out; what was changed since stays, and is named."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from people.models import Alias, NameStep, Person
from records.models import Origin, Record, RecordQuerySet

from .changes import ChangeSet, within
from .fields import MODELS, fields_of, same, values_of
from .models import Change

Json = Any


def undo(c: ChangeSet, group: UUID) -> list[Record]:
    """Takes back what people changed in one go; returns the records that were changed since, where that stays."""
    by_record: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in Change.objects.filter(group=group, run=None).select_related("record").order_by("pk"):
        by_record[change.record.kind, change.record_id].append(change)
    left = []
    for (kind, public_id), changes in reversed(by_record.items()):
        record = MODELS[kind].objects.get(public_id=public_id)
        if not _undo_record(c, record, changes):
            left.append(record)
    return left


def _undo_record(c: ChangeSet, record: Record, changes: list[Change]) -> bool:
    """Says whether all of it could be taken back."""
    if changes[0].version == 1 and all(change.before is None for change in changes):
        return _withdraw(c, record)
    known = fields_of(type(record))
    spans: dict[str, tuple[Json, Json]] = {}
    for change in changes:
        if change.field in known:
            spans[change.field] = (spans.get(change.field, (change.before,))[0], change.after)
    now, values, whole = values_of(record, spans), {}, True
    for name, (before, after) in spans.items():
        if name == "voices":
            values[name], all_back = _voices_back(before, after, now[name])
            whole &= all_back
        elif same(known[name], now[name], after):
            values[name] = before
        else:
            whole = False
    if isinstance(record, Alias) and not whole:
        return False  # whom it means and that it means somebody go together
    if values:
        c.set(record, origin=_origin_before(record, changes[0]), **values)
        if "topics" in values:
            c.allow_topics(record, _never_refused(record, spans["topics"], changes[0]))
    if record.retired_at and _was_withdrawn(record, changes):
        c.bring_back(record)
    if any(change.field == "retired" and change.before for change in changes) and record.retired_at is None:
        if any(each.retired_at is None for each in within(record)):  # what came back with it has left by now
            return False
        c.retire(record, "undone")
    return whole


def _was_withdrawn(record: Record, changes: list[Change]) -> bool:
    """Whether people took it out of the lists there, and nobody did since."""
    mine = [change for change in changes if change.field == "retired"]
    withdrawn = bool(mine) and mine[0].before is None and mine[-1].after is not None
    return withdrawn and (record.retired_by, record.retired_reason) == (Origin.PERSON, mine[-1].after)


def _never_refused(record: Record, span: tuple[Json, Json], first: Change) -> set[str]:
    """Topics that were given then, and that nobody had taken away before: rules may find them as ever."""
    given = set(span[1] or []) - set(span[0] or [])
    earlier = Change.objects.filter(record=record.public_id, field="topics", run=None, pk__lt=first.pk)
    return given - {one for change in earlier for one in set(change.before or []) - set(change.after or [])}


def _withdraw(c: ChangeSet, record: Record) -> bool:
    """Takes what was added out of the lists again, unless somebody works with it by now."""
    if record.version > 1 or (isinstance(record, Person) and _is_used(record)):
        return False
    if record.retired_at is None:
        c.retire(record, "undone")
    return True


def _is_used(person: Person) -> bool:
    for relation in person._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: person})
        if (rows.living() if isinstance(rows, RecordQuerySet) else rows).exists():
            return True
    return False


def _voices_back(before: list[Json], after: list[Json], now: list[Json]) -> tuple[list[Json], bool]:
    """Label by label, so that two decisions about one turn can be taken back in any order."""
    olds, news = ({row["label"]: row for row in rows} for rows in (before, after))
    back, whole = [], True
    for row in now:
        old, new = olds.get(row["label"]), news.get(row["label"])
        if old is None or old == new:
            back.append(row)
        elif row == new:
            back.append(old)
        else:
            back.append(row)
            whole = False
    return back, whole


def _origin_before(record: Record, first: Change) -> str:
    """Whether people had a say in who spoke before this, steps that were undone left out."""
    undone = NameStep.objects.filter(undone_at__isnull=False)
    groups = {group for pair in undone.values_list("group", "undone_group") for group in pair if group}
    earlier = Change.objects.filter(record=record.public_id, field="voices", run=None, pk__lt=first.pk)
    return Origin.PERSON if earlier.exclude(group__in=groups).exists() else Origin.RULE
