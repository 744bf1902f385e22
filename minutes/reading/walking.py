"""The tree of a page to drafts of blocks: headings, paragraphs, items with depth, rows, rules, preformatted text."""

from __future__ import annotations

import re
from itertools import groupby

from lxml import etree  # type: ignore[import-untyped]

from minutes.reading.anchors import Anchors, find_anchors
from minutes.reading.drafting import Drafting
from minutes.reading.elements import is_hidden, is_typed, parts_text
from minutes.reading.inline import Line, Run, collapse, unwrap
from minutes.reading.layout import Draft
from minutes.reading.page import Element, Look, Page

_UPWARDS = re.compile(r"^(?:\.{1,2}/?|/)+$")  # to the pages above this one
_TYPEWRITTEN = frozenset({"code", "tt", "kbd", "samp"})


class Walker:
    """Follows the page from its first mark to its last; no depth of nesting is a depth of calls."""

    def __init__(self, page: Page) -> None:
        self._root = page.body
        self._styles = page.styles
        self._anchors: Anchors = find_anchors(page.body)
        base = next((found.get("href", "") for found in page.body.iter("base")), "")
        self._base = base if base.startswith(("http://", "https://")) else ""
        self._drafting = Drafting()
        self._lines: list[Line] = []
        self._looks = [Look(bold=False, italic=False)]
        self._links: list[tuple[str | None, bool]] = []
        self._line = 1
        self._pre = self._code = 0

    def walk(self) -> list[Draft]:
        skipped: Element = None
        walk = etree.iterwalk(self._root, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "comment":
                self._line += (element.text or "").count("\n")
            elif event == "start":
                self._catch_up(element)
                self._drafting.note = self._anchors.note_of(element) or self._drafting.note
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
        return self._drafting.drafts

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
        self._drafting.open(element)
        if tag == "pre" or is_typed(element):
            self._pre += 1
        elif tag in _TYPEWRITTEN:
            self._code += 1
        elif tag == "br":
            self._break()
        elif tag == "hr":
            self._drafting.put_rule(self._line)
        elif tag == "input":
            self._box(element)
        elif tag == "a":
            self._open_link(element)

    def _close(self, element: Element) -> None:
        tag = element.tag
        if parts_text(element):
            self._flush()
        if tag == "pre" or is_typed(element):
            self._pre -= 1
        elif tag in _TYPEWRITTEN:
            self._code -= 1
        elif tag == "a":
            self._links.pop()
        self._drafting.close(element)
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

    def _break(self) -> None:
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
            within = href is not None and not self._drafting.heading and self._anchors.leads_within(href)
            self._links.append((None, within))
        else:
            self._links.append((unwrap(href, self._base), bool(_UPWARDS.match(href))))

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
        if self._pre and not self._drafting.in_cell():
            self._drafting.put_preformatted(lines)
            return
        for blank, group in groupby(lines, key=lambda line: line.blank):
            if not blank:
                self._drafting.put(list(group))
