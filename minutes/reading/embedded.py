"""Logs that a Markdown text holds as HTML or as code ("12:01 &lt;moss&gt; words") to blocks like those of a log."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import unescape

from minutes.reading.blocks import Block
from minutes.reading.log import is_log, read_log

_TAG_LINE = re.compile(r"^\s*(?:</?(?:div|pre|code|p|samp|section|article|blockquote|span|tt)\b[^<>]*>\s*)+$", re.I)
_TAG_ENDS = re.compile(
    r"^\s*(?:<(?:div|pre|code|p|samp|li|span|tt)\b[^<>]*>)+|(?:<br\s*/?>|</(?:div|pre|code|p|samp|li|span|tt)>)+\s*$",
    re.I,
)
MARKS = "marks of a table or a log"
_LONGEST = 2000  # characters of a line of a log
_SIGNS = ("<", "&lt;")


def _rows(block: Block) -> list[str]:
    """The lines of a block as they are shown, those of marks alone blank."""
    return [_shown(row) if len(row) <= _LONGEST else row for row in block.text.split("\n")]


def _shown(row: str) -> str:
    return "" if _TAG_LINE.match(row) else unescape(_TAG_ENDS.sub("", row))


def _may_hold(block: Block) -> bool:
    if block.kind not in ("paragraph", "preformatted") or block.level or block.text.startswith("> "):
        return False
    return any(sign in block.text for sign in _SIGNS)


def read_logs(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks, those that hold a log as what is said in it. Whether it is one is decided for all together."""
    shown = {at: rows for at, block in enumerate(blocks) if _may_hold(block) and _is_part(rows := _rows(block))}
    if not is_log([row for rows in shown.values() for row in rows]):
        return tuple(blocks)
    return tuple(
        one for at, block in enumerate(blocks) for one in (_read(block, shown[at]) if at in shown else (block,))
    )


def _is_part(rows: Iterable[str]) -> bool:
    """Whether a block may be a stretch of a log: of one line or of many."""
    full = [row for row in rows if row.strip()]
    return is_log(full, least=1) if full else False


def _read(block: Block, rows: Sequence[str]) -> Iterator[Block]:
    printed = zip(block.text.split("\n"), rows, block.starts, strict=True)
    marks = [
        Block("comment", row.strip(), (start,), marker=MARKS) for row, shown, start in printed if not shown.strip()
    ]
    said = [replace(one, starts=tuple(block.starts[start - 1] for start in one.starts)) for one in read_log(rows)]
    yield from sorted([*marks, *said], key=lambda one: one.starts[0])
