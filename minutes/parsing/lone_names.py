"""Names on a line of their own, above what was said or with it nested below, to labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from minutes.parsing.credits import looks_like_name, looks_like_word
from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece, bare
from minutes.parsing.shapes import ACCOUNT, CLOCK, KNOWN, NAME, SHARE, STAMPED, may_be_called, with_text
from people import names

_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_ABOVE = re.compile(
    rf"^(?:\*\*)?@?(?P<label>{NAME})(?:\*\*)?,?\s+(?:[—–-]\s+)?"
    rf"(?:(?i:today|yesterday) at\s+|{_DAY},?\s+(?:at\s+)?)?"
    rf"(?:\[{CLOCK}\]|\({CLOCK}\)|{CLOCK})(?:\s*-->?\s*{CLOCK})?:?$"
)
_ABOVE_BOLD = re.compile(rf"^(?:\*\*|__)@?(?P<label>{NAME}):?(?:\*\*|__):?$")
_NAME_ALONE = re.compile(rf"^@?(?P<label>{NAME}|{ACCOUNT})\s*:?$")
_MANY = 6  # headings of one word each


def read_above(pieces: Sequence[Piece]) -> tuple[list[Piece], set[str]]:
    """Transcripts: who speaks stands with the time on a line of its own, above what was said."""
    hits = {
        at: match
        for at, piece in enumerate(pieces)
        if piece.opens
        and (match := _ABOVE.match(piece.plain) or (None if piece.alone else _ABOVE_BOLD.match(piece.text.strip())))
    }
    people = Counter(names.fold(match["label"]) for match in hits.values())
    if len(hits) < STAMPED or max(people.values(), default=0) < 2:
        return list(pieces), set()
    read = [
        with_text(piece, f"{hits[at]['label'].lstrip('@')}:") if at in hits else piece
        for at, piece in enumerate(pieces)
    ]
    return read, set(people)


def _alone(piece: Piece) -> str:
    """The name that is all of a line, or nothing."""
    if piece.kind not in ("paragraph", "item", "heading") or not piece.opens:
        return ""
    match = _NAME_ALONE.match(bare(piece.text))
    return match["label"] if match and read_mark(piece.plain).name == "plain" else ""


def _look_of(piece: Piece) -> str:
    """How a line of a name alone is set: names count as a habit for each look of its own."""
    return piece.kind if piece.kind in ("item", "heading") or piece.text.strip()[:2] not in ("**", "__") else "bold"


def read_alone(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> tuple[list[Piece], set[str]]:
    """Names on a line of their own above what was said, or with it nested below."""
    found = {at: label for at, piece in enumerate(pieces) if (label := _alone(piece))}
    chosen: dict[int, str] = {}
    for look in ("paragraph", "bold", "item", "heading"):
        hits = {
            at: label
            for at, label in found.items()
            if _look_of(pieces[at]) == look and _leads(pieces, found, at) and (may_be_called(label) or knows(label))
        }
        counts = Counter(map(names.fold, hits.values()))
        known = {names.fold(label) for label in set(hits.values()) if knows(label)}
        by_known = sum(counts[key] for key in known)
        if by_known and look == "item":  # a list nested below somebody's name
            chosen |= {at: label for at, label in hits.items() if names.fold(label) in known and pieces[at].level}
        if by_known >= KNOWN and by_known >= SHARE * counts.total():
            chosen |= {
                at: label for at, label in hits.items() if (key := names.fold(label)) in known or counts[key] > 1
            }
        elif look == "heading" and _are_all_words(pieces, hits):
            chosen |= hits
        elif look in ("bold", "heading") and _come_back(hits.values(), counts):
            chosen |= {at: label for at, label in hits.items() if may_be_called(label)}
    presenting = {at for at in chosen if _is_below_heading(pieces, at)}
    if 2 * len(presenting) > sum(pieces[at].kind == "heading" for at in chosen):
        chosen = {at: label for at, label in chosen.items() if at not in presenting}
    else:
        presenting = set()
    read = [_labelled(piece, chosen[at]) if at in chosen else piece for at, piece in enumerate(pieces)]
    for at in presenting:
        read[at] = replace(
            with_text(pieces[at], f"Speaker: {pieces[at].plain.rstrip(' :')}"), kind="paragraph", level=0
        )
    return read, {names.fold(label) for label in chosen.values()}


def _is_below_heading(pieces: Sequence[Piece], at: int) -> bool:
    """A heading right below a higher one: a name there is who presents."""
    here, above = pieces[at], pieces[max(0, at - 1)]
    return here.kind == above.kind == "heading" and above.level < here.level


def _labelled(piece: Piece, label: str) -> Piece:
    """A name alone as the label of what follows; as a heading it would be a title."""
    return replace(
        with_text(piece, f"{label}:"),
        kind="paragraph" if piece.kind == "heading" else piece.kind,
        level=piece.level if piece.kind == "item" else 0,
    )


def _come_back(labels: Iterable[str], counts: Mapping[str, int]) -> bool:
    """Whether most labels are full names or words, of people who speak again and again."""
    shaped = {names.fold(label) for label in labels if may_be_called(label)}
    full = {names.fold(label) for label in labels if looks_like_name(label)} & shaped
    again = sum(counts[key] for key in shaped if counts[key] > 1)
    total = sum(counts.values())
    return total > KNOWN and again >= SHARE * total and 2 * len(full) >= len(shaped)


def _are_all_words(pieces: Sequence[Piece], hits: Mapping[int, str]) -> bool:
    """Whether nearly all headings of one level are single words with a colon or without, that none of the text uses."""
    levels = Counter(pieces[at].level for at in hits)
    if not levels or levels.total() < _MANY or len(levels) > 1 or not all(map(looks_like_word, hits.values())):
        return False
    others = sum(piece.kind == "heading" and piece.level in levels for piece in pieces)
    written = {word for piece in pieces for word in piece.text.split() if word.islower()}
    return levels.total() >= 0.8 * others and not any(label.lower() in written for label in hits.values())


def _leads(pieces: Sequence[Piece], found: Mapping[int, str], at: int) -> bool:
    """Whether words follow that may be those of the one who is named here."""
    if at + 1 >= len(pieces):
        return False
    here, below = pieces[at], pieces[at + 1]
    if at + 1 in found and (_look_of(below), below.level) == (_look_of(here), here.level):
        return False
    if here.kind == "item":
        return below.kind == "item" and below.level > here.level
    return below.kind in ("paragraph", "item") or (here.kind == "heading" and below.level > here.level)
