"""Pieces to who was there: after a mark ("Present: ..."), in columns, lists, tables, or as a line of names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from minutes.document import Lines, Link
from minutes.parsing.credits import Credit, fits, is_handle, looks_like_name, looks_like_word, read_credits
from minutes.parsing.marks import Mark, read_mark
from minutes.parsing.persons import People
from minutes.parsing.pieces import Piece, bare
from minutes.parsing.printed import HEADING_WORDS
from minutes.reading.blocks import without_links
from people import names

_MOSTLY = 0.7  # of the entries must look like names where a mark announces them
_UNMARKED = 4  # so many names in a row need no mark
_LONGEST_LIST = 8000  # characters in which a list of names that no mark announces must end
_HEAD, _LINE = 40, 300  # characters in which a line says its role, and all of them
_FEW = 2  # names that make no list yet where no mark announces one
_TOP = 12  # blocks in which an unmarked roster may stand
_NOBODY = re.compile(
    r"^(?:and\s+)?(?:others?|all|everyone|several|many|et al|various|\d+ .*|none|n/?a|tb[cda])\b", re.IGNORECASE
)
_NAME_ENDS = re.compile(r"\s*[,(\[]\s*|\s+[-–—/|]\s+|[)\]]\s*[-–—,]\s*")
_COLUMN_END = re.compile(r"\s+[/|]\s+")
_ACCOUNT = re.compile(r"^@?[^\W\d_][\w.-]{1,24}$")
_ORG_PEOPLE = re.compile(
    r"(?<![@\w])(?P<org>[^\W\d_][^,;:()]{0,40}?)\s*(?:\((?P<people>[^()]{3,400})\)|:\s*(?P<more>[^;:()]{3,400})(?=;|$))"
)
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_TICKED = re.compile(r"^\[[ xX✓✔]?\]\s+")
_UNTICKED = re.compile(r"^\[ ?\]\s")
_ACCOUNT_OF = re.compile(
    r"(?P<name>[^\W\d_a-z][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){1,3})\s\(@(?P<account>[A-Za-z][\w.-]{1,30})\)"
)
_INITIALS_FIRST = re.compile(r"^(?P<initials>[A-Z][A-Za-z]{0,3}):\s+(?P<name>[^\W\d_].*)$")
_PROFILE = re.compile(r"^https?://[^/\s]+/@?(?P<account>[A-Za-z][\w.-]{1,30})/?$")
_WHERE = re.compile(r"(?:^|(?<=[;,.]\s))(?:local|remote|in person|online|room|phone|zoom|vidyo)\s*:\s*", re.IGNORECASE)
_HERE_HEAD = re.compile(r"^(?:present|here|attend\w*|attendance)\??$", re.IGNORECASE)
_NOT_HERE = re.compile(r"^(?:no?|absent|excused|regrets|apologies|[-–—✗✘❌x]|)$", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:^\W{0,3}|[.;|]\s+)(?P<role>(?:co-?|vice[ -])?chair(?:man|woman|person|s)?|president|secretary|treasurer"
    r"|moderator|clerk|facilitator|notes|minutes|scribes?|(?:note|minute)[- ]?takers?|champions?|authors?|editors?"
    r"|presenters?|speakers?|hosts?|recorders?|time[- ]?keepers?|drivers?|leads?|organi[sz]ers?|shepherds?|reviewers?)"
    r"\W{0,3}:\W{0,3}\s(?P<name>[^,;:()|*_]+?)(?=\.\s+[\w -]{2,25}:|[,;()|*_]|\.?[*_]*$)",
    re.IGNORECASE,
)
_CALLED = re.compile(r"^(?:chair(?:man|woman|person)?|president|secretary|treasurer|moderator|clerk|facilitator|host)$")
_KEYED = re.compile(r"^[^\W\d_][\w /]{1,24}:(?:\s|$)")
_NAME_HEAD = re.compile(r"^(?:full\s+)?names?$", re.IGNORECASE)
_HEADER = re.compile(
    r"^(?:full\s+|your\s+)?names?$|^initials?$|^abbrev\w*$|^(?:institut|organi[sz]ation|affiliation|company)\w*$"
    r"|^(?:git\w+ |irc )?(?:handle|username|user name|nick|id|account)s?$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Roster:
    present: list[tuple[Credit, Lines]] = field(default_factory=list)
    others: list[tuple[Credit, Lines]] = field(default_factory=list)  # who is named without having been there
    places: dict[int, tuple[str, str]] = field(default_factory=dict)  # piece → place and rule

    def enter(self, people: People) -> None:
        """Makes everybody known; only who was there is named by it."""
        for credit, lines in self.present:
            key = people.add(credit.name, lines, participant=True, initials=credit.initials)
            people.belongs(key, credit.affiliation)
            if credit.role:
                people.called_by_role(key, credit.role)
        for credit, lines in self.others:
            people.add(credit.name, lines, named=False, initials=credit.initials)


@dataclass(frozen=True, slots=True)
class _Group:
    """All pieces of one block."""

    pieces: tuple[Piece, ...]

    @property
    def kind(self) -> str:
        return self.pieces[0].kind

    @property
    def text(self) -> str:
        text = " ".join(piece.text.strip(" ") for piece in self.pieces)
        return _TICKED.sub("", bare(without_links(text, keep_labels=True)))

    @property
    def lines(self) -> Lines:
        return self.pieces[0].lines[0], self.pieces[-1].lines[1]


def _is_person(credit: Credit) -> bool:
    name = credit.name
    if _NOBODY.match(name) or names.fold(name) in HEADING_WORDS:
        return False
    return looks_like_name(name) or looks_like_word(name)


def _is_account(credit: Credit) -> bool:
    return bool(_ACCOUNT.match(credit.name)) and names.fold(credit.name) not in HEADING_WORDS


def _is_one_account(group: _Group, credits: Sequence[Credit]) -> bool:
    """An account alone in its item, with an organisation at most: "@moss", "reed [Harbour]"."""
    return group.kind == "item" and len(credits) == 1 and _is_account(credits[0])


def _account_behind(link: Link) -> tuple[str, str] | None:
    """A person's name with the account to which it links: "[Ada King](https://example.org/adak)"."""
    match = _PROFILE.match(link.url or "")
    label = link.label.strip("* _@")
    return (label, match["account"]) if match and looks_like_name(label) else None


def _are_accounts(credits: Sequence[Credit]) -> bool:
    """Several names of accounts, of people among them, and nothing else: "moss, reed, Ada King, tern"."""
    some = [credit for credit in credits if not _NOBODY.match(credit.name)]
    return len(some) > 2 and all(_is_person(credit) or _is_account(credit) for credit in some)


def _share(credits: Sequence[Credit]) -> float:
    """How many of those named are people; "and three others" does not count."""
    some = [credit for credit in credits if not _NOBODY.match(credit.name)]
    return sum(map(_is_person, some)) / len(some) if some else 0.0


def _inverted(text: str) -> tuple[Credit, ...]:
    """Organisations with their people in brackets or behind a colon: "Harbour (Ada King), Northgate: Cy Young"."""
    found = [(match["org"].strip(), match["people"] or match["more"]) for match in _ORG_PEOPLE.finditer(text)]
    credits = [replace(credit, affiliation=org) for org, people in found for credit in read_credits(people)]
    if not credits or any(looks_like_name(org) for org, _ in found):
        return ()
    whole = sum(len(org) + len(people) for org, people in found) >= _MOSTLY * len(text.replace(" ", ""))
    return tuple(credits) if whole and all(looks_like_name(credit.name) for credit in credits) else ()


def _announced(text: str) -> tuple[Credit, ...]:
    """The names of a line that is known to hold some; without commas they may stand side by side."""
    credits = _inverted(text) or read_credits(_WHERE.sub("", text))
    words = text.split()
    if len(credits) == 1 and len(words) > 5 and not len(words) % 2 and all(map(looks_like_word, words)):
        return tuple(Credit(" ".join(words[at : at + 2])) for at in range(0, len(words), 2))
    return credits


def _columns(group: _Group) -> list[tuple[Credit, Lines]]:
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
    if named is None or _HEADER.match(cells[0]):
        return []
    rest = [cell for cell in cells if cell and cell != named]
    return [(credit, piece.lines) for credit in read_credits(named + "".join(f" ({cell})" for cell in rest))]


def _listed(text: str) -> Credit | None:
    """An item that is a row of a table: "Ada King / Harbour / @adak", be it with one name only."""
    if match := _INITIALS_FIRST.match(text):
        credit = _one(match["name"]) or next(iter(read_credits(match["name"])), None)
        named = credit and (looks_like_name(credit.name) or looks_like_word(credit.name))
        return replace(credit, initials=match["initials"]) if credit and named else None
    name, *cells = (cell.strip(" *_") for cell in _COLUMN_END.split(text))
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


def _cell(group: _Group, column: int) -> str:
    cells = group.pieces[0].cells
    return bare(cells[column]) if column < len(cells) else ""


def _entries(group: _Group) -> list[tuple[Credit, Lines]]:
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


def _depth_of_names(groups: Sequence[_Group]) -> int | None:
    """In a list of people below their organisations, or with these below them: how deep the people stand."""
    items = [group for group in groups if group.kind == "item"]
    depths = {group.pieces[0].level for group in items}
    if len(depths) < 2:
        return None
    shares = {}
    for depth in depths:
        row = [looks_like_name(_name_of(group)) for group in items if group.pieces[0].level == depth]
        shares[depth] = sum(row) / len(row)
    best = max(sorted(depths), key=lambda depth: shares[depth])
    return best if shares[best] > 0.5 and min(shares.values()) <= 0.5 else None


def _name_of(group: _Group) -> str:
    return _NAME_ENDS.split(group.text, maxsplit=1)[0].strip(" *_")


def _read_keyed(group: _Group) -> Mark:
    """The mark of a row with a key and what it holds: "| **Attendees** | Ada King, Bob Roe |"."""
    cells = [bare(cell) for cell in group.pieces[0].cells]
    if len(cells) != 2:
        return Mark("plain")
    mark = read_mark(f"{cells[0].rstrip(' :')}: {', '.join(_BREAK.split(cells[1]))}")
    return mark if mark.name in ("participants", "absent") else Mark("plain")


def _is_name_header(group: _Group) -> bool:
    """The head of a table of people: a column of names and another that people have."""
    cells = group.pieces[0].cells or tuple(_COLUMN_END.split(group.text))
    cells = tuple(bare(cell) for cell in cells)
    return any(map(_NAME_HEAD.match, cells)) and sum(1 for cell in cells if _HEADER.match(cell)) > 1


def _is_list(group: _Group, announced: bool) -> bool:
    """Whether a block holds names and nothing else."""
    if group.kind not in ("paragraph", "item", "row") or "://" in group.text:
        return False
    if group.text.endswith(":") or (not announced and len(group.text) > _LONGEST_LIST):
        return False
    if group.kind == "row":
        return announced
    if read_mark(group.text).name != "plain":
        return False
    credits = [credit for credit, _ in _entries(group)]
    if announced and _NOBODY.match(group.text):
        return True
    if announced and (_are_accounts(credits) or _is_one_account(group, credits)):
        return True
    if announced:
        whole = len(credits) > 1 and _share(credits) == 1
        return _share(credits) >= _MOSTLY and not group.text.endswith(("?", "!") if whole else ("?", ".", "!"))
    full = [credit for credit in credits if looks_like_name(credit.name)]
    return len(credits) >= _UNMARKED and len(full) >= 0.9 * len(credits)


class _Finder:
    def __init__(self, groups: list[_Group]) -> None:
        self.groups = groups
        self.roster = Roster()

    def find(self) -> Roster:
        at = 0
        while at < len(self.groups):
            at = self._look(at)
        return self.roster

    def _look(self, at: int) -> int:
        group = self.groups[at]
        if group.kind == "row" and (mark := _read_keyed(group)).rest:
            self._inline(group, mark.rest, mark.name == "participants")
            return at + 1
        if group.kind in ("row", "item") and not self.roster.present and _is_name_header(group):
            return self._below(at, here=True)
        if group.kind not in ("heading", "paragraph", "item"):
            return at + 1
        mark = read_mark(group.text)
        if mark.name in ("participants", "absent"):
            here = mark.name == "participants"
            if mark.rest:
                self._inline(group, mark.rest, here)
                return at + 1
            return self._below(at, here)
        if mark.name == "scribe":
            named = read_credits(mark.rest)
            credits = [credit for credit in named if looks_like_name(credit.name)]
            if _share(named) >= _MOSTLY:
                self._take(group, [(credit, group.lines) for credit in credits], "metadata", here=False)
        elif at < _TOP and group.text.endswith(":") and (end := self._list_of_people(at)) > at + _FEW:
            self._take(group, [], "metadata", here=False)
            for other in self.groups[at + 1 : end]:
                role, _, name = other.text.rpartition(": ")
                people = [(credit, other.lines) for credit in read_credits(name)] if role else _entries(other)
                self._take(other, people, "metadata", here=False)
            return end
        elif at < _TOP and not self.roster.present and group.kind == "paragraph" and _is_list(group, announced=False):
            self._take(group, _entries(group), "participant", here=True)
        return at + 1

    def _inline(self, group: _Group, rest: str, here: bool) -> None:
        credits = _announced(rest)
        if _share(credits) >= _MOSTLY or _are_accounts(credits):
            self._take(
                group, [(credit, group.lines) for credit in credits], "participant" if here else "metadata", here
            )

    def _below(self, at: int, here: bool) -> int:
        """The blocks of names under a mark that stands alone."""
        end = at + 1 + self._has_remark(at)
        while end < len(self.groups) and _is_list(self.groups[end], announced=True) and not self._is_over(at, end):
            end += 1
        if end > at + 1 + self._has_remark(at):
            self._take(self.groups[at], [], "heading", here)
            depth = _depth_of_names(self.groups[at + 1 : end])
            column = self._here_column(at if self.groups[at].kind == "row" else at + 1)
            for place in range(at + 1 + self._has_remark(at), end):
                group = self.groups[place]
                there = (
                    here
                    and not _UNTICKED.match(group.pieces[0].plain)
                    and not (column >= 0 and _NOT_HERE.match(_cell(group, column)))
                )
                apart = self._heads_names(place) or (depth is not None and group.pieces[0].level != depth)
                self._take(group, [] if apart else _entries(group), "participant" if here else "metadata", there)
        return end

    def _heads_names(self, at: int) -> bool:
        """An organisation alone above the list of its people."""
        group = self.groups[at]
        if group.kind != "paragraph" or at + 1 >= len(self.groups) or self.groups[at + 1].kind != "item":
            return False
        return len(group.pieces) == 1 and not looks_like_name(_name_of(group))

    def _list_of_people(self, at: int) -> int:
        """Where a list of full names ends that a line announces by a word of its own: "Jury:". No list of a talk's."""
        end = at + 1
        while end < len(self.groups) and self.groups[end].kind == "item":
            if not looks_like_name(_name_of(self.groups[end]).rpartition(":")[2].strip()):
                return at
            end += 1
        return end

    def _has_remark(self, at: int) -> bool:
        """Whether one short line stands between a heading and the list of names: a time, "in order of arrival"."""
        if self.groups[at].kind != "heading" or at + 2 >= len(self.groups):
            return False
        remark, below = self.groups[at + 1 : at + 3]
        short = remark.kind == "paragraph" and len(remark.text) <= _HEAD and read_mark(remark.text).name == "plain"
        return (
            short and not _is_list(remark, announced=True) and below.kind == "item" and _is_list(below, announced=True)
        )

    def _is_over(self, at: int, end: int) -> bool:
        """An item as far out as the one that announces the list below it."""
        head, item = self.groups[at].pieces[0], self.groups[end].pieces[0]
        below = self.groups[at + 1].pieces[0]
        return head.kind == item.kind == "item" and below.level > head.level >= item.level

    def _here_column(self, at: int) -> int:
        """The column of a table of people that says who was there; -1 where none does."""
        cells = self.groups[at].pieces[0].cells
        return next((column for column, cell in enumerate(cells) if _HERE_HEAD.match(bare(cell))), -1)

    def _take(self, group: _Group, entries: list[tuple[Credit, Lines]], place: str, here: bool) -> None:
        accounts = _are_accounts([credit for credit, _ in entries]) or _is_one_account(group, [c for c, _ in entries])
        people = [
            (credit, lines) for credit, lines in entries if _is_person(credit) or (accounts and _is_account(credit))
        ]
        accounts_of = dict(filter(None, (_account_behind(link) for piece in group.pieces for link in piece.links)))
        (self.roster.present if here else self.roster.others).extend(
            (replace(credit, initials=credit.initials or accounts_of.get(credit.name)), lines)
            for credit, lines in people
        )
        for piece in group.pieces:
            self.roster.places[piece.index] = (place, "")


def _announces(piece: Piece) -> bool:
    """A mark that stands alone on its line, with names on those below."""
    mark = read_mark(piece.plain)
    return mark.name in ("participants", "absent") and not mark.rest


def _groups(pieces: Sequence[Piece]) -> Iterator[_Group]:
    """Blocks, those with a head of several lines ("Chair: ...", "Present: ...") cut at each of them."""
    for _, block in groupby(pieces, key=lambda piece: piece.block):
        part: list[Piece] = []
        for piece in block:
            if part and (read_mark(piece.plain).name != "plain" or _KEYED.match(piece.plain) or _announces(part[-1])):
                yield _Group(tuple(part))
                part = []
            part.append(piece)
        yield _Group(tuple(part))


def find_roles(pieces: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    """Everybody whom a line gives a role: "Champion: Ada King"; with that role where labels may call by it those who
    alone hold it: "Secretary: ..."."""
    held: dict[str, set[str]] = {}
    for piece in pieces:
        if piece.kind in ("paragraph", "item") and ":" in piece.plain[:_HEAD]:
            for match in _OFFICE.finditer(piece.plain[:_LINE]):
                if looks_like_name(match["name"].strip()):
                    held.setdefault(match["role"].lower(), set()).add(match["name"].strip())
    for role, people in held.items():
        called = role if len(people) == 1 and _CALLED.match(role) else ""
        yield from ((called, name) for name in sorted(people))


def find_accounts(pieces: Iterable[Piece]) -> Iterator[tuple[str, str]]:
    """Names with the accounts that running text gives them: "Ada King (@adak)"."""
    for piece in pieces:
        for match in _ACCOUNT_OF.finditer(piece.plain) if "(@" in piece.plain else ():
            if looks_like_name(match["name"]):
                yield match["name"], match["account"]


def find_roster(pieces: Sequence[Piece]) -> Roster:
    """Who was there, who was not, and which pieces say so."""
    return _Finder(list(_groups(pieces))).find()
