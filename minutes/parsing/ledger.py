"""Conservation accounting: every non-blank source line ends in exactly one place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from minutes.document import Lines, Place

_MARK_ONLY = re.compile(r"^[\W_]*$")
_COMMENT = re.compile(r"^\s*(?:<!--.*-->\s*)+$")


class Ledger:
    """What became of each line; the first stage that claims a line keeps it."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._places: dict[int, Place] = {}
        self._listed: tuple[Place, ...] | None = None  # until another line is claimed

    def put(self, lines: Lines, place: str, rule: str = "") -> None:
        self._listed = None
        for number in range(lines[0], lines[1] + 1):
            if number not in self._places and 0 < number <= len(self._lines) and self._lines[number - 1].strip():
                self._places[number] = Place(number, place, rule)

    def places(self) -> tuple[Place, ...]:
        """One for each non-blank line. A line of marks alone that no block holds says nothing; others are unplaced."""
        if self._listed is None:
            self._place_others()
            self._listed = tuple(self._places[number] for number in sorted(self._places))
        return self._listed

    def _place_others(self) -> None:
        for number, line in enumerate(self._lines, start=1):
            if number not in self._places and line.strip():
                if _MARK_ONLY.match(line):
                    self._places[number] = Place(number, "ignored", "marks alone")
                elif _COMMENT.match(line):
                    self._places[number] = Place(number, "ignored", "comment")
                else:
                    self._places[number] = Place(number, "unplaced")

    def unplaced(self) -> tuple[tuple[int, str], ...]:
        return tuple((p.line, self._lines[p.line - 1].strip()) for p in self.places() if p.place == "unplaced")
