"""Lines of a document that names who speaks without a colon, to the same lines with "Name: ..." in their place.

Every way of printing a label has its own form. One counts in a document where it recurs, with people whom the roster
knows or with labels that come back: a bracket at the beginning of a single line is no habit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from minutes.parsing.credits import looks_like_name, looks_like_word
from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece
from people import names

_NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}"
_LETTERS = r"[A-Z][A-Za-z]?[A-Z]{0,3}"
_FORMS = {
    name: re.compile(pattern)
    for name, pattern in (
        ("bold", rf"^(?:\*\*|__)(?P<label>@?{_NAME})(?:\*\*|__)\s*(?:[-–—>]+\s+|\s)(?P<said>\S.*)$"),
        ("dash", rf"^(?P<label>@?{_NAME})\s+(?:--|—|–|-)\s+(?P<said>\S.*)$"),
        ("angle", rf"^(?P<label>{_NAME})>\s+(?P<said>\S.*)$"),
        ("square", rf"^\[@?(?P<label>{_NAME})\]\s+(?P<said>\S.*)$"),
        ("round", rf"^\((?P<label>{_LETTERS}|{_NAME})\)\s+(?P<said>\S.*)$"),
        ("tab", rf"^(?P<label>{_NAME})\t+(?P<said>\S.*)$"),
    )
}
#: A line in one of the forms has one of its signs; most lines have none.
_SIGNS = {"bold": ("**", "__"), "dash": "-—–", "angle": ">", "square": "[", "round": "(", "tab": "\t"}
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_STAMP = re.compile(rf"^(?:[-*]\s)?(?:\[{_CLOCK}\]|\({_CLOCK}\)|{_CLOCK})\s*[-–|]?\s*(?=\S)")
_LABELLED = re.compile(
    rf"^(?:<[\w@+%~&|`^{{}}\[\]\\-]{{1,30}}>\s|(?:{_NAME}|\*\*{_NAME}\*\*)\s*(?:\([^()]*\)\s*)?(?::|>)\s)"
)
_ABOVE = re.compile(
    rf"^(?:\*\*)?(?P<label>{_NAME})(?:\*\*)?,?\s+(?:\[{_CLOCK}\]|\({_CLOCK}\)|{_CLOCK})(?:\s*-->?\s*{_CLOCK})?:?$"
)
_ABOVE_BOLD = re.compile(rf"^(?:\*\*|__)@?(?P<label>{_NAME}):?(?:\*\*|__):?$")
_SET_BY = re.compile(r"\s+\([^()\s,]{1,40}, \d\d:\d\d(?::\d\d)?\)$")
_COMMAND = re.compile(r"^<(?P<nick>[^<>\s]+)>\s+#(?P<command>[a-z]+)\b\s*(?P<rest>.*)$", re.IGNORECASE)
_COMMANDS = {"topic": "Topic", "subtopic": "Topic", "action": "ACTION", "agreed": "AGREED", "accepted": "AGREED"}
_SILENT = frozenset("startmeeting endmeeting chair unchair meetingname meetingtopic link info idea help save".split())
_SPEAKER_HEAD = re.compile(r"^(?:speaker|who|name|person|participant|from|member|by)s?$", re.IGNORECASE)
_SAID_HEAD = re.compile(
    r"^(?:comment|text|said|statement|remark|discussion|what|question|contribution|notes?|message)s?$", re.IGNORECASE
)
_OWNER_HEAD = re.compile(r"^(?:owner|who|assignee|assigned(?: to)?|responsible|person|by whom|lead)s?$", re.IGNORECASE)
_TASK_HEAD = re.compile(r"^(?:what|action|task|to-?do|description|action items?|item)s?$", re.IGNORECASE)

_KNOWN = 3  # lines of people whom the roster knows make a form a habit
_SHARE = 0.6  # of the lines of that form must be theirs, or of labels that come back
_STAMPED = 3  # lines begun by a time, with a label behind it


@dataclass(frozen=True, slots=True)
class Spoken:
    """The lines as they are read from now on, and the labels that their form alone shows to be people."""

    pieces: tuple[Piece, ...]
    labels: frozenset[str]
    ignored: tuple[Piece, ...]


def _without_stamps(pieces: Sequence[Piece]) -> list[Piece]:
    """Who told a meeting's bot and when, taken off the end of marked lines: "ACTION: mend it  (moss, 18:04:10)"."""
    return [
        _text(piece, piece.text[: match.start()])
        if piece.kind == "item" and (match := _SET_BY.search(piece.text)) and read_mark(piece.plain).name != "plain"
        else piece
        for piece in pieces
    ]


def _text(piece: Piece, text: str) -> Piece:
    return replace(piece, text=text, plain=text)


def _without_times(pieces: Sequence[Piece]) -> list[Piece]:
    """Times of the clock before labels taken off, where several lines have them."""
    rests: dict[int, str] = {}
    for at, piece in enumerate(pieces):
        if piece.kind in ("paragraph", "item") and (match := _STAMP.match(piece.text)):
            rest = piece.text[match.end() :]
            if _LABELLED.match(rest):
                rests[at] = rest
    if len(rests) < _STAMPED:
        return list(pieces)
    return [_text(piece, rests[at]) if at in rests else piece for at, piece in enumerate(pieces)]


def _read_commands(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What a log says to the meeting's bot ("#topic ...") as marks; and what says nothing to a reader."""
    kept: list[Piece] = []
    ignored: list[Piece] = []
    for piece in pieces:
        match = _COMMAND.match(piece.text) if "> #" in piece.text else None
        command = match["command"].lower() if match else ""
        if match and command in _COMMANDS and match["rest"]:
            kept.append(replace(_text(piece, f"{_COMMANDS[command]}: {match['rest']}"), opens=True, alone=True))
        elif match and command in _SILENT:
            if match["rest"] and command in ("link", "info", "idea", "help"):
                kept.append(replace(_text(piece, f"Note: {match['rest']}"), opens=True))
            else:
                ignored.append(piece)
        else:
            kept.append(piece)
    return kept, ignored


def _read_rows(pieces: Sequence[Piece]) -> tuple[list[Piece], set[str], list[Piece]]:
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
            label = f"{columns[2]}{who}".strip()
            if who and what:
                said |= {names.fold(names.plain(who))} if not columns[2] else set()
                kept.append(replace(_text(piece, f"{label}: {what}"), kind="paragraph", cells=(), alone=True))
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
    who = find(_SPEAKER_HEAD)
    what = find(_SAID_HEAD, who)
    return (who, what, "") if who >= 0 and what >= 0 and len(cells) < 5 else None


class _Habits:
    """Which of the forms this document uses, and for whom."""

    def __init__(self, pieces: Sequence[Piece], knows: Callable[[str], bool]) -> None:
        self.knows = knows
        self.found: dict[str, dict[int, re.Match[str]]] = {name: {} for name in _FORMS}
        listing = False
        for at, piece in enumerate(pieces):
            mark = read_mark(piece.plain).name if piece.opens else "plain"
            if mark != "plain" or piece.kind not in ("item", "row"):
                listing = mark in ("actions", "participants", "absent", "decisions")
            if piece.kind in ("paragraph", "item") and not listing and mark == "plain":
                self._look(at, piece)
        self.counts = {
            name: Counter(names.fold(match["label"]) for match in hits.values()) for name, hits in self.found.items()
        }

    def _look(self, at: int, piece: Piece) -> None:
        text = piece.text
        for name, form in _FORMS.items():
            if not any(sign in text for sign in _SIGNS[name]):
                continue
            match = form.match(text)
            if match and not match["said"].startswith(("(", "http")):
                self.found[name][at] = match
                return

    def _is_known(self, label: str) -> bool:
        shaped = looks_like_name(label) or looks_like_word(label) or label.isupper()
        return (shaped or label.islower()) and self.knows(label)

    def used(self) -> dict[int, re.Match[str]]:
        """The lines that begin with somebody's label in a form that is a habit here."""
        chosen: dict[int, re.Match[str]] = {}
        for name, hits in self.found.items():
            counts = self.counts[name]
            known = {label for label in counts if any(self._is_known(m["label"]) for m in self._of(hits, label))}
            again = {label for label, count in counts.items() if count > 1}
            by_known = sum(counts[label] for label in known)
            by_again = sum(counts[label] for label in again)
            total = counts.total()
            if by_known >= _KNOWN and by_known >= _SHARE * total:
                chosen |= {at: match for at, match in hits.items() if names.fold(match["label"]) in known | again}
            elif name in ("angle", "square") and len(again) > 1 and by_again >= _SHARE * total and by_again > _KNOWN:
                chosen |= {at: match for at, match in hits.items() if self._may_speak(match["label"])}
        return chosen

    @staticmethod
    def _of(hits: dict[int, re.Match[str]], label: str) -> list[re.Match[str]]:
        return [match for match in hits.values() if names.fold(match["label"]) == label][:1]

    @staticmethod
    def _may_speak(label: str) -> bool:
        return len(label.split()) < 4


def _read_above(pieces: Sequence[Piece]) -> tuple[list[Piece], set[str]]:
    """Transcripts: who speaks stands with the time on a line of its own, above what was said."""
    hits = {
        at: match
        for at, piece in enumerate(pieces)
        if piece.opens
        and (match := _ABOVE.match(piece.plain) or (None if piece.alone else _ABOVE_BOLD.match(piece.text.strip())))
    }
    people = Counter(names.fold(match["label"]) for match in hits.values())
    if len(hits) < _STAMPED or max(people.values(), default=0) < 2:
        return list(pieces), set()
    read = [
        _text(piece, f"{hits[at]['label'].lstrip('@')}:") if at in hits else piece for at, piece in enumerate(pieces)
    ]
    return read, set(people)


def read_forms(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> Spoken:
    """The pieces with every label before a colon; `knows` tells people whom the document names elsewhere."""
    lines, labels = _read_above(pieces)
    lines, ignored = _read_commands(_without_times(_without_stamps(lines)))
    lines, said, heads = _read_rows(lines)
    labels |= said
    for at, match in _Habits(lines, knows).used().items():
        lines[at] = _text(lines[at], f"{match['label'].lstrip('@')}: {match['said']}")
        labels.add(names.fold(names.plain(match["label"])))
    return Spoken(tuple(lines), frozenset(labels), (*ignored, *heads))
