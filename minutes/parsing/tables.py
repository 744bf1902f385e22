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
    return [line for line in _LINE_END.split(text.strip()) if not _NOTHING.match(line)]


def _is_spoken(rows: Sequence[Piece], columns: _Columns, knows: Callable[[str], bool]) -> bool:
    """Whether the notes of a table hold the words of people whom the document knows."""
    parts = (read_label(line) for row in rows for line in _cell(row, columns.notes))
    return sum(bool(part and knows(names.plain(part.label))) for part in parts) > 1


def _lines(row: Piece, columns: _Columns) -> Iterator[Piece]:
    """A row as a title and the lines below it."""
    title = " ".join(_cell(row, columns.topic))
    if title:
        yield replace(row, kind="heading", level=_LEVEL, text=title, plain=bare(title), cells=())
    for line in _cell(row, columns.notes):
        yield replace(row, kind="paragraph", text=line, plain=bare(line), cells=())
    for line in _cell(row, columns.actions):
        text = f"ACTION: {line}"
        yield replace(row, kind="paragraph", text=text, plain=text, cells=())


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
        columns = _columns(pieces[at].cells) if end > at + 1 else None
        if columns and _is_spoken(pieces[at + 1 : end], columns, knows):
            heads.append(pieces[at])
            for row in pieces[at + 1 : end]:
                made += [replace(line, index=(number := next(fresh)), block=number) for line in _lines(row, columns)]
        else:
            made += pieces[at : max(end, at + 1)]
        at = max(end, at + 1)
    return tuple(made), heads
