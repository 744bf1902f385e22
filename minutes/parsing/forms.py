"""Lines of a document that names who speaks without a colon, to the same lines with "Name: ..." in their place.

Every way of printing a label has its own form. One counts in a document where it recurs, with people whom the roster
knows or with labels that come back: a bracket at the beginning of a single line is no habit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from minutes.parsing.credits import looks_like_name, looks_like_word
from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece, bare
from minutes.parsing.printed import HEADING_WORDS, read_label
from people import names

_NAME = r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){0,3}"
_ACCOUNT = r"[^\W\d_][\w.-]{0,30}"
_INITIALS = r"[A-Z][A-Za-z]{0,2}[A-Z][A-Za-z]{0,2}"
_LETTERS = r"[A-Z][A-Za-z]?[A-Z]{0,3}"
_FORMS = {
    name: re.compile(pattern)
    for name, pattern in (
        ("at", rf"^@(?P<label>{_ACCOUNT}):\s+(?P<said>\S.*)$"),
        ("bold", rf"^(?:\*\*|__)(?P<label>@?{_NAME})(?:\*\*|__)(?:\s*[-–—>]+\s+|\s+(?![a-z]))(?P<said>\S.*)$"),
        ("colons", rf"^(?:\*|\*\*)?(?P<label>@?{_NAME})(?:\*|\*\*)?\s*::\s+(?P<said>\S.*)$"),
        ("letters", rf"^(?P<label>{_INITIALS})\s*(?:--|—|–|-)\s+(?P<said>\S.*)$"),
        ("dash", rf"^(?P<label>@?{_NAME})\s+(?:--|—|–|-)\s+(?P<said>\S.*)$"),
        ("angle", rf"^(?P<label>{_NAME})>\s+(?P<said>\S.*)$"),
        ("square", rf"^\[@?(?P<label>{_NAME})\]\s+(?P<said>\S.*)$"),
        ("round", rf"^\((?P<label>{_LETTERS}|{_NAME})\)\s+(?P<said>\S.*)$"),
        ("tab", rf"^(?P<label>{_NAME})(?:\t+| {{2,}})(?P<said>\S.*)$"),
    )
}
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_DAY = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_STAMP = re.compile(rf"^(?:[-*]\s)?`?(?:\[{_CLOCK}\]|\({_CLOCK}\)|{_CLOCK})`?\s*[-–|]?\s*(?=\S)")
_LABELLED = re.compile(
    rf"^(?:<\s?[\w@+%~&|`^{{}}\[\]\\-]{{1,30}}>\s|(?:{_NAME}|\*\*{_NAME}\*\*)\s*(?:\([^()]*\)\s*)?(?::|>)\s)"
)
_ABOVE = re.compile(
    rf"^(?:\*\*)?@?(?P<label>{_NAME})(?:\*\*)?,?\s+(?:[—–-]\s+)?"
    rf"(?:(?i:today|yesterday) at\s+|{_DAY},?\s+(?:at\s+)?)?"
    rf"(?:\[{_CLOCK}\]|\({_CLOCK}\)|{_CLOCK})(?:\s*-->?\s*{_CLOCK})?:?$"
)
_ABOVE_BOLD = re.compile(rf"^(?:\*\*|__)@?(?P<label>{_NAME}):?(?:\*\*|__):?$")
_NAME_ALONE = re.compile(rf"^@?(?P<label>{_NAME}|{_ACCOUNT})\s*:?$")
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
_ACTS = re.compile(r"^\*{1,3}\s(?P<nick>[^\W\d_][\w|`^-]{0,30})\s(?P<does>[a-z+]\S*.*)$")
_SPEAKER_HEAD = re.compile(r"^(?:speaker|who|name|person|participant|from|member|by)s?$", re.IGNORECASE)
_SAID_HEAD = re.compile(
    r"^(?:comment|text|said|statement|remark|discussion|what|question|contribution|notes?|message)s?$", re.IGNORECASE
)
_OWNER_HEAD = re.compile(r"^(?:owner|who|assignee|assigned(?: to)?|responsible|person|by whom|lead)s?$", re.IGNORECASE)
_TASK_HEAD = re.compile(r"^(?:what|action|task|to-?do|description|action items?|item)s?$", re.IGNORECASE)
_DECISION_HEAD = re.compile(r"^(?:decision|resolution)s?(?: (?:item|no|number|#))?$", re.IGNORECASE)
_ACTION_HEAD = re.compile(r"^actions?(?: (?:item|point)s?)?(?: (?:no|number|#)|\s*[:(].*)?$", re.IGNORECASE)
_DESCRIBED_HEAD = re.compile(r"^(?:description|details?|text|what|summary)$", re.IGNORECASE)

_KNOWN = 3  # lines of people whom the roster knows make a form a habit
_SHARE = 0.6  # of the lines of that form must be theirs, or of labels that come back
_MANY = 6  # headings of one word each
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


def _read_events(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """A chat's log without what its machines say; "* ada nods" as Ada's words."""
    bots = {match["nick"] for piece in pieces if (match := _BOT.match(piece.text))}
    kept: list[Piece] = []
    ignored: list[Piece] = []
    for piece in pieces:
        event = _STAMP.sub("", piece.text) if piece.kind in ("paragraph", "item") else ""
        if _EVENT.match(event) or (bots and (match := _NICKED.match(event)) and match["nick"] in bots):
            ignored.append(piece)
        elif event != piece.text and (match := _ACTS.match(event)):
            kept.append(replace(_text(piece, f"<{match['nick']}> {match['does']}"), opens=True))
        else:
            kept.append(piece)
    return kept, ignored


def _read_commands(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What a log says to the meeting's bot ("#topic ...") as marks; and what says nothing to a reader."""
    kept: list[Piece] = []
    ignored: list[Piece] = []
    for piece in pieces:
        match = _COMMAND.match(piece.text) if "> #" in piece.text else None
        command = match["command"].lower() if match else ""
        if match and command in _COMMANDS and match["rest"]:
            kept.append(replace(_text(piece, f"{_COMMANDS[command]}: {match['rest']}"), opens=True, alone=True))
        elif topic := _TOPIC_SET.match(piece.text):
            kept.append(replace(_text(piece, f"Topic: {topic['rest']}"), kind="paragraph", opens=True, alone=True))
        elif match and command in _SILENT:
            if match["rest"] and command in ("link", "info", "idea", "help"):
                kept.append(replace(_text(piece, f"Note: {match['rest']}"), opens=True))
            else:
                ignored.append(piece)
        else:
            kept.append(piece)
    return kept, ignored


def _read_quoted(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> list[Piece]:
    """Minutes that quote what was written in the chat, "> *Ada:* text", most of it with somebody's label."""
    found: dict[int, str] = {}
    known = labelled = 0
    for at, piece in enumerate(pieces):
        if piece.kind == "preformatted" and piece.text.startswith("> "):
            said = "\n".join(row.removeprefix(">").strip() for row in piece.text.split("\n"))
            part = read_label(said.split("\n", 1)[0])
            if part and said[0] in "*_<":
                label = names.plain(part.label)
                known += knows(label)
                labelled += knows(label) or looks_like_name(label)
            found[at] = said
    if known < _KNOWN or labelled < _SHARE * len(found):
        return list(pieces)
    return [
        replace(piece, text=found[at], plain=bare(found[at]), kind="paragraph") if at in found else piece
        for at, piece in enumerate(pieces)
    ]


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
            label = columns[2] if columns[2] in ("ACTION", "DECISION") else f"{columns[2]}{who}".strip()
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
    for kind, pattern in (("DECISION", _DECISION_HEAD), ("ACTION", _ACTION_HEAD)):
        if (place := find(pattern)) >= 0 and len(cells) < 6:
            described = find(_DESCRIBED_HEAD, place)
            return place, (described if described >= 0 else place), kind
    who = find(_SPEAKER_HEAD)
    what = find(_SAID_HEAD, who)
    return (who, what, "") if who >= 0 and what >= 0 and len(cells) < 5 else None


class _Habits:
    """Which of the forms this document uses, and for whom."""

    def __init__(self, pieces: Sequence[Piece], knows: Callable[[str], bool]) -> None:
        self.knows = knows
        self.texts = {at: piece.text for at, piece in enumerate(pieces)}
        self.found: dict[str, dict[int, re.Match[str]]] = {name: {} for name in _FORMS}
        listing, outermost = False, 0
        for at, piece in enumerate(pieces):
            mark = read_mark(piece.plain).name if piece.opens else "plain"
            if mark != "plain" or piece.kind not in ("item", "row"):
                listing = mark in ("actions", "participants", "absent", "decisions")
                outermost = piece.level if piece.kind == "item" else -1
            elif piece.level <= outermost:
                listing = False
            if piece.kind in ("paragraph", "item") and not listing and (mark == "plain" or piece.text[:1] == "@"):
                self._look(at, piece)
        self.counts = {
            name: Counter(names.fold(match["label"]) for match in hits.values()) for name, hits in self.found.items()
        }

    def _look(self, at: int, piece: Piece) -> None:
        for name, form in _FORMS.items():
            match = form.match(piece.text)
            if match and not match["said"].startswith(("(", "http")):
                self.found[name][at] = match
                return

    def _is_known(self, label: str) -> bool:
        shaped = looks_like_name(label) or label.isupper() or (label[:1].isupper() and len(label.split()) < 3)
        if (shaped or label.islower()) and self.knows(label):
            return True
        parts = names.people_in(label)
        return len(parts) > 1 and any(looks_like_word(part) and self.knows(part) for part in parts)

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
            least = 1 if name == "bold" or (name == "at" and self._are_answered(hits)) else _KNOWN
            if by_known >= least and by_known >= _SHARE * total:
                chosen |= {at: match for at, match in hits.items() if names.fold(match["label"]) in known | again}
            elif name == "letters" and len(again) > 2 and by_again >= _SHARE * total:
                chosen |= hits
            elif (
                name in ("angle", "square", "bold", "colons")
                and len(again) > 1
                and by_again >= _SHARE * total
                and by_again > _KNOWN
            ):
                may = self._may_speak if name in ("angle", "square") else _may_be_called
                chosen |= {at: match for at, match in hits.items() if may(match["label"])}
        return chosen

    def _are_answered(self, hits: Mapping[int, re.Match[str]]) -> bool:
        """Whether most of these lines stand beside others with labels: "@ada: ..." alone is somebody's task."""
        beside = sum(
            bool(read_label(self.texts.get(at - 1, "")) or read_label(self.texts.get(at + 1, ""))) for at in hits
        )
        return len(hits) > 1 and 2 * beside > len(hits)

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


def _alone(piece: Piece) -> str:
    """The name that is all of a line, or nothing."""
    if piece.kind not in ("paragraph", "item", "heading") or not piece.opens:
        return ""
    match = _NAME_ALONE.match(bare(piece.text))
    return match["label"] if match and read_mark(piece.plain).name == "plain" else ""


def _look_of(piece: Piece) -> str:
    """How a line of a name alone is set: names count as a habit for each look of its own."""
    return piece.kind if piece.kind in ("item", "heading") or piece.text.strip()[:2] not in ("**", "__") else "bold"


def _read_alone(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> tuple[list[Piece], set[str]]:
    """Names on a line of their own above what was said, or with it nested below."""
    found = {at: label for at, piece in enumerate(pieces) if (label := _alone(piece))}
    chosen: dict[int, str] = {}
    for look in ("paragraph", "bold", "item", "heading"):
        hits = {
            at: label
            for at, label in found.items()
            if _look_of(pieces[at]) == look and _leads(pieces, found, at) and (_may_be_called(label) or knows(label))
        }
        counts = Counter(map(names.fold, hits.values()))
        known = {names.fold(label) for label in set(hits.values()) if knows(label)}
        by_known = sum(counts[key] for key in known)
        if by_known and look == "item":  # a list nested below somebody's name
            chosen |= {at: label for at, label in hits.items() if names.fold(label) in known and pieces[at].level}
        if by_known >= _KNOWN and by_known >= _SHARE * counts.total():
            chosen |= {
                at: label for at, label in hits.items() if (key := names.fold(label)) in known or counts[key] > 1
            }
        elif look == "heading" and _are_all_words(pieces, hits):
            chosen |= hits
        elif look in ("bold", "heading") and _come_back(hits.values(), counts):
            chosen |= {at: label for at, label in hits.items() if _may_be_called(label)}
    presenting = {at for at in chosen if _is_below_heading(pieces, at)}
    if 2 * len(presenting) > sum(pieces[at].kind == "heading" for at in chosen):
        chosen = {at: label for at, label in chosen.items() if at not in presenting}
    else:
        presenting = set()
    read = [_labelled(piece, chosen[at]) if at in chosen else piece for at, piece in enumerate(pieces)]
    for at in presenting:
        read[at] = replace(_text(pieces[at], f"Speaker: {pieces[at].plain.rstrip(' :')}"), kind="paragraph", level=0)
    return read, {names.fold(label) for label in chosen.values()}


def _is_below_heading(pieces: Sequence[Piece], at: int) -> bool:
    """A heading right below a higher one: a name there is who presents."""
    here, above = pieces[at], pieces[max(0, at - 1)]
    return here.kind == above.kind == "heading" and above.level < here.level


def _labelled(piece: Piece, label: str) -> Piece:
    """A name alone as the label of what follows; as a heading it would be a title."""
    return replace(
        _text(piece, f"{label}:"),
        kind="paragraph" if piece.kind == "heading" else piece.kind,
        level=piece.level if piece.kind == "item" else 0,
    )


def _come_back(labels: Iterable[str], counts: Mapping[str, int]) -> bool:
    """Whether most labels are full names or words, of people who speak again and again."""
    shaped = {names.fold(label) for label in labels if _may_be_called(label)}
    full = {names.fold(label) for label in labels if looks_like_name(label)} & shaped
    again = sum(counts[key] for key in shaped if counts[key] > 1)
    total = sum(counts.values())
    return total > _KNOWN and again >= _SHARE * total and 2 * len(full) >= len(shaped)


def _are_all_words(pieces: Sequence[Piece], hits: Mapping[int, str]) -> bool:
    """Whether nearly all headings of one level are single words with a colon or without, that none of the text uses."""
    levels = Counter(pieces[at].level for at in hits)
    if not levels or levels.total() < _MANY or len(levels) > 1 or not all(map(looks_like_word, hits.values())):
        return False
    others = sum(piece.kind == "heading" and piece.level in levels for piece in pieces)
    written = {word for piece in pieces for word in piece.text.split() if word.islower()}
    return levels.total() >= 0.8 * others and not any(label.lower() in written for label in hits.values())


def _may_be_called(label: str) -> bool:
    folded = names.fold(label).split()
    return (looks_like_name(label) or looks_like_word(label)) and not any(word in HEADING_WORDS for word in folded)


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


def read_forms(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> Spoken:
    """The pieces with every label before a colon; `knows` tells people whom the document names elsewhere."""
    lines, events = _read_events(pieces)
    lines, labels = _read_above(lines)
    lines, ignored = _read_commands(_without_times(_without_stamps(lines)))
    lines, said, heads = _read_rows(_read_quoted(lines, knows))
    lines, alone = _read_alone(lines, knows)
    labels |= said | alone
    for at, match in _Habits(lines, knows).used().items():
        lines[at] = _text(lines[at], f"{match['label'].lstrip('@')}: {match['said']}")
        labels.add(names.fold(names.plain(match["label"])))
    return Spoken(tuple(lines), frozenset(labels), (*events, *ignored, *heads))
