"""A block that lists people to what each entry says of one: name, initials or account, organisation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from minutes.document import Lines, Link
from minutes.parsing.credits import Credit, fits, is_handle, looks_like_name, looks_like_word, read_credits
from minutes.parsing.marks import read_mark
from minutes.parsing.pieces import Piece, bare
from minutes.parsing.printed import HEADING_WORDS
from minutes.reading.blocks import without_links
from people import names

MOSTLY = 0.7  # of the entries must look like names where a mark announces them
NOBODY = re.compile(
    r"^(?:and\s+)?(?:others?|all|everyone|several|many|et al|various|\d+ .*|none|n/?a|tb[cda])\b", re.IGNORECASE
)
_NAME_ENDS = re.compile(r"\s*[,(\[]\s*|\s+[-–—/|]\s+|[)\]]\s*[-–—,]\s*|[)\]]\s+(?=\w)")
COLUMN_END = re.compile(r"\s+[/|]\s+")
_ACCOUNT = re.compile(r"^@?[^\W\d_][\w.-]{1,24}$")
_ORG_PEOPLE = re.compile(
    r"(?<![@\w])(?P<org>[^\W\d_][^,;:()]{0,40}?)\s*(?:\((?P<people>[^()]{3,400})\)|:\s*(?P<more>[^;:()]{3,400})(?=;|$))"
)
_PICTOGRAM = re.compile(r"(?<!\w):[a-z][a-z0-9_+-]{1,30}:(?!\w)")  # ":star:"
_ACCOUNT_FIRST = re.compile(r"^@(?P<account>[\w.-]{2,40})\s*(?:[-–—:|]\s*)?(?P<name>[^\W\d_].*)$")
_ACCOUNT_LAST = re.compile(r"^(?P<name>[^@(/|]{4,60}?),?\s+@(?P<account>[\w.-]{2,40})$")
_LINE_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_TICKED = re.compile(r"^\[[ xX✓✔]?\]\s+")
_INITIALS_FIRST = re.compile(r"^(?P<initials>[A-Z][A-Za-z]{0,3}):\s+(?P<name>[^\W\d_].*)$")
_PROFILE = re.compile(r"^https?://[^/\s]+/@?(?P<account>[A-Za-z][\w.-]{1,30})/?$")
_WHERE = re.compile(r"(?:^|(?<=[;,.]\s))(?:local|remote|in person|online|room|phone|zoom|vidyo)\s*:\s*", re.IGNORECASE)
HEADER = re.compile(
    r"^(?:full\s+|your\s+)?names?$|^initials?$|^abbrev\w*$|^(?:institut|organi[sz]ation|affiliation|company)\w*$"
    r"|^(?:git\w+ |irc )?(?:handle|username|user name|nick|id|account)s?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Group:
    """All pieces of one block. What it says is asked again and again, and put together once."""

    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> str:
        return self.pieces[0].kind

    @cached_property
    def text(self) -> str:
        text = " ".join([piece.text.strip(" ") for piece in self.pieces])
        text = bare(without_links(_LINE_BREAK.sub(", ", text) if "<" in text else text, keep_labels=True))
        text = _TICKED.sub("", text) if text[:1] == "[" else text
        return _PICTOGRAM.sub("", text).strip() if ":" in text and read_mark(text).name == "plain" else text

    @property
    def lines(self) -> Lines:
        return self.pieces[0].lines[0], self.pieces[-1].lines[1]


def is_person(credit: Credit) -> bool:
    """Looks like somebody's name, and is no word by which minutes head a line."""
    name = credit.name
    if NOBODY.match(name) or names.fold(name) in HEADING_WORDS:
        return False
    return looks_like_name(name) or looks_like_word(name)


def is_account(credit: Credit) -> bool:
    """May be the name of an account, in capitals or not."""
    return bool(_ACCOUNT.match(credit.name)) and names.fold(credit.name) not in HEADING_WORDS


def is_one_account(group: Group, credits: Sequence[Credit]) -> bool:
    """An account alone in its item, with an organisation at most: "@moss", "reed [Harbour]"."""
    return group.kind == "item" and len(credits) == 1 and is_account(credits[0])


def account_behind(link: Link) -> tuple[str, str] | None:
    """A person's name with the account to which it links: "[Ada King](https://example.org/adak)"."""
    match = _PROFILE.match(link.url or "")
    label = link.label.strip("* _@")
    return (label, match["account"]) if match and looks_like_name(label) else None


def are_accounts(credits: Sequence[Credit]) -> bool:
    """Several names of accounts, of people among them, and nothing else: "moss, reed, Ada King, tern"."""
    some = [credit for credit in credits if not NOBODY.match(credit.name)]
    return len(some) > 2 and all(is_person(credit) or is_account(credit) for credit in some)


def share(credits: Sequence[Credit]) -> float:
    """How many of those named are people; "and three others" does not count."""
    some = [credit for credit in credits if not NOBODY.match(credit.name)]
    return sum(map(is_person, some)) / len(some) if some else 0.0


def _inverted(text: str) -> tuple[Credit, ...]:
    """Organisations with their people in brackets or behind a colon: "Harbour (Ada King), Northgate: Cy Young"."""
    found = [(match["org"].strip(), match["people"] or match["more"]) for match in _ORG_PEOPLE.finditer(text)]
    credits = [replace(credit, affiliation=org) for org, people in found for credit in read_credits(people)]
    if not credits or any(looks_like_name(org) for org, _ in found):
        return ()
    whole = sum(len(org) + len(people) for org, people in found) >= MOSTLY * len(text.replace(" ", ""))
    return tuple(credits) if whole and all(looks_like_name(credit.name) for credit in credits) else ()


def announced(text: str) -> tuple[Credit, ...]:
    """The names of a line that is known to hold some; without commas they may stand side by side."""
    if " / " in text and all(map(looks_like_name, text.split(" / "))):
        text = text.replace(" / ", ", ")
    credits = _inverted(text) or read_credits(_WHERE.sub("", text))
    words = text.split()
    if len(credits) == 1 and len(words) > 5 and not len(words) % 2 and all(map(looks_like_word, words)):
        return tuple(Credit(" ".join(words[at : at + 2])) for at in range(0, len(words), 2))
    return credits


def _columns(group: Group) -> list[tuple[Credit, Lines]]:
    """Names in columns set by tabs are read down, column by column, as they were written."""
    rows = [([cell.strip() for cell in piece.plain.split("\t")], piece.lines) for piece in group.pieces]
    if all(looks_like_name(cells[0]) and any(fits(cell, cells[0]) for cell in cells[1:]) for cells, _ in rows):
        return [
            (credit, lines)
            for cells, lines in rows
            for credit in read_credits(cells[0] + "".join(f" ({cell})" for cell in cells[1:] if cell))
        ]
    width = max(len(cells) for cells, _ in rows)
    found = []
    for column in range(width):
        for cells, lines in rows:
            if column < len(cells) and cells[column].strip():
                found += [(credit, lines) for credit in read_credits(cells[column])]
    return found


def _row(piece: Piece) -> list[tuple[Credit, Lines]]:
    """A table row: the first cell that is a name, with initials and affiliation from the others."""
    cells = [bare(cell) for cell in piece.cells]
    named = next((cell for cell in cells if looks_like_name(cell)), None)
    if named is None or HEADER.match(cells[0]):
        return []
    if all(looks_like_name(cell) for cell in cells if cell) and len(cells) > 1:
        return [(Credit(cell), piece.lines) for cell in cells if cell]
    rest = [cell for cell in cells if cell and cell != named]
    return [(credit, piece.lines) for credit in read_credits(named + "".join(f" ({cell})" for cell in rest))]


def _listed(text: str) -> Credit | None:
    """An item that is a row of a table: "Ada King / Harbour / @adak", be it with one name only."""
    if match := _INITIALS_FIRST.match(text):
        credit = _one(match["name"]) or next(iter(read_credits(match["name"])), None)
        named = credit and (looks_like_name(credit.name) or looks_like_word(credit.name))
        return replace(credit, initials=match["initials"]) if credit and named else None
    if match := _ACCOUNT_FIRST.match(text) or _ACCOUNT_LAST.match(text):
        credit = _one(match["name"]) or next(iter(read_credits(match["name"])), None)
        return replace(credit, initials=match["account"]) if credit and looks_like_name(credit.name) else None
    name, *cells = (cell.strip(" *_") for cell in COLUMN_END.split(text))
    if not cells or not (looks_like_name(name) or looks_like_word(name)):
        return None
    handle = next((cell for cell in cells if is_handle(cell)), None)
    org = next((cell for cell in cells if cell != handle), None)
    return Credit(name, org, handle.removeprefix("@") if handle else None)


def _one(text: str) -> Credit | None:
    """A list item of one person with all that is said of them: "Ada King, Harbour (AK) - chair"."""
    head = _NAME_ENDS.split(text, maxsplit=1)[0]
    name, rest = head.strip(" *_"), text[len(head) :]
    others = [part.strip() for part in _NAME_ENDS.split(rest) if part.strip(" )")]
    if not looks_like_name(name) or any(looks_like_name(part) and "(" not in rest for part in others[1:]):
        return None
    others = [part.strip(" )]") for part in others]
    short = next((part for part in others if fits(part, name) or is_handle(part)), None)
    org = next((part for part in others if part != short), None)
    initials = short.removeprefix("@") if short else None
    return Credit(name, org, initials) if "," in rest or " - " in rest or "(" in rest else None


def entries(group: Group) -> list[tuple[Credit, Lines]]:
    """Everybody a block names, with the lines where."""
    if group.kind == "row":
        return _row(group.pieces[0])
    if group.kind == "item" and (person := _listed(group.text) or _one(group.text)):
        return [(person, group.lines)]
    if any("\t" in piece.text for piece in group.pieces):
        return _columns(group)
    if group.kind == "paragraph" and len(group.pieces) > 1:
        singles = [_one(piece.plain) for piece in group.pieces]
        if all(singles):
            return [(credit, piece.lines) for credit, piece in zip(singles, group.pieces, strict=True) if credit]
        if all("," not in piece.text for piece in group.pieces):
            return [(credit, piece.lines) for piece in group.pieces for credit in read_credits(piece.plain)]
    return [(credit, group.lines) for credit in read_credits(group.text)]


def depth_of_names(groups: Sequence[Group]) -> int | None:
    """In a list of people below their organisations, or with these below them: how deep the people stand."""
    items = [group for group in groups if group.kind == "item"]
    depths = {group.pieces[0].level for group in items}
    if len(depths) < 2:
        return None
    shares = {}
    for depth in depths:
        row = [looks_like_name(name_of(group)) for group in items if group.pieces[0].level == depth]
        shares[depth] = sum(row) / len(row)
    best = max(sorted(depths), key=lambda depth: shares[depth])
    return best if shares[best] > 0.5 and min(shares.values()) <= 0.5 else None


def name_of(group: Group) -> str:
    """What stands in an entry before all that is said of the person."""
    return _NAME_ENDS.split(group.text, maxsplit=1)[0].strip(" *_")
