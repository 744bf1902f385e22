"""A column of addresses in, each beside the talk that it belongs to; then the links of these talks, in one step.

A line has an address and, before or after it, the title of a talk or its number in the programme; or all lines are
addresses alone, in the order of the programme, with an empty line for a talk that has none.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Max
from rapidfuzz import fuzz

from people.names import fold

from .changes import change
from .correcting import Step
from .models import Link, Talk, Workshop

MOST = 500  # lines
LONGEST = Link._meta.get_field("url").max_length or 2000
SURE = 82  # of 100: how like a title the words of a line must be, and by how much more than the next one
APART = 6
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"|]+", re.IGNORECASE)
_SCHEME = re.compile(r"^\w[\w+.-]*:", re.ASCII)
_WORD = re.compile(r"[^\W_]+")
_EDGES = " \t\"'“”|,;:()[]<>-–—"
_valid = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, slots=True)
class Row:
    """A line that was pasted: its words without the address, and the address; or what is wrong with it."""

    n: int
    words: str
    address: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """The talk that a line seems to mean, and how sure that is: 100 where its words are the title."""

    talk: Talk | None
    likeness: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What a line would do to its talk: a new link, an address for one that has none or another, or nothing."""

    kind: str  # new, filled, replaced, same
    talk: Talk
    address: str
    link: Link | None = None


def read_rows(text: str) -> list[Row]:
    """Lines with something in them. Raises ValidationError for too many."""
    lines = text.replace("\r\n", "\n").split("\n")
    rows = [_row(n, line) for n, line in enumerate(lines, start=1) if line.strip()]
    if len(rows) > MOST:
        raise ValidationError(f"These are {len(rows)} lines; send at most {MOST} at once.")
    return rows


def _row(n: int, line: str) -> Row:
    found = _ADDRESS.findall(line)
    words = " ".join(_ADDRESS.sub(" ", line).split()).strip(_EDGES)
    if not found:
        odd = any(_SCHEME.match(cell.strip()) for cell in line.split("\t")[1:])
        return Row(
            n, words, "", "This is no web address: it begins with http:// or https://." if odd else "No address."
        )
    if len(set(found)) > 1:
        return Row(n, words, "", "There are two addresses in this line: give each a line of its own.")
    address = found[0].rstrip(".,;)") if "(" not in found[0] else found[0].rstrip(".,;")
    address = f"https://{address}" if address.lower().startswith("www.") else address
    try:
        _valid(address)
    except ValidationError:
        return Row(n, words, "", "This is no web address: look for a blank or a missing part.")
    if len(address) > LONGEST:
        return Row(n, words, "", f"This address is longer than {LONGEST} letters.")
    return Row(n, words, address)


def match(rows: Sequence[Row], talks: Sequence[Talk]) -> dict[int, Match]:
    """Line → the talk of the programme (`talks`, in its order) that it means. A line that could mean two means none."""
    named = [row for row in rows if row.words]
    headed = bool(rows) and named == [rows[0]] and not rows[0].address
    if not named or headed:
        places = {row.n: row.n - 1 - headed for row in rows}
        return {n: Match(talks[at], 100) if 0 <= at < len(talks) else Match(None) for n, at in places.items()}
    titles = [fold(talk.title) for talk in talks]
    return {row.n: _by_words(row.words, talks, titles) for row in rows}


def _by_words(words: str, talks: Sequence[Talk], titles: Sequence[str]) -> Match:
    if words.isdecimal() and len(words) < 6:
        at = int(words) - 1
        return Match(talks[at], 100) if 0 <= at < len(talks) else Match(None)
    wanted = fold(words)
    same = [at for at, title in enumerate(titles) if title == wanted]
    if same:
        return Match(talks[same[0]], 100) if len(same) == 1 else Match(None)
    likeness = sorted(((_alike(wanted, title), at) for at, title in enumerate(titles)), key=lambda one: -one[0])
    if not wanted or not likeness or likeness[0][0] < SURE:
        return Match(None)
    if len(likeness) > 1 and likeness[0][0] - likeness[1][0] < APART:
        return Match(None)
    return Match(talks[likeness[0][1]], round(likeness[0][0]))


def _alike(words: str, title: str) -> float:
    """A line often has the speaker beside the title; a title of one word must then stand there as it is."""
    if len(title.split()) < 2:
        return 95.0 if title in words.split() else fuzz.ratio(words, title)
    return max(fuzz.ratio(words, title), fuzz.token_set_ratio(words, title) - 3)


def changes_of(rows: Sequence[Row], chosen: Mapping[int, Talk], label: str) -> dict[int, Change]:
    """What each line would do, by the talks that were chosen; lines without one, or with a problem, do nothing.

    `chosen` holds talks with their links at hand.
    """
    found = {}
    for row in rows:
        talk = chosen.get(row.n)
        if talk is None or row.problem:
            continue
        links = [link for link in talk.links.all() if link.retired_at is None and of_kind(link.label, label)]
        there = next((link for link in links if link.url == row.address), None)
        empty = next((link for link in links if not link.url), None)
        other = next((link for link in links if fold(link.label) == fold(label)), None)
        kind = "same" if there else "filled" if empty else "replaced" if other else "new"
        found[row.n] = Change(kind, talk, row.address, there or empty or other)
    return found


def marks_of(text: str, label: str, talks: Sequence[Talk]) -> tuple[str, str]:
    """What a preview was made of: of the lines, and of the label with the programme and its links as they stand.

    A choice beside a line holds as long as the first is the same; what was looked at may be written where both are.
    """
    links = [[link.pk, link.label, link.url, link.version] for talk in talks for link in talk.links.all()]
    made_of = [label, [talk.pk for talk in talks], sorted(links)]
    return _mark(text), _mark(json.dumps(made_of))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def of_kind(printed: str, label: str) -> bool:
    """Whether a printed label ("Slides link") is one of a kind ("Slides"): whether it holds all its words."""
    return _stems(label) <= _stems(printed)


def _stems(label: str) -> set[str]:
    return {word.removesuffix("s") if len(word) > 3 else word for word in _WORD.findall(fold(label))}


def doubled(changes: Mapping[int, Change]) -> set[int]:
    """Lines that name a talk which another line names, too."""
    counts = Counter(one.talk.pk for one in changes.values())
    return {n for n, one in changes.items() if counts[one.talk.pk] > 1}


def attach(user: Any, workshop: Workshop, label: str, changes: Mapping[int, Change]) -> Step | None:
    """Writes them as one step; None where all of it is there already. Raises ValidationError for a talk named twice."""
    if doubled(changes):
        raise ValidationError("Two lines name the same talk: leave one of them out, or choose another talk for it.")
    wanted = [one for one in changes.values() if one.kind != "same"]
    if not wanted:
        return None
    last = Link.objects.filter(workshop=workshop).aggregate(n=Max("order"))["n"] or 0
    with change(user, f"{label}: addresses attached") as c:
        for n, one in enumerate(wanted, start=1):
            if one.link:
                c.set(one.link, url=one.address)
            else:
                given = {"talk": one.talk.public_id, "session": None, "label": label, "url": one.address}
                c.create(Link, workshop=workshop, order=last + n, **given)
    return Step(c.group, f"{len(wanted)} address{'es' * (len(wanted) != 1)} attached.")
