"""Pieces of a document without headings to the same pieces with those lines as headings that other marks show to be so.

Numbers that count up with something below each ("1. Roof", "2.1 Tiles", "IV. Any other business"), the outermost items
of a list whose turns are nested below them, and lines that end with a person in brackets. A numbered list with nothing
in between is an agenda or somebody's points, and stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from minutes.parsing.lone_heads import (
    LEVEL,
    LONGEST,
    Heads,
    by_agenda,
    by_block_top,
    by_bold,
    by_colon,
    by_decoration,
    by_lone_item,
    by_lone_line,
    by_prose,
    by_time,
    heads_list,
    titled,
)
from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece
from people import names

_NUMBER = re.compile(r"^(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?(?:\t+|\s+)(?P<title>[^\W\d_a-z].*)$")
_ROMAN = re.compile(r"^(?P<number>[IVX]{1,6})[.)](?:\t+|\s+)(?P<title>\S.*)$")
_MINUTE = re.compile(r"^(?:\d{2,4}/)?(?P<number>\d{1,4})[.:)]?(?:\t+|\s+)(?P<title>[^\W\d_a-z].*)$")  # of a whole year
_ITEM_NUMBER = re.compile(r"^(?:agenda )?item\s+(?P<number>\d{1,2})\s*[-–—:.]\s*(?P<title>[^\W\d_].*)$", re.IGNORECASE)
_LETTER = re.compile(r"^(?P<number>[A-Z])[.)](?:\t+|\s+)(?P<title>[^\W\d_a-z].*)$")
_ROMANS = {"I": 1, "V": 5, "X": 10}
_PERSON_END = re.compile(r"\S\s+\((?P<names>[^()]{2,80})\)\s*$")
_STAMPED = re.compile(r"^(?P<title>\S.*?)\s+\([^()\s,]{1,40}, \d\d:\d\d(?::\d\d)?\)$")
_CONTINUED = 4  # titles in a row whose numbers may go on from the meeting before


@dataclass(frozen=True, slots=True)
class _Numbered:
    at: int
    number: tuple[int, ...]
    title: str


def _is_bold(piece: Piece) -> bool:
    """All in bold, and so a title though it may be long."""
    return piece.text.startswith("**") and piece.text.endswith("**") and len(piece.plain) <= 2 * LONGEST


def _roman(text: str) -> int:
    values = [_ROMANS[letter] for letter in text]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _numbered(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> Iterator[_Numbered]:
    """Every line that may be a numbered title: outermost items of ordered lists, and paragraphs begun by a number."""
    for at, piece in enumerate(pieces):
        if piece.kind == "item" and piece.level == 0 and piece.marker[:-1].isdigit() and piece.opens:
            if (titled(piece.plain) or _is_bold(piece)) and not speaks(piece.text):
                yield _Numbered(at, (int(piece.marker[:-1]),), piece.plain)
        elif piece.kind == "paragraph" and piece.opens and titled(piece.plain):
            if match := _NUMBER.match(piece.plain):
                yield _Numbered(at, _places(match["number"]), match["title"])
            elif match := _ITEM_NUMBER.match(piece.plain) or _MINUTE.match(piece.plain):
                yield _Numbered(at, (int(match["number"]),), match["title"])
            elif match := _ROMAN.match(piece.plain):
                yield _Numbered(at, (_roman(match["number"]),), match["title"])


def _places(printed: str) -> tuple[int, ...]:
    """The places of a number: "2.0" is as high as "2"."""
    number = tuple(map(int, printed.split(".")))
    return number[:-1] if len(number) > 1 and number[-1] == 0 else number


def _lettered(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> Iterator[_Numbered]:
    """The same for letters: "A. Roof"."""
    for at, piece in enumerate(pieces):
        match = _LETTER.match(piece.plain) if piece.kind == "paragraph" and piece.opens else None
        if match and titled(piece.plain) and not speaks(piece.text):
            yield _Numbered(at, (ord(match["number"]) - ord("A") + 1,), match["title"])


def _runs(found: Sequence[_Numbered]) -> Iterator[list[_Numbered]]:
    """Stretches in which the numbers count up: 1, 2, 2.1, 2.2, 3."""
    run: list[_Numbered] = []
    for one in found:
        if run and not _follows(run[-1].number, one.number):
            yield run
            run = []
        run.append(one)
    yield run


def _follows(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    if len(after) > len(before):
        return after[:-1] == before and after[-1] == 1
    head = before[: len(after)]
    return after[:-1] == head[:-1] and 0 < after[-1] - head[-1] <= 2


def _by_number(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> Heads:
    """Titles with numbers, or else with letters."""
    return _full_runs(pieces, list(_numbered(pieces, speaks))) or _full_runs(pieces, list(_lettered(pieces, speaks)))


def _full_runs(pieces: Sequence[Piece], found: Sequence[_Numbered]) -> dict[int, tuple[int, str]]:
    """Those of the runs that have something below most of their numbers: level and title by place."""
    heads: dict[int, tuple[int, str]] = {}
    for run in _runs(found) if found else ():
        full = sum(_has_content(pieces, a.at, b) for a, b in zip(run, [*run[1:], None], strict=False))
        if len(run) > 1 and _begins(run) and 2 * full > len(run):
            heads |= {one.at: (LEVEL + len(one.number) - 1, one.title) for one in run}
    return heads | _lower(pieces, heads)


def _lower(pieces: Sequence[Piece], heads: Mapping[int, tuple[int, str]]) -> dict[int, tuple[int, str]]:
    """Where the titles of a list are in bold, items in bold below them, with items of their own, are titles too."""
    if not heads or not all(pieces[at].kind == "item" and _is_bold(pieces[at]) for at in heads):
        return {}
    return {
        at: (LEVEL + piece.level, piece.plain)
        for at, (piece, below) in enumerate(pairwise(pieces))
        if piece.kind == "item" and piece.level and piece.opens and _is_bold(piece)
        if below.kind == "item" and below.level > piece.level
    }


def _begins(run: Sequence[_Numbered]) -> bool:
    """Whether the numbers begin with one, or go on from the meeting before."""
    return run[0].number[-1] <= 1 or len(run) >= _CONTINUED


def _has_content(pieces: Sequence[Piece], at: int, after: _Numbered | None) -> bool:
    """A lower number right behind is content as well."""
    end = after.at if after else len(pieces)
    return end > at + 1 or (after is not None and len(after.number) > 1)


def _by_nesting(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> dict[int, tuple[int, str]]:
    """Outermost items with turns below them, where nobody speaks in an outermost item."""
    heads: dict[int, tuple[int, str]] = {}
    turns = 0
    for at, piece in enumerate(pieces):
        if piece.kind == "item" and piece.level == 0 and piece.opens:
            if speaks(piece.text):
                return {}
            if heads_list(piece):
                heads[at] = (LEVEL, piece.plain)
        elif piece.kind == "item" and piece.level > 0:
            turns += speaks(piece.text)
    nested = {at for at in heads if _has_nested(pieces, at)}
    if all(pieces[at].links for at in nested):  # an issue of which there was nothing to say is one as well
        nested |= {at for at in heads if pieces[at].links}
    return {at: heads[at] for at in heads if at in nested} if len(nested) > 1 and turns > 1 else {}


def _has_nested(pieces: Sequence[Piece], at: int) -> bool:
    return at + 1 < len(pieces) and pieces[at + 1].kind == "item" and pieces[at + 1].level > pieces[at].level


def _by_bold_items(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> dict[int, tuple[int, str]]:
    """Outermost items all in bold with others nested below them, though somebody may speak beside them."""
    outermost = [at for at, piece in enumerate(pieces) if piece.kind == "item" and not piece.level and piece.opens]
    bold = [at for at in outermost if _is_bold(pieces[at]) and heads_list(pieces[at]) and not speaks(pieces[at].text)]
    nested = sum(_has_nested(pieces, at) for at in bold)
    if len(bold) < 2 or 2 * len(bold) < len(outermost) or 2 * nested <= len(bold):
        return {}
    return {at: (LEVEL, pieces[at].plain) for at in bold}


def _by_bold_number(pieces: Sequence[Piece]) -> dict[int, tuple[int, str]]:
    """Lines alone, all in bold and numbered, below a heading: "**1. Roof**"; they count up from one."""
    heads: dict[int, tuple[int, str]] = {}
    level, last = LEVEL - 1, 0
    for at, piece in enumerate(pieces):
        if piece.kind == "heading":
            level = piece.level
        elif piece.kind == "paragraph" and piece.opens and piece.alone and _is_bold(piece):
            match = _NUMBER.match(piece.plain)
            if match and match["number"] == str(last + 1) and at + 1 < len(pieces) and pieces[at + 1].kind != "heading":
                heads[at] = (min(level + 1, 6), match["title"])
                last += 1
    return heads


def _by_stamp(pieces: Sequence[Piece]) -> dict[int, tuple[int, str]]:
    """Summaries that a meeting's bot wrote: outermost items that end with who set the topic and when."""
    return {
        at: (LEVEL + 1, match["title"])
        for at, piece in enumerate(pieces)
        if piece.kind == "item" and piece.level == 0 and piece.opens and (match := _STAMPED.match(piece.plain))
        if read_mark(piece.plain).name == "plain"
    }


def _by_person(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> dict[int, tuple[int, str]]:
    """Short lines that end with somebody known in brackets."""
    heads: dict[int, tuple[int, str]] = {}
    for at, piece in enumerate(pieces):
        if piece.kind != "paragraph" or not piece.alone or not titled(piece.plain) or ":" in piece.plain:
            continue
        match = _PERSON_END.search(piece.plain)
        if match and all(knows(name) for name in names.people_in(match["names"])):
            heads[at] = (LEVEL, piece.plain)
    return heads if len(heads) > 1 else {}


def _spoken_part(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> tuple[int, int]:
    """The pieces below the one heading under which all speak; none where they speak under several, or none."""
    spoken: set[int] = set()
    last = -1
    for at, piece in enumerate(pieces):
        if piece.kind == "heading":
            last = at
        elif piece.kind in ("item", "paragraph") and speaks(piece.text) and not _lists_outcomes(pieces, last):
            spoken.add(last)
    start = spoken.pop() if len(spoken) == 1 else -1
    if start < 0:
        return 0, 0
    after = (at for at in range(start + 1, len(pieces)) if pieces[at].kind == "heading")
    return start + 1, next(after, len(pieces))


def _lists_outcomes(pieces: Sequence[Piece], at: int) -> bool:
    """Whether the heading is one of actions or decisions, in whose list labels are owners."""
    return at >= 0 and read_mark(pieces[at].plain).name in ("actions", "decisions")


def _within(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> dict[int, tuple[int, str]]:
    """Titles below the one heading under which all speak: the other headings do not part what they speak of."""
    start, end = _spoken_part(pieces, speaks)
    part = pieces[start:end]
    heads: Heads = {}
    for find in (_by_nesting, _by_bold_items, _by_number, by_decoration, by_bold, by_colon):
        heads = heads or find(part, speaks)
    deeper = pieces[start - 1].level + 1 - LEVEL
    return {start + at: (level + deeper, title) for at, (level, title) in heads.items()}


_FINDERS = (
    by_agenda,
    by_decoration,
    by_time,
    _by_number,
    _by_nesting,
    _by_bold_items,
    by_lone_item,
    by_colon,
    by_block_top,
)


def find_heads(
    pieces: Sequence[Piece], speaks: Callable[[str], bool], knows: Callable[[str], bool]
) -> tuple[Piece, ...]:
    """The pieces, titles among them as headings. Nothing changes where the document has headings of its own."""
    heads: Heads = _by_stamp(pieces)
    if not heads and sum(piece.kind == "heading" for piece in pieces) > 1:
        heads = _within(pieces, speaks) or _by_bold_number(pieces)
        if not heads:
            return tuple(pieces)
    for find in _FINDERS:
        heads = heads or find(pieces, speaks)
    heads = heads or _by_person(pieces, knows) or by_lone_line(pieces, speaks) or by_prose(pieces, speaks)
    return tuple(
        replace(piece, kind="heading", level=heads[at][0], text=heads[at][1], plain=heads[at][1], alone=True, marker="")
        if at in heads
        else piece
        for at, piece in enumerate(pieces)
    )
