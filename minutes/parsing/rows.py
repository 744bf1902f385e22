"""Tables of who said what, of what was decided and of what is to be done, to lines with labels and marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from minutes.parsing.pieces import Piece
from minutes.parsing.shapes import with_text
from people import names

_SPEAKER_HEAD = re.compile(r"^(?:speaker|who|name|person|participant|from|member|by)s?$", re.IGNORECASE)
_SAID_HEAD = re.compile(
    r"^(?:comment|text|said|statement|remark|discussion|what|question|contribution|notes?|message)s?$", re.IGNORECASE
)
_TOPIC_HEAD = re.compile(r"^(?:topic|title|talk|presentation|agenda(?: item)?|subject)s?$", re.IGNORECASE)
_OWNER_HEAD = re.compile(r"^(?:owner|who|assignee|assigned(?: to)?|responsible|person|by whom|lead)s?$", re.IGNORECASE)
_TASK_HEAD = re.compile(r"^(?:what|action|task|to-?do|description|action items?|item)s?$", re.IGNORECASE)
_DECISION_HEAD = re.compile(r"^(?:decision|resolution)s?(?: (?:item|no|number|#))?$", re.IGNORECASE)
_ACTION_HEAD = re.compile(r"^actions?(?: (?:item|point)s?)?(?: (?:no|number|#)|\s*[:(].*)?$", re.IGNORECASE)
_DESCRIBED_HEAD = re.compile(r"^(?:description|details?|text|what|summary)$", re.IGNORECASE)


def read_rows(pieces: Sequence[Piece]) -> tuple[list[Piece], set[str], list[Piece]]:
    """Tables of who said what as lines with labels, tables of what somebody is to do as actions."""
    kept: list[Piece] = []
    said: set[str] = set()
    heads: list[Piece] = []
    columns: tuple[int, int, str] | None = None
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if piece.kind != "row":
            columns = None
        elif before is None or before.kind != "row":
            columns = _columns(piece.cells)
            if columns:
                heads.append(piece)
                continue
        if columns and max(columns[:2]) < len(piece.cells):
            who, what = piece.cells[columns[0]].strip(), piece.cells[columns[1]].strip()
            label = columns[2] if columns[2] in ("ACTION", "DECISION") else f"{columns[2]}{who}".strip()
            if who and what:
                said |= {names.fold(names.plain(who))} if not columns[2] else set()
                kept.append(replace(with_text(piece, f"{label}: {what}"), kind="paragraph", cells=(), alone=True))
                continue
        kept.append(piece)
    return kept, said, heads


def _columns(cells: Sequence[str]) -> tuple[int, int, str] | None:
    """Which columns of a table hold who and what, by its head."""
    heads = [names.plain(cell) for cell in cells]

    def find(pattern: re.Pattern[str], but: int = -1) -> int:
        return next((at for at, head in enumerate(heads) if at != but and pattern.match(head)), -1)

    owner = find(_OWNER_HEAD)
    task = find(_TASK_HEAD, owner)
    if owner >= 0 and task >= 0:
        return owner, task, "ACTION "
    for kind, pattern in (("DECISION", _DECISION_HEAD), ("ACTION", _ACTION_HEAD)):
        if (place := find(pattern)) >= 0 and len(cells) < 6:
            described = find(_DESCRIBED_HEAD, place)
            return place, (described if described >= 0 else place), kind
    if find(_TOPIC_HEAD) >= 0:  # a programme: who speaks presents, and the notes are about the talk
        return None
    who = find(_SPEAKER_HEAD)
    what = find(_SAID_HEAD, who)
    return (who, what, "") if who >= 0 and what >= 0 and len(cells) < 5 else None
