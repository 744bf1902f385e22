"""A query and a user in; the turns that answer it, best first, with exact counts, out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from tantivy import Order, Query

from minutes.models.access import scopes_for

from . import book, schema
from .following import WAIT, up_to_date
from .language import parse
from .meaning import LITTLE, Meaning, understand
from .operators import Surroundings
from .slots import Lexicon
from .store import Opened, any_term
from .tree import NOTHING, And, Field, Node, Or, both, either

SORTS = ("relevance", "date", "talk")
_ORDERS = {"date": "moment", "talk": "place"}


@dataclass(slots=True)
class Hit:
    """A document that was found: its kind and primary key, how well it fits, and what the index keeps of it."""

    score: float
    pk: int
    exchange: int | None
    shown: dict[str, Any] = field(default_factory=dict)


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

    @property
    def building(self) -> bool:
        """There is no index yet; it is being made."""
        return bool(self.behind) and not self.opened.searcher.num_docs

    def hits(self, start: int, count: int, sort: str = "relevance", *, shown: bool = False) -> list[Hit]:
        """One page. Without words there is no better and worse: the order is that of the talks."""
        searcher = self.opened.searcher
        if sort == "relevance" and not self.meaning.worded:
            sort = "talk"
        order = {"order_by_field": _ORDERS[sort], "order": Order.Asc} if sort in _ORDERS else {}
        found = searcher.search(self.query, limit=count, offset=start, count=False, **order).hits
        addresses = [address for _, address in found]
        keys = searcher.fast_field_values("pk", addresses)
        exchanges = searcher.fast_field_values("exchange", addresses)
        hits = [
            Hit(float(score) if sort not in _ORDERS else 0.0, int(pk or 0), int(exchange) if exchange else None)
            for (score, _), pk, exchange in zip(found, keys, exchanges, strict=True)
        ]
        if shown:
            for hit, address in zip(hits, addresses, strict=True):
                hit.shown = schema.shown(searcher.doc(address))
        return hits


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
    query, total, partly = _enough(meaning, opened)
    loosened = _loosened(tree)
    if not total and loosened != tree:
        wider = understand(loosened, around)
        query, total, partly = _enough(wider, opened)
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


def _enough(meaning: Meaning, opened: Opened) -> tuple[Query, int, bool]:
    """All words first; most of them where all give little.

    Whether they do is a matter of the words alone: what narrows a search must not bring in what was not there before.
    """
    if meaning.tree == NOTHING:
        return Query.empty_query(), 0, False
    searcher = opened.searcher
    query, total = meaning.query, searcher.search(meaning.query, limit=1).count or 0
    if total and meaning.words and (searcher.search(meaning.words, limit=1).count or 0) >= LITTLE:
        return query, total, False
    partly = False
    for relaxed in meaning.relaxed:
        if total >= relaxed.little:
            continue
        wider = searcher.search(relaxed.query, limit=1).count or 0
        if wider > total:
            query, total, partly = relaxed.query, wider, relaxed.partly
    return query, total, partly
