"""Change rows in, sentences that people read out: permanent ids become names, in one query for each kind of record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from minutes.fields import MODELS, Field, Reference, Rows, Topics, fields_of
from minutes.models import Change, Conflict
from records.models import Record
from themes.models import Topic

EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Told:
    label: str
    before: str
    after: str


def tell_changes(changes: Iterable[Change]) -> list[Told]:
    """What each row of the log says. Rows must carry their `record`."""
    changes = list(changes)
    told = tell([(row.record.kind, row.field, (row.before, row.after)) for row in changes])
    return [Told(label_of(row.field), *words) for row, words in zip(changes, told, strict=True)]


def tell_conflicts(conflicts: Iterable[Conflict]) -> list[list[str]]:
    """What base, source and current said, in words."""
    return tell([(row.record.kind, row.field, (row.base, row.source, row.current)) for row in conflicts])


def tell(rows: Iterable[tuple[str, str, Collection[Any]]]) -> list[list[str]]:
    """Kinds and names of fields with values of them in; the same values in words out."""
    named = [(_field(kind, name), kind, values) for kind, name, values in rows]
    wanted: dict[type[Record], set[str]] = defaultdict(set)
    for field, _, values in named:
        for value in values:
            for model, public_id in _mentioned(field, value):
                wanted[model].add(public_id)
    names = {}
    for model, public_ids in wanted.items():
        names |= {record.public_id: str(record) for record in model.objects.filter(public_id__in=public_ids)}
    return [[_words(field, kind, value, names) for value in values] for field, kind, values in named]


def names_of(kinds_and_ids: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What records are called now, by permanent id: one query for each kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind, public_id in kinds_and_ids:
        wanted[kind].add(public_id)
    return {
        record.public_id: str(record)
        for kind, public_ids in wanted.items()
        for record in MODELS[kind].objects.filter(public_id__in=public_ids)
    }


def label_of(name: str) -> str:
    return name.replace("_", " ")


def _field(kind: str, name: str) -> Field | None:
    return fields_of(MODELS[kind]).get(name)  # none for "retired", which is no field


def _mentioned(field: Field | None, value: Any) -> Iterator[tuple[type[Record], str]]:
    if isinstance(field, Reference) and value:
        yield field.model, value
    elif isinstance(field, Topics):
        yield from ((Topic, public_id) for public_id in value or [])
    elif isinstance(field, Rows):
        yield from ((field.key_model, row[field.key]) for row in value or [] if row.get(field.key))


def _words(field: Field | None, kind: str, value: Any, names: dict[str, str]) -> str:
    if value in (None, "", []):
        return EMPTY
    if isinstance(field, Reference):
        return names.get(value, value)
    if isinstance(field, Topics):
        return ", ".join(names.get(public_id, public_id) for public_id in value)
    if isinstance(field, Rows):
        return ", ".join(_row(field, row, names) for row in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    choices = dict(MODELS[kind]._meta.get_field(field.name).flatchoices) if field else {}
    return str(choices.get(value, value))


def _row(field: Rows, row: dict[str, Any], names: dict[str, str]) -> str:
    columns = " · ".join(str(row[column]) for column in field.columns if row.get(column))
    name = names.get(row[field.key], row[field.key]) if row[field.key] else "nobody"
    return f"{name} ({columns})" if columns else name
