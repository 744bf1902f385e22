"""One section's pieces to turns, notes and the outcomes it lists: who spoke, and all that continues what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from minutes.document import Lines, Note
from minutes.parsing.credits import looks_like_name, looks_like_word
from minutes.parsing.labels import Labels
from minutes.parsing.ledger import Ledger
from minutes.parsing.marks import Mark, read_mark
from minutes.parsing.pieces import Piece, is_address
from minutes.parsing.printed import Part
from minutes.parsing.sections import Section

_NO_ITEM = -1
_MUCH_PROSE = 0.4  # paragraphs of nobody for each paragraph of a turn
_FEW = 10  # paragraphs of nobody that show no habit yet
_NOTHING = re.compile(  # what stands in a list of which there is nothing to say
    r"\W*(?:none|n/?a|nil|nothing|tb[ad]|no (?:new |open )?(?:actions?|decisions?|resolutions?)(?: items?| points?)?)?"
    r"(?: (?:at this time|this (?:time|week|meeting)|today|yet|so far|taken|recorded))?\W*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"^(?:\([^()]*\)|\[[^\[\]]*\])[.*_]*$")
_ITALIC = re.compile(r"^(?P<mark>[*_])(?![*_\s])[^*_]+(?P=mark)$")
_AGENDA = re.compile(r"^(?:\w+ )?agenda(?: items?| topics?)?$", re.IGNORECASE)
_MAIN_TEXT = ("paragraph", "item")


@dataclass(slots=True)
class Stretch:
    """Words that belong together: those of one label, or of nobody."""

    label: str
    lines: Lines
    depth: int = _NO_ITEM  # of the list item in which it begins
    parts: list[str] = field(default_factory=list)  # what was said, with what parts it
    block: int = -1  # the block of the last words
    kind: str = ""

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def extend(self, piece: Piece, said: str) -> None:
        if not said:
            return
        if piece.kind in ("preformatted", "row"):
            said = piece.text
        glue = "\n\n"
        if piece.block == self.block:
            glue = " "
        elif piece.kind == self.kind and piece.kind in ("item", "row"):
            glue = "\n"
        if piece.kind == "item" and piece.block != self.block and (self.parts or not self.label):
            said = f"{'  ' * max(0, piece.level - max(0, self.depth + 1))}{piece.marker} {said}"
        self.parts += [glue, said] if self.parts else [said]
        self.lines = (self.lines[0], piece.lines[1])
        self.block, self.kind = piece.block, piece.kind

    def keeps(self, piece: Piece) -> bool:
        """Whether words without a label go on with this: in a list, only what is nested deeper, or the same block."""
        if piece.block == self.block or piece.kind == "preformatted":
            return True
        if piece.kind == "row":
            return False
        if self.depth == _NO_ITEM:
            return True
        return piece.level > self.depth


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that the document itself calls an action or a decision."""

    kind: Literal["action", "decision"]
    text: str
    lines: Lines


@dataclass(slots=True)
class Said:
    """What one section holds."""

    turns: list[Stretch] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


def _told_outcome(part: Part) -> Mark | None:
    """What somebody wrote down in a chat for all: "<ada> ACTION: mend it", the word in capitals."""
    mark = read_mark(part.said) if part.label and part.said[:2].isupper() else None
    return mark if mark and mark.rest and mark.name in ("action", "decision") else None


def _is_aside(piece: Piece) -> bool:
    """A paragraph all in brackets or italics: what happened, and nobody's words."""
    if piece.kind != "paragraph" or not piece.opens or not piece.alone:
        return False
    return bool(_ASIDE.match(piece.plain) or _ITALIC.match(piece.text.strip()))


def _is_agenda(section: Section, labels: Labels) -> bool:
    """A list of what is to be talked about and by whom: nobody is named twice, and nobody asks or answers below."""
    if not _AGENDA.match(section.title):
        return False
    said = [(piece, labels.split(piece.text)[0]) for piece in section.body if piece.kind == "item"]
    named = [part.label for _, part in said if part.label]
    if len(set(named)) < len(named) or any(piece.kind == "paragraph" for piece in section.body):
        return False
    return all(piece.level == 0 for piece, part in said if part.label) and not any(
        p.said.endswith("?") for _, p in said
    )


class _Gatherer:
    def __init__(self, section: Section, labels: Labels, ledger: Ledger, prose: bool) -> None:
        self.section = section
        self.prose = prose
        self.labels = labels
        self.ledger = ledger
        self.said = Said()
        self.turn: Stretch | None = None
        self.note: Stretch | None = None
        self.listing: Literal["action", "decision"] | None = None  # the outcomes below a mark that stands alone
        self.listed: Stretch | None = None
        self.announced = False  # whether that mark stands alone, above a list
        self.discussed = False

    def gather(self) -> Said:
        planned = _is_agenda(self.section, self.labels)
        for piece in self.section.body:
            if planned and piece.kind == "item":
                self._note(piece, piece.text)
            else:
                self._take(piece)
        self._end()
        return self.said

    def _take(self, piece: Piece) -> None:
        if piece.kind == "rule":
            self._end()
            return
        mark = self._mark(piece)
        parts = self.labels.split(piece.text) if piece.kind in _MAIN_TEXT else (Part("", piece.text),)
        if mark.name == "discussion" or mark.name in ("actions", "decisions"):
            self._end()
            self.discussed = self.announced = True
            self.listing = {"actions": "action", "decisions": "decision"}.get(mark.name)  # type: ignore[assignment]
            self.ledger.put(piece.lines, "heading")
        elif self.listing and piece.kind == "item" and self._is_listed(piece, mark):
            self._list(piece)
        elif len(parts) == 1 and (outcome := _told_outcome(parts[0])):
            self._end()
            self.announced = False
            self._begin_outcome("action" if outcome.name == "action" else "decision", piece, outcome.rest)
        elif parts[0].label or len(parts) > 1:
            self._end_listing()
            self._speak(piece, parts)
        elif mark.name in ("action", "decision"):
            self._end()
            self.announced = False
            self._begin_outcome("action" if mark.name == "action" else "decision", piece, mark.rest)
        elif self.listing and (self.announced or self._goes_on(piece)):
            self._list(piece)
        elif piece.kind == "heading" or mark.name in ("note", "scribe") or self._begins_apart(piece):
            self._end()
            self._note(piece, mark.rest if mark.name == "note" else piece.text)
        elif self.turn and _is_aside(piece):  # what happened while somebody spoke
            self.said.notes.append(Note(piece.text.strip(), "note", piece.lines))
            self.ledger.put(piece.lines, "note")
        else:
            if self.listing and not self.announced:
                self._end_listing()
            self._continue(piece)

    @staticmethod
    def _mark(piece: Piece) -> Mark:
        """What the words say that the line is; inside a paragraph only an outcome may begin."""
        if piece.kind not in (*_MAIN_TEXT, "heading"):
            return Mark("plain")
        mark = read_mark(piece.plain)
        if mark.name == "consensus":  # a sentence, which may as well go on with what was said
            return Mark("decision", mark.rest) if piece.opens and piece.kind != "heading" else Mark("plain")
        return mark if piece.opens or mark.name in ("action", "decision") else Mark("plain")

    # --- turns ---

    def _speak(self, piece: Piece, parts: tuple[Part, ...]) -> None:
        if not parts[0].label:
            self._continue(piece, parts[0].said)
            parts = parts[1:]
        for part in parts:
            self._end()
            depth = piece.level if piece.kind == "item" or piece.level else _NO_ITEM
            self.turn = Stretch(part.label, piece.lines, depth, block=piece.block, kind=piece.kind)
            self.turn.extend(piece, part.said)
            self.ledger.put(piece.lines, "turn")

    def _continue(self, piece: Piece, said: str | None = None) -> None:
        text = piece.text.strip() if said is None else said
        if self.turn and self.turn.keeps(piece) and not self._stands_alone(piece):
            self.turn.extend(piece, text)
            self.ledger.put(piece.lines, "turn")
            return
        self._end_turn()
        self._note(piece, text)

    def _begins_apart(self, piece: Piece) -> bool:
        marked = piece.opens or piece.text.startswith("**")
        return piece.kind == "paragraph" and marked and self.labels.stands_apart(piece.plain)

    def _stands_alone(self, piece: Piece) -> bool:
        """Where a scribe writes much in between, a paragraph goes on with a turn only if that announced it."""
        if (
            not self.prose
            or self.turn is None
            or piece.kind != "paragraph"
            or piece.block == self.turn.block
            or piece.level
        ):
            return False
        announced = not self.turn.parts or self.turn.parts[-1].endswith(":")
        return not (announced or is_address(piece.plain))

    # --- notes ---

    def _note(self, piece: Piece, text: str) -> None:
        if self.note is None:
            self.note = Stretch("", piece.lines, block=piece.block)
        self.note.extend(piece, text)
        self.ledger.put(piece.lines, "note")

    # --- outcomes ---

    def _begin_outcome(self, kind: Literal["action", "decision"], piece: Piece, text: str) -> None:
        depth = piece.level if piece.kind == "item" else _NO_ITEM
        self.listing = kind
        self.listed = Stretch("", piece.lines, depth, [text.strip(" *_")], piece.block, piece.kind)
        self.ledger.put(piece.lines, kind)

    def _is_listed(self, piece: Piece, mark: Mark) -> bool:
        """Whether an item belongs to the outcomes: all below a mark that stands alone do; behind one of its own line
        only what goes on with that, and no other mark."""
        if self.listing == "action" and mark.name == "decision":
            return False
        return self.announced or (self._goes_on(piece) and mark.name not in ("action", "decision"))

    def _goes_on(self, piece: Piece) -> bool:
        """Whether a line belongs to the entry before it: in the same block, or an item nested below it."""
        entry = self.listed
        if entry is None:
            return False
        return piece.block == entry.block or (piece.kind == "item" and piece.level > entry.depth >= 0)

    def _list(self, piece: Piece) -> None:
        """One entry for each item or paragraph; nested items and the lines of one block go on with theirs."""
        assert self.listing is not None
        entry = self.listed
        if entry is not None and self._goes_on(piece):
            entry.extend(piece, piece.text.strip())
            self.ledger.put(piece.lines, self.listing)
        elif piece.kind == "item" or entry is None:
            kind = self.listing
            self._end_outcome()
            self._begin_outcome(kind, piece, piece.plain)
        else:
            self._end_listing()
            self._continue(piece)

    # --- ends ---

    def _end_turn(self) -> None:
        """A label behind which nothing stands is kept as a note."""
        if self.turn is not None:
            if self.turn.parts:
                self.said.turns.append(self.turn)
            else:
                self.said.notes.append(Note(f"{self.turn.label}:", "note", self.turn.lines))
            self.turn = None

    def _end_outcome(self) -> None:
        if self.listed is not None and self.listing is not None:
            text = re.sub(r"[*_]+$", "", self.listed.text).strip()
            if self.listing == "action" and (looks_like_word(text) or looks_like_name(text)):  # who, but not what
                self.said.notes.append(Note(text, "note", self.listed.lines))
            elif not _NOTHING.match(text):
                self.said.outcomes.append(Outcome(self.listing, text, self.listed.lines))
        self.listed = None

    def _end_listing(self) -> None:
        self._end_outcome()
        self.listing = None

    def _end(self) -> None:
        self._end_turn()
        self._end_listing()
        if self.note is not None:
            kind: Literal["note", "abstract"] = "abstract" if self._is_abstract(self.note) else "note"
            self.said.notes.append(Note(self.note.text, kind, self.note.lines))
            self.note = None

    def _is_abstract(self, note: Stretch) -> bool:
        """Right under the title: above the speakers where they are named, always above the discussion."""
        if self.discussed or self.said.turns:
            return False
        return all(note.lines[0] < lines[0] for _, lines in self.section.people)


def writes_prose(pieces: Iterable[Piece], labels: Labels) -> bool:
    """Whether many paragraphs are nobody's, measured against those that somebody is said to have spoken."""
    spoken = free = 0
    for piece in pieces:
        if (
            piece.kind == "paragraph"
            and piece.opens
            and not piece.only_links
            and read_mark(piece.plain).name == "plain"
        ):
            if labels.split(piece.text)[0].label:
                spoken += 1
            else:
                free += 1
    return free > max(_FEW, _MUCH_PROSE * spoken)


def gather(section: Section, labels: Labels, ledger: Ledger, prose: bool) -> Said:
    """Turns (with their labels as printed), notes and listed outcomes of a section, in order. `prose` is what
    `writes_prose` found for the document."""
    return _Gatherer(section, labels, ledger, prose).gather()
