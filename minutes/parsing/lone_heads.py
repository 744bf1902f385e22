"""Lines that nothing but their place and their shape shows to be titles, each kind by a finder of its own.

A finder gives level and title by place, and nothing where too few lines of the document are of its shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece
from people import names

Heads = Mapping[int, tuple[int, str]]
Speaks = Callable[[str], bool]

LEVEL = 2  # of the outermost; the first is the title of the whole
LONGEST = 100
SENTENCE_END = (".", ",", ";", "?", "!", ":")
_SHORT = 60  # characters of a title that nothing marks
_BEFORE = 3  # lines above such a title, one of which is a turn
_TURNS = 3  # turns for each such title or paragraph of nobody
_SHORTEST = 3  # letters of an item that may come back as a title
_TIMES = 3  # titles begun by a time
_DECORATED = re.compile(
    r"^(?P<marks>[-=*~#_+]{2,6}|<{1,3}|\[)\s*(?P<title>[^\W_].*?)\s*(?P<closing>[-=*~#_+]{2,6}|>{1,3}|\])$"
)
_BOLD = re.compile(r"^(?:\*\*|__)(?P<title>[^*_]+)(?:\*\*|__)$")
_TELLING = ("plain", "decision", "action", "consensus")  # marks of lines that may be all that a section says
_CLOCK = r"\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?"
_TIMED = re.compile(rf"^\[?(?P<time>{_CLOCK})(?:\s*[-–]\s*{_CLOCK})?\]?\s*[-–:]?\s+(?P<title>[^\W\d_a-z].*)$")


def titled(text: str) -> bool:
    """Short, without an address, and no sentence."""
    return len(text) <= LONGEST and "://" not in text and not text.rstrip().endswith(SENTENCE_END)


def heads_list(piece: Piece) -> bool:
    """An item that may be the title of what is nested below it. It may be long, and may have a colon in it."""
    text = piece.plain
    if len(text) > 2 * LONGEST or text.rstrip(" :").endswith(SENTENCE_END):
        return False
    return piece.alone and read_mark(text).name == "plain"


def by_agenda(pieces: Sequence[Piece], _: Speaks) -> Heads:
    """Lines that stand alone and were the items of a list before: an agenda, a table of contents."""
    listed: set[str] = set()
    heads: dict[int, tuple[int, str]] = {}
    for at, piece in enumerate(pieces):
        if not (piece.opens and piece.alone and heads_list(piece)):
            continue
        key = names.fold(piece.plain)
        if piece.kind == "item" and len(key) > _SHORTEST:
            listed.add(key)
        elif piece.kind == "paragraph" and key in listed:
            heads[at] = (LEVEL, piece.plain)
    return heads if len(heads) > 1 else {}


def by_lone_item(pieces: Sequence[Piece], speaks: Speaks) -> Heads:
    """Items of which none stands in a list: marks of titles, in a text whose turns are paragraphs."""
    heads: dict[int, tuple[int, str]] = {}
    turns = 0
    for at, piece in enumerate(pieces):
        if piece.kind == "item" and piece.opens:
            if piece.level or not heads_list(piece) or speaks(piece.text):
                return {}
            heads[at] = (LEVEL, piece.plain)
        elif piece.kind == "paragraph":
            turns += speaks(piece.text)
    return heads if len(heads) > 2 and turns >= len(heads) else {}


def by_decoration(pieces: Sequence[Piece], _: Speaks) -> Heads:
    """Lines between marks: "--- Roof ---", also right above what is said; "[ Roof ]" where it stands alone."""
    found = {
        at: match
        for at, piece in enumerate(pieces)
        if piece.kind == "paragraph" and (match := _DECORATED.match(piece.text))
        if _alone(piece) or (piece.opens and match["marks"] == match["closing"])
    }
    return {at: (LEVEL, match["title"]) for at, match in found.items()} if len(found) > 1 else {}


def by_bold(pieces: Sequence[Piece], speaks: Speaks) -> Heads:
    """Lines all in bold that stand alone and lead to a turn."""
    found = {at: match for at, piece in enumerate(pieces) if _alone(piece) and (match := _BOLD.match(piece.text))}
    heads = {at: (LEVEL, match["title"].strip()) for at, match in found.items() if _is_free(pieces[at], speaks)}
    return heads if sum(_leads(pieces, at, speaks) for at in heads) > 1 else {}


def by_time(pieces: Sequence[Piece], speaks: Speaks) -> Heads:
    """Lines that begin with the time of the clock, later from one to the next."""
    found = {
        at: match
        for at, piece in enumerate(pieces)
        if _alone(piece) and titled(piece.plain) and not speaks(piece.text) and (match := _TIMED.match(piece.plain))
    }
    times = [int(re.sub(r"\D", "", match["time"])) for match in found.values()]
    rising = sum(before < after for before, after in pairwise(times))
    if len(found) < _TIMES or 2 * rising < len(found) or not any(_leads(pieces, at, speaks) for at in found):
        return {}
    return {at: (LEVEL, match["title"]) for at, match in found.items()}


def by_colon(pieces: Sequence[Piece], speaks: Speaks) -> Heads:
    """Lines that begin a block and end with a colon, most of which lead to a turn."""
    found = [
        at
        for at, piece in enumerate(pieces)
        if piece.kind == "paragraph" and piece.opens and piece.plain.endswith(":") and len(piece.plain) <= _SHORT
        if piece.plain[0].isupper() and titled(piece.plain.rstrip(" :")) and _is_free(piece, speaks)
    ]  # fmt: skip
    leading = sum(_leads(pieces, at, speaks) for at in found)
    if leading < 2 or 2 * leading <= len(found):
        return {}
    return {at: (LEVEL, pieces[at].plain.rstrip(" :")) for at in found}


def by_block_top(pieces: Sequence[Piece], speaks: Speaks) -> Heads:
    """First lines of blocks that turns follow in the same block."""
    heads = {
        at: (LEVEL, piece.plain)
        for at, (piece, below) in enumerate(pairwise(pieces))
        if piece.kind == "paragraph" and piece.opens and below.block == piece.block and speaks(below.text)
        if len(piece.plain) <= _SHORT and ":" not in piece.plain and titled(piece.plain) and _is_free(piece, speaks)
        if piece.plain[:1].isupper()
    }
    return heads if len(heads) > 1 else {}


def by_lone_line(pieces: Sequence[Piece], speaks: Speaks) -> Heads:
    """Short lines that stand alone and lead to a turn, where nearly every line is a turn."""
    heads: dict[int, tuple[int, str]] = {}
    spoken = [piece.kind in ("paragraph", "item") and speaks(piece.text) for piece in pieces]
    first = spoken.index(True) if any(spoken) else len(pieces)
    other = 0
    for at, piece in enumerate(pieces[:-1]):
        if piece.kind != "paragraph" or not piece.opens or spoken[at]:
            continue
        between = any(spoken[max(0, at - _BEFORE) : at])
        leads = spoken[at + 1] and (pieces[at + 1].kind == "paragraph" or read_mark(piece.plain).name == "plain")
        if _stands_as_title(piece) and leads and (between or at + 1 == first):
            heads[at] = (LEVEL, piece.plain)
        else:
            other += between and read_mark(piece.plain).name == "plain"
    if not any(at > first for at in heads):
        return {}
    return heads if sum(spoken) >= _TURNS * (len(heads) + other) - 1 else {}


def by_prose(pieces: Sequence[Piece], speaks: Speaks) -> Heads:
    """Short lines that stand alone, each over a paragraph of sentences or a turn: minutes told in prose."""
    lone = [at for at, piece in enumerate(pieces[:-1]) if _alone(piece) and _stands_as_title(piece)]
    heads = [at for at in lone if _is_free(pieces[at], speaks) and _tells(pieces[at + 1], speaks)]
    if len(heads) < 2 or 2 * len(heads) <= len(lone):
        return {}
    return {at: (LEVEL, pieces[at].plain) for at in heads}


def _tells(piece: Piece, speaks: Speaks) -> bool:
    """A turn, or at least a sentence."""
    if piece.kind not in ("paragraph", "item") or _stands_as_title(piece):
        return False
    if speaks(piece.text):
        return True
    return read_mark(piece.plain).name in _TELLING and piece.plain.endswith((".", "?", "!", ":"))


def _alone(piece: Piece) -> bool:
    return piece.kind == "paragraph" and piece.opens and piece.alone


def _is_free(piece: Piece, speaks: Speaks) -> bool:
    """Says nothing of its own: no mark, and nobody's label."""
    return read_mark(piece.plain).name == "plain" and not speaks(piece.text)


def _leads(pieces: Sequence[Piece], at: int, speaks: Speaks) -> bool:
    return at + 1 < len(pieces) and pieces[at + 1].kind in ("paragraph", "item") and speaks(pieces[at + 1].text)


def _stands_as_title(piece: Piece) -> bool:
    text = piece.plain
    if not piece.alone or ":" in text or len(text) > _SHORT or not text[:1].isupper():
        return False
    return titled(text) and read_mark(text).name in ("plain", "actions", "decisions", "discussion")
