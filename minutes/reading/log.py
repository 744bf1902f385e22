"""A chat log (IRC: irssi, WeeChat, HexChat, ZNC, meeting bots) to blocks: "<nick> words", without its times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from minutes.reading.blocks import Block
from minutes.reading.text import read_text

COMINGS = "comings and goings of a log"
STAMPS = "times of a log"
_LEAST = 4  # lines that somebody says with a time or a nick
_SHARE = 0.5  # of all lines that are not blank

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AaPp][Mm])?"
_DATE = r"(?:\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2} \d{1,2}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?)"
_STAMP = rf"(?:\[(?:{_DATE}[T ])?{_CLOCK}Z?\]|\((?:{_DATE}[T ])?{_CLOCK}Z?\)|(?:{_DATE}[T ]\s?)?{_CLOCK}Z?)"
_NICK = r"[A-Za-z_`^{}\[\]\\|][\w`^{}\[\]\\|-]{0,30}"
_GAP = r"[ \t]+"
_SAYS = re.compile(rf"^(?:{_STAMP}{_GAP})?<[ @+%&~!]?(?P<nick>{_NICK})>{_GAP}(?P<said>\S.*)$")
_COLUMNS = re.compile(rf"^{_STAMP}[ ]*\t[@+%&~ ]?(?P<nick>{_NICK})[ ]*[\t|][ ]*(?P<said>\S.*)$")
_DOES = re.compile(rf"^{_STAMP}{_GAP}(?:\*{_GAP}|\*\t)(?P<nick>{_NICK}){_GAP}(?P<said>\S.*)$")
_BARE_DOES = re.compile(rf"^\*{_GAP}(?P<nick>{_NICK}){_GAP}(?P<said>\S.*)$")
_COMES = r"(?:has )?(?:joined|join(?:s|ed)?|left|leaves|quits?|part(?:s|ed)|(?:been )?kicked)\b"
_NOTICE = re.compile(
    rf"^(?:{_STAMP}{_GAP}(?:-!-|-->|<--|--(?=\s)|=-=|\*\*\*|→|←|⇐|⇒|⟵|⟶)|-!-|-->|<--"
    r"|\*\*\* (?:Joins|Parts|Quits):)\s*\S"
)
_PLAIN_NOTICE = re.compile(
    rf"^{_STAMP}{_GAP}(?:\*\s+)?(?:{_NICK}|\[[^\]]*\])\s*(?:[(\[][^()\[\]]*[)\]]\s*)?(?:{_COMES}|is now known as\b|"
    r"sets? (?:the )?(?:mode|topic)\b|(?:has )?changed the topic\b)"
    rf"|^{_STAMP}{_GAP}\*\s+Now talking (?:on|in)\b"
)
_FRAME = re.compile(
    r"^(?:-{2,4}|\*{2,4})\s*(?:Log (?:opened|closed)|Day changed|(?:BEGIN|ENDING|END) LOGGING(?: AT)?)\s*:?\s*"
    r"(?:[A-Z][a-z]{2},?\s+)?(?P<month>[A-Z][a-z]{2})\s+(?P<day>\d{1,2})(?:\s+[\d:]+)?\s+(?P<year>\d{4})\s*$",
    re.IGNORECASE,
)  # fmt: skip
_SCRIBE = re.compile(r"^scribe(?:nick)?\s*[:=]\s*(?P<who>[^\s,;.]+)", re.IGNORECASE)
_RELAYED = re.compile(rf"^(?P<label>{_NICK}):[ \t]+(?P<said>\S.*)$")
_TOPIC = re.compile(r"^(?:sub)?topic\s*:", re.IGNORECASE)
_NO_NAME = frozenset(  # what a scribe puts before a colon that is nobody
    """action actionitem agenda agreed chair chairs date decision fyi https http issue link meeting minutes next note
    notes poll present previous proposal proposed question recording regrets resolution resolved rrsagent scribe
    scribenick slide slides strawpoll subtopic summary todo topic trackbot url vote zakim""".split()
)
_RELAYS = 5  # lines in which a scribe gives the words of others
_OTHERS = 3  # how many others at least
_MOSTLY_RELAYED = 0.7  # of what the scribe writes
_LEADING = re.compile(rf"^{_STAMP}{_GAP}")


def is_log(lines: Sequence[str], *, least: int = _LEAST) -> bool:
    """At least half of the lines are said by a nick, by a time and a nick in columns, or tell who came and went.
    `least` is how many lines somebody must say; where that is fewer than a log has, nicks need not come back."""
    said = told = full = 0
    nicks: set[str] = set()
    for line in lines:
        if not line.strip():
            continue
        full += 1
        if match := _SAYS.match(line) or _COLUMNS.match(line):
            said += 1
            nicks.add(match["nick"])
        else:
            told += bool(_is_notice(line) or _DOES.match(line) or line.startswith("..."))
    return said >= least and said + told >= _SHARE * full and (len(nicks) < said or least < _LEAST)


def _is_notice(line: str) -> bool:
    return bool(_NOTICE.match(line) or _PLAIN_NOTICE.match(line))


def _label(nick: str) -> str:
    """A nick as labels are printed: "ada|away" and "[ada]" are ada."""
    bare = re.sub(r"[^\w-]", "", nick.partition("|")[0]).lstrip("0123456789-")
    return bare or re.sub(r"\W", "_", nick)


def _doing(said: str) -> str:
    """What somebody does, printed as logs show it; words with emphasis of their own stay as they are."""
    return said if "*" in said else f"*{said.strip()}*"


def _relayed(said: str) -> re.Match[str] | None:
    """Somebody's name before a colon, as a scribe writes it."""
    part = _RELAYED.match(said)
    return part if part and part["label"].lower() not in _NO_NAME else None


def _scribes(lines: Sequence[str]) -> frozenset[str]:
    """The nicks that write down what others say, "<moss> ada: words": those that are said to be scribe, or nearly all
    of whose lines begin with names, most of them of people who write nothing. Whoever addresses the others is none."""
    written: Counter[str] = Counter()
    relayed: dict[str, Counter[str]] = {}
    named: set[str] = set()
    for line in lines:
        if match := _SAYS.match(line) or _COLUMNS.match(line):
            if scribe := _SCRIBE.match(match["said"]):
                named.add(scribe["who"].lower())
                continue
            nick = match["nick"]
            written[nick] += 1
            if part := _relayed(match["said"]):
                relayed.setdefault(nick, Counter())[part["label"].lower()] += 1
    writing = {nick.lower() for nick in written}
    return frozenset(
        nick
        for nick, others in relayed.items()
        if others.total() >= _RELAYS and len(others) >= _OTHERS and others.total() >= _MOSTLY_RELAYED * written[nick]
        if nick.lower() in named or 2 * sum(n for name, n in others.items() if name not in writing) > others.total()
    )


class _Reader:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._nicks = {match["nick"].lower() for line in lines if (match := _SAYS.match(line) or _COLUMNS.match(line))}
        self._scribes = _scribes(lines)
        self.ignored: list[Block] = []
        self.dated = False

    def rows(self) -> list[str]:
        """The lines as they are read from now on; those of the log itself are blank."""
        return [self._row(number, line) for number, line in enumerate(self._lines, start=1)]

    def _row(self, number: int, line: str) -> str:
        if not line.strip():
            return ""
        if match := _SAYS.match(line) or _COLUMNS.match(line):
            if self._scribes and _SCRIBE.match(match["said"]):
                return match["said"].strip()
            if match["nick"] in self._scribes and not _TOPIC.match(match["said"]):
                return self._relay(match["said"].strip())
            return f"<{_label(match['nick'])}> {match['said'].strip()}"
        if match := _FRAME.match(line):
            if not self.dated:
                self.dated = True
                return f"{match['day']} {match['month']} {match['year']}"
            return self._ignore(number, line, STAMPS)
        if _is_notice(line):
            return self._ignore(number, line, COMINGS)
        if (match := _DOES.match(line) or _BARE_DOES.match(line)) and match["nick"].lower() in self._nicks:
            return f"<{_label(match['nick'])}> {_doing(match['said'])}"
        if _DOES.match(line):  # a bot, or somebody who waves and says nothing
            return self._ignore(number, line, COMINGS)
        bare = _LEADING.sub("", line)
        return bare if bare.strip() else self._ignore(number, line, STAMPS)

    @staticmethod
    def _relay(said: str) -> str:
        """What a scribe writes, as printed without a scribe: words of others as their own, the rest as a line apart."""
        part = _relayed(said)
        return f"<{_label(part['label'])}> {part['said']}" if part else said

    def _ignore(self, number: int, line: str, rule: str) -> str:
        self.ignored.append(Block("comment", line.strip(), (number,), marker=rule))
        return ""


def read_log(lines: Sequence[str]) -> tuple[Block, ...]:
    """Blocks of a chat log, in order."""
    reader = _Reader(lines)
    blocks = read_text(reader.rows())
    return tuple(sorted([*blocks, *reader.ignored], key=lambda block: block.starts[0]))
