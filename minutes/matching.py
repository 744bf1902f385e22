"""What two readings of one document say in; which record of the new one continues which of the old one out.

Records are matched by content, never by position; one to one; the strongest evidence first. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from people.names import fold

from .parting import find_parts
from .shortlisting import shortlist

Json = Any

SIMILAR_AT_HOME = 60.0  # of 100, by edit distance: for two texts in the same talk
SIMILAR_ANYWHERE = 80.0  # for two texts anywhere in the document
SIMILAR_UNWITNESSED = 90.0  # for titles that no person vouches for
WITNESSED = ("session", "talk")  # titles of one series are much alike: the same people must vouch for two

#: What a record of each kind is recognised by, and where it stands. People and exchanges have ways of their own.
CONTENT: dict[str, tuple[str, ...]] = {
    "workshop": (),
    "day": ("date",),
    "session": ("title",),
    "talk": ("title",),
    "turn": ("text",),
    "link": ("label", "url"),
    "note": ("text",),
    "theme": ("text",),
    "actionitem": ("quote",),
    "decision": ("text",),
    "contact": ("person", "email"),
    "alias": ("label",),
}
#: By what less a record is recognised where the whole is not found again: a link whose address was mended.
FALLBACK: dict[str, tuple[str, ...]] = {"link": ("label",), "day": ("n",), "contact": ("person",)}
HOME = ("session", "talk", "day", "turn", "theme")
PLACE = frozenset((*HOME, "exchange"))  # fields that say where a record stands
#: How long a text must be to be recognised away from home: "Slides" stands in every talk, a title is its own witness.
LONG_ENOUGH: dict[str, int] = {"turn": 20, "note": 20, "actionitem": 20, "decision": 20, "session": 1, "talk": 1}
#: Kinds of which one record may become several, and several one.
PARTED = ("turn", "note", "decision")
MATCH_ORDER = (
    *("workshop", "day", "session", "talk", "turn", "theme", "link", "note", "actionitem", "decision"),
    *("contact", "alias"),
)


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a field for another record of the same document, until that one has its permanent id."""

    to: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a document says of one record."""

    ref: str  # unique in its document
    kind: str
    fields: Mapping[str, Json]
    lines: tuple[int, int] | None = None
    became: str = ""  # permanent id; in the base always, in the source where somebody outside knows it
    gone: bool = False  # in the base only: an earlier reading had it, the last one did not
    opening: str = ""  # of an exchange: the turn that opens it; ref in the source, permanent id in the base
    split_from: str = ""  # of what a plan creates: permanent id of the record of which it was a part


class Matches(dict[str, Entry]):
    """Which entry of the base each entry of the source continues, by source ref; one to one. And beside it:"""

    def __init__(self, known: Mapping[str, Entry]) -> None:
        super().__init__(known)
        self.split_from: dict[str, str] = {}  # source ref of something new: id of the record of which it was a part
        self.joined: dict[str, str] = {}  # id of a record: source ref of the one of which it is a part now


def match(base: Sequence[Entry], source: Sequence[Entry], withdrawn: Collection[str] = ()) -> Matches:
    """Entries whose `became` is known are taken at their word. A match never crosses kinds.

    What people withdrew is joined with nothing: its words would leave the lists with it, or come back with others.
    """
    by_id = {entry.became: entry for entry in sorted(base, key=lambda entry: not entry.gone)}
    found = Matches({entry.ref: by_id[entry.became] for entry in source if entry.became in by_id})
    olds, news = _by_kind(base), _by_kind(source)
    for kind in MATCH_ORDER:
        _match_kind(kind, olds[kind], news[kind], found, withdrawn)
    _match_exchanges(olds["exchange"], news["exchange"], news["turn"], found)
    return found


def _by_kind(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    kinds: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        kinds[entry.kind].append(entry)
    return kinds


def _content(entry: Entry, found: Mapping[str, Entry], names: tuple[str, ...] = ()) -> str:
    """What a record is recognised by, as one text."""
    values = [_identity(entry.fields.get(name), found) for name in names or CONTENT[entry.kind]]
    text = "\n".join(value for value in values if value)
    return fold(text) if entry.kind == "alias" else text


def _identity(value: Json, found: Mapping[str, Entry]) -> str:
    """A value as a text; a reference as the permanent id of what it continues."""
    if isinstance(value, Ref):
        return found[value.to].became if value.to in found else f"new:{value.to}"
    return "" if value is None else str(value)


def _home(entry: Entry, found: Mapping[str, Entry]) -> str:
    """Permanent id of the record in which this one stands; for the source, of the one that it continues."""
    return next((_identity(value, found) for name in HOME if (value := entry.fields.get(name))), "")


def _match_kind(kind: str, olds: list[Entry], news: list[Entry], found: Matches, withdrawn: Collection[str]) -> None:
    """Passes from the strongest on: the same words at home, fewer of them, the same elsewhere; parts; similar words."""
    if kind == "workshop":
        found.update({new.ref: old for new, old in zip(news, olds, strict=False) if new.ref not in found})
        return
    taken = {entry.became for entry in found.values()}
    free_old = [entry for entry in olds if entry.became not in taken]
    free_new = [entry for entry in news if entry.ref not in found]

    def same_words(names: tuple[str, ...]) -> Callable[[Entry], Any]:
        return lambda entry: (_home(entry, found), _content(entry, found, names))

    free_old, free_new = _pair_equal(free_old, free_new, found, same_words(CONTENT[kind]))
    if kind in FALLBACK:
        free_old, free_new = _pair_equal(free_old, free_new, found, same_words(FALLBACK[kind]))
    if kind in ("day", "contact", "alias"):
        return
    least = LONG_ENOUGH.get(kind)
    if least:
        free_old, free_new = _pair_equal(free_old, free_new, found, _content_if_long(found, least))
    if kind in PARTED:
        free_old, free_new = _pair_parts(free_old, free_new, news, found, withdrawn)
    free_old, free_new = _pair_similar(free_old, free_new, found, SIMILAR_AT_HOME, home=True)
    if least:
        long = [entry for entry in free_old if len(_content(entry, found)) >= least]
        _pair_similar(long, free_new, found, SIMILAR_ANYWHERE, home=False)


def _content_if_long(found: Mapping[str, Entry], least: int) -> Callable[[Entry], str | None]:
    def content(entry: Entry) -> str | None:
        text = _content(entry, found)
        return text if len(text) >= least else None

    return content


def _pair_equal(
    olds: list[Entry], news: list[Entry], found: Matches, key: Callable[[Entry], Any]
) -> tuple[list[Entry], list[Entry]]:
    """Pairs entries with an equal key, in order, the living first; returns what is left of both."""
    waiting: dict[Any, deque[Entry]] = defaultdict(deque)
    for old in sorted(olds, key=lambda entry: (entry.gone, entry.lines or (0, 0))):
        waiting[key(old)].append(old)
    paired = set()
    for new in news:
        wanted = key(new)
        if wanted is not None and waiting.get(wanted):
            old = waiting[wanted].popleft()
            found[new.ref] = old
            paired.add(id(old))
    return [e for e in olds if id(e) not in paired], [e for e in news if e.ref not in found]


def _pair_similar(
    olds: list[Entry], news: list[Entry], found: Matches, least: float, *, home: bool
) -> tuple[list[Entry], list[Entry]]:
    """Pairs the most similar first; of equals, those that stand nearest to each other."""
    pairs = sorted(_similar(olds, news, found, least, home=home), key=lambda pair: (-pair[0], pair[1]))
    used: set[int] = set()
    for _, _, old, new in pairs:
        if id(old) not in used and new.ref not in found:
            found[new.ref] = old
            used.add(id(old))
    return [e for e in olds if id(e) not in used], [e for e in news if e.ref not in found]


def _similar(
    olds: list[Entry], news: list[Entry], found: Mapping[str, Entry], least: float, *, home: bool
) -> Iterator[tuple[float, int, Entry, Entry]]:
    old_at = _by_home(olds, found) if home else {"": olds}
    new_at = _by_home(news, found) if home else {"": news}
    place = {id(entry): n for entries in (olds, news) for n, entry in enumerate(entries)}
    for where, some in new_at.items():
        others = old_at.get(where, [])
        texts, other_texts = ([_content(entry, found) for entry in entries] for entries in (some, others))
        for new_n, candidates in enumerate(shortlist(texts, other_texts, least)):
            for old_n in candidates:
                old, new = others[old_n], some[new_n]
                score = fuzz.ratio(texts[new_n], other_texts[old_n], score_cutoff=least)
                if score and (score >= SIMILAR_UNWITNESSED or _vouched(old, new, found)):
                    yield score, abs(place[id(new)] - place[id(old)]), old, new


def _by_home(entries: Iterable[Entry], found: Mapping[str, Entry]) -> dict[str, list[Entry]]:
    """Entries by what they stand in, in the order of their lines."""
    at: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.lines or (0, 0)):
        at[_home(entry, found)].append(entry)
    return at


def _pair_parts(
    olds: list[Entry], news: list[Entry], every: list[Entry], found: Matches, withdrawn: Collection[str]
) -> tuple[list[Entry], list[Entry]]:
    """What the source has in several: the longest part goes on. What it has in one: the first goes on.

    A part may be known from an earlier split already: then it is back under its own id.
    """
    back = [entry for entry in every if entry.ref in found and found[entry.ref].gone]
    pieces_at = _by_home([*news, *back], found)
    for home, wholes in _by_home((old for old in olds if not old.gone), found).items():
        pieces = pieces_at.get(home, [])
        for place, chosen in _parts(wholes, pieces, found).items():
            free = [pieces[n] for n in chosen if pieces[n].ref not in found]
            if free:
                longest = max(free, key=lambda entry: len(_content(entry, found)))
                found[longest.ref] = wholes[place]
                found.split_from |= {one.ref: wholes[place].became for one in free if one is not longest}
    olds = _without(olds, found)
    living_at = _by_home((old for old in olds if not old.gone and old.became not in withdrawn), found)
    for home, wholes in _by_home(_still_free(news, found), found).items():
        pieces = living_at.get(home, [])
        for place, (first, *others) in _parts(wholes, pieces, found).items():
            found[wholes[place].ref] = pieces[first]
            found.joined |= {pieces[n].became: wholes[place].ref for n in others}
    return _without(olds, found), _still_free(news, found)


def _parts(wholes: list[Entry], pieces: list[Entry], found: Matches) -> dict[int, tuple[int, ...]]:
    return find_parts(*([_content(entry, found) for entry in entries] for entries in (wholes, pieces)))


def _without(olds: list[Entry], found: Matches) -> list[Entry]:
    taken = {entry.became for entry in found.values()} | found.joined.keys()
    return [old for old in olds if old.became not in taken]


def _still_free(news: list[Entry], found: Matches) -> list[Entry]:
    return [new for new in news if new.ref not in found and new.ref not in found.split_from]


def _vouched(old: Entry, new: Entry, found: Mapping[str, Entry]) -> bool:
    """A title that is not very similar needs one of the same people."""
    if new.kind not in WITNESSED:
        return True
    rows = [row for name in ("speakers", "conveners") for row in new.fields.get(name) or ()]
    keys = {_identity(row["person"], found) for row in rows}
    return any(row["person"] in keys for name in ("speakers", "conveners") for row in old.fields.get(name) or ())


def _match_exchanges(olds: list[Entry], news: list[Entry], turns: list[Entry], found: Matches) -> None:
    """An exchange continues the one that the same turn opened, else the one that most of its turns were in."""
    opened: dict[str, Entry] = {old.opening: old for old in sorted(olds, key=lambda old: not old.gone) if old.opening}
    for new in news:
        if new.ref not in found and new.opening in found and found[new.opening].became in opened:
            found[new.ref] = opened.pop(found[new.opening].became)
    votes: Counter[tuple[str, str]] = Counter()
    for turn in turns:
        if turn.ref in found and isinstance(turn.fields["exchange"], Ref):
            votes[turn.fields["exchange"].to, found[turn.ref].fields["exchange"]] += 1
    by_id = {entry.became: entry for entry in olds}
    new_refs = {entry.ref for entry in news}
    used = {found[ref].became for ref in new_refs if ref in found}
    for (ref, public_id), _ in votes.most_common():
        if ref in new_refs and ref not in found and public_id in by_id and public_id not in used:
            found[ref] = by_id[public_id]
            used.add(public_id)
