"""Tables whose rows are topics with what was said on each to titles and lines: as if they had not been a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from minutes.parsing.pieces import Piece, bare
from minutes.parsing.printed import read_label
from people import names

_TOPIC = re.compile(r"^(?:(?:agenda )?items?|topics?|subjects?|discussion (?:points?|items?)|agenda)$", re.IGNORECASE)
_NOTES = re.compile(r"^(?:(?:discussion|meeting) )?(?:notes?|discussions?|minutes|comments?|details)\b", re.IGNORECASE)
_ACTIONS = re.compile(r"^(?:actions?|to-?dos?|next steps|follow-?ups?)\b", re.IGNORECASE)
_LINE_END = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_PARTED = re.compile(r"<br\s*/?>\s*(?:<br\b|[-*•·]\s)", re.IGNORECASE)
_BULLET = re.compile(r"^[-*•·]\s+")
_SPOKEN = 3  # lines of known people that show what a column holds
_NOTHING = re.compile(r"^\W*(?:none|n/?a|nil|-)?\W*$", re.IGNORECASE)
_LEVEL = 3  # of the titles


@dataclass(frozen=True, slots=True)
class _Columns:
    topic: int
    notes: int
    actions: int  # -1 where no column has them


def _columns(cells: Sequence[str]) -> _Columns | None:
    heads = [names.plain(cell) for cell in cells]

    def find(pattern: re.Pattern[str]) -> int:
        return next((at for at, head in enumerate(heads) if pattern.match(head)), -1)

    topic, notes, actions = find(_TOPIC), find(_NOTES), find(_ACTIONS)
    return _Columns(topic, notes, actions) if topic >= 0 and notes >= 0 and topic != notes else None


def _cell(piece: Piece, column: int) -> list[str]:
    """The lines of a cell that say something."""
    text = piece.cells[column] if 0 <= column < len(piece.cells) else ""
    return [_BULLET.sub("", line) for line in _LINE_END.split(text.strip()) if not _NOTHING.match(line)]


def _by_words(rows: Sequence[Piece], knows: Callable[[str], bool]) -> _Columns | None:
    """The columns of a table whose head says nothing of them: one has cells of several lines with the labels of known
    people, and the first before it with words that never come back has the topics."""
    width = max(len(row.cells) for row in rows)
    spoken = [sum(_labels(_cell(row, column), knows) for row in rows) for column in range(width)]
    notes = spoken.index(max(spoken))
    if spoken[notes] < _SPOKEN or not any(_labels(_cell(row, notes), knows) > 1 for row in rows):
        return None
    for column in range(notes):
        cells = [cell for row in rows if (cell := " ".join(_cell(row, column)))]
        if len(cells) > 1 and len(set(cells)) == len(cells) and all(any(map(str.isalpha, cell)) for cell in cells):
            return None if any(knows(names.plain(cell)) for cell in cells) else _Columns(column, notes, -1)
    return None


def _labels(lines: Sequence[str], knows: Callable[[str], bool]) -> int:
    """How many lines begin with the label of somebody known."""
    return sum(bool((part := read_label(line)) and knows(names.plain(part.label))) for line in lines)


def _is_spoken(rows: Sequence[Piece], columns: _Columns, knows: Callable[[str], bool]) -> bool:
    """Whether the notes of a table hold the words of people whom the document knows."""
    return sum(_labels(_cell(row, columns.notes), knows) for row in rows) > 1


def _title(row: Piece, columns: _Columns) -> tuple[str, list[str]]:
    """The title of a row, and what its cell says below it: behind an empty line, or as a list."""
    lines = _cell(row, columns.topic)
    text = row.cells[columns.topic] if 0 <= columns.topic < len(row.cells) else ""
    if _PARTED.search(text) and lines:
        return lines[0].rstrip(" :"), lines[1:]
    return " ".join(lines), []


def _lines(row: Piece, columns: _Columns) -> Iterator[Piece]:
    """A row as a title and the lines below it."""
    title, below = _title(row, columns)
    if title:
        yield replace(row, kind="heading", level=_LEVEL, text=title, plain=bare(title), cells=())
    for line in below:
        yield replace(row, kind="paragraph", text=line, plain=bare(line), cells=())
    for line in _cell(row, columns.notes):
        yield replace(row, kind="paragraph", text=line, plain=bare(line), cells=())
    for line in _cell(row, columns.actions):
        text = f"ACTION: {line}"
        yield replace(row, kind="paragraph", text=text, plain=text, cells=())


def _first_full(pieces: Sequence[Piece], at: int, end: int) -> int:
    """The first row that says anything: exports put an empty head above that of the table."""
    return next((row for row in range(at, end) if any(cell.strip() for cell in pieces[row].cells)), at)


def read_talk_tables(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> tuple[tuple[Piece, ...], list[Piece]]:
    """The pieces with such tables taken apart, and the heads of these tables. `knows` tells people of the document."""
    made: list[Piece] = []
    heads: list[Piece] = []
    fresh = count(max((piece.index for piece in pieces), default=0) + 1)
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and pieces[end].kind == "row":
            end += 1
        top = _first_full(pieces, at, end)
        columns = _columns(pieces[top].cells) if end > top + 1 else None
        columns = columns or (_by_words(pieces[top + 1 : end], knows) if end > top + 1 else None)
        if columns and _is_spoken(pieces[top + 1 : end], columns, knows):
            heads += pieces[at : top + 1]
            for row in pieces[top + 1 : end]:
                made += [replace(line, index=(number := next(fresh)), block=number) for line in _lines(row, columns)]
        else:
            made += pieces[at : max(end, at + 1)]
        at = max(end, at + 1)
    return tuple(made), heads
