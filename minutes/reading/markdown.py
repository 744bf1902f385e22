"""Markdown to blocks: the block structure is markdown-it's, the inline marks stay in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from minutes.reading.blocks import Block, BlockKind

#: Notes are indented by taste, so an indent is no code; inline marks are left to the parser.
_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table").disable(["code", "reference"])
_MARKDOWN.core.ruler.enableOnly(["normalize", "block"])
_LEAVES: dict[str, BlockKind] = {"fence": "preformatted", "html_block": "comment", "hr": "rule"}
_ESCAPED = re.compile(r"\\([<>@:.+-]|\[|\](?!\())")  # before marks that the text keeps; the others would become marks
_ENTITY = re.compile(r"&(?:#x?[0-9a-fA-F]{2,6}|nbsp|amp);")
_FRONT = re.compile(r"^---\s*$")
_FRONT_LIMIT = 60


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines at the top are YAML front matter."""
    if lines and _FRONT.match(lines[0]):
        for number, line in enumerate(lines[1:_FRONT_LIMIT], start=2):
            if _FRONT.match(line):
                return number
    return 0


class _Walker:
    """Follows the token stream; lists nest, everything else is flat."""

    def __init__(self, lines: Sequence[str], offset: int) -> None:
        self.lines = lines
        self.offset = offset
        self.blocks: list[Block] = []
        self.depth = -1
        self.marker = ""  # waiting for the first paragraph of its item
        self.heading = 0
        self.underlined = False
        self.cells: list[str] | None = None
        self.row = 0
        self.quoted = 0  # depth of quotations, which nobody present says

    def walk(self, tokens: Sequence[Token]) -> None:
        for token in tokens:
            if token.type in ("bullet_list_open", "ordered_list_open"):
                self.depth += 1
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self.depth -= 1
            elif token.type == "list_item_open":
                self.marker = f"{token.info}{token.markup}" if token.info else "-"
            elif token.type == "heading_open":
                self.heading = int(token.tag[1])
                self.underlined = token.markup in ("-", "=")
            elif token.type in ("blockquote_open", "blockquote_close"):
                self.quoted += token.nesting
            elif token.type == "tr_open":
                self.cells = []
            elif token.type == "tr_close":
                self._close_row(token)
            elif token.type == "inline":
                self._inline(token)
            elif token.type in _LEAVES and token.map:
                self._leaf(_LEAVES[token.type], token.map)

    def _leaf(self, kind: BlockKind, span: Sequence[int]) -> None:
        numbers = [n for n in range(span[0], span[1]) if self.lines[n].strip()]
        if kind == "comment" and not any(self.lines[n].lstrip().startswith("<!--") for n in numbers[:1]):
            kind = "paragraph"
        if numbers:
            text = "\n".join(self.lines[n] for n in numbers)
            self.blocks.append(Block(kind, text, tuple(n + 1 + self.offset for n in numbers)))

    def _inline(self, token: Token) -> None:
        if self.cells is not None:
            self.cells.append(token.content)
            if token.map:
                self.row = token.map[0]
            return
        if not token.map:
            return
        first = token.map[0] + 1 + self.offset
        content = _ENTITY.sub(lambda match: unescape(match[0]).replace("\xa0", " "), token.content)
        rows = _ESCAPED.sub(r"\1", content).split("\n")
        starts = tuple(range(first, first + len(rows)))
        if self.quoted:
            self.heading, self.marker = 0, ""
            self.blocks.append(Block("preformatted", "\n".join(f"> {row}" for row in rows), starts))
        elif self.heading:
            self._heading(token, rows, starts)
        elif self.depth >= 0 and self.marker:
            text = "\n".join(row.strip() for row in rows)
            self.blocks.append(Block("item", text, starts, level=self.depth, marker=self.marker))
            self.marker = ""
        else:
            text = "\n".join(row.strip(" ") for row in rows)
            self.blocks.append(Block("paragraph", text, starts, level=self.depth + 1))

    def _heading(self, token: Token, rows: list[str], starts: tuple[int, ...]) -> None:
        """A row of dashes below several lines, or below one that names a list of people, is only a rule."""
        level, self.heading = self.heading, 0
        if self.underlined:
            rule = starts[-1] + 1
            if len(rows) > 1:
                self.blocks.append(Block("paragraph", "\n".join(row.strip() for row in rows), starts))
                self.blocks.append(Block("rule", self.lines[rule - 1 - self.offset].strip(), (rule,)))
                return
            starts = (*starts, rule)
        self.blocks.append(Block("heading", "\n".join(rows).strip(), starts, level=level))

    def _close_row(self, token: Token) -> None:
        cells, self.cells = tuple(self.cells or ()), None
        number = self.row + 1 + self.offset
        self.blocks.append(Block("row", " | ".join(cells), (number,), cells=cells))


def read_markdown(lines: Sequence[str]) -> tuple[Block, ...]:
    """Blocks of a Markdown text, in order; YAML front matter is one block of metadata."""
    front = _front_matter(lines)
    walker = _Walker(lines[front:], front)
    if front:
        walker.blocks.append(Block("metadata", "\n".join(lines[:front]), tuple(range(1, front + 1))))
    walker.walk(_MARKDOWN.parse("\n".join(lines[front:])))
    return tuple(walker.blocks)
