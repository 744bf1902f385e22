"""Subtitles (WebVTT, SRT) to blocks: the cues that one speaker says in a row are one paragraph, "Name: words"."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from minutes.reading.blocks import Block, BlockKind

RULE = "number or time of a subtitle"
_CLOCK = r"(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"^\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?$")
_HEADER = re.compile(r"^\ufeff?WEBVTT(?:[ \t].*)?$")
_NOTE = re.compile(r"^NOTE(?:[ \t].*)?$")
_STYLING = re.compile(r"^(?:STYLE|REGION)\s*$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]+(?P<name>[^<>\n]{1,120})>")
_NOBODY = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]*>")
_TAG = re.compile(r"</?(?:[biucv]|ruby|rt|lang|font)\b[^<>]*>|<\d[\d:.,]*>|\{\\an?\d\}", re.IGNORECASE)
_MARKS = re.compile(r"[:<>\[\]|*\"“”`\\]")  # never in a label
_NAMED = re.compile(r"^(?:[-–>]+\s*)?\[?(?P<name>[^\W\d_][^:<>\[\]|*\"“”`\\?!]{0,59}?)\]?:(?:\s+(?P<said>.*))?$")


@dataclass(slots=True)
class _Cue:
    name: str
    rows: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def is_cues(lines: Sequence[str]) -> bool:
    """WebVTT by its first line and a time in its own form; SRT by a number and a time above the first words."""
    if not lines:
        return False
    if _HEADER.match(lines[0]):
        return any(map(_TIMES.match, lines))
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    return lines[first].strip().isdecimal() and first + 1 < len(lines) and bool(_TIMES.match(lines[first + 1]))


class _Reader:
    """Goes through the stretches between blank lines: cues, notes of the maker, styles."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self.blocks: list[Block] = []
        self._open: _Cue | None = None
        self._voiced = any(_VOICE.search(line) for line in lines)
        self._named = Counter[str]()

    def read(self) -> None:
        at = 0
        while at < len(self._lines):
            end = at
            while end < len(self._lines) and self._lines[end].strip():
                end += 1
            if end > at:
                self._take(at, end)
            at = end + 1
        self._close()

    def _take(self, start: int, end: int) -> None:
        times = [at for at in range(start, end) if _TIMES.match(self._lines[at])]
        if not times:
            if start == 0 and _HEADER.match(self._lines[0]):
                self._ignore(0, end, RULE)
            elif _NOTE.match(self._lines[start]) or _STYLING.match(self._lines[start]):
                self._ignore(start, end, "comment")
            else:
                # Words after an empty line in a cue.
                self._say_all(start, end)
            return
        # Where no blank line parts two cues, the line above a time is the number or name of its cue.
        heads = [max(at - 1, start) if at == start or self._is_id(at - 1, at == times[0]) else at for at in times]
        if heads[0] > start:
            self._say_all(start, heads[0])
        for head, at, after in zip(heads, times, [*heads[1:], end], strict=True):
            self._ignore(head, at + 1, RULE)
            self._say_all(at + 1, after)

    def _is_id(self, at: int, first: bool) -> bool:
        return first or self._lines[at].strip().isdecimal()

    def _ignore(self, start: int, end: int, rule: str) -> None:
        for at in range(start, end):
            if self._lines[at].strip():
                self.blocks.append(Block("comment", self._lines[at].strip(), (at + 1,), marker=rule))

    def _say_all(self, start: int, end: int) -> None:
        begun = False
        for at in range(start, end):
            begun = self._say(at, begun) or begun

    def _say(self, at: int, begun: bool) -> bool:
        """One line of words; whether it told who speaks. `begun`: a line above it in this cue did."""
        line = self._lines[at]
        voices = list(_VOICE.finditer(line))
        if voices:
            ends = [*(voice.start() for voice in voices[1:]), len(line)]
            if before := _words(line[: voices[0].start()]):
                self._add("" if not begun or self._open is None else self._open.name, before, at)
            for voice, end in zip(voices, ends, strict=True):
                self._add(_words(_MARKS.sub(" ", voice["name"])), _words(line[voice.end() : end]), at)
            return True
        words = _words(line)
        if not words:
            self.blocks.append(Block("comment", line.strip(), (at + 1,), marker="marks alone"))
            return False
        if not self._voiced and (match := _NAMED.match(words)) and len(match["name"].split()) < 6:
            self._add(match["name"].strip(), match["said"] or "", at)
            return True
        nobody = bool(_NOBODY.search(line)) or (self._voiced and not begun)
        self._add("" if nobody or self._open is None else self._open.name, words, at)
        return False

    def _add(self, name: str, words: str, at: int) -> None:
        if self._open is None or self._open.name != name:
            self._close()
            self._open = _Cue(name)
            words = f"{name}: {words}".rstrip() if name else words
            self._named[name] += bool(name)
        if not words:
            self.blocks.append(Block("comment", self._lines[at].strip(), (at + 1,), marker="marks alone"))
            return
        if self._open.numbers and self._open.numbers[-1] == at + 1:
            self._open.rows[-1] += f" {words}"
        else:
            self._open.rows.append(words)
            self._open.numbers.append(at + 1)

    def _close(self) -> None:
        cue, self._open = self._open, None
        if cue is None or not cue.rows:
            return
        if not cue.name:
            # Nobody's words are no part of what was said before.
            self.blocks.append(Block("rule", "", (max(1, cue.numbers[0] - 1),), marker=RULE))
        kind: BlockKind = "paragraph" if cue.name else "preformatted"
        self.blocks.append(Block(kind, "\n".join(cue.rows), tuple(cue.numbers)))

    def speakers(self) -> tuple[str, ...]:
        """Whom the format marks as a voice; where names stand before a colon, those that recur or are full names."""
        return tuple(
            name
            for name, count in self._named.items()
            if name and (self._voiced or count > 1 or len([word for word in name.split() if word[0].isupper()]) > 1)
        )


def _words(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def read_cues(lines: Sequence[str]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Blocks in the order of their first lines, and the speakers whom the file itself marks as such."""
    reader = _Reader(lines)
    reader.read()
    return tuple(sorted(reader.blocks, key=lambda block: block.starts[0])), reader.speakers()
