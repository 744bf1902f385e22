"""What the lines of a document show of its labels, before anybody decides which are people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece
from minutes.parsing.printed import Part, read_label

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_AFTER_SENTENCE = re.compile(r"(?<=[.?!…)\]\"'”’])\s+(?=(?:\*\*|__)?[^\W\d_(*])")
_NO_END = re.compile(  # an initial or a title, whose point ends no sentence
    r"(?:^|[\s(\[\"“,/&+-])(?:[^\W\d_]|dr|prof|mr|mrs|ms|mx|messrs|st|rev|cllrs?|hon|sen)\.$", re.IGNORECASE
)
_OPENED = 5  # blocks that known speakers open, where others may be met there
_SPEAKERS = 3  # of them
_NEARLY_ALL = 0.7  # of the blocks
_NEAR = 3  # lines to the next turn of somebody else


def sentence_ends(text: str) -> Iterator[re.Match[str]]:
    """Where a sentence ends and another begins: not behind "K." or "Dr."."""
    for match in _AFTER_SENTENCE.finditer(text):
        if not _NO_END.search(text, max(0, match.start() - 8), match.start()):
            yield match


def neighbour(rows: Sequence[tuple[Piece, Part | None]], turns: Collection[int], at: int, step: int) -> bool:
    """Whether somebody speaks at most a few lines away, in the same section and on a line of the same kind."""
    line = rows[at][0]
    for place in range(at + step, at + step * (_NEAR + 1), step):
        if not 0 <= place < len(rows) or rows[place][0].kind == "heading":
            return False
        if place in turns:
            return (rows[place][0].kind, rows[place][0].level) == (line.kind, line.level)
    return False


def _opening_rows(lines: Sequence[Piece]) -> Iterable[list[Part | None]]:
    """The labels of the first lines of paragraphs, and of the items of each depth."""
    rows: dict[tuple[str, int], list[Part | None]] = {}
    for line in lines:
        if line.kind in ("paragraph", "item") and line.opens and read_mark(line.plain).name == "plain":
            rows.setdefault((line.kind, line.level), []).append(read_label(line.text))
    return rows.values()


def find_openers(
    lines: Sequence[Piece], is_person: Callable[[str], bool], may_open: Callable[[Part], bool]
) -> set[str]:
    """Labels of nobody known that open a block beside one of a speaker, where nearly every block of that kind opens
    with a label: a nick, a first name with one letter of the surname, names in lower case."""
    found: set[str] = set()
    for rows in _opening_rows(lines):
        labelled = [part for part in rows if part]
        spoken = [part.label for part in labelled if is_person(part.label)]
        if len(spoken) < _OPENED or len(set(spoken)) < _SPEAKERS or len(labelled) < _NEARLY_ALL * len(rows):
            continue
        may = [part is not None and may_open(part) for part in rows]
        speaks = [part is not None and (may[at] or is_person(part.label)) for at, part in enumerate(rows)]
        for at, part in enumerate(rows):
            if part and may[at] and any(speaks[max(0, at - 1) : at] + speaks[at + 1 : at + 2]):
                found.add(part.label)
    return found


def said_by_each(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every label with the words behind it, or with those of the next lines where none stand there."""
    for at, text in enumerate(texts):
        if part := read_label(text):
            yield part.label, part.said or " ".join(texts[at + 1 : at + 1 + _NEAR])


def taking_turns(keys: Sequence[str]) -> list[str]:
    """Labels that come back right after another one: somebody speaks, is answered, and speaks again."""
    return [key for a, b, c in zip(keys, keys[1:], keys[2:], strict=False) if a == c != b for key in (a, b)]


def count_words(texts: Sequence[str]) -> Counter[str]:
    """How often each word stands in the document, as printed."""
    return Counter(_WORD.findall("\n".join(texts)))
