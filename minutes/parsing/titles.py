"""Titles without any mark: a stand-alone short line that leads to a speaker's line or to a discussion."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from minutes.document import Status
from minutes.parsing.credits import looks_like_name, read_credits
from minutes.parsing.dates import is_range, read_day
from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece

_LONGEST = 160
_SENTENCE_END = (".", ",", ";", ":", "!", "…")
_PROSE_BETWEEN = 3  # paragraphs of abstract that may stand between a title and its speakers
_STATUS_WORDS: tuple[tuple[Status, str], ...] = (
    ("excused", r"excused|apologi[sz]ed?|sends? apologies"),
    (
        "absent",
        r"absent|no[- ]show|did not (?:attend|happen|take place)|not given|missing|"
        r"cancell?ed|postponed|re-?scheduled|withdrawn",
    ),
)
_STATUS = [
    (
        status,
        re.compile(
            rf"(?:\s+[-–—:]+\s*|\s*[(\[]\s*)(?P<remark>(?:{words})\b[^()\[\]]*(?:\([^()]*\))?[^()\[\]]*)[)\]]?\s*$",
            re.IGNORECASE,
        ),
    )
    for status, words in _STATUS_WORDS
]
_CODE = re.compile(r"(?<!`)`++([^`]++)`++")
_FOOTNOTE = re.compile(r"\s*(?:\(\s*[*†‡?]+\s*\)|[*†‡]+)\s*$")
_IN_BRACKETS = re.compile(r"\([^()]+\)")

Head = Literal["talk", "session"]


@dataclass(frozen=True, slots=True)
class Title:
    text: str
    status: Status = "given"
    remark: str = ""  # the words that told the status


def read_title(text: str) -> Title:
    """A title without its status, footnote marks, and the marks of code around its words."""
    status: Status = "given"
    remark = ""
    for found, pattern in _STATUS:
        if match := pattern.search(text):
            status, remark, text = found, match["remark"].strip(), text[: match.start()]
            break
    stripped = _CODE.sub(r"\1", _FOOTNOTE.sub("", text)).strip()
    return Title(stripped or text.strip(), status, remark)


def is_credit_line(text: str) -> bool:
    """Speakers without the word: nothing but full names, at least one with an affiliation in brackets."""
    if "(" not in text or ":" in text or "@" in text or len(text) > 300 or not _IN_BRACKETS.search(text):
        return False
    credits = read_credits(text)
    return any(credit.affiliation for credit in credits) and all(looks_like_name(credit.name) for credit in credits)


def like_title(text: str) -> bool:
    """Short, with words, and no sentence."""
    if len(text) > _LONGEST or "@" in text or "://" in text or not any(c.isalpha() for c in text):
        return False
    return not text.endswith(_SENTENCE_END) or (text.endswith("etc.") and len(text) < 80)


class _Search:
    """Walks back from each anchor to the title above it."""

    def __init__(self, pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> None:
        self.pieces = pieces
        self.speaks = speaks
        self.heads: dict[int, Head] = {}

    def anchor(self, piece: Piece) -> Head | Literal["discussion"] | None:
        """Which kind of section a line stands in the top of."""
        if piece.kind not in ("paragraph", "item"):
            return None
        mark = read_mark(piece.plain)
        if mark.name == "conveners":
            return "session"
        if mark.name == "speakers" or is_credit_line(piece.plain):
            return "talk"
        return "discussion" if mark.name == "discussion" and piece.alone else None

    def look(self, at: int, head: Head | Literal["discussion"]) -> None:
        prose: list[int] = []
        for place in range(at - 1, -1, -1):
            piece = self.pieces[place]
            if piece.only_links or piece.kind == "comment" or read_mark(piece.plain).name == "note":
                continue
            if piece.opens and piece.block == self.pieces[at].block and place == at - 1 and like_title(piece.plain):
                if piece.kind == "paragraph" and not self.speaks(piece.text) and read_mark(piece.plain).name == "plain":
                    self.heads[place] = "session" if head == "session" else "talk"
                return
            anchor = self.anchor(piece)
            if anchor in ("talk", "session") and head == "discussion":
                return
            if anchor or place in self.heads or not self._may_be_title(piece):
                break
            prose.append(place)
            if like_title(piece.plain) or len(prose) > _PROSE_BETWEEN:
                break
        title = next((place for place in prose if like_title(self.pieces[place].plain)), None)
        if title is not None:
            self.heads[title] = "session" if head == "session" else "talk"

    def _may_be_title(self, piece: Piece) -> bool:
        if piece.kind != "paragraph" or not piece.alone or piece.level or self.speaks(piece.text):
            return False
        if read_mark(piece.plain).name in ("plain", "discussion", "contacts", "themes"):
            return read_day(piece.plain) is None and is_range(piece.plain) is None
        return False


def find_titles(pieces: Sequence[Piece], speaks: Callable[[str], bool]) -> Mapping[int, Head]:
    """Unmarked titles by the index of their piece. `pieces` are those that no other stage has taken."""
    search = _Search(pieces, speaks)
    for at, piece in enumerate(pieces):
        if head := search.anchor(piece):
            search.look(at, head)
    return {pieces[at].index: head for at, head in search.heads.items()}
