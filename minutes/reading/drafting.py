"""What stands between two blocks of a page becomes one: by the list, table, heading or note that is open around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from minutes.reading.elements import (
    CELL_BREAK,
    HEADINGS,
    LISTS,
    google_depth,
    has_sequel,
    is_layout,
    is_navigation,
    is_title,
    join_cell,
    word_depth,
)
from minutes.reading.inline import Line
from minutes.reading.layout import Draft
from minutes.reading.page import Element

_HEADED = re.compile(r"^\*\*([^*]+)\*\*$")  # a cell in bold heads a column, and no label is in it
_CONTINUED = re.compile(r"^(?:\.\.\.|…)")
_COMMAND = re.compile(
    r"^(?:<[\w|-]{1,30}>\s+(?:scribe(?:nick)?|chair|agenda|meeting)\s*:"
    r"|(?:<[\w|-]{1,30}>\s+)?(?:scribenick\s*:|(?:present|regrets|scribe|agenda)[+-]|(?:rrsagent|zakim|trackbot)\s*,))",
    re.IGNORECASE,
)
_ALPHABET = 26


@dataclass(slots=True)
class _List:
    ordered: bool
    depth: int
    style: str = ""
    next: int = 1

    def marker(self) -> str:
        if not self.ordered:
            return "-"
        self.next += 1
        number = self.next - 1
        if self.style in ("a", "A") and 0 < number <= _ALPHABET:
            return f"{chr(ord(self.style) + number - 1)}."
        return f"{number}."


@dataclass(slots=True)
class _Term:
    """What a definition list names, until what it says of it is known."""

    text: str
    number: int
    several: bool = False  # more than one entry belongs to it


@dataclass(slots=True)
class _Table:
    layout: bool  # holds the page's parts in place, and is no table of its own
    cells: list[str] = field(default_factory=list)
    cell: list[str] | None = None
    number: int = 0


class Drafting:
    """Knows which headings, lists, tables and notes are open, and makes a draft of each block that is put into them."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.heading = 0  # level of the one that is open
        self.navigation = 0
        self.note: str | None = None  # sign of the footnote or comment that is being read
        self._lists: list[_List] = []
        self._tables: list[_Table] = []
        self._marker = ""
        self._item_level: int | None = None
        self._term: _Term | None = None
        self._in_term = False
        self._full = 0  # drafts there were when the open paragraph began
        self._openers: Mapping[str, Callable[[Element], None]] = {
            "li": self._open_item, "table": self._open_table, "tr": self._open_row, "td": self._open_cell,
            "th": self._open_cell, "dt": self._open_term, "dd": self._open_entry, "p": self._open_paragraph,
        }  # fmt: skip
        self._closers: Mapping[str, Callable[[Element], None]] = {
            "li": self._close_item, "table": self._close_table, "tr": self._close_row, "td": self._close_cell,
            "th": self._close_cell, "dt": self._close_term, "dl": self._drop_term, "p": self._close_paragraph,
        }  # fmt: skip

    def open(self, element: Element) -> None:
        tag = element.tag
        if is_navigation(element):
            self.navigation += 1
        if tag in HEADINGS:
            self.heading = HEADINGS[tag]
        elif tag in LISTS:
            self._open_list(element)
        elif tag in self._openers:
            self._openers[tag](element)

    def close(self, element: Element) -> None:
        tag = element.tag
        if tag in HEADINGS:
            self.heading = 0
        elif tag in LISTS:
            self._lists.pop()
        elif tag in self._closers:
            self._closers[tag](element)
        if is_navigation(element):
            self.navigation -= 1

    def put_preformatted(self, lines: list[Line]) -> None:
        while lines and lines[-1].blank:
            lines.pop()
        if any(not line.blank for line in lines):
            rows = tuple("".join(run.text for run in line.runs).rstrip() for line in lines)
            self.drafts.append(Draft("preformatted", rows, tuple(line.number for line in lines)))

    def put_rule(self, number: int) -> None:
        if not self.in_cell():
            self.drafts.append(Draft("rule", ("---",), (number,)))

    def in_cell(self) -> bool:
        """Whether what is read stands in a cell of a table."""
        return bool(self._tables) and self._tables[-1].cell is not None

    def put(self, lines: list[Line]) -> None:
        """What was read since the last block becomes one."""
        rows = tuple(line.markdown(emphasis=not (self.heading or self._in_term)) for line in lines)
        numbers = tuple(line.number for line in lines)
        if self._in_term:
            self._term = _Term(" ".join(rows), numbers[0])
        elif self.note is not None:
            self._emit_note(rows, numbers)
        elif self.in_cell():
            table = self._tables[-1]
            assert table.cell is not None
            table.number = table.number or numbers[0]
            table.cell.extend(rows)
        elif self.navigation or all(line.leads_within for line in lines):
            self._drop_term(None, kind_of_rest="comment")
            self.drafts.append(Draft("comment", rows, numbers, marker="navigation"))
        elif self.heading:
            self._drop_term(None)
            self._marker = ""  # of an item that is a whole section, whose first paragraph is no item
            self.drafts.append(Draft("heading", (" ".join(rows),), numbers[:1], level=self.heading))
        elif self._marker:
            self._emit_item(rows, numbers)
        else:
            self._emit_paragraph(rows, numbers)

    def _emit_note(self, rows: tuple[str, ...], numbers: tuple[int, ...]) -> None:
        sign, self.note, self._term, self._marker = self.note, None, None, ""
        self.drafts.append(Draft("paragraph", (f"Note: [{sign}] {rows[0]}", *rows[1:]), numbers))

    def _emit_item(self, rows: tuple[str, ...], numbers: tuple[int, ...]) -> None:
        self._drop_term(None)
        level = self._lists[-1].depth if self._lists else 0
        level = self._item_level if self._item_level is not None else level
        self.drafts.append(Draft("item", rows, numbers, level=level, marker=self._marker))
        self._marker, self._item_level = "", None

    def _emit_paragraph(self, rows: tuple[str, ...], numbers: tuple[int, ...]) -> None:
        level = self._lists[-1].depth + 1 if self._lists else 0
        if self._term is not None:
            term, self._term = self._term, None
            rows, numbers = (f"{term.text.rstrip(': ')}: {rows[0]}", *rows[1:]), (term.number, *numbers[1:])
        last = self.drafts[-1] if self.drafts else None
        if last is not None and last.kind in ("paragraph", "item") and all(map(_CONTINUED.match, rows)):
            self.drafts[-1] = Draft(
                last.kind, last.rows + rows, last.numbers + numbers, last.level, last.marker, last.cells
            )
        elif len(rows) == 1 and _COMMAND.match(rows[0]):
            self.drafts.append(Draft("metadata", rows, numbers))
        else:
            self.drafts.append(Draft("paragraph", rows, numbers, level=level))

    def _open_paragraph(self, element: Element) -> None:
        self._full = len(self.drafts)
        if is_title(element):
            self.heading = 1
        elif (depth := word_depth(element)) is not None:
            self._marker, self._item_level = "-", depth

    def _close_paragraph(self, element: Element) -> None:
        if len(self.drafts) == self._full and not self.in_cell() and not self._marker:
            self.drafts.append(Draft(None))
        if is_title(element):
            self.heading = 0

    # --- lists ---

    def _open_list(self, element: Element) -> None:
        depth = google_depth(element)
        start = element.get("start", "")
        self._lists.append(
            _List(
                element.tag == "ol",
                len(self._lists) if depth is None else depth,
                element.get("type", ""),
                int(start) if start.isdecimal() and len(start) < 6 else 1,
            )
        )

    def _open_item(self, element: Element) -> None:
        self._marker = self._lists[-1].marker() if self._lists else "-"
        self._item_level = None

    def _close_item(self, element: Element) -> None:
        self._marker = ""

    # --- definition lists ---

    def _open_term(self, element: Element) -> None:
        self._drop_term(element)
        self._in_term = True

    def _close_term(self, element: Element) -> None:
        self._in_term = False
        if self._term is not None:
            entry = element.getnext()
            self._term.several = entry is not None and entry.tag == "dd" and has_sequel(entry)

    def _drop_term(self, element: Element, kind_of_rest: str = "paragraph") -> None:
        """A term whose entry is no line of text stands on a line of its own, as the head of what follows."""
        if self._term is None:
            return
        term, self._term = self._term, None
        if kind_of_rest == "comment":
            self.drafts.append(Draft("comment", (term.text,), (term.number,), marker="navigation"))
        else:
            self.drafts.append(Draft("paragraph", (f"{term.text.rstrip(': ')}:",), (term.number,)))

    def _open_entry(self, element: Element) -> None:
        before, around = element.getprevious(), element.getparent()
        if self._term is not None and self._term.several:
            self._drop_term(element)
            self._marker = "-"
        elif "dd" in (getattr(before, "tag", ""), getattr(around, "tag", "")):
            self._marker = "-"

    # --- tables ---

    def _open_table(self, element: Element) -> None:
        self._drop_term(element)
        self._tables.append(_Table(is_layout(element)))

    def _close_table(self, element: Element) -> None:
        self._tables.pop()

    def _open_row(self, element: Element) -> None:
        if self._tables:
            self._tables[-1].cells, self._tables[-1].number = [], 0

    def _close_row(self, element: Element) -> None:
        if not self._tables or self._tables[-1].layout:
            return
        table = self._tables[-1]
        if any(table.cells):
            cells = tuple(table.cells)
            row = " | ".join(cells).replace(CELL_BREAK, " ")
            self.drafts.append(Draft("row", (row,), (table.number,), cells=cells))
        table.cells = []

    def _open_cell(self, element: Element) -> None:
        if self._tables and not self._tables[-1].layout:
            self._tables[-1].cell = []

    def _close_cell(self, element: Element) -> None:
        if self._tables and self._tables[-1].cell is not None:
            text = join_cell(self._tables[-1].cell)
            self._tables[-1].cells.append(_HEADED.sub(r"\1", text))
            self._tables[-1].cell = None
