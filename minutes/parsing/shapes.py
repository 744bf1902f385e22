"""What lines that name who speaks look like: shapes of names and times that several readers share."""

from __future__ import annotations

import re
from dataclasses import replace

from minutes.parsing.credits import looks_like_name, looks_like_word
from minutes.parsing.pieces import Piece
from minutes.parsing.printed import HEADING_WORDS
from people import names

NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}"
ACCOUNT = r"[^\W\d_][\w.-]{0,30}"
CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
STAMP = re.compile(rf"^(?:[-*]\s)?`?(?:\[{CLOCK}\]|\({CLOCK}\)|{CLOCK})`?\s*[-–|]?\s*(?=\S)")
LABELLED = re.compile(
    rf"^(?:<\s?[\w@+%~&|`^{{}}\[\]\\-]{{1,30}}>\s|(?:{NAME}|\*\*{NAME}\*\*)\s*(?:\([^()]*\)\s*)?(?::|>)\s)"
)
KNOWN = 3  # lines of people whom the roster knows make a form a habit
SHARE = 0.6  # of the lines of that form must be theirs, or of labels that come back
STAMPED = 3  # lines begun by a time, with a label behind it


def with_text(piece: Piece, text: str) -> Piece:
    """The piece with other words, which have no emphasis around them."""
    return replace(piece, text=text, plain=text)


def may_be_called(label: str) -> bool:
    """A full name or one capitalised word, none of which minutes use to head a line."""
    folded = names.fold(label).split()
    return (looks_like_name(label) or looks_like_word(label)) and not any(word in HEADING_WORDS for word in folded)
