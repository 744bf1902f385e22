"""Pieces to sections: title and dates, days, sessions with conveners, talks with speakers, and what stands in each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from minutes.document import IGNORING, Day, Lines, Note, Problem
from minutes.parsing.credits import Credit, looks_like_name, looks_like_word, read_credits
from minutes.parsing.dates import Span, dates_minutes, find_span, is_range, part_of_day, read_day
from minutes.parsing.labels import Labels
from minutes.parsing.ledger import Ledger
from minutes.parsing.marks import Mark, read_mark
from minutes.parsing.pieces import Piece
from minutes.parsing.sections import Outline, Section
from minutes.parsing.titles import Head, find_titles, is_credit_line, like_title, read_title
from minutes.reading.blocks import without_links

_UNMARKED_SESSION, _UNMARKED_TALK = 8, 9  # levels below every heading
_BRACKETED = re.compile(r"^[(\[](?P<names>[^()\[\]]+)[)\]]$")
_AFTER_LINKS = re.compile(r"^\s*[-–—:]\s*[*_]*(?P<names>[^*_]+?)[*_]*\s*$")
_IN_TITLE = re.compile(
    r"[(\[](?:\d+\s*m(?:in)?\w*\s*,\s*)?(?P<names>[^()\[\]]+?)(?:\s*,\s*\d+\s*m(?:in)?\w*)?[)\]]\s*$"
)
_TIMED = re.compile(r"\d\s*m(?:in)?\w*\b")
_AFTER_DASH = re.compile(r"\s[-–—]\s+(?P<names>[^-–—()\[\]]+)$")
_FRONT_TITLE = re.compile(r"^title:\s*[\"']?(?P<title>.+?)[\"']?\s*$", re.MULTILINE)
_BOLD_LINE = re.compile(r"^(?:\*\*|__)[^*_]+(?:\*\*|__)$")
_TOP = 4  # lines of a block of titles
_SUBTOPIC = re.compile(r"^sub-?topic\s*:", re.IGNORECASE)  # a part of its talk, as it says itself
_TOPIC = re.compile(
    r"^(?:topic|agenda item|item|top|tagesordnungspunkt|talk|presentation|contribution)\s*\d*\s*:\s*(?P<title>\S.*)$",
    re.IGNORECASE,
)


class _Builder:
    def __init__(self, pieces: Sequence[Piece], labels: Labels, ledger: Ledger, knows: Callable[[str], bool]) -> None:
        self.pieces = pieces
        self.labels = labels
        self.ledger = ledger
        self.knows = knows
        self.outline = Outline()
        self.front = Section("front", "", (0, 0), 0)
        self.current = self.front
        self.open: list[Section] = []  # sections around the current one, outermost first
        self.outline.sections.append(self.front)
        self.day: int | None = None
        self.spoken = False  # whether anybody has spoken in the current section
        self.headings = Counter(piece.plain for piece in pieces if piece.kind == "heading")
        self.bold_heads = self.headings.total() < 2
        dated = {plain: span for plain in self.headings if (span := dates_minutes(plain))}
        # Where several say so, several minutes stand in one document, each under its own.
        self.dating = dated if len(dated) == 1 else {}
        self.titles: Mapping[int, Head] = find_titles(pieces, labels.speaks)

    def build(self) -> Outline:
        for at, piece in enumerate(self.pieces):
            self._take(at, piece)
        if not self.outline.title and self.outline.sections[1:]:
            self.outline.problems.append(Problem(1, "no title found above the first talk"))
        dated = [day.date for day in self.outline.days if day.date]
        if self.outline.start is None and dated:
            self.outline.start, self.outline.end = min(dated), max(dated)
        return self.outline

    def _take(self, at: int, piece: Piece) -> None:
        """What one piece is: the grammar in order, first match wins."""
        if piece.kind == "metadata":
            self._front_matter(piece)
        elif piece.kind == "comment":
            self.ledger.put(piece.lines, "ignored", _reason(piece, "comment"))
        elif piece.kind == "rule":
            self.ledger.put(piece.lines, "ignored", _reason(piece, "separator"))
            self._append(piece)
        elif read_mark(piece.plain).name == "template":
            self.ledger.put(piece.lines, "ignored", "template left-over")
        elif self._is_day(piece):
            self._open_day(piece)
        elif piece.kind == "heading":
            self._heading(at, piece)
        elif piece.index in self.titles or self._is_bold_head(piece):
            self._open(piece, self.titles.get(piece.index, "talk"), piece.plain)
        elif match := _TOPIC.match(piece.plain) if piece.opens and piece.kind == "paragraph" else None:
            self._open(piece, "talk", match["title"])
        elif not self._top_of_section(piece):
            self._append(piece)

    # --- title, dates, days ---

    def _front_matter(self, piece: Piece) -> None:
        self.ledger.put(piece.lines, "metadata")
        if match := _FRONT_TITLE.search(piece.text):
            self._entitle(match["title"], piece.lines)

    def _entitle(self, title: str, lines: Lines) -> None:
        self.outline.title = title
        match = _IN_TITLE.search(title)
        credits = read_credits(match["names"]) if match else ()
        if credits and all(looks_like_name(credit.name) and self._is_somebody(credit.name) for credit in credits):
            self.front.people += [(credit, lines) for credit in credits]
        if self.outline.start is None and (found := find_span(title)):
            self._date(found[0])

    def _date(self, span: Span) -> None:
        self.outline.start, self.outline.end = span

    def _is_day(self, piece: Piece) -> bool:
        if piece.kind != "heading" and not (piece.kind == "paragraph" and piece.alone):
            return False
        found = read_day(piece.plain)
        if found is None:
            return False
        if self.outline.title or piece.kind != "heading":
            return (
                self.current is not self.front
                or found[1] is not None
                or bool(self.outline.start)
                or piece.kind == "heading"
            )
        return False

    def _open_day(self, piece: Piece) -> None:
        found = read_day(piece.plain)
        assert found is not None
        when, number = found
        self.ledger.put(piece.lines, "heading")
        known = next((day for day in self.outline.days if when and day.date == when), None)
        if known is None:
            known = Day(number or len(self.outline.days) + 1, when, piece.plain, piece.lines)
            self.outline.days.append(known)
        self.day, self.open = known.n, []
        if part_of_day(piece.plain):
            self._open(piece, "session", piece.plain)
        else:
            self.outline.sections.append(Section("front", "", piece.lines, 0, day=known.n))
            self._enter(self.outline.sections[-1])

    # --- sections ---

    def _heading(self, at: int, piece: Piece) -> None:
        mark = read_mark(piece.plain)
        first = not self.outline.title and len(self.outline.sections) == 1
        if first and (piece.level == 1 or not self._has_sibling(at, piece)):
            self.ledger.put(piece.lines, "heading")
            self._entitle(without_links(piece.plain, keep_labels=True), piece.lines)
            self.front.links += piece.links
        elif piece.plain == self.outline.title:
            self.ledger.put(piece.lines, "heading")
        elif self.outline.start is None and piece.plain in self.dating:
            self.ledger.put(piece.lines, "heading")
            self._date(self.dating[piece.plain])
        elif mark.rest and self.current is self.front and mark.name in ("date", "conveners", "scribe"):
            if not self._top_of_section(piece):
                self._append(piece)
        elif (
            (mark.name == "discussion" and not self._is_sibling(piece))
            or _SUBTOPIC.match(piece.plain)
            or (mark.name in ("decisions", "actions") and not self._has_turns(at, mark.name))
        ):
            self._append(piece)
        else:
            self._open(piece, "session" if self._is_session(at, piece) else "talk", piece.plain)

    def _has_sibling(self, at: int, piece: Piece) -> bool:
        return any(other.kind == "heading" and other.level == piece.level for other in self._below(at))

    def _below(self, at: int) -> Iterator[Piece]:
        """Looked at one by one: most questions are answered by the next few, of perhaps very many."""
        return map(self.pieces.__getitem__, range(at + 1, len(self.pieces)))

    def _is_sibling(self, piece: Piece) -> bool:
        """A heading of a discussion that is the only one of its words, as high as the heading before it."""
        return self.headings[piece.plain] == 1 and self.current.kind == "talk" and self.current.level == piece.level

    def _has_turns(self, at: int, mark: str) -> bool:
        """Whether somebody speaks under this heading, before the next. In a list of actions a label is an owner, unless
        somebody asks there."""
        for other in self._below(at):
            if other.kind == "heading":
                return False
            if self.labels.speaks(other.text) and (
                mark != "actions" or other.kind != "item" or other.plain.endswith("?")
            ):
                return True
        return False

    def _is_session(self, at: int, piece: Piece) -> bool:
        """A heading with conveners, or with nothing of its own but lower headings."""
        own = 0
        for other in self._below(at):
            if other.kind == "heading" or other.index in self.titles:
                return own == 0 and (other.kind != "heading" or other.level > piece.level)
            if read_mark(other.plain).name == "conveners" and self._names_people(other):
                return True
            own += not (other.only_links or other.kind in ("comment", "rule"))
            if own > 3:
                return False
        return False

    def _names_people(self, piece: Piece) -> bool:
        """Whether a line of conveners has their names, and is none of a chair who speaks."""
        credits = read_credits(read_mark(piece.plain).rest)
        return any(looks_like_name(credit.name) or self.knows(credit.name) for credit in credits)

    def _is_bold_head(self, piece: Piece) -> bool:
        """In a document without headings: a line all bold or all in capitals."""
        if not (self.bold_heads and piece.kind == "paragraph" and piece.alone and not piece.level):
            return False
        shouted = piece.plain.isupper() and sum(c.isalpha() for c in piece.plain) > 3 and len(piece.plain) <= 80
        if not (shouted or _BOLD_LINE.match(piece.text.strip())):
            return False
        return (
            bool(self.outline.title)
            and read_mark(piece.plain).name == "plain"
            and not self.labels.split(piece.plain)[0].label
        )

    def _open(self, piece: Piece, kind: Head, printed: str) -> None:
        unmarked = _UNMARKED_SESSION if kind == "session" else _UNMARKED_TALK
        level = piece.level if piece.kind == "heading" else unmarked
        title = read_title(without_links(printed, keep_labels=True))
        if piece.index in self.titles and not self.outline.title and self.current is self.front:
            self.outline.problems.append(Problem(piece.lines[0], "a talk before any title of the whole"))
        while self.open and self.open[-1].level >= level:
            self.open.pop()
        around = [section for section in self.open if section.kind == "session"]
        section = Section(kind, title.text, piece.lines, level, self.day, around[-1] if around else None, title.status)
        if len(title.remark.split()) > 1:
            section.notes.append(Note(title.remark, "note", piece.lines))
        section.links += piece.links
        self.ledger.put(piece.lines, "heading")
        self._speakers_in_title(section, piece.lines)
        self.outline.sections.append(section)
        self.open.append(section)
        self._enter(section)

    def _enter(self, section: Section) -> None:
        self.current, self.spoken = section, False

    def _speakers_in_title(self, section: Section, lines: Lines) -> None:
        match = _IN_TITLE.search(section.title)
        if match is None and (dashed := _AFTER_DASH.search(section.title)) and self.knows(dashed["names"]):
            match = dashed
        if match is None or section.kind != "talk":
            return
        credits = read_credits(match["names"])
        timed = bool(_TIMED.search(match[0]))
        if (
            len(credits) == 2
            and "," in match["names"]
            and looks_like_name(credits[0].name)
            and not self.knows(credits[1].name)
        ):
            credits = (replace(credits[0], affiliation=credits[1].name),)  # "Ada King, Harbour"
        if credits and all(self._presents(credit.name, timed) for credit in credits):
            section.people += [(credit, lines) for credit in credits]
            section.title = section.title[: match.start()].rstrip(" -–—:,") or section.title

    def _presents(self, name: str, timed: bool) -> bool:
        """A full name that is somebody's, or beside a time the initials by which somebody known speaks."""
        if looks_like_name(name):
            return self._is_somebody(name)
        if looks_like_word(name) and self.knows(name):
            return True
        if not timed or not self.labels.is_person(name):
            return False
        return looks_like_word(name) or (name.isupper() and len(name) < 6 and self.knows(name))

    def _is_somebody(self, name: str) -> bool:
        words = name.split()
        return self.knows(name) or any(self.labels.is_person(word) for word in (words[0], words[-1]))

    # --- the lines at the top of a section ---

    def _top_of_section(self, piece: Piece) -> bool:
        """Speakers, conveners, links, dates; what belongs to nobody's words."""
        mark = read_mark(piece.plain)
        if mark.name in ("speakers", "conveners") and piece.kind in ("paragraph", "item", "heading") and mark.rest:
            return self._people_line(piece, mark)
        if is_credit_line(piece.plain) and not self.spoken and self.current is not self.front:
            self._credit(piece, read_credits(piece.plain))
            return True
        if piece.only_links and not self.spoken:
            self.current.links += piece.links
            self.ledger.put(piece.lines, "metadata", "links")
            return True
        if self.current is self.front:
            return self._front_line(piece)
        return self._presenter_line(piece)

    def _people_line(self, piece: Piece, mark: Mark) -> bool:
        credits = [
            c
            for c in read_credits(mark.rest)
            if looks_like_name(c.name) or (looks_like_word(c.name) and not self.spoken) or self.knows(c.name)
        ]
        if not credits or self._is_said(piece, mark):
            return False
        if (mark.name == "conveners") != (self.current.kind == "session") and self.current is not self.front:
            wrong = "conveners of a talk" if mark.name == "conveners" else "speakers of a session"
            self.outline.problems.append(Problem(piece.lines[0], f"{wrong}: {mark.rest}"))
        self._credit(piece, credits, chairs=mark.name == "conveners" and self.current is self.front)
        return True

    def _is_said(self, piece: Piece, mark: Mark) -> bool:
        """Words of a chair who speaks under that name, and no list of names: "Chair: Done."."""
        part = self.labels.split(piece.text)[0]
        return bool(part.label) and mark.rest.endswith((".", "?", "!"))

    def _credit(self, piece: Piece, credits: Sequence[Credit], *, chairs: bool = False) -> None:
        people = self.current.chairs if chairs else self.current.people
        people += [(credit, piece.lines) for credit in credits]
        self.ledger.put(piece.lines, "metadata", "people")

    def _front_line(self, piece: Piece) -> bool:
        mark = read_mark(piece.plain)
        found = find_span(mark.rest) if mark.name == "date" else None
        span = found[0] if found else is_range(piece.plain)
        if span and self.outline.start is None:
            self._date(span)
            self.ledger.put(piece.lines, "metadata", "dates")
            return True
        if self.outline.title or piece.kind != "paragraph" or self.labels.speaks(piece.text):
            return False
        if piece.alone or self._tops_titles(piece):
            self._entitle(without_links(piece.plain, keep_labels=True), piece.lines)
            self.ledger.put(piece.lines, "heading")
            return True
        return False

    def _tops_titles(self, piece: Piece) -> bool:
        """Whether a line is the first of a short block of titles at the very top: a body, its meeting, its date."""
        block = [other for other in self.pieces if other.block == piece.block] if piece.index < _TOP else []
        return piece.opens and 1 < len(block) <= _TOP and all(like_title(other.plain) for other in block)

    def _presenter_line(self, piece: Piece) -> bool:
        """ "(Ada King)" alone below a heading, or "[slides](...) - Ada King"."""
        if self.spoken or self.current.kind != "talk":
            return False
        match = _BRACKETED.match(piece.plain)
        if match is None and piece.links:
            match = _AFTER_LINKS.match(without_links(piece.plain, keep_labels=False))
        if match is None:
            return False
        credits = read_credits(match["names"])
        if not credits or not all(looks_like_name(credit.name) or self.knows(credit.name) for credit in credits):
            return False
        self.current.links += piece.links
        self._credit(piece, credits)
        return True

    def _append(self, piece: Piece) -> None:
        self.current.body.append(piece)
        if piece.kind in ("paragraph", "item") and not self.spoken:
            self.spoken = bool(self.labels.split(piece.text)[0].label)


def _reason(piece: Piece, otherwise: str) -> str:
    """The rule by which a reader found that a line says nothing."""
    return piece.marker if piece.marker in IGNORING else otherwise


def build_outline(pieces: Sequence[Piece], labels: Labels, ledger: Ledger, knows: Callable[[str], bool]) -> Outline:
    """The sections of a document. `pieces` are those that no earlier stage has taken; `knows` tells known people."""
    return _Builder(pieces, labels, ledger, knows).build()


def find_credits(pieces: Sequence[Piece]) -> Iterator[tuple[str, Lines]]:
    """Full names of all whom a line of speakers or conveners names, before the outline is known."""
    for piece in pieces:
        if piece.kind not in ("paragraph", "item"):
            continue
        mark = read_mark(piece.plain)
        named = (
            mark.rest if mark.name in ("speakers", "conveners") else piece.plain if is_credit_line(piece.plain) else ""
        )
        for credit in read_credits(named) if named else ():
            if looks_like_name(credit.name):
                yield credit.name, piece.lines
