"""Tables that a Markdown text holds as HTML to rows like those of its own tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from minutes.reading.blocks import Block
from minutes.reading.html import read_html
from minutes.reading.unreadable import Unreadable

_TABLE = "<table"


def read_tables(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks, each paragraph of a table's marks as what the table holds."""
    return tuple(one for block in blocks for one in _read(block))


def _read(block: Block) -> Iterator[Block]:
    if block.kind != "paragraph" or not block.text.lstrip().startswith(_TABLE):
        yield block
        return
    try:
        _, found = read_html("a table", block.text)
    except Unreadable:
        yield block
        return
    numbers = block.starts
    inside = len(numbers) > 1 and all(one.starts[-1] <= len(numbers) for one in found)
    for one in found:  # what a table on one line holds stands on that line
        yield replace(one, starts=tuple(numbers[start - 1] if inside else numbers[0] for start in one.starts))
