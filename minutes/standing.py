"""Entries in, what stands now in the records that they became out: in a few plain queries, without making records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from records.models import Record

from .fields import MODELS, Plain, Reference, Rows, fields_of, values_of
from .fieldwise import Current
from .matching import Entry
from .models.record import SourcedRecord
from .retiring import chunks, records_of

LINES = ("first_line", "last_line")


def current_of(entries: Iterable[Entry], beside: Iterable[Entry] = ()) -> dict[str, Current]:
    """What stands now in the records that these entries became, by permanent id; also in the fields that entries
    `beside` them state, which an older reading did not know."""
    ids: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.became:
            ids[entry.kind].add(entry.became)
            names[entry.kind].update(entry.fields)
    for entry in beside:
        names[entry.kind].update(entry.fields)
    found: dict[str, Current] = {}
    for kind, wanted in ids.items():
        model = MODELS[kind]
        known = [field for name, field in fields_of(model).items() if name in names[kind]]
        if all(isinstance(field, Plain | Reference | Rows) for field in known):
            for some in chunks(sorted(wanted)):
                found |= _read(model, known, some)
        else:
            found |= _read_records(model, [field.name for field in known], wanted)
    return found


def _read(model: type[Record], fields: Sequence[Any], ids: Collection[str]) -> dict[str, Current]:
    columns = [field for field in fields if not field.in_rows]
    lines = LINES if issubclass(model, SourcedRecord) else ()
    asked = [f"{one.name}__public_id" if isinstance(one, Reference) else one.name for one in columns]
    rows = {field.name: _rows(field, ids) for field in fields if field.in_rows}
    names = [field.name for field in columns]
    found = {}
    query = model.objects.filter(public_id__in=ids).order_by()
    for public_id, retired_by, *values in query.values_list("public_id", "retired_by", *asked, *lines):
        said = {name: _plain(value) for name, value in zip(names, values, strict=False)}
        said |= {name: by_owner.get(public_id, []) for name, by_owner in rows.items()}
        at = tuple(values[len(names) :])
        found[public_id] = Current(said, at if lines and at[0] is not None else None, retired_by)
    return found


def _rows(field: Rows, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """As `Rows.read` reads them, by the permanent id of their owner."""
    order = "position" if hasattr(field.model, "position") else "pk"
    query = field.model.objects.filter(**{f"{field.owner}__public_id__in": ids}).order_by(order, "pk")
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for owner, key, *values in query.values_list(
        f"{field.owner}__public_id", f"{field.key}__public_id", *field.columns
    ):
        found[owner].append({field.key: key, **dict(zip(field.columns, values, strict=True))})
    return {owner: sorted(rows, key=str) for owner, rows in found.items()} if field.as_set else found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read_records(model: type[Record], names: Sequence[str], ids: Iterable[str]) -> dict[str, Current]:
    found = {}
    for record in records_of(model, names, ids):
        lines = (record.first_line, record.last_line) if getattr(record, "first_line", None) is not None else None
        found[record.public_id] = Current(values_of(record, names), lines, record.retired_by)
    return found
