"""A table of action items as it came back from a spreadsheet in; what it would change, or why it cannot be taken, out.

`read` writes nothing. `write` changes all of it or nothing. Cells that say what stands on the site ask for nothing, so
that a table which was only opened and saved changes nothing.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from typing import Any

from django.core.exceptions import ValidationError

from people.models import Person
from records.ids import ALPHABET, LENGTH
from themes.models import Topic

from .actions_telling import told_of
from .changes import change
from .exporting.action_items import COLUMNS, FOR_READING, PRIORITIES, Told, unguarded
from .fields import fields_of
from .models import ActionItem

Json = Any
MOST = 20_000  # rows
MOST_CHANGED = 1000  # items in one go: nobody else can write meanwhile
#: Columns that may be changed, with the field that they state.
STATED = {
    **{
        name: name for name in ("title", "status", "owners", "everybody", "due", "priority", "topics", "links", "notes")
    },
    **{"status reason": "status_reason", "due in words": "due_text"},
}
_WITH_ID = re.compile(rf"\[(?P<id>[{ALPHABET}]{{{LENGTH}}})\]\s*$")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})")
_MASKED = "@…"


class Unfit(Exception):
    """A cell that cannot be taken; the message is the end of a sentence that begins with the row."""


@dataclass(frozen=True, slots=True)
class Complaint:
    row: int  # as a spreadsheet counts, the names of the columns being the first
    sentence: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item that would change."""

    n: int
    item: ActionItem
    values: Mapping[str, Json]  # in the terms of `minutes.fields`
    cells: tuple[tuple[str, str, str], ...]  # (column, before, after)


@dataclass(slots=True)
class Sheet:
    """All that a table would do."""

    rows: list[Row] = field(default_factory=list)
    unchanged: int = 0
    complaints: list[Complaint] = field(default_factory=list)  # with any of these, nothing is taken
    notices: list[Complaint] = field(default_factory=list)

    @property
    def fit(self) -> bool:
        return bool(self.rows) and not self.complaints


@dataclass(frozen=True, slots=True)
class _Line:
    n: int
    cells: Mapping[str, str]


def read(content: bytes, user: Any) -> Sheet:
    """Nine queries at most, whatever is in the table."""
    sheet = Sheet()
    lines = _lines(content, sheet)
    if sheet.complaints:
        return sheet
    wanted = [line.cells.get("id", "").strip() for line in lines]
    items = ActionItem.objects.visible_to(user).filter(public_id__in=wanted)
    told = {one.item.public_id: one for one in told_of(items)}
    twice = {public_id for public_id, n in Counter(wanted).items() if public_id and n > 1}
    names = _Names(line.cells for line in lines)
    for line, public_id in zip(lines, wanted, strict=True):
        try:
            if not public_id:
                raise Unfit("has no permanent id. Items are added on the site; here they are only changed")
            if public_id in twice:
                raise Unfit(f"has the permanent id {public_id}, and so has another one")
            if public_id not in told:
                raise Unfit(f"has the permanent id {public_id[:20]}, and no action item that you may read has it")
            _compare(line, told[public_id], names, sheet)
        except Unfit as problem:
            sheet.complaints.append(Complaint(line.n, f"Row {line.n} {problem}."))
    if len(sheet.rows) > MOST_CHANGED:
        sentence = f"The table changes more than {MOST_CHANGED} items. Send it in parts."
        sheet.complaints.insert(0, Complaint(1, sentence))
    return sheet


def write(sheet: Sheet, user: Any, name: str) -> int:
    """Changes what the sheet would change, in one go. Raises ValueError for one that is not fit, Stale and
    ValidationError for what the site refuses by now."""
    if not sheet.fit:
        raise ValueError("nothing of this table can be taken")
    with change(user, f"from the table {name}") as c:
        return sum(c.set(row.item, seen=row.item.version, **row.values) for row in sheet.rows)


# The table


def _lines(content: bytes, sheet: Sheet) -> list[_Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        sheet.complaints.append(Complaint(1, "The file is not in UTF-8. Save it as “CSV UTF-8”."))
        return []
    head, *_ = text.split("\n", 1)
    separator = max(",;\t", key=head.count)
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[_Line] = []
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        if not _fits(names, sheet):
            return []
        for n, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                lines.append(_line(n, names, row, sheet))
    except csv.Error as problem:
        sheet.complaints.append(Complaint(rows.line_num, f"Line {rows.line_num} cannot be read as CSV: {problem}."))
    if len(lines) > MOST:
        sheet.complaints.append(Complaint(1, f"The table has more than {MOST} rows. Send it in parts."))
    return lines


def _fits(names: Sequence[str], sheet: Sheet) -> bool:
    twice = [name for name, n in Counter(names).items() if n > 1 and name]
    if "id" not in names:
        known = ", ".join(COLUMNS)
        sheet.complaints.append(
            Complaint(1, f"The first line must name the columns, “id” among them. Known are: {known}.")
        )
    elif twice:
        sheet.complaints.append(Complaint(1, f"There are two columns “{twice[0][:40]}”."))
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown:
        listed = ", ".join(f"“{name[:40]}”" for name in unknown)
        sheet.notices.append(Complaint(1, f"Nothing is read from what the site does not know: {listed}."))
    return not sheet.complaints


def _line(n: int, names: Sequence[str], row: Sequence[str], sheet: Sheet) -> _Line:
    if len(row) > len(names):
        sheet.complaints.append(Complaint(n, f"Row {n} has more cells than there are columns."))
    cells = {name: unguarded(cell.replace("\r\n", "\n")) for name, cell in zip(names, row, strict=False)}
    return _Line(n, cells)


# One row


def _compare(line: _Line, told: Told, names: _Names, sheet: Sheet) -> None:
    """Adds to the sheet what the row would change. Raises Unfit."""
    values: dict[str, Json] = {}
    cells: list[tuple[str, str, str]] = []
    for column, says in COLUMNS.items():
        stands = says(told).replace("\r\n", "\n")
        cell = line.cells.get(column, stands)
        if column in ("id", "version") or cell.strip() == stands.strip():
            continue
        if column in FOR_READING:
            sheet.notices.append(Complaint(line.n, f"Row {line.n}: the column “{column}” is only for reading."))
            continue
        if _MASKED in cell:
            raise Unfit(f"holds a masked e-mail address in the column “{column}”; change that on the site")
        values[STATED[column]] = _value(column, cell, told.item, names)
        cells.append((column, stands, cell.strip()))
    if not values:
        sheet.unchanged += 1
        return
    _require_seen(line.cells.get("version", "").strip(), told.item)
    sheet.rows.append(Row(line.n, told.item, values, tuple(cells)))


def _require_seen(version: str, item: ActionItem) -> None:
    if version and version != str(item.version):
        raise Unfit(
            f"changes “{item.title[:60]}”, which was changed on the site since the table was made (version "
            f"{item.version}, the table has {version[:10]}). Take the newer table"
        )


def _value(column: str, cell: str, item: ActionItem, names: _Names) -> Json:
    """What the cell states. Raises Unfit."""
    name = STATED[column]
    value = _READERS.get(column, lambda cell, names: cell.strip())(cell, names)
    stated = fields_of(ActionItem)[name]
    try:
        if not stated.in_rows:
            stated.check(item, value)
    except ValidationError as refusal:
        raise Unfit(f"has “{cell.strip()[:60]}” as {column}: {' '.join(refusal.messages).rstrip('.')}") from refusal
    return value


def _status(cell: str, names: _Names) -> str:
    return _one_of(cell.strip().lower(), ActionItem.Status.values, "status")


def _priority(cell: str, names: _Names) -> int:
    by_name = {words: number for number, words in PRIORITIES.items()}
    return by_name[_one_of(cell.strip().lower(), list(by_name), "priority")]


def _everybody(cell: str, names: _Names) -> bool:
    return _one_of(cell.strip().lower() or "no", ["yes", "no"], "everybody") == "yes"


def _one_of(value: str, known: Sequence[str], column: str) -> str:
    if value not in known:
        *others, last = known
        raise Unfit(f"has “{value[:40]}” as {column}; that is one of {', '.join(others)} and {last}")
    return value


def _due(cell: str, names: _Names) -> str | None:
    text = cell.strip()
    dotted = _DOTTED.fullmatch(text)
    try:
        if dotted:
            return date(int(dotted["year"]), int(dotted["month"]), int(dotted["day"])).isoformat()
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        raise Unfit(f"has “{text[:40]}” as due; a date is written as 2031-05-01") from None


def _owners(cell: str, names: _Names) -> list[Json]:
    return [{"person": names.person(part)} for part in _parts(cell)]


def _topics(cell: str, names: _Names) -> list[str]:
    return [names.topic(part) for part in _parts(cell)]


def _links(cell: str, names: _Names) -> list[str]:
    return [line.strip() for line in cell.split("\n") if line.strip()]


_READERS: Mapping[str, Callable[[str, _Names], Json]] = {
    "status": _status,
    "priority": _priority,
    "everybody": _everybody,
    "due": _due,
    "owners": _owners,
    "topics": _topics,
    "links": _links,
    "notes": lambda cell, names: cell,
}


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


class _Names:
    """The people and topics that a table names. Two queries."""

    def __init__(self, rows: Iterable[Mapping[str, str]]):
        rows = list(rows)
        parts = {part for row in rows for part in _parts(row.get("owners", ""))}
        ids = {found["id"] for part in parts if (found := _WITH_ID.search(part))}
        names = {part for part in parts if not _WITH_ID.search(part)}
        living = Person.objects.living().select_related("canonical")
        self.by_id = {person.public_id: person for person in living.filter(public_id__in=ids)}
        self.by_name: dict[str, list[Person]] = {}
        for person in living.filter(canonical=None, shown_name__in=names):
            self.by_name.setdefault(person.shown_name, []).append(person)
        slugs = {part for row in rows for part in _parts(row.get("topics", ""))}
        self.topics = dict(Topic.objects.filter(slug__in=slugs).values_list("slug", "public_id"))

    def person(self, part: str) -> str:
        found = _WITH_ID.search(part)
        people = [self.by_id[found["id"]]] if found and found["id"] in self.by_id else self.by_name.get(part, [])
        if not people:
            raise Unfit(f"has “{part[:60]}” as an owner, and the site knows nobody of this name")
        if len(people) > 1:
            listed = " or ".join(f"“{one.shown_name} [{one.public_id}]”" for one in people[:3])
            raise Unfit(f"has “{part[:60]}” as an owner, and several are called so. Write {listed}")
        return people[0].public_id

    def topic(self, part: str) -> str:
        if part not in self.topics:
            raise Unfit(f"has “{part[:60]}” as a topic, and no topic has this address (as in /topics/…)")
        return str(self.topics[part])
