"""How much a file may hold once it is opened: numbers that a site may set, and what goes beyond is Unreadable."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """A day of minutes stays far below each of these. How deep a file may be nested is none of them: the libraries
    below call themselves for every level, so their modules fix it."""

    unpacked: int = 16 * 1024 * 1024  # bytes of text that an archive or a Word file may unpack to
    entries: int = 10_000  # files in an archive
    elements: int = 80_000  # of a Word file, in all its parts; a day of minutes has some 20,000
    marks: int = 100_000  # elements and their ends in one web page; a day of minutes has some 5,000
    lines: int = 80_000  # of one file


STANDARD = Limits()
