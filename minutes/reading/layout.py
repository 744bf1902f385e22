"""Drafts of blocks, in order, to blocks whose lines are numbered, and to the lines themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from minutes.reading.blocks import Block, BlockKind
from minutes.reading.markdown import read_markdown
from minutes.reading.text import read_text

_SHARED = 0.1  # of the lines of text; a page with more of them on a line begun by another is not written in lines
_SPACED = 1 / 3  # empty paragraphs for each paragraph, from which on they part paragraphs made of lines
_TYPED = 0.5  # of the letters of a page, from which on its preformatted text is the minutes and no example
_HASHED = re.compile(r"^#{1,6} +\S")


@dataclass(frozen=True, slots=True)
class Draft:
    """A block before its lines are numbered. `numbers` are those of the source on which its rows begin."""

    kind: BlockKind | None  # None: an empty paragraph
    rows: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    level: int = 0
    marker: str = ""
    cells: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return sum(map(len, self.rows))


@dataclass(frozen=True, slots=True)
class _Slot:
    """A line of text before it has its number."""

    number: int  # of the source line on which it begins
    text: str


class _Sheet:
    """Collects blocks that count the slots they stand on."""

    def __init__(self) -> None:
        self.slots: list[_Slot] = []
        self.blocks: list[Block] = []

    def put(self, draft: Draft) -> None:
        assert draft.kind is not None
        starts = []
        for at, (number, row) in enumerate(zip(draft.numbers, draft.rows, strict=True)):
            marked = f"{'  ' * draft.level}{draft.marker} {row}" if draft.kind == "item" and at == 0 else row
            self.slots.append(_Slot(number, "" if draft.kind == "rule" else marked))
            starts.append(len(self.slots))
        text = "\n".join(draft.rows)
        self.blocks.append(Block(draft.kind, text, tuple(starts), draft.level, draft.marker, draft.cells))

    def put_typed(self, numbers: Sequence[int], rows: Sequence[str]) -> None:
        """Text that was typed line by line, with the marks of plain text or Markdown."""
        hashed = sum(1 for row in rows if _HASHED.match(row)) > 1
        places: dict[int, int] = {}
        for at, (number, row) in enumerate(zip(numbers, rows, strict=True), start=1):
            if row.strip():
                self.slots.append(_Slot(number, row))
                places[at] = len(self.slots)
        for block in read_markdown(rows) if hashed else read_text(rows):
            starts = tuple(places[start] for start in block.starts if start in places)
            if len(starts) == len(block.starts):
                self.blocks.append(replace(block, starts=starts))
            elif starts:
                kept = [
                    row for start, row in zip(block.starts, block.text.split("\n"), strict=False) if start in places
                ]
                self.blocks.append(replace(block, text="\n".join(kept), starts=starts))


def _is_unmarked(drafts: Iterable[Draft]) -> bool:
    """Whether there are paragraphs and nothing else: a text that was typed or pasted without any format."""
    return all(draft.kind in (None, "paragraph", "rule") for draft in drafts)


def _typed_lines(drafts: Sequence[Draft]) -> Iterator[tuple[int, str]]:
    """Paragraphs as lines of text. Where empty paragraphs part the text, each paragraph is a line of it; where there
    are few, every paragraph is one of its own."""
    full = sum(1 for draft in drafts if draft.kind == "paragraph")
    spaced = sum(1 for draft in drafts if draft.kind is None) >= _SPACED * full
    for draft in drafts:
        if draft.kind == "rule":
            yield 0, ""
        yield from zip(draft.numbers, draft.rows, strict=True)
        if draft.kind is None or draft.kind == "rule" or not spaced:
            yield 0, ""


def _gather(drafts: Sequence[Draft]) -> _Sheet:
    sheet = _Sheet()
    typed = sum(draft.size for draft in drafts if draft.kind == "preformatted")
    if drafts and _is_unmarked(drafts):
        lines = list(_typed_lines(drafts))
        sheet.put_typed([number for number, _ in lines], [row for _, row in lines])
        return sheet
    typed_text = typed > _TYPED * sum(draft.size for draft in drafts)
    for draft in drafts:
        if draft.kind is None:
            continue
        if draft.kind == "preformatted" and typed_text:
            sheet.put_typed(draft.numbers, draft.rows)
        else:
            sheet.put(_without_blank_rows(draft))
    return sheet


def _without_blank_rows(draft: Draft) -> Draft:
    if all(row.strip() for row in draft.rows):
        return draft
    kept = [(number, row) for number, row in zip(draft.numbers, draft.rows, strict=True) if row.strip()]
    return replace(draft, numbers=tuple(number for number, _ in kept), rows=tuple(row for _, row in kept))


def _numbers(slots: Sequence[_Slot], count: int) -> list[int]:
    """The line of each slot: that of the source if the page is written in lines, else its own place."""
    shared = sum(1 for before, slot in pairwise(slots) if slot.number == before.number)
    if count and shared <= _SHARED * len(slots):
        return [min(max(slot.number, 1), count) for slot in slots]
    return list(range(1, len(slots) + 1))


def lay_out(drafts: Sequence[Draft], count: int) -> tuple[tuple[str, ...], tuple[Block, ...]]:
    """All lines and all blocks. `count` is the number of lines of the source; 0 where it has none."""
    sheet = _gather(drafts)
    numbers = _numbers(sheet.slots, count)
    by_source = numbers != list(range(1, len(numbers) + 1))
    lines: list[list[str]] = [[] for _ in range(count if by_source else len(numbers))]
    for number, slot in zip(numbers, sheet.slots, strict=True):
        if slot.text:
            lines[number - 1].append(slot.text)
    blocks = tuple(
        Block(b.kind, b.text, tuple(numbers[at - 1] for at in b.starts), b.level, b.marker, b.cells)
        for b in sheet.blocks
    )
    return tuple("  ".join(texts) for texts in lines), blocks
