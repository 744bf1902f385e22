"""A record read from minutes in; the lines of the source from which it was read, and those around them, out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .importing import open_file
from .masking import disclose, mask
from .models import ImportRun, Note, SourceVersion, Turn
from .models.record import SourcedRecord
from .reading import Unreadable

AROUND = 4  # lines before and after
LONGEST = 200  # lines that are shown of one record
_FILES = 8  # kept as lines: whoever looks at one turn's source often looks at the next one's


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str
    own: bool  # of the record; the others stand around it
    withdrawn: bool = False  # somebody took back what stands here, so it is not shown


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a file as it was imported, with e-mail addresses masked."""

    file: str
    version: int
    first: int
    last: int
    lines: tuple[Line, ...]
    cut: bool = False  # the record goes on after the last line


def excerpt(record: SourcedRecord) -> Excerpt | None:
    """None where a person added the record, or where its lines are not known any more. Five queries at most.

    Lines are those of the import that stands: each import says anew where each record begins and ends.
    """
    if not (record.source_id and record.first_line and record.last_line):
        return None
    runs = ImportRun.objects.filter(version__source=record.source_id, undoes=None, undone_by=None)
    found = runs.values_list("version", "version__n", "version__source__name").first()
    lines = _lines(found[0]) if found else ()
    if not found or record.first_line > len(lines):
        return None
    first, last = record.first_line, min(record.last_line, record.first_line + LONGEST - 1, len(lines))
    start, end = max(first - AROUND, 1), min(last + AROUND, len(lines))
    gone = _withdrawn(record, start, end)
    shown = tuple(_line(n, lines[n - 1], first <= n <= last, gone) for n in range(start, end + 1))
    return Excerpt(mask(found[2]), found[1], first, record.last_line, shown, cut=record.last_line > last)


def _line(number: int, text: str, own: bool, gone: list[str]) -> Line:
    """What was withdrawn is told by its words: lines of records that are gone may be those of an older version."""
    words = " ".join(text.split())
    withdrawn = not own and any(words.endswith(one) or (len(words) > 1 and words in one) for one in gone)
    return Line(number, "" if withdrawn else mask(disclose(text)), own, withdrawn)


def _withdrawn(record: SourcedRecord, start: int, end: int) -> list[str]:
    """What turns and notes said that were read from these lines and are retired. Two queries."""
    gone: list[str] = []
    for model in (Turn, Note):
        rows = model.objects.filter(source=record.source_id, retired_at__isnull=False)
        around = rows.filter(first_line__lte=end, last_line__gte=start)
        gone += [" ".join(text.split()) for text in around.values_list("text", flat=True)]
    return [text for text in gone if text]


@lru_cache(maxsize=_FILES)
def _lines(version: int) -> tuple[str, ...]:
    """A version of a file never changes. One query, once."""
    kept = SourceVersion.objects.select_related("source").get(pk=version)
    try:
        return open_file(kept.source.name, bytes(kept.content)).lines
    except Unreadable:  # by limits that were set lower since
        return ()
