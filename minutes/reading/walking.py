"""The tree of a page to drafts of blocks: headings, paragraphs, items with depth, rows, rules, preformatted text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree  # type: ignore[import-untyped]

from minutes.reading.anchors import Anchors, find_anchors
from minutes.reading.elements import (
    CELL_BREAK,
    HEADINGS,
    LISTS,
    google_depth,
    has_sequel,
    is_hidden,
    is_layout,
    is_navigation,
    is_title,
    is_typed,
    join_cell,
    parts_text,
    word_depth,
)
from minutes.reading.inline import Line, Run, collapse, unwrap
from minutes.reading.layout import Draft
from minutes.reading.page import Element, Look, Page

_UPWARDS = re.compile(r"^(?:\.{1,2}/?|/)+$")  # to the pages above this one
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


class Walker:
    """Follows the page from its first mark to its last; no depth of nesting is a depth of calls."""

    def __init__(self, page: Page) -> None:
        self._root = page.body
        self._styles = page.styles
        self._anchors: Anchors = find_anchors(page.body)
        base = next((found.get("href", "") for found in page.body.iter("base")), "")
        self._base = base if base.startswith(("http://", "https://")) else ""
        self._drafts: list[Draft] = []
        self._lines: list[Line] = []
        self._looks = [Look(bold=False, italic=False)]
        self._links: list[tuple[str | None, bool]] = []
        self._lists: list[_List] = []
        self._tables: list[_Table] = []
        self._line = 1
        self._heading = 0
        self._marker = ""
        self._item_level: int | None = None
        self._pre = self._code = self._navigation = 0
        self._term: _Term | None = None
        self._in_term = False
        self._note: str | None = None  # sign of the footnote or comment that is being read
        self._full = 0  # drafts there were when the open paragraph began
        self._openers: Mapping[str, Callable[[Element], None]] = {
            "br": self._break, "hr": self._rule, "li": self._open_item, "a": self._open_link, "table": self._open_table,
            "tr": self._open_row, "td": self._open_cell, "th": self._open_cell, "dt": self._open_term,
            "dd": self._open_entry, "p": self._open_paragraph, "input": self._box,
        }  # fmt: skip
        self._closers: Mapping[str, Callable[[Element], None]] = {
            "li": self._close_item, "a": self._close_link, "table": self._close_table, "tr": self._close_row,
            "td": self._close_cell, "th": self._close_cell, "dt": self._close_term, "dl": self._drop_term,
            "p": self._close_paragraph,
        }  # fmt: skip

    def walk(self) -> list[Draft]:
        skipped: Element = None
        walk = etree.iterwalk(self._root, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "comment":
                self._line += (element.text or "").count("\n")
            elif event == "start":
                self._catch_up(element)
                self._note = self._anchors.note_of(element) or self._note
                if self._skips(element) or self._is_sign(element):
                    walk.skip_subtree()
                    skipped = element
                    self._line += sum(text.count("\n") for text in element.itertext())
                else:
                    self._open(element)
                    self._take(element.text)
                continue
            elif element is skipped:
                skipped = None
            else:
                self._close(element)
            self._take(element.tail)
        self._flush()
        return self._drafts

    def _catch_up(self, element: Element) -> None:
        self._line = max(self._line, element.sourceline or 0)

    def _skips(self, element: Element) -> bool:
        return is_hidden(element) or (element.tag == "a" and self._anchors.is_silent(element))

    # --- every element ---

    def _open(self, element: Element) -> None:
        tag = element.tag
        if parts_text(element):
            self._flush()
        self._looks.append(self._styles.look_of(element).over(self._looks[-1]))
        if is_navigation(element):
            self._navigation += 1
        if tag in HEADINGS:
            self._heading = HEADINGS[tag]
        elif tag in LISTS:
            self._open_list(element)
        elif tag == "pre" or is_typed(element):
            self._pre += 1
        elif tag in ("code", "tt", "kbd", "samp"):
            self._code += 1
        elif tag in self._openers:
            self._openers[tag](element)

    def _close(self, element: Element) -> None:
        tag = element.tag
        if parts_text(element):
            self._flush()
        if tag in HEADINGS:
            self._heading = 0
        elif tag in LISTS:
            self._lists.pop()
        elif tag == "pre" or is_typed(element):
            self._pre -= 1
        elif tag in ("code", "tt", "kbd", "samp"):
            self._code -= 1
        elif tag in self._closers:
            self._closers[tag](element)
        if is_navigation(element):
            self._navigation -= 1
        self._looks.pop()

    # --- text ---

    def _take(self, text: str | None) -> None:
        if not text:
            return
        if self._pre:
            self._take_preformatted(text)
            return
        words = text.lstrip()
        if not words and not self._lines:
            self._line += text.count("\n")
            return
        number = self._line + text.count("\n", 0, len(text) - len(words))
        self._line += text.count("\n")
        text = collapse(text)
        line = self._current(number)
        if line.blank:
            text = text.lstrip()
            line.number = number
        if text:
            self._add(line, text)

    def _take_preformatted(self, text: str) -> None:
        for at, row in enumerate(text.split("\n")):
            if at:
                self._line += 1
                self._lines.append(Line(self._line))
            if row:
                self._add(self._current(self._line), row)

    def _current(self, number: int) -> Line:
        if not self._lines:
            self._lines.append(Line(number))
        return self._lines[-1]

    def _add(self, line: Line, text: str, *, anchor: bool = False) -> None:
        look = Look() if anchor else self._looks[-1]
        bold, italic = bool(look.bold), bool(look.italic)
        if line.runs and not text.strip():
            bold, italic = line.runs[-1].bold, line.runs[-1].italic
        link, inner = self._links[-1] if self._links else (None, False)
        line.runs.append(Run(text, bold, italic, bool(self._code) and not self._pre, link, inner, anchor))

    def _break(self, element: Element) -> None:
        self._current(self._line)
        self._lines.append(Line(self._line))

    def _box(self, element: Element) -> None:
        """A task that can be ticked off."""
        if element.get("type", "").lower() == "checkbox":
            self._add(self._current(self._line), "[ ] " if element.get("checked") is None else "[x] ")

    # --- links and notes ---

    def _open_link(self, element: Element) -> None:
        href = element.get("href")
        if href is None or (href.startswith("#") and len(href) > 1):
            # A heading often links to itself.
            self._links.append((None, href is not None and not self._heading and self._anchors.leads_within(href)))
        else:
            self._links.append((unwrap(href, self._base), bool(_UPWARDS.match(href))))

    def _close_link(self, element: Element) -> None:
        self._links.pop()

    def _is_sign(self, element: Element) -> bool:
        """The sign of a note in the text, which is kept as it is printed."""
        sign = self._anchors.sign_of(element) if element.tag == "a" else ""
        if sign and not self._pre:
            self._add(self._current(self._line), f"[{sign}]", anchor=True)
        return bool(sign)

    # --- blocks ---

    def _flush(self) -> None:
        """What was read since the last block becomes one, or several where empty lines part it."""
        lines, self._lines = self._lines, []
        if self._pre and not self._tables_open():
            self._flush_preformatted(lines)
            return
        for blank, group in groupby(lines, key=lambda line: line.blank):
            if not blank:
                self._emit(list(group))

    def _flush_preformatted(self, lines: list[Line]) -> None:
        while lines and lines[-1].blank:
            lines.pop()
        if any(not line.blank for line in lines):
            rows = tuple("".join(run.text for run in line.runs).rstrip() for line in lines)
            self._drafts.append(Draft("preformatted", rows, tuple(line.number for line in lines)))

    def _tables_open(self) -> bool:
        return bool(self._tables) and self._tables[-1].cell is not None

    def _emit(self, lines: list[Line]) -> None:
        rows = tuple(line.markdown(emphasis=not (self._heading or self._in_term)) for line in lines)
        numbers = tuple(line.number for line in lines)
        if self._in_term:
            self._term = _Term(" ".join(rows), numbers[0])
        elif self._note is not None:
            self._emit_note(rows, numbers)
        elif self._tables_open():
            table = self._tables[-1]
            assert table.cell is not None
            table.number = table.number or numbers[0]
            table.cell.extend(rows)
        elif self._navigation or all(line.leads_within for line in lines):
            self._drop_term(None, kind_of_rest="comment")
            self._drafts.append(Draft("comment", rows, numbers, marker="navigation"))
        elif self._heading:
            self._drop_term(None)
            self._marker = ""  # of an item that is a whole section, whose first paragraph is no item
            self._drafts.append(Draft("heading", (" ".join(rows),), numbers[:1], level=self._heading))
        elif self._marker:
            self._emit_item(rows, numbers)
        else:
            self._emit_paragraph(rows, numbers)

    def _emit_note(self, rows: tuple[str, ...], numbers: tuple[int, ...]) -> None:
        sign, self._note, self._term, self._marker = self._note, None, None, ""
        self._drafts.append(Draft("paragraph", (f"Note: [{sign}] {rows[0]}", *rows[1:]), numbers))

    def _emit_item(self, rows: tuple[str, ...], numbers: tuple[int, ...]) -> None:
        self._drop_term(None)
        level = self._lists[-1].depth if self._lists else 0
        level = self._item_level if self._item_level is not None else level
        self._drafts.append(Draft("item", rows, numbers, level=level, marker=self._marker))
        self._marker, self._item_level = "", None

    def _emit_paragraph(self, rows: tuple[str, ...], numbers: tuple[int, ...]) -> None:
        level = self._lists[-1].depth + 1 if self._lists else 0
        if self._term is not None:
            term, self._term = self._term, None
            rows, numbers = (f"{term.text.rstrip(': ')}: {rows[0]}", *rows[1:]), (term.number, *numbers[1:])
        last = self._drafts[-1] if self._drafts else None
        if last is not None and last.kind in ("paragraph", "item") and all(map(_CONTINUED.match, rows)):
            self._drafts[-1] = Draft(
                last.kind, last.rows + rows, last.numbers + numbers, last.level, last.marker, last.cells
            )
        elif len(rows) == 1 and _COMMAND.match(rows[0]):
            self._drafts.append(Draft("metadata", rows, numbers))
        else:
            self._drafts.append(Draft("paragraph", rows, numbers, level=level))

    def _rule(self, element: Element) -> None:
        if not self._tables_open():
            self._drafts.append(Draft("rule", ("---",), (self._line,)))

    def _open_paragraph(self, element: Element) -> None:
        self._full = len(self._drafts)
        if is_title(element):
            self._heading = 1
        elif (depth := word_depth(element)) is not None:
            self._marker, self._item_level = "-", depth

    def _close_paragraph(self, element: Element) -> None:
        if len(self._drafts) == self._full and not self._tables_open() and not self._marker:
            self._drafts.append(Draft(None))
        if is_title(element):
            self._heading = 0

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
            self._drafts.append(Draft("comment", (term.text,), (term.number,), marker="navigation"))
        else:
            self._drafts.append(Draft("paragraph", (f"{term.text.rstrip(': ')}:",), (term.number,)))

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
            self._drafts.append(Draft("row", (row,), (table.number,), cells=cells))
        table.cells = []

    def _open_cell(self, element: Element) -> None:
        if self._tables and not self._tables[-1].layout:
            self._tables[-1].cell = []

    def _close_cell(self, element: Element) -> None:
        if self._tables and self._tables[-1].cell is not None:
            text = join_cell(self._tables[-1].cell)
            self._tables[-1].cells.append(_HEADED.sub(r"\1", text))
            self._tables[-1].cell = None
