"""Plain text to blocks: paragraphs between blank lines, list items, underlined and hashed headings, rules, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from minutes.reading.blocks import Block

_RULE = re.compile(r"^\s*(?:[~=_*-]\s?){3,}\s*$")
_UNDERLINE = re.compile(r"^(?P<char>[=~^*#+.\"-])(?P=char){2,}\s*$")
_HASHED = re.compile(r"^(?P<hashes>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_EQUALS = re.compile(r"^(?P<hashes>={1,6})\s+(?P<text>[^=\s].*?)\s*=*\s*$")  # of AsciiDoc and of wikis
_STARS = re.compile(r"^(?P<hashes>\*{1,6})\s+(?P<text>\S.*?)\s*$")  # of Org
_ORG = re.compile(r"^#\+(?P<key>[A-Za-z_]+):\s*(?P<text>.*)$")
_WIKI_BOLD = re.compile(r"'''(?P<text>[^'\n]+(?:'[^'\n]+)*)'''")
_ITEM = re.compile(r"^(?P<indent>\s*)(?P<marker>[-*+•◦▪‣]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
_QUOTED = re.compile(r"^\s*>+\s?\S")
_ROW = re.compile(r"^\s*\|(?P<cells>.+)\|\s*$")
_ROW_RULE = re.compile(r"^\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_UNDERLINE_LEVEL = {"=": 1, "-": 2}
_TAB = 4


class _Reader:
    """Walks the lines once; a list item keeps its depth by its indentation."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.blocks: list[Block] = []
        self.open: list[tuple[int, str]] = []  # lines of the paragraph or item being read
        self.item: tuple[int, str] | None = None  # depth and marker of the item being read
        self.indents: list[int] = []
        self.headed = _heading_form(lines)

    def read(self) -> list[Block]:
        for number, line in enumerate(self.lines, start=1):
            self._take(number, line)
        self._close()
        return self.blocks

    def _take(self, number: int, line: str) -> None:
        if not line.strip():
            self._close()
        elif self._underlines(line):
            start, text = self.open.pop()
            level = _UNDERLINE_LEVEL.get(line.strip()[0], 3)
            self.blocks.append(Block("heading", text.strip(), (start, number), level=level))
        elif _RULE.match(line) or _ROW_RULE.match(line):
            self._close()
            self.blocks.append(Block("rule", line.strip(), (number,)))
        elif _QUOTED.match(line):
            self._close()
            self.blocks.append(Block("preformatted", line.strip(), (number,)))
        elif self.headed is _STARS and (match := _ORG.match(line)):
            self._close()
            key = match["key"].lower()
            self.blocks.append(Block("metadata", f"{key}: {match['text']}", (number,)))
        elif match := _HASHED.match(line) or (self.headed.match(line) if self.headed else None):
            self._close()
            self.indents = []
            self.blocks.append(Block("heading", match["text"], (number,), level=len(match["hashes"])))
        elif match := _ITEM.match(line):
            self._close()
            self.item = (self._depth(len(match["indent"].expandtabs(_TAB))), match["marker"])
            self.open.append((number, match["text"]))
        elif match := _ROW.match(line):
            self._close()
            cells = tuple(cell.strip() for cell in match["cells"].split("|"))
            self.blocks.append(Block("row", line.strip(), (number,), cells=cells))
        else:
            if not self.open and not line[0].isspace():
                self.indents = []
            self.open.append((number, line.rstrip()))

    def _underlines(self, line: str) -> bool:
        """A row of marks is a heading's underline only below a single line of about its own length."""
        if not (self.item is None and len(self.open) == 1 and _UNDERLINE.match(line)):
            return False
        return abs(len(line.strip()) - len(self.open[0][1].strip())) <= 2

    def _depth(self, indent: int) -> int:
        while self.indents and self.indents[-1] > indent:
            self.indents.pop()
        if not self.indents or self.indents[-1] < indent:
            self.indents.append(indent)
        return len(self.indents) - 1

    def _close(self) -> None:
        if not self.open:
            return
        starts = tuple(number for number, _ in self.open)
        columns = any("\t" in line.strip() for _, line in self.open)  # where a tab at the beginning is an empty cell
        text = "\n".join((line if columns else line.lstrip()).strip(" \r\f\v") for _, line in self.open)
        if self.item is None:
            self.blocks.append(Block("paragraph", text, starts))
        else:
            depth, marker = self.item
            self.blocks.append(Block("item", text, starts, level=depth, marker=marker))
        self.open, self.item = [], None


def _heading_form(lines: Sequence[str]) -> re.Pattern[str] | None:
    """How this text marks headings beside hashes and lines below: "== Title ==", or "* Title" in a file of Org."""
    if any(_ORG.match(line) for line in lines[:20]):
        return _STARS
    return _EQUALS if sum(1 for line in lines if _EQUALS.match(line)) > 1 else None


def read_text(lines: Sequence[str]) -> tuple[Block, ...]:
    """Blocks of a plain text, in order."""
    if any("'''" in line for line in lines):
        lines = [_WIKI_BOLD.sub(r"**\g<text>**", line) for line in lines]
    return tuple(_Reader(lines).read())
