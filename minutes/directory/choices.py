"""What a list offers to choose: lines of a select (value, words, how much is behind it), and the number of a page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Choice:
    """One line of a select."""

    value: str
    words: str
    count: int = 0  # 0 where it is not said
    chosen: bool = False


@dataclass(slots=True)
class Select:
    """A select of a form that is sent by GET; `any` is the line that asks for nothing."""

    name: str
    label: str
    any: str
    choices: list[Choice]


def page_number(value: str) -> int:
    """The page that an address asks for; the first where it asks for none that could be."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else 1


def share(count: int, most: int) -> int:
    """How long a bar is, in hundredths of the longest one; a thing that is there shows at least a trace."""
    return max(round(100 * count / most), 2) if count and most else 0
