"""Lines of a document that names who speaks without a colon, to the same lines with "Name: ..." in their place.

Every way of printing a label has its own form. One counts in a document where it recurs, with people whom the roster
knows or with labels that come back: a bracket at the beginning of a single line is no habit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from minutes.parsing.chatlog import read_commands, read_events, read_senders, without_stamps, without_times
from minutes.parsing.credits import looks_like_name, looks_like_word
from minutes.parsing.evidence import taking_turns
from minutes.parsing.lone_names import read_above, read_alone
from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece, bare
from minutes.parsing.printed import read_label
from minutes.parsing.rows import read_rows
from minutes.parsing.shapes import ACCOUNT, KNOWN, NAME, SHARE, may_be_called, with_text
from people import names

_INITIALS = r"[A-Z][A-Za-z]{0,2}[A-Z][A-Za-z]{0,2}"
_LETTERS = r"[A-Z][A-Za-z]?[A-Z]{0,3}"
_PARAGRAPH_NUMBER = re.compile(r"^\(?\d{1,3}(?:\.\d{1,3})*[.)]?\s+(?=[^\W\d_])")
_LETTER = re.compile(r"^(?P<letter>Q|A|C|Comment)\.\s+(?P<said>[^\W_].*)$")
_LETTERED = re.compile(rf"^{_INITIALS}$")
_FORMS = {
    name: re.compile(pattern)
    for name, pattern in (
        ("arrow", rf"^(?P<label>{NAME})\s*(?:[-=]+>|→)\s*(?P<to>{NAME})\s*:\s+(?P<said>\S.*)$"),
        ("at", rf"^@(?P<label>{ACCOUNT}):\s+(?P<said>\S.*)$"),
        ("bold", rf"^(?:\*\*|__)(?P<label>@?{NAME})(?:\*\*|__)(?:\s*[-–—>]+\s+|\s+(?![a-z]))(?P<said>\S.*)$"),
        ("colons", rf"^(?:\*|\*\*)?(?P<label>@?{NAME})(?:\*|\*\*)?\s*::\s+(?P<said>\S.*)$"),
        ("letters", rf"^(?P<label>{_INITIALS})\s*(?:--|—|–|-)\s+(?P<said>\S.*)$"),
        ("dash", rf"^(?P<label>@?{NAME})\s+(?:--|—|–|-)\s+(?P<said>\S.*)$"),
        ("angle", rf"^(?P<label>{NAME})>\s+(?P<said>\S.*)$"),
        ("square", rf"^\[@?(?P<label>{NAME})\]\s+(?P<said>\S.*)$"),
        ("round", rf"^\((?P<label>{_LETTERS}|{NAME})\)\s+(?P<said>\S.*)$"),
        ("tab", rf"^(?P<label>{NAME})(?:\t+| {{2,}})(?P<said>\S.*)$"),
    )
}
#: A line in one of the forms has one of its signs; most lines have none.
_SIGNS = {
    **{
        "arrow": (">", "→"),
        "at": "@",
        "bold": ("**", "__"),
        "colons": ("::",),
        "letters": "-—–",
        "dash": "-—–",
        "angle": ">",
    },
    **{"square": "[", "round": "(", "tab": ("\t", "  ")},
}
#: Signs with which a line in one of these forms begins.
_BEGINNINGS: dict[str, str | tuple[str, ...]] = {"at": "@", "bold": ("**", "__"), "square": "[", "round": "("}
_ANY_SIGN = re.compile("|".join(sorted({re.escape(sign) for signs in _SIGNS.values() for sign in signs})))


@dataclass(frozen=True, slots=True)
class Spoken:
    """The lines as they are read from now on, and the labels that their form alone shows to be people."""

    pieces: tuple[Piece, ...]
    labels: frozenset[str]
    ignored: tuple[Piece, ...]


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
    if known < KNOWN or labelled < SHARE * len(found):
        return list(pieces)
    return [
        replace(piece, text=found[at], plain=bare(found[at]), kind="paragraph") if at in found else piece
        for at, piece in enumerate(pieces)
    ]


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
        text = piece.text
        if not _ANY_SIGN.search(text):
            return
        for name, form in _FORMS.items():
            if name in _BEGINNINGS and not text.startswith(_BEGINNINGS[name]):
                continue
            for sign in _SIGNS[name]:
                if sign in text:
                    match = form.match(text)
                    if match and not match["said"].startswith(("(", "http")):
                        self.found[name][at] = match
                        return
                    break

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
            least = 1 if name in ("bold", "arrow") or (name == "at" and self._are_answered(hits)) else KNOWN
            if by_known >= least and by_known >= SHARE * total:
                chosen |= {at: match for at, match in hits.items() if names.fold(match["label"]) in known | again}
            elif name in ("letters", "round") and len(again) > 2 and by_again >= SHARE * total:
                chosen |= {at: match for at, match in hits.items() if _LETTERED.match(match["label"])}
            elif name == "at" and len(again) > 1 and by_again >= SHARE * total and self._talk(hits):
                chosen |= hits
            elif (
                name in ("angle", "square", "bold", "colons")
                and len(again) > 1
                and by_again >= SHARE * total
                and by_again > KNOWN
            ):
                may = self._may_speak if name in ("angle", "square") else may_be_called
                chosen |= {at: match for at, match in hits.items() if may(match["label"])}
        return chosen

    def _are_answered(self, hits: Mapping[int, re.Match[str]]) -> bool:
        """Whether most of these lines stand beside others with labels: "@ada: ..." alone is somebody's task."""
        beside = sum(
            bool(read_label(self.texts.get(at - 1, "")) or read_label(self.texts.get(at + 1, ""))) for at in hits
        )
        return len(hits) > 1 and 2 * beside > len(hits)

    def _talk(self, hits: Mapping[int, re.Match[str]]) -> bool:
        """Whether those who are named answer one another: somebody asks, and speaks again after somebody else."""
        asked = any(match["said"].endswith("?") for match in hits.values())
        turns = taking_turns([names.fold(match["label"]) for match in hits.values()])
        return asked and len(set(turns)) > 1

    @staticmethod
    def _of(hits: dict[int, re.Match[str]], label: str) -> list[re.Match[str]]:
        return [match for match in hits.values() if names.fold(match["label"]) == label][:1]

    @staticmethod
    def _may_speak(label: str) -> bool:
        return len(label.split()) < 4


def _without_numbers(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> list[Piece]:
    """Numbers of paragraphs before labels taken off, where several known people speak so: "2.1 AK: ..."."""
    found: dict[int, str] = {}
    for at, piece in enumerate(pieces):
        match = _PARAGRAPH_NUMBER.match(piece.text) if piece.kind in ("paragraph", "item") else None
        part = read_label(piece.text[match.end() :]) if match else None
        if match and part and knows(names.plain(part.label)):
            found[at] = piece.text[match.end() :]
    if len(found) < KNOWN:
        return list(pieces)
    return [with_text(piece, found[at]) if at in found else piece for at, piece in enumerate(pieces)]


def _without_letters(pieces: Sequence[Piece]) -> list[Piece]:
    """Letters that say what a line is, "Q. Ada King: why?" and "A. It grew.", as labels in the usual form; both must be
    there, since an "A." alone may be somebody's initial."""
    found = {at: match for at, piece in enumerate(pieces) if (match := _LETTER.match(piece.text))}
    letters = Counter(match["letter"][0] for match in found.values())
    if letters["Q"] < 2 or not letters["A"]:
        return list(pieces)
    return [with_text(piece, _labelled(found[at])) if at in found else piece for at, piece in enumerate(pieces)]


def _labelled(match: re.Match[str]) -> str:
    part = read_label(match["said"])
    return f"{match['letter']} ({part.label}): {part.said}" if part else f"{match['letter']}: {match['said']}"


def read_forms(pieces: Sequence[Piece], knows: Callable[[str], bool]) -> Spoken:
    """The pieces with every label before a colon; `knows` tells people whom the document names elsewhere."""
    lines, events = read_events(read_senders(pieces))
    lines, labels = read_above(lines)
    lines, stamped = without_times(without_stamps(lines))
    lines, ignored = read_commands(lines)
    lines = _without_letters(_without_numbers(lines, knows))
    lines, said, heads = read_rows(_read_quoted(lines, knows))
    lines, alone = read_alone(lines, knows)
    labels |= said | alone | stamped
    for at, match in _Habits(lines, knows).used().items():
        to = f" (to {match['to']})" if "to" in match.groupdict() else ""
        lines[at] = with_text(lines[at], f"{match['label'].lstrip('@')}{to}: {match['said']}")
        labels.add(names.fold(names.plain(match["label"])))
    return Spoken(tuple(lines), frozenset(labels), (*events, *ignored, *heads))
