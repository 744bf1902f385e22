"""Blocks to pieces: one for each line of text, so that a turn may begin on any line of a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from minutes.document import Lines, Link
from minutes.reading.blocks import Block, BlockKind, find_links, without_links

_WRAPPED = re.compile(r"^(?P<marks>\*{1,3}|_{1,3})(?P<inside>\S(?:.*\S)?)(?P=marks)$")
_TAG = re.compile(r"</?(?:span|b|i|u|em|strong|font|sup|sub|small|br|a|div|p)\b[^<>]*>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<?https?://[^\s<>]+>?")
_FENCE = re.compile(r"^:::+\s*(?:\w+\s*)?$")  # around a box of its own colour
_WIDE = re.compile(r" {9,}")  # a gap says no more for being wider, and patterns stumble over it
_LINE_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_BETWEEN_LINKS = re.compile(r"^[\s,;|/·•–-]*$")
_BULLET = re.compile(r"^(?P<marks>[●○■□◆◇➢►✓☐☑☒🗹]|\*{2,6}(?=\s)|#{2,6}(?=\s[^#]*$))\s*(?P<text>\S.*)$")
_SIGN = re.compile(  # a pictogram before bold words or a short label: "🎙️ **Ada**: ...", "✅ Decision: ..."
    r"^(?:[\u203c-\u25af\u25b2-\u25ba\u2600-\u2bff\U0001f000-\U0001faff][\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]*)+\s*"
    r"(?=\*\*|__|[^\W\d_][^:]{0,40}:\s)"
)
_BOXES = {"☐": "[ ] ", "☑": "[x] ", "☒": "[x] ", "🗹": "[x] "}


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of a block. `text` is as printed; `plain` has neither tags nor the emphasis around the whole line."""

    index: int
    block: int  # number of its block: the lines of a paragraph share it
    kind: BlockKind
    text: str
    plain: str
    lines: Lines
    opens: bool  # the first line of its block
    alone: bool  # the only line of its block
    level: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def only_links(self) -> bool:
        """Nothing but named links, so no text of a talk. A bare address is text."""
        return bool(self.links) and bool(_BETWEEN_LINKS.match(without_links(self.plain, keep_labels=False)))


def bare(text: str) -> str:
    """A line without tags and without the emphasis around all of it."""
    text = _TAG.sub("", text).strip() if "<" in text else text.strip()
    while text[:1] in ("*", "_") and (match := _WRAPPED.match(text)) and match["marks"] not in match["inside"]:
        text = match["inside"].strip()
    return text


def is_address(text: str) -> bool:
    """Nothing but web addresses."""
    return not _AUTOLINK.sub("", text).strip() and "://" in text


def _bulleted(pieces: list[Piece]) -> tuple[Piece, ...]:
    """The same, with lines begun by a sign that readers leave in a paragraph as list items: "○ text", "** text"."""
    if not any(piece.text[:1] > "\x7f" or piece.text[:2] in ("**", "##") for piece in pieces) or not any(
        _BULLET.match(piece.text) for piece in pieces
    ):
        return tuple(pieces)
    levels: dict[str, int] = {}
    top = block = max(piece.block for piece in pieces)
    made: list[Piece] = []
    for piece in pieces:
        match = _BULLET.match(piece.text) if piece.kind in ("paragraph", "item") else None
        if match and not match["text"].endswith("**"):
            marks = match["marks"]
            level = len(marks) - 1 if len(marks) > 1 else levels.setdefault(marks, len(levels))
            level = 0 if marks in _BOXES else level
            text = _BOXES.get(marks, "") + match["text"]
            block += 1
            piece = replace(
                piece, block=block, kind="item", text=text, plain=bare(text), level=level, marker="-", opens=True,
                alone=True,
            )  # fmt: skip
        elif made and made[-1].block == block > top and not piece.opens:
            piece = replace(piece, block=block, kind="item", level=made[-1].level, marker="-")
        made.append(piece)
    sizes = Counter(piece.block for piece in made)
    return tuple(
        piece if piece.alone is (sizes[piece.block] == 1) else replace(piece, alone=not piece.alone) for piece in made
    )


def _shown(block: Block) -> tuple[list[str], list[Lines]]:
    """The lines of a block as they are shown, where marks of a break stand inside those of the source, too."""
    rows: list[str] = []
    spans: list[Lines] = []
    for row, start in zip(block.text.split("\n"), block.starts, strict=True):
        parts = [part for part in _LINE_BREAK.split(row) if part] if "<br" in row.lower() else []
        for part in parts or [row]:
            rows.append(part)
            spans.append((start, start))
    return rows, spans


def cut(blocks: Iterable[Block]) -> tuple[Piece, ...]:
    """The pieces of all blocks, in order."""
    pieces: list[Piece] = []
    for number, block in enumerate(blocks):
        if block.kind in ("heading", "row", "rule", "comment", "metadata", "preformatted"):
            rows, spans = [block.text], [block.lines]
        else:
            rows, spans = _shown(block)
        for place, (row, span) in enumerate(zip(rows, spans, strict=True)):
            row = _WIDE.sub("  ", row) if "         " in row else row
            row = _SIGN.sub("", row) if row[:1] > "\u203b" and row[0] not in _BOXES else row
            linked = "](" in row and block.kind not in ("preformatted", "comment", "metadata")
            fenced = row.startswith(":::") and _FENCE.match(row)
            pieces.append(
                Piece(
                    index=len(pieces),
                    block=-len(pieces) - 1 if fenced else number,
                    kind="rule" if fenced else block.kind,
                    text=row,
                    plain=bare(row),
                    lines=span,
                    opens=place == 0,
                    alone=len(rows) == 1,
                    level=block.level,
                    marker=block.marker,
                    cells=block.cells,
                    links=tuple(find_links(row, span[0])) if linked else (),
                )
            )
    return _bulleted(pieces)
