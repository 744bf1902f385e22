"""The end of a document: recurring themes and the list of people to contact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from minutes.document import Contact, Lines, Theme
from minutes.parsing.credits import looks_like_name
from minutes.parsing.marks import read_mark
from minutes.parsing.persons import People
from minutes.parsing.pieces import Piece

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BRACKET = re.compile(r"[(\[<](?P<inside>[^()\[\]]*)[)\]>]?")
_DOUBT = re.compile(r"\?+\s*$|\(\s*\?+\s*\)")
_NAME_END = re.compile(r"[(\[<,:;?|\t]|\s[-–—]\s|[\w.+-]+@")


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    email: str | None
    institute: str | None
    certain: bool
    lines: Lines


@dataclass(slots=True)
class Closing:
    themes: list[Theme] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)
    places: dict[int, tuple[str, str]] = field(default_factory=dict)  # piece → place and rule

    def contacts(self, people: People) -> tuple[Contact, ...]:
        """The contacts as people of the document."""
        return tuple(
            Contact(
                people.credit(entry.name, entry.lines, entry.institute),
                entry.email,
                entry.institute,
                entry.certain,
                entry.lines,
            )
            for entry in self.entries
        )


def _read_entry(text: str, lines: Lines) -> _Entry | None:
    """ "Ada King (ada@example.org, Institute)", "Ada King - ada@example.org", "Ada King ?" """
    end = _NAME_END.search(text)
    name = text[: end.start()].strip() if end else text.strip()
    if not looks_like_name(name):
        return None
    email = _EMAIL.search(text)
    rest = text[len(name) :]
    if email:
        rest = rest.replace(email[0], " ")
    certain = not _DOUBT.search(rest)
    institute = re.sub(r"\s+", " ", rest).strip(" ()[]<>,;:?|-–—\t")
    return _Entry(name, email[0] if email else None, institute or None, certain, lines)


class _Finder:
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.closing = Closing()

    def find(self) -> Closing:
        at = 0
        while at < len(self.pieces):
            at = self._look(at)
        return self.closing

    def _look(self, at: int) -> int:
        piece = self.pieces[at]
        if piece.kind not in ("paragraph", "heading") or not piece.alone:
            return at + 1
        mark = read_mark(piece.plain).name
        if mark == "themes":
            return self._themes(at)
        return self._contacts(at) if mark == "contacts" else at + 1

    def _themes(self, at: int) -> int:
        """The list right below the mark; without one the line is no such mark."""
        end = at + 1
        rows: list[list[Piece]] = []
        while end < len(self.pieces) and self.pieces[end].kind == "item":
            piece = self.pieces[end]
            if piece.opens and piece.level == self.pieces[at + 1].level:
                rows.append([piece])
            else:
                rows[-1].append(piece)
            end += 1
        for row in rows:
            number = len(self.closing.themes) + 1
            text = "\n".join(piece.text for piece in row).strip()
            self.closing.themes.append(Theme(f"th{number}", number, text, (row[0].lines[0], row[-1].lines[1])))
            self.closing.places.update({piece.index: ("theme", "") for piece in row})
        if rows:
            self.closing.places[self.pieces[at].index] = ("heading", "")
        return end

    def _contacts(self, at: int) -> int:
        """Lines of a name each, at least one of them with an e-mail address."""
        end = at + 1
        found: list[tuple[Piece, _Entry]] = []
        while end < len(self.pieces) and self.pieces[end].kind in ("paragraph", "item"):
            entry = _read_entry(self.pieces[end].plain, self.pieces[end].lines)
            if entry is None:
                break
            found.append((self.pieces[end], entry))
            end += 1
        if not any(entry.email for _, entry in found):
            return at + 1
        self.closing.entries += [entry for _, entry in found]
        self.closing.places.update({piece.index: ("contact", "") for piece, _ in found})
        self.closing.places[self.pieces[at].index] = ("heading", "")
        return end


def find_closing(pieces: Sequence[Piece]) -> Closing:
    """Themes, contacts, and which pieces say so."""
    return _Finder(pieces).find()
