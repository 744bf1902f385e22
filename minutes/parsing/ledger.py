"""Conservation accounting: every non-blank source line ends in exactly one place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from minutes.document import Lines, Place, Problem

_MARK_ONLY = re.compile(r"^[\W_]*$")
_COMMENT = re.compile(r"^\s*(?:<!--.*-->\s*)+$")
UNPLACED_SHARE = 0.02  # of the lines, above which those without a place are a problem of their own
_NAMED = 20  # stretches of lines that a sentence names


def spell_out(numbers: Sequence[int]) -> str:
    """Line numbers in order as words: "3, 5-7 and 12"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = [f"{first}" if first == last else f"{first}-{last}" for first, last in spans[:_NAMED]]
    if len(spans) > _NAMED:
        left = sum(last - first + 1 for first, last in spans[_NAMED:])
        return f"{', '.join(told)} and {left} more"
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


class Ledger:
    """What became of each line; the first stage that claims a line keeps it."""

    def __init__(self, lines: Sequence[str], allowed: float = UNPLACED_SHARE) -> None:
        self._lines, self._allowed = lines, allowed
        self._places: dict[int, Place] = {}
        self._listed: tuple[Place, ...] | None = None  # until another line is claimed

    def put(self, lines: Lines, place: str, rule: str = "") -> None:
        self._listed = None
        for number in range(lines[0], lines[1] + 1):
            if number not in self._places and 0 < number <= len(self._lines) and self._lines[number - 1].strip():
                self._places[number] = Place(number, place, rule)

    def count(self, lines: Lines, place: str) -> int:
        """How many lines of a stretch ended in that place so far."""
        found = (self._places.get(number) for number in range(lines[0], lines[1] + 1))
        return sum(1 for one in found if one is not None and one.place == place)

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

    def complain(self) -> Problem | None:
        """A problem that names the lines without a place, where they are more than the share that a site allows."""
        missing = self.unplaced()
        if not missing or len(missing) <= self._allowed * len(self.places()):
            return None
        named = spell_out([line for line, _ in missing])
        lines = "1 line" if len(missing) == 1 else f"{len(missing)} of {len(self.places())} lines"
        return Problem(missing[0][0], f"{lines} could not be placed: {named}")

    def unplaced(self) -> tuple[tuple[int, str], ...]:
        return tuple((p.line, self._lines[p.line - 1].strip()) for p in self.places() if p.place == "unplaced")
