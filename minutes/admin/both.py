"""A stale form in; for each field that somebody else changed meanwhile, both texts and which of them to keep, out."""

from collections.abc import Iterable
from dataclasses import dataclass

from minutes.comparing import Words
from minutes.fields import Json, fields_of, same, values_of
from minutes.versions import UNTOLD, NeverWas, compare_fields, values_at

from .forms import RecordForm, RowFormSet

SHOWN = ("person", "label")  # what tells rows of one record apart


@dataclass(frozen=True, slots=True)
class Both:
    """One field: what was there when the form was opened became two texts."""

    name: str
    label: str
    theirs: tuple[Words, ...]
    mine: tuple[Words, ...]
    keep: str  # "mine", or "theirs" where the person left the field alone


def both_texts(form: RecordForm, formsets: Iterable[RowFormSet]) -> list[Both]:
    record = type(form.instance).objects.get(pk=form.instance.pk)
    try:
        then = values_at(record, form.stale_from or 0)
    except NeverWas:
        then = values_of(record, fields_of(type(record)))
    now, mine = values_of(record, then), _stated(form, formsets, then)
    known = fields_of(type(record))
    names = [name for name in mine if name not in UNTOLD and not same(known[name], then[name], now[name])]
    differing = [name for name in names if not same(known[name], mine[name], now[name])]
    kind = record.kind_name()
    theirs = compare_fields(kind, {name: (then[name], now[name]) for name in differing}, whole=True)
    yours = compare_fields(kind, {name: (then[name], mine[name]) for name in differing}, whole=True)
    return [
        Both(name, one.label, one.words, other.words, "theirs" if same(known[name], mine[name], then[name]) else "mine")
        for name, one, other in zip(differing, theirs, yours, strict=True)
    ]


def _stated(form: RecordForm, formsets: Iterable[RowFormSet], then: dict[str, Json]) -> dict[str, Json]:
    """What the person's form says, as it would be written; of a row what the form does not show is as it was."""
    known = fields_of(type(form.instance))
    values = form.stated()
    for rows in formsets:
        if rows.is_bound and rows.is_valid() and rows.has_changed():
            values |= rows.stated()
    return {
        name: known[name].normal(form.instance, _filled(value, then[name])) if known[name].in_rows else value
        for name, value in values.items()
    }


def _filled(value: Json, then: Json) -> Json:
    def before(row: Json) -> Json:
        shown = [old for old in then if all(old.get(name) == part for name, part in row.items() if name in SHOWN)]
        return shown[0] if shown else {}

    return [before(row) | row if isinstance(row, dict) else row for row in value]
