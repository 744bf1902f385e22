"""Blocks to pieces: one for each line of text, so that a turn may begin on any line of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from minutes.document import Lines, Link
from minutes.reading.blocks import Block, BlockKind, find_links, without_links

_WRAPPED = re.compile(r"^(?P<marks>\*{1,3}|_{1,3})(?P<inside>\S(?:.*\S)?)(?P=marks)$")
_TAG = re.compile(r"</?(?:span|b|i|u|em|strong|font|sup|sub|small|br|a|div|p)\b[^>]*>", re.IGNORECASE)
_AUTOLINK = re.compile(r"<?https?://[^\s<>]+>?")
_BETWEEN_LINKS = re.compile(r"^[\s,;|/·•–-]*$")


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
    while (match := _WRAPPED.match(text)) and match["marks"] not in match["inside"]:
        text = match["inside"].strip()
    return text


def is_address(text: str) -> bool:
    """Nothing but web addresses."""
    return not _AUTOLINK.sub("", text).strip() and "://" in text


def cut(blocks: Iterable[Block]) -> tuple[Piece, ...]:
    """The pieces of all blocks, in order."""
    pieces: list[Piece] = []
    for number, block in enumerate(blocks):
        if block.kind in ("heading", "row", "rule", "comment", "metadata", "preformatted"):
            rows, spans = [block.text], [block.lines]
        else:
            rows, spans = block.text.split("\n"), [(start, start) for start in block.starts]
        for place, (row, span) in enumerate(zip(rows, spans, strict=True)):
            links = () if block.kind in ("preformatted", "comment", "metadata") else tuple(find_links(row, span[0]))
            pieces.append(
                Piece(
                    index=len(pieces),
                    block=number,
                    kind=block.kind,
                    text=row,
                    plain=bare(row),
                    lines=span,
                    opens=place == 0,
                    alone=len(rows) == 1,
                    level=block.level,
                    marker=block.marker,
                    cells=block.cells,
                    links=links,
                )
            )
    return tuple(pieces)
