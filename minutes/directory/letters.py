"""Things with a name in; the same under the letters of the alphabet, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from themes.vocabulary import plain_text

Thing = TypeVar("Thing")


def by_letter(things: Iterable[Thing], name: Callable[[Thing], str]) -> list[tuple[str, str, list[Thing]]]:
    """(letter, anchor, things) in the order of the alphabet; what begins with no letter stands under "0–9"."""
    found: dict[str, list[Thing]] = {}
    for thing in things:
        first = plain_text(name(thing)[:1]).upper()
        found.setdefault(first if first.isalpha() else "", []).append(thing)
    return [(letter or "0–9", f"letter-{letter or 'other'}", found[letter]) for letter in sorted(found)]
