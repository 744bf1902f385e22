"""What every reader makes of a file: blocks without format, each knowing its source lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from minutes.document import Lines, Link

BlockKind = Literal["heading", "paragraph", "item", "row", "rule", "preformatted", "comment", "metadata"]

_LINK = re.compile(r"(?<!!)\[(?P<label>(?:[^\[\]]|\[[^\[\]]*\])+)\]\((?P<url>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_LOST = ("", "#")  # what an export leaves of a link whose target it could not keep


@dataclass(frozen=True, slots=True)
class Block:
    """One block. `text` keeps inline Markdown and one newline per line of the source, whose numbers are `starts`."""

    kind: BlockKind
    text: str
    starts: tuple[int, ...]
    level: int = 0  # of a heading: 1 is highest; of a list item: nesting depth, 0 is outermost
    marker: str = (
        ""  # of a list item: "-" or its number as printed ("1.", "2)"); of a comment: the rule that ignores it
    )
    cells: tuple[str, ...] = ()  # of a table row

    @property
    def lines(self) -> Lines:
        return self.starts[0], self.starts[-1]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: its blocks in order, and every source line for the accounting."""

    name: str
    sha256: str
    media_type: str
    lines: tuple[str, ...]
    blocks: tuple[Block, ...]
    speakers: tuple[str, ...] = ()  # names that the format itself marks as those of who speaks

    @property
    def line_count(self) -> int:
        return len(self.lines)


def find_links(text: str, line: int) -> Iterator[Link]:
    """The inline links of one line of text."""
    for match in _LINK.finditer(text):
        url = match["url"]
        yield Link(label=match["label"].strip(), url=None if url in _LOST else url, lines=(line, line))


def without_links(text: str, *, keep_labels: bool) -> str:
    """Inline links replaced by their labels, or taken out altogether."""
    return _LINK.sub(lambda match: match["label"] if keep_labels else "", text) if "](" in text else text
