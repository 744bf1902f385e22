"""A conflict and a person's word on it in; the field set through `changes`, the conflict settled or open again, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from accounts.roles import READ_CONTACTS, SETTLE_CONFLICTS, may, may_edit
from records.models import Record

from .changes import Stale, change
from .comparing import Words, compare
from .fields import MODELS, Plain, Rows, fields_of, values_of, with_rows
from .masking import disclose, mask
from .models import Conflict, Contact
from .permalinks import may_read
from .telling import label_of, tell
from .versions import pieces

Json = Any
SETTLED_SHOWN = 50


class NotSettled(Exception):
    """Nothing was done; the message is one sentence that says why and what to do."""


@dataclass(slots=True)
class Dispute:
    """A conflict as its page shows it: three texts, what differs, and what one can do."""

    conflict: Conflict
    record: Record
    label: str
    before: str
    source: tuple[Words, ...]  # against what was before
    stands: tuple[Words, ...]
    agree: bool  # the site says by now what the source says
    text: str | None  # to be edited in place; None where only the record's form can

    @property
    def kind(self) -> str:
        return str(self.record._meta.verbose_name)


def conflicts_for(user: Any) -> QuerySet[Conflict]:
    """Conflicts over records of the kinds that this user may change."""
    kinds = [kind for kind, model in MODELS.items() if may_change(user, model)]
    return Conflict.objects.filter(record__kind__in=kinds)


def may_change(user: Any, model: type[Record]) -> bool:
    reads = model is not Contact or may(user, READ_CONTACTS)
    return reads and may(user, SETTLE_CONFLICTS) and may_edit(user, model)


def disputes(conflicts: QuerySet[Conflict], user: Any) -> list[Dispute]:
    """What these conflicts are about, as things stand now; only those over records that the user may read.

    The number of queries grows with the kinds of records, not with how many there are.
    """
    rows = list(conflicts.select_related("record", "run__version__source", "settled_by"))
    records = _records(rows)
    rows = [row for row in rows if row.record_id in records and may_read(records[row.record_id], user)]
    live = [_live(row, records[row.record_id]) for row in rows]
    told = tell((row.record.kind, row.field, (row.base, row.source, now)) for row, now in zip(rows, live, strict=True))
    return [_dispute(row, records[row.record_id], now, words) for row, now, words in zip(rows, live, told, strict=True)]


def settle(user: Any, conflict: Conflict, outcome: str, *, seen: int, text: str = "") -> None:
    """Keeps what stands, takes what the source says, or puts a third text there.

    `seen` is the version of the record that the person looked at. Raises NotSettled.
    """
    with _telling_why(), change(user, _reason(conflict, outcome)) as c:
        conflict.refresh_from_db()
        if conflict.settled_at:
            raise NotSettled("This conflict was settled by somebody else in the meantime.")
        record = record_of(conflict)
        conflict.stood = _live(conflict, record)
        wanted = {"theirs": conflict.source, "edited": text}.get(outcome, conflict.stood)
        if record.version != seen:
            raise Stale(record, seen)
        if outcome != Conflict.Outcome.MINE:
            c.set(record, seen=seen, **_values(conflict, record, wanted))
        conflict.became = _live(conflict, record_of(conflict))
        conflict.outcome, conflict.settled_at, conflict.settled_by = outcome, timezone.now(), c.user
        conflict.save()


def reopen(user: Any, conflict: Conflict) -> None:
    """Undoes `settle`: what stood comes back, and the conflict waits again. Raises NotSettled."""
    with _telling_why(), change(user, "conflict opened again") as c:
        conflict.refresh_from_db()
        if not conflict.outcome:
            raise NotSettled("Only what a person settled can be undone.")
        if Conflict.objects.filter(record=conflict.record_id, field=conflict.field, settled_at=None).exists():
            raise NotSettled("A newer import disagrees about the same field: settle that one instead.")
        record = record_of(conflict)
        if conflict.outcome != Conflict.Outcome.MINE:
            if _live(conflict, record) != conflict.became:
                raise NotSettled("It was changed since it was settled, so nothing was undone: see its history.")
            c.set(record, **_values(conflict, record, conflict.stood))
        conflict.outcome, conflict.settled_at, conflict.settled_by = "", None, None
        conflict.stood = conflict.became = None
        conflict.save()


def record_of(conflict: Conflict) -> Record:
    return MODELS[conflict.record.kind].objects.get(public_id=conflict.record_id)


class _telling_why:
    """What `changes` refuses becomes a sentence for the page."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Stale):
            raise NotSettled("Somebody changed it since you opened this page: look again, then settle it.") from error
        if isinstance(error, ValidationError):
            raise NotSettled(f"That could not be put there: {' '.join(error.messages)}") from error


def _reason(conflict: Conflict, outcome: str) -> str:
    return {
        "theirs": f"conflict settled: took what {conflict.run.version.source} says",
        "edited": "conflict settled: edited",
    }.get(outcome, "conflict settled: kept")


def _records(conflicts: list[Conflict]) -> dict[str, Record]:
    """Records with all that their disputed fields read, by permanent id."""
    wanted: dict[str, tuple[set[str], set[str]]] = {}
    for row in conflicts:
        ids, names = wanted.setdefault(row.record.kind, (set(), set()))
        ids.add(row.record_id)
        names.update(row.field.split("+"))
    found: dict[str, Record] = {}
    for kind, (ids, names) in wanted.items():
        model = MODELS[kind]
        records = with_rows(model, sorted(names & fields_of(model).keys()))
        if any(column.name == "workshop" for column in model._meta.fields):
            records = records.select_related("workshop")
        found |= {record.public_id: record for record in records.filter(public_id__in=ids)}
    return found


def _live(conflict: Conflict, record: Record) -> Json:
    """What stands now, in the shape in which the conflict was filed."""
    names = conflict.field.split("+")
    values = values_of(record, names)
    if len(names) > 1:
        return values
    value = values[conflict.field]
    whom = _element(conflict)
    return next((row for row in value if row["person"] == whom), None) if whom else value


def _element(conflict: Conflict) -> str | None:
    """Whom a conflict over a set of people is about: such a one is filed for each element."""
    field = fields_of(MODELS[conflict.record.kind]).get(conflict.field)
    if not isinstance(field, Rows) or not field.as_set:
        return None
    sides = (conflict.base, conflict.source, conflict.current)
    return next((side["person"] for side in sides if isinstance(side, Mapping)), None)


def _values(conflict: Conflict, record: Record, wanted: Json) -> dict[str, Json]:
    """The fields to set so that `wanted` stands."""
    if "+" in conflict.field:
        return dict(wanted)
    whom = _element(conflict)
    if whom is None:
        return {conflict.field: wanted}
    others = [row for row in values_of(record, [conflict.field])[conflict.field] if row["person"] != whom]
    return {conflict.field: [*others, *([wanted] if wanted else [])]}


def _dispute(conflict: Conflict, record: Record, now: Json, told: list[str]) -> Dispute:
    before, source, stands = (mask(disclose(words)) for words in told)
    listed = isinstance(conflict.base, list) or isinstance(conflict.source, list)
    field = fields_of(type(record)).get(conflict.field)
    editable = isinstance(field, Plain) and isinstance(now, str) and not _choices(record, conflict.field)
    return Dispute(
        conflict,
        record,
        label_of(conflict.field),
        before,
        compare(pieces(before, listed), pieces(source, listed), lists=listed, whole=True),
        compare(pieces(before, listed), pieces(stands, listed), lists=listed, whole=True),
        now == conflict.source,
        now if editable else None,
    )


def _choices(record: Record, name: str) -> bool:
    return bool(record._meta.get_field(name).flatchoices)
