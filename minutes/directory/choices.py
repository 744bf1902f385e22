"""What a select offers: a value for the address, words for the reader, and how much is behind it."""

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
