"""A record's log in, its versions out: what it said then, what changed since, and what a restore would put back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

from records.models import Record

from .comparing import Words, compare
from .fields import FIELDS, MODELS, Topics, fields_of, values_of
from .masking import disclose, mask
from .models import Change
from .telling import EMPTY, label_of, tell, tell_changes

Json = Any
#: What a record makes of itself, or where an import moved it: no version of its own hangs on these.
UNTOLD = frozenset({"n", "order"})


class Logged(Protocol):
    """A row of the log, as far as versions go."""

    field: str
    before: Json
    after: Json
    version: int


@dataclass(frozen=True, slots=True)
class Altered:
    """One field, before and after, in words."""

    label: str
    words: tuple[Words, ...]


@dataclass(slots=True)
class Version:
    n: int
    at: datetime | None = None  # None for the first, of a record that was read from a source
    by: str = ""
    reason: str = ""
    imported: bool = False
    fields: list[Altered] = field(default_factory=list)


class NeverWas(LookupError):
    """A version that the record never had; the message is one sentence."""


def log_of(record: Record) -> list[Change]:
    """The rows of its log, the newest first."""
    return list(Change.objects.filter(record=record.public_id).select_related("record", "by").order_by("-pk"))


def logs_of(records: Sequence[Record]) -> dict[str, list[Change]]:
    """The same for several records, by permanent id. One query."""
    ids = [record.public_id for record in records]
    logs: dict[str, list[Change]] = {public_id: [] for public_id in ids}
    for row in Change.objects.filter(record__in=ids).order_by("-pk"):
        logs[row.record_id].append(row)
    return logs


def rewind(now: Mapping[str, Json], log: Iterable[Logged], n: int) -> dict[str, Json]:
    """What these fields said in version n: the log undone, the newest change first."""
    values = dict(now)
    for row in sorted(log, key=lambda row: row.version, reverse=True):
        if row.version > n and row.field in values:
            values[row.field] = row.before
    return values


def require_version(record: Record, n: int) -> None:
    """Raises NeverWas."""
    if not 1 <= n <= record.version:
        kind, count = record._meta.verbose_name, record.version
        had = "only one version" if count == 1 else f"versions 1 to {count}"
        raise NeverWas(f"This {kind} has {had}; there never was a version {n}.")


def values_at(record: Record, n: int, log: Sequence[Logged] | None = None) -> dict[str, Json]:
    """All fields as they stood in version n. Raises NeverWas."""
    require_version(record, n)
    names = [one.name for one in FIELDS[type(record)]]
    return rewind(values_of(record, names), log_of(record) if log is None else log, n)


def differing(record: Record, n: int, log: Sequence[Logged] | None = None) -> dict[str, tuple[Json, Json]]:
    """Fields that said something else in version n, with both values: then and now."""
    then = values_at(record, n, log)
    now = values_of(record, then)
    return {name: (then[name], now[name]) for name in then if then[name] != now[name] and name not in UNTOLD}


def compare_fields(kind: str, pairs: Mapping[str, tuple[Json, Json]], *, whole: bool = False) -> list[Altered]:
    """Each field, its two values in words, and what differs between them."""
    told = tell([(kind, name, pair) for name, pair in pairs.items()])
    return [_altered(kind, name, *words, whole=whole) for name, words in zip(pairs, told, strict=True)]


def versions_of(record: Record) -> list[Version]:
    """Every version, the newest first; each but the first with what changed in it. Four queries or so."""
    log = log_of(record)
    told = {row.pk: words for row, words in zip(log, tell_changes(log), strict=True)}
    found: list[Version] = []
    for n, rows in groupby(sorted(log, key=lambda row: (-row.version, row.pk)), key=lambda row: row.version):
        some = list(rows)
        first = some[0]
        made = all(row.before is None and row.version == 1 for row in some)
        kind = first.record.kind
        fields = (
            []
            if made
            else [
                _altered(kind, row.field, told[row.pk].before, told[row.pk].after)
                for row in some
                if row.field not in UNTOLD
            ]
        )
        by = first.by.get_username() if first.by and not first.run_id else ""
        found.append(Version(n, first.at, by, first.reason, bool(first.run_id), fields))
    if not found or found[-1].n > 1:
        found.append(Version(1))
    return found


def _altered(kind: str, name: str, before: str, after: str, *, whole: bool = False) -> Altered:
    one, other = (mask(disclose("" if words == EMPTY else words)) for words in (before, after))
    listed = getattr(fields_of(MODELS[kind]).get(name), "in_rows", False)
    return Altered(label_of(name), compare(pieces(one, listed), pieces(other, listed), lists=bool(listed), whole=whole))


def pieces(text: str, listed: bool) -> list[str]:
    """Words; of a list its items, so that nobody is made of two names."""
    if not listed:
        return text.split()
    items = text.split(", ") if text else []
    return [f"{item}," for item in items[:-1]] + items[-1:]


def words_at(record: Record, n: int, log: Sequence[Logged] | None = None) -> str:
    """What it said in version n, or how it was called."""
    values = values_at(record, n, log)
    return next((values[name] for name in ("text", "title", "name", "label") if values.get(name)), str(record))


def has_topics(record: Record) -> bool:
    return any(isinstance(one, Topics) for one in fields_of(type(record)).values())
