"""Change rows in, sentences that people read out: permanent ids become names, in one query for each kind of record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from records.models import Record
from themes.models import Topic

from .fields import MODELS, Field, Reference, Rows, Topics, fields_of
from .models import Change, Conflict, Series, Workshop

EMPTY = "empty"
#: Fields that people call otherwise.
LABELS = {
    "n": "number",
    "url": "address",
    "scope_id": "holds in",
    "voices": "who spoke",
    "addressed": "addressed to",
    "refused": "not evidence",
}


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
    stated = [(kind, name, [_parts(name, value) for value in values]) for kind, name, values in rows]
    wanted: dict[type[Record], set[str]] = defaultdict(set)
    for kind, _, values in stated:
        for parts in values:
            for part, value in parts.items():
                for model, public_id in _mentioned(_field(kind, part), value, parts):
                    wanted[model].add(public_id)
    names = {}
    for model, public_ids in wanted.items():
        names |= {record.public_id: str(record) for record in model.objects.filter(public_id__in=public_ids)}
    return [[_together(kind, name, parts, names) for parts in values] for kind, name, values in stated]


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
    """How people call a field; fields that a conflict names together are joined by a plus."""
    return ", ".join(LABELS.get(part, part.replace("_", " ")) for part in name.split("+"))


def _parts(name: str, value: Any) -> dict[str, Any]:
    """Fields that only make sense together have one value: an object with each of them."""
    if "+" in name:
        return {part: (value or {}).get(part) for part in name.split("+")}
    return {name: value}


def _together(kind: str, name: str, parts: dict[str, Any], names: dict[str, str]) -> str:
    words = {part: _words(_field(kind, part), kind, value, names) for part, value in parts.items()}
    if "+" not in name:
        return words[name]
    if kind == "alias" and parts.get("person"):
        return words["person"]  # the state says no more
    said = [f"{label_of(part)}: {words[part]}" for part, value in parts.items() if value not in (None, "", [])]
    return "; ".join(said) or EMPTY


def _field(kind: str, name: str) -> Field | None:
    return fields_of(MODELS[kind]).get(name)  # none for "retired", which is no field


def _mentioned(field: Field | None, value: Any, beside: dict[str, Any]) -> Iterator[tuple[type[Record], str]]:
    if field is not None and field.name == "scope_id" and value:
        yield from ((model, value) for model in (Series, Workshop))
    elif isinstance(field, Reference) and value:
        yield field.model, value
    elif isinstance(field, Topics):
        yield from ((Topic, public_id) for public_id in value or [])
    elif isinstance(field, Rows):
        yield from ((field.key_model, row[field.key]) for row in _rows(value) if row.get(field.key))


def _words(field: Field | None, kind: str, value: Any, names: dict[str, str]) -> str:
    if value in (None, "", []):
        return EMPTY
    if isinstance(field, Reference):
        return names.get(value, value)
    if isinstance(field, Topics):
        return ", ".join(names.get(public_id, public_id) for public_id in value)
    if isinstance(field, Rows):
        return ", ".join(_row(field, row, names) for row in _rows(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field is not None and field.name == "scope_id":
        return names.get(value, value)
    choices = dict(MODELS[kind]._meta.get_field(field.name).flatchoices) if field else {}
    return str(choices.get(value, value))


def _rows(value: Any) -> list[dict[str, Any]]:
    """A conflict over a set is about one element of it, which stands without the list around it."""
    return [value] if isinstance(value, dict) else value or []


def _row(field: Rows, row: dict[str, Any], names: dict[str, str]) -> str:
    choices = {column: dict(field.model._meta.get_field(column).flatchoices) for column in field.columns}
    told = ((row[column], choices[column].get(row[column])) for column in field.columns if row.get(column))
    columns = " · ".join(str(choice).lower() if choice else str(value) for value, choice in told)
    name = names.get(row[field.key], row[field.key]) if row[field.key] else "nobody"
    return f"{name} ({columns})" if columns else name


def stale_sentence(record: Record, seen: int) -> str:
    """Who changed the record since its version `seen`, and what it says now."""
    newer = list(Change.objects.filter(record=record.public_id, version__gt=seen).select_related("record", "by"))
    latest = {change.field: change for change in reversed(newer)}
    if not latest:
        return "An import changed this since you opened it."
    names = sorted({change.by.get_username() for change in newer if change.by}) or ["Somebody"]
    now = "; ".join(f"{told.label}: {told.after}" for told in tell_changes(latest.values()))
    return f"{' and '.join(names)} changed this since you opened it. Now it says “{now}”."
