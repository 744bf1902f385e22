"""A web page (Google Docs, HedgeDoc, Indico, scribes, Word) to blocks and the lines of text they stand on."""

from __future__ import annotations

from collections.abc import Sequence

from minutes.reading.blocks import Block
from minutes.reading.layout import Draft, lay_out
from minutes.reading.limits import STANDARD, Limits
from minutes.reading.page import open_page
from minutes.reading.walking import Walker

Laid = tuple[tuple[str, ...], tuple[Block, ...]]

_COUNTED = 65_535  # lines of a source up to which its tree knows them


def read_html(name: str, source: str, *, by_source: bool = True, limits: Limits = STANDARD) -> Laid:
    """Lines and blocks. A line holds the text that begins on that line of the source and is blank where markup alone
    stands. Where a page is not written in lines, has too many of them, or `by_source` is False, the lines of its text
    are counted instead."""
    page = open_page(name, source, limits)
    drafts: Sequence[Draft] = Walker(page).walk()
    count = source.count("\n") + 1
    return lay_out(drafts, count if by_source and count < _COUNTED else 0)
