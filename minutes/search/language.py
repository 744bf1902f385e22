"""What somebody typed in; the tree of the query, and a sentence for everything that could not be read as meant, out.

Nothing is refused: what makes no sense as an operator is read as words. Words side by side belong together before
`OR` parts them: `a b OR c` is (a and b) or c.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from .tree import JOINING, NOTHING, OPERATORS, Field, Node, Phrase, Start, Word, both, either, negated

LONGEST = 1000  # characters; a pasted page is cut
MOST = 60  # words, phrases and operators
DEEPEST = 12  # parentheses within each other

_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‟": '"', "＂": '"'})
_SYNONYMS = {
    "by": "said-by",
    "from": "said-by",
    "organisation": "org",
    "organization": "org",
    "answer-by": "answered-by",
}
_PIECE = re.compile(
    r"""(?P<open>-?\() | (?P<close>\))
      | (?P<minus>-(?!-))? (?: (?:(?P<name>[A-Za-z][A-Za-z_-]*):)? "(?P<quoted>[^"]*)" | (?P<bare>[^\s"()]+) )""",
    re.VERBOSE,
)
_OPERATOR = re.compile(r"(?P<name>[A-Za-z][A-Za-z_-]*):(?P<value>[^/].*)?")
_LETTER = re.compile(r"[^\W_]")
_EDGES = ".,;:!?…'’`*-–—_/\\|<>[]{}=~^&%$"
_TAIL = ",;?!"


@dataclass(slots=True)
class Reading:
    """A query as it was understood."""

    tree: Node = NOTHING
    complaints: list[str] = field(default_factory=list)


def parse(text: str) -> Reading:
    """Never fails: best effort beside what was wrong."""
    reading = Reading()
    cleaned = "".join(char if char.isprintable() else " " for char in text.translate(_QUOTES))
    if len(cleaned) > LONGEST:
        cleaned = cleaned[:LONGEST]
        reading.complaints.append(f"Only the first {LONGEST} characters were searched.")
    reader = _Reader(_closed(cleaned, reading.complaints), reading.complaints)
    reading.tree = reader.group(0)
    reading.complaints[:] = dict.fromkeys(reading.complaints)
    return reading


def _closed(text: str, complaints: list[str]) -> str:
    """The text with every quotation mark in a pair: one that is never closed is taken out."""
    if text.count('"') % 2 == 0:
        return text
    before, _, after = text.rpartition('"')
    start = " ".join(after.split()[:3])
    where = f"before “{start}”" if start else "at the end"
    complaints.append(f"The quotation mark {where} has no partner, so the words there were read one by one.")
    return f"{before} {after}"


class _Reader:
    """Pieces of the text, taken one after the other."""

    def __init__(self, text: str, complaints: list[str]):
        self.pieces = list(_PIECE.finditer(text))
        self.complaints = complaints
        self.at = 0
        if len(self.pieces) > MOST:
            self.pieces = self.pieces[:MOST]
            complaints.append(f"Only the first {MOST} words were searched.")

    def group(self, depth: int) -> Node:
        """All up to the parenthesis that closes this group, or to the end."""
        alternatives: list[list[Node]] = [[]]  # of each, the conditions
        negates = False
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            self.at += 1
            if piece["close"]:
                if depth:
                    break
                self.complaints.append("A parenthesis is closed that was never opened; it was left out.")
                continue
            word = piece["bare"] if not piece["minus"] else None
            if word == "OR":
                alternatives.append([])
            elif word in JOINING:
                negates = negates or word == "NOT"
            elif (node := self._part(piece, depth)) != NOTHING:
                alternatives[-1].append(negated(node) if negates else node)
                negates = False
        else:
            if depth:
                self.complaints.append("A parenthesis is never closed; it was taken to close at the end.")
        return either(*(both(*some) for some in alternatives))

    def _part(self, piece: re.Match[str], depth: int) -> Node:
        if piece["open"]:
            inner = self.group(depth + 1) if depth < DEEPEST else NOTHING
            return negated(inner) if piece["open"].startswith("-") else inner
        node = self._quoted(piece) if piece["quoted"] is not None else self._bare(piece["bare"])
        return negated(node) if piece["minus"] else node

    def _quoted(self, piece: re.Match[str]) -> Node:
        text = " ".join(piece["quoted"].split())
        if not _LETTER.search(text):
            return NOTHING
        if not piece["name"]:
            return Phrase(text)
        return self._field(piece["name"], text) or both(_word(piece["name"]), Phrase(text))

    def _bare(self, text: str) -> Node:
        found = _OPERATOR.fullmatch(text)
        if found is None:
            return _word(text)
        value = (found["value"] or "").rstrip(_TAIL)
        if not _LETTER.search(value):
            if _known(found["name"]) in OPERATORS and not value:
                self.complaints.append(
                    f"“{found['name']}:” needs something right after it, as in “{_EXAMPLES[_known(found['name'])]}”; "
                    "it was read as a word."
                )
            return _word(found["name"])
        return self._field(found["name"], value) or both(
            *(_word(part) for part in (found["name"], *value.replace(":", " ").split()))
        )

    def _field(self, name: str, value: str) -> Node | None:
        """None, with a complaint, where there is no such operator."""
        known = _known(name)
        if known in OPERATORS:
            return Field(known, value)
        near = process.extractOne(known, list(OPERATORS), scorer=fuzz.ratio, score_cutoff=60)
        hint = f" Did you mean “{near[0]}:”?" if near else ""
        self.complaints.append(f"There is no operator “{name[:40]}:”, so it was read as a word.{hint}")
        return None


def _known(name: str) -> str:
    name = name.lower().replace("_", "-")
    return _SYNONYMS.get(name, name)


def _word(text: str) -> Node:
    """A word without the signs around it; one that ends in a star is the beginning of a word."""
    start = text.endswith("*") and _LETTER.search(text) is not None
    text = text.strip(_EDGES)
    found = _OPERATOR.fullmatch(text)
    if found:  # "a:b" within signs: no operator, and no text that would be read as one
        return both(*(_word(part) for part in text.replace(":", " ").split()))
    if not _LETTER.search(text) or text in JOINING:
        return NOTHING
    return Start(text) if start else Word(text)


_EXAMPLES = {
    **{name: f"{name}:ada" for name in OPERATORS},
    **{name: f"{name}:python" for name in ("topic", "technology")},
    "experiment": "experiment:hubble",
    "project": "project:apollo",
    "org": "org:nasa",
    "theme": "theme:documentation",
    "workshop": "workshop:spring",
    "session": "session:storage",
    "talk": 'talk:"data lakes"',
    "day": "day:2",
    "date": "date:2024-05-01..2024-05-03",
    "kind": "kind:question",
    "is": "is:unanswered",
    "in": "in:talks",
}
