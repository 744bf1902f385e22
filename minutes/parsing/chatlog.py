"""Lines of a chat's log, with times and with what its machines say, to lines with labels; and which say nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece
from minutes.parsing.printed import HEADING_WORDS, read_label
from minutes.parsing.shapes import CLOCK, LABELLED, NAME, SHARE, STAMP, STAMPED, with_text
from people import names

_STAMPED_LOG = 5  # lines with a time and a label that are a log by their form alone
_SET_BY = re.compile(r"\s+\([^()\s,]{1,40}, \d\d:\d\d(?::\d\d)?\)$")
_COMMAND = re.compile(r"^<(?P<nick>[^<>\s]+)>\s+#(?P<command>[a-z]+)\b\s*(?P<rest>.*)$", re.IGNORECASE)
_TOPIC_SET = re.compile(r"^<[^<>\s]+>\s+(?:sub)?topic\s*:\s*(?P<rest>\S.*)$", re.IGNORECASE)
_COMMANDS = {"topic": "Topic", "subtopic": "Topic", "action": "ACTION", "agreed": "AGREED", "accepted": "AGREED"}
_SILENT = frozenset("startmeeting endmeeting chair unchair meetingname meetingtopic link info idea help save".split())
_NICKED = re.compile(r"^<\s?[@+%~&]?(?P<nick>[^<>\s]+)>\s")
_BOT = re.compile(
    r"^[^<]{0,20}<\s?[@+%~&]?(?P<nick>[^<>\s]+)>\s+"
    r"(?:Meeting (?:started|ended)\b|Useful commands:|Minutes:\s+http|logging to http)",
    re.I,
)
_EVENT = re.compile(
    r"^(?:(?:\*|-!-|\*{3}|-{1,2}>|<-{1,2}|[→←⇐⇒⇦⇨]|--|Topic|ChanServ)\s*)(?:\[?[^\s\]]+\]?\s+(?:\([^()]*\)|\[[^\[\]]*\])?\s*)"
    r"(?:has |have )?(?:joined|left|quit|parted|is now known as|changed? (?:the )?topic|sets? (?:mode|topic)|kicked)\b"
)
_SENDER = re.compile(
    rf"^(?:{CLOCK})?\s*From\s+(?P<label>{NAME}?)\s*(?:\sto\s+[^:]{{2,60}}?)?\s*(?:\([^():]*\)\s*)?:\s*(?P<said>.*)$"
)
_ACTS = re.compile(r"^\*{1,3}\s(?P<nick>[^\W\d_][\w|`^-]{0,30})\s(?P<does>[a-z+]\S*.*)$")


def read_senders(pieces: Sequence[Piece]) -> list[Piece]:
    """The saved chat of a call, "From Ada King to Everyone: ...", the sender as label where several lines are so."""
    found = {at: match for at, piece in enumerate(pieces) if (match := _SENDER.match(piece.text))}
    if len(found) < STAMPED:
        return list(pieces)
    return [
        replace(with_text(piece, f"{found[at]['label']}: {found[at]['said']}".strip()), kind="paragraph", opens=True)
        if at in found
        else piece
        for at, piece in enumerate(pieces)
    ]


def without_stamps(pieces: Sequence[Piece]) -> list[Piece]:
    """Who told a meeting's bot and when, taken off the end of marked lines: "ACTION: mend it  (moss, 18:04:10)"."""
    return [
        with_text(piece, piece.text[: match.start()])
        if piece.kind == "item" and (match := _SET_BY.search(piece.text)) and read_mark(piece.plain).name != "plain"
        else piece
        for piece in pieces
    ]


def without_times(pieces: Sequence[Piece]) -> tuple[list[Piece], set[str]]:
    """Times of the clock before labels taken off, where several lines have them; and the labels that nothing else need
    show to be people, where those that come back begin most of these lines."""
    rests: dict[int, str] = {}
    for at, piece in enumerate(pieces):
        if piece.kind in ("paragraph", "item") and (match := STAMP.match(piece.text)):
            rest = piece.text[match.end() :]
            if LABELLED.match(rest):
                rests[at] = rest
    if len(rests) < STAMPED:
        return list(pieces), set()
    kept = [with_text(piece, rests[at]) if at in rests else piece for at, piece in enumerate(pieces)]
    counts = Counter(part.label for rest in rests.values() if (part := read_label(rest)))
    again = [label for label, count in counts.items() if count > 1]
    if len(rests) < _STAMPED_LOG or not again or sum(counts[label] for label in again) < SHARE * len(rests):
        return kept, set()
    return kept, {names.fold(names.plain(label)) for label in counts if _is_nick(label)}


def _is_nick(label: str) -> bool:
    """A word or a name by which minutes do not head a line."""
    words = names.fold(names.plain(label)).split()
    return 0 < len(words) < 4 and not any(word in HEADING_WORDS for word in words)


def read_events(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """A chat's log without what its machines say; "* ada nods" as Ada's words."""
    bots = {match["nick"] for piece in pieces if (match := _BOT.match(piece.text))}
    kept: list[Piece] = []
    ignored: list[Piece] = []
    for piece in pieces:
        event = STAMP.sub("", piece.text) if piece.kind in ("paragraph", "item") else ""
        if _EVENT.match(event) or (bots and (match := _NICKED.match(event)) and match["nick"] in bots):
            ignored.append(piece)
        elif event != piece.text and (match := _ACTS.match(event)):
            kept.append(replace(with_text(piece, f"<{match['nick']}> {match['does']}"), opens=True))
        else:
            kept.append(piece)
    return kept, ignored


def read_commands(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What a log says to the meeting's bot ("#topic ...") as marks; and what says nothing to a reader."""
    kept: list[Piece] = []
    ignored: list[Piece] = []
    for piece in pieces:
        match = _COMMAND.match(piece.text) if "> #" in piece.text else None
        command = match["command"].lower() if match else ""
        if match and command in _COMMANDS and match["rest"]:
            kept.append(replace(with_text(piece, f"{_COMMANDS[command]}: {match['rest']}"), opens=True, alone=True))
        elif topic := _TOPIC_SET.match(piece.text):
            kept.append(replace(with_text(piece, f"Topic: {topic['rest']}"), kind="paragraph", opens=True, alone=True))
        elif match and command in _SILENT:
            if match["rest"] and command in ("link", "info", "idea", "help"):
                kept.append(replace(with_text(piece, f"Note: {match['rest']}"), opens=True))
            else:
                ignored.append(piece)
        else:
            kept.append(piece)
    return kept, ignored
