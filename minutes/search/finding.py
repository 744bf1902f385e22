"""A query and a user in; the turns that answer it, best first, with exact counts, out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from tantivy import DocAddress, Occur, Order, Query, Searcher

from minutes.models import Turn
from minutes.models.access import scopes_for

from . import book, schema
from .following import WAIT, up_to_date
from .language import parse
from .lexicon import Lexicon
from .meaning import Meaning, understand
from .operators import Surroundings, nothing_but
from .store import Opened, any_term, term
from .tree import NOTHING, And, Field, Node, Or, both, either

SORTS = ("relevance", "date", "talk")
FIRST = 50  # hits that are kept while they are counted: most people look at no more
#: Of more hits than MANY not all are ranked by all that counts: so many of the best by their own words are.
MANY, BEST = 400, 80
MOST_TURNS = 2000  # of the exchanges of one page
LISTED = ("id", "text", "label", "people", "talk", "kind", "url")  # what programs are told of a hit
_ORDERS = {"date": "moment", "talk": "place"}


@dataclass(slots=True)
class Hit:
    """A document that was found: its kind and primary key, how well it fits, and what the index keeps of it."""

    score: float
    pk: int
    exchange: int | None
    address: DocAddress
    shown: dict[str, Any] = field(default_factory=dict)

    def listed(self) -> dict[str, Any]:
        """What programs are told of it, at /search.json and by `manage.py search --json`."""
        return {key: self.shown[key] for key in LISTED}


@dataclass(slots=True)
class Found:
    """What a query finds: exact counts, and one page of hits."""

    meaning: Meaning
    opened: Opened
    around: Surroundings
    query: Query
    total: int
    behind: int  # changes that the index does not have yet
    partly: bool  # nothing (or little) has all of the words, so what has most of them is found as well
    little: bool  # something has all of them
    complaints: list[str]
    first: list[tuple[float, DocAddress]] = field(default_factory=list)  # the best of them, found while counting

    @property
    def building(self) -> bool:
        """There is no index yet; it is being made."""
        return bool(self.behind) and not self.opened.searcher.num_docs

    def hits(self, start: int, count: int, sort: str = "relevance", *, shown: bool = False) -> list[Hit]:
        """One page. Without words there is no better and worse: the order is that of the talks."""
        if sort == "relevance" and not self.meaning.worded:
            sort = "talk"
        scored = self.first[start : start + count] if sort == "relevance" else []
        start, count = start + len(scored), min(count, self.total - start) - len(scored)
        if count > 0:
            order = {"order_by_field": _ORDERS[sort], "order": Order.Asc} if sort in _ORDERS else {}
            scored += self.opened.searcher.search(self.query, limit=count, offset=start, count=False, **order).hits
        hits = self._hits(scored, ranked=sort not in _ORDERS)
        if shown:
            for hit in hits:
                hit.shown = self.shown(hit)
        return hits

    def turns_of(self, exchanges: list[int]) -> dict[int, list[Hit]]:
        """All readable turns of these exchanges, in their order."""
        turns = [any_term("exchange", exchanges), term("what", schema.TURN), self.around.lexicon.readable]
        query = Query.boolean_query([(Occur.Must, one) for one in turns])
        order = {"order_by_field": "place", "order": Order.Asc}
        found: dict[int, list[Hit]] = {}
        for hit in self._hits(self.opened.searcher.search(query, limit=MOST_TURNS, count=False, **order).hits):
            found.setdefault(hit.exchange or 0, []).append(hit)
        return found

    def shown(self, hit: Hit) -> dict[str, Any]:
        """What the index keeps of it."""
        return schema.shown(self.opened.searcher.doc(hit.address))

    def _hits(self, scored: list[tuple[Any, DocAddress]], *, ranked: bool = False) -> list[Hit]:
        addresses = [address for _, address in scored]
        keys = self.opened.searcher.fast_field_values("pk", addresses)
        exchanges = self.opened.searcher.fast_field_values("exchange", addresses)
        return [
            Hit(float(score) if ranked else 0.0, int(pk or 0), int(exchange) if exchange else None, address)
            for (score, address), pk, exchange in zip(scored, keys, exchanges, strict=True)
        ]


def readable_turns(keys: Collection[int], user: Any) -> set[int]:
    """Those that may still be read: some may have been withdrawn since the index last heard of them. One query."""
    return set(Turn.objects.visible_to(user).filter(pk__in=keys).order_by().values_list("pk", flat=True))


def find(text: str, user: Any, *, extra: Node = NOTHING, today: date | None = None, wait: float = WAIT) -> Found:
    """Everything but the page itself; one query where nothing was changed since the last search."""
    reading = parse(text)
    tree = both(reading.tree, extra)
    opened, behind = up_to_date(wait)
    scopes = scopes_for(user)
    known = book.read(opened, scopes)
    readable = any_term("vis", scopes)
    state = (opened.marker.n, opened.marker.stamp, *scopes)
    lexicon = Lexicon(opened.searcher, known, readable, state)
    around = Surroundings(lexicon, known, today or timezone.localdate(), scopes, user)
    meaning = understand(tree, around)
    query, total, partly, first = _enough(meaning, opened)
    loosened = _loosened(tree)
    if not total and loosened != tree:
        wider = understand(loosened, around)
        query, total, partly, first = _enough(wider, opened)
        if total:
            meaning.complaints.append("Nothing here was asked or answered so; shown is what they said about it.")
    return Found(
        meaning=meaning,
        opened=opened,
        around=around,
        query=query,
        total=total,
        behind=behind,
        partly=partly,
        little=partly and bool(opened.searcher.search(meaning.query, limit=1).count),
        complaints=[*reading.complaints, *meaning.complaints],
        first=first,
    )


def _loosened(node: Node) -> Node:
    """Who asked or answered as who spoke: minutes do not always tell a question from a remark."""
    if isinstance(node, Field) and node.name in ("asked-by", "answered-by"):
        return Field("said-by", node.value)
    if isinstance(node, And):
        roles = {part.name for part in node.parts if isinstance(part, Field)}
        if {"asked-by", "answered-by"} <= roles:
            return node
        return both(*map(_loosened, node.parts))
    return either(*map(_loosened, node.parts)) if isinstance(node, Or) else node


def _enough(meaning: Meaning, opened: Opened) -> tuple[Query, int, bool, list[tuple[float, DocAddress]]]:
    """All words first; most of them where all give little. The query, how much it finds, and the best of it.

    Whether they do is a matter of the words alone: what narrows a search must not bring in what was not there before.
    """
    if meaning.tree == NOTHING:
        return Query.empty_query(), 0, False, []
    searcher = opened.searcher
    if meaning.quick:
        best = searcher.search(meaning.quick, limit=BEST)
        if (best.count or 0) > MANY:
            return meaning.quick, best.count or 0, False, _ties_by_date(searcher, _ranked(meaning, searcher, best.hits))
    query, found = meaning.query, searcher.search(meaning.query, limit=FIRST)
    if found.count and meaning.words and _are_common(meaning, searcher, found.count):
        return query, found.count, False, _ties_by_date(searcher, found.hits)
    partly = False
    for relaxed in meaning.relaxed:
        if (found.count or 0) >= relaxed.little:
            continue
        wider = searcher.search(relaxed.query, limit=FIRST)
        if (wider.count or 0) > (found.count or 0):
            query, found, partly = relaxed.query, wider, relaxed.partly
    return query, found.count or 0, partly, _ties_by_date(searcher, found.hits)


def _ranked(meaning: Meaning, searcher: Searcher, hits: list[tuple[Any, DocAddress]]) -> list[tuple[Any, DocAddress]]:
    """These, by all that counts."""
    keys = searcher.fast_field_values("pk", [address for _, address in hits])
    these = nothing_but(Query.boolean_query([(Occur.Should, term("pk", int(key or 0))) for key in keys]))
    parts = [(Occur.Must, these), (Occur.Must, meaning.query)]
    return searcher.search(Query.boolean_query(parts), limit=len(hits), count=False).hits


def _are_common(meaning: Meaning, searcher: Searcher, count: int) -> bool:
    """Whether enough has all of the words. What narrows only takes away, so what it leaves may tell already."""
    if count >= meaning.little and not isinstance(meaning.tree, Or):
        return True
    return (searcher.search(meaning.words, limit=1).count or 0) >= meaning.little


def _ties_by_date(searcher: Searcher, hits: list[tuple[Any, DocAddress]]) -> list[tuple[Any, DocAddress]]:
    """What fits equally well, the latest first; the index leaves it in the order in which it was written."""
    moments = searcher.fast_field_values("moment", [address for _, address in hits])
    ordered = sorted(zip(hits, moments, strict=True), key=lambda one: (-one[0][0], one[1] is None, one[1] or 0))
    return [hit for hit, _ in ordered]
