"""Pieces to who was there: after a mark ("Present: ..."), in columns, lists, tables, or as a line of names alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from minutes.document import Lines
from minutes.parsing.credits import Credit, are_handles, looks_like_name, read_credits
from minutes.parsing.entries import (
    COLUMN_END,
    HEADER,
    MOSTLY,
    NOBODY,
    Group,
    account_behind,
    announced,
    are_accounts,
    depth_of_names,
    entries,
    is_account,
    is_one_account,
    is_person,
    name_of,
    share,
)
from minutes.parsing.marks import Mark, read_mark
from minutes.parsing.persons import People
from minutes.parsing.pieces import Piece, bare

_UNMARKED = 4  # so many names in a row need no mark
_LONGEST_LIST = 8000  # characters in which a list of names that no mark announces must end
_HEAD, _LINE = 40, 300  # characters in which a line says its role, and all of them
_FEW = 2  # names that make no list yet where no mark announces one
_TOP = 12  # blocks in which an unmarked roster may stand
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_UNTICKED = re.compile(r"^\[ ?\]\s")
_ACCOUNT_OF = re.compile(
    r"(?P<name>[^\W\d_a-z][\w'’.-]*(?:\s[^\W\d_][\w'’.-]*){1,3})\s\(@(?P<account>[A-Za-z][\w.-]{1,30})\)"
)
_FRONT_PEOPLE = re.compile(
    r"^(?:attendees|participants|present|attending)[ \t]*:[ \t]*"
    r"(?P<inline>[^\n]*)(?P<items>(?:\n[ \t]*-[ \t]+[^\n]+)*)",
    re.IGNORECASE | re.MULTILINE,
)
_HERE_HEAD = re.compile(r"^(?:present|here|attend\w*|attendance|status)\??$", re.IGNORECASE)
_NOT_HERE = re.compile(r"^(?:no?|absent|excused|regrets|apologies|[-–—✗✘❌]|)$", re.IGNORECASE)
_OFFICE = re.compile(
    r"(?:^\W{0,3}|[.;|]\s+)(?P<role>(?:co-?|vice[ -])?chair(?:man|woman|person|s)?|president|secretary|treasurer"
    r"|moderator|clerk|facilitator|notes|minutes|scribes?|(?:note|minute)[- ]?takers?|champions?|authors?|editors?"
    r"|presenters?|speakers?|hosts?|recorders?|time[- ]?keepers?|drivers?|leads?|organi[sz]ers?|shepherds?|reviewers?)"
    r"\W{0,3}:\W{0,3}\s(?P<name>[^,;:()|*_]+?)(?=\.\s+[\w -]{2,25}:|[,;()|*_]|\.?[*_]*$)",
    re.IGNORECASE,
)
_AWAY_TOO = re.compile(r"[.;,]?\s+(?:regrets|apologies|absent|excused)\s*:\s*", re.IGNORECASE)
_CALLED = re.compile(r"^(?:chair(?:man|woman|person)?|president|secretary|treasurer|moderator|clerk|facilitator|host)$")
_KEYED = re.compile(r"^[^\W\d_][\w /]{1,24}:(?:\s|$)")
_NAME_HEAD = re.compile(r"^(?:full\s+)?names?$", re.IGNORECASE)


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


def _cell(group: Group, column: int) -> str:
    cells = group.pieces[0].cells
    return bare(cells[column]) if column < len(cells) else ""


def _read_keyed(group: Group) -> Mark:
    """The mark of a row with a key and what it holds: "| **Attendees** | Ada King, Bob Roe |"."""
    cells = [bare(cell) for cell in group.pieces[0].cells]
    if len(cells) != 2:
        return Mark("plain")
    mark = read_mark(f"{cells[0].rstrip(' :')}: {', '.join(_BREAK.split(cells[1]))}")
    people = read_credits(mark.rest)
    listed = len(people) > 1 or any(looks_like_name(credit.name) for credit in people)
    return mark if listed and mark.name in ("participants", "absent") else Mark("plain")


def _is_name_header(group: Group) -> bool:
    """The head of a table of people: a column of names and another that people have."""
    cells = group.pieces[0].cells or tuple(COLUMN_END.split(group.text))
    cells = tuple(bare(cell) for cell in cells)
    return any(map(_NAME_HEAD.match, cells)) and sum(1 for cell in cells if HEADER.match(cell)) > 1


def _is_list(group: Group, announced: bool) -> bool:
    """Whether a block holds names and nothing else."""
    if group.kind not in ("paragraph", "item", "row") or "://" in group.text:
        return False
    if group.text.endswith(":") or (not announced and len(group.text) > _LONGEST_LIST):
        return False
    if group.kind == "row":
        return announced
    if read_mark(group.text).name != "plain":
        return False
    credits = [credit for credit, _ in entries(group)]
    if announced and NOBODY.match(group.text):
        return True
    if announced and (are_accounts(credits) or is_one_account(group, credits)):
        return True
    if announced and group.kind == "item" and len(credits) == 1 and credits[0].affiliation:
        return is_person(credits[0])
    if announced:
        whole = len(credits) > 1 and share(credits) == 1
        return share(credits) >= MOSTLY and not group.text.endswith(("?", "!") if whole else ("?", ".", "!"))
    full = [credit for credit in credits if looks_like_name(credit.name)]
    return len(credits) >= _UNMARKED and len(full) >= 0.9 * len(credits)


class _Finder:
    def __init__(self, groups: list[Group]) -> None:
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
        if group.kind == "metadata":
            self._front(group)
        if group.kind not in ("heading", "paragraph", "item"):
            return at + 1
        mark = read_mark(group.text)
        if mark.name in ("participants", "absent"):
            here = mark.name == "participants"
            if mark.rest:
                self._inline(group, mark.rest, here)
                return self._goes_on(at, here)
            return self._below(at, here)
        if mark.name == "scribe":
            named = read_credits(mark.rest)
            credits = [credit for credit in named if looks_like_name(credit.name)]
            if share(named) >= MOSTLY:
                self._take(group, [(credit, group.lines) for credit in credits], "metadata", here=False)
        elif at < _TOP and group.text.endswith(":") and (end := self._list_of_people(at)) > at + _FEW:
            self._take(group, [], "metadata", here=False)
            for other in self.groups[at + 1 : end]:
                role, _, name = other.text.rpartition(": ")
                people = [(credit, other.lines) for credit in read_credits(name)] if role else entries(other)
                self._take(other, people, "metadata", here=False)
            return end
        elif at < _TOP and not self.roster.present and group.kind == "paragraph" and _is_list(group, announced=False):
            self._take(group, entries(group), "participant", here=True)
        return at + 1

    def _front(self, group: Group) -> None:
        """People whom the front matter of a file lists: "attendees: [Ada King, Ben Roe]", or one below the other."""
        for match in _FRONT_PEOPLE.finditer("\n".join(piece.text for piece in group.pieces)):
            listed = [match["inline"].strip(" []"), *re.split(r"\n\s*-\s+", match["items"])]
            credits = announced(", ".join(filter(None, (name.strip("\"' ") for name in listed))))
            self.roster.present += [(credit, group.lines) for credit in credits if is_person(credit)]

    def _inline(self, group: Group, rest: str, here: bool) -> None:
        rest, *away = _AWAY_TOO.split(rest, maxsplit=1)
        if away and here:
            others = [(credit, group.lines) for credit in announced(away[0])]
            self.roster.others += [(credit, lines) for credit, lines in others if is_person(credit)]
        credits = announced(rest)
        if share(credits) >= MOSTLY or are_accounts(credits) or are_handles(rest):
            self._take(
                group, [(credit, group.lines) for credit in credits], "participant" if here else "metadata", here
            )

    def _goes_on(self, at: int, here: bool) -> int:
        """The blocks below a line of names that ends with a comma, as far as they hold names."""
        end = at + 1
        if self.groups[at].pieces[0].index not in self.roster.places:
            return end
        while end < len(self.groups) and self.groups[end - 1].text.endswith(","):
            group = self.groups[end]
            credits = announced(group.text.removeprefix(">").strip(" ,"))
            if group.kind not in ("paragraph", "preformatted") or share(credits) < MOSTLY:
                break
            self._take(group, [(c, group.lines) for c in credits], "participant" if here else "metadata", here)
            end += 1
        return end

    def _below(self, at: int, here: bool) -> int:
        """The blocks of names under a mark that stands alone."""
        end = at + 1 + self._has_remark(at)
        if self._is_parted(at, end):
            self._take(self.groups[at], [], "heading", here)
            while self._is_parted(at, end):
                end = self._below(end, here)
            return end
        while end < len(self.groups) and _is_list(self.groups[end], announced=True) and not self._is_over(at, end):
            if self._tops_words(end):
                break
            end += 1
        if end > at + 1 + self._has_remark(at):
            self._take(self.groups[at], [], "heading", here)
            depth = depth_of_names(self.groups[at + 1 : end])
            column = self._here_column(at if self.groups[at].kind == "row" else at + 1)
            for place in range(at + 1 + self._has_remark(at), end):
                group = self.groups[place]
                there = (
                    here
                    and not _UNTICKED.match(group.pieces[0].plain)
                    and not (column >= 0 and _NOT_HERE.match(_cell(group, column)))
                )
                apart = self._heads_names(place) or (depth is not None and group.pieces[0].level != depth)
                self._take(group, [] if apart else entries(group), "participant" if here else "metadata", there)
        return end

    def _is_parted(self, at: int, end: int) -> bool:
        """A lower heading right below the one of a roster, with names below it: "Members", "Guests"."""
        if end + 1 >= len(self.groups):
            return False
        head, part = self.groups[at].pieces[0], self.groups[end].pieces[0]
        lower = head.kind == part.kind == "heading" and part.level > head.level
        return lower and read_mark(part.plain).name != "absent" and _is_list(self.groups[end + 1], announced=True)

    def _tops_words(self, at: int) -> bool:
        """A line above others of its block that are no names: a title."""
        here, below = self.groups[at], self.groups[min(at + 1, len(self.groups) - 1)]
        same = here is not below and here.kind == "paragraph" and below.pieces[0].block == here.pieces[0].block
        return same and not _is_list(below, announced=True)

    def _heads_names(self, at: int) -> bool:
        """An organisation alone above the list of its people."""
        group = self.groups[at]
        if group.kind != "paragraph" or at + 1 >= len(self.groups) or self.groups[at + 1].kind != "item":
            return False
        return len(group.pieces) == 1 and not looks_like_name(name_of(group))

    def _list_of_people(self, at: int) -> int:
        """Where a list of full names ends that a line announces by a word of its own: "Jury:". No list of a talk's."""
        end = at + 1
        while end < len(self.groups) and self.groups[end].kind == "item":
            if not looks_like_name(name_of(self.groups[end]).rpartition(":")[2].strip()):
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

    def _take(self, group: Group, entries: list[tuple[Credit, Lines]], place: str, here: bool) -> None:
        shown = are_handles(group.text.partition(":")[2].strip() or group.text)
        accounts = (
            shown or are_accounts([credit for credit, _ in entries]) or is_one_account(group, [c for c, _ in entries])
        )
        people = [
            (credit, lines) for credit, lines in entries if is_person(credit) or (accounts and is_account(credit))
        ]
        accounts_of = dict(filter(None, (account_behind(link) for piece in group.pieces for link in piece.links)))
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


def _groups(pieces: Sequence[Piece]) -> Iterator[Group]:
    """Blocks, those with a head of several lines ("Chair: ...", "Present: ...") cut at each of them."""
    for _, block in groupby(pieces, key=lambda piece: piece.block):
        part: list[Piece] = []
        for piece in block:
            if part and (read_mark(piece.plain).name != "plain" or _KEYED.match(piece.plain) or _announces(part[-1])):
                yield Group(tuple(part))
                part = []
            part.append(piece)
        yield Group(tuple(part))


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
