"""The address of a search and a user in; the same page of results for programs, out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from minutes.directory.choices import page_number
from minutes.models import Turn

from .finding import SORTS, Hit, find, readable_turns
from .tree import show

MOST = 100  # hits on one page


def listing(address: Mapping[str, str], user: Any) -> dict[str, Any]:
    """What /search.json answers: `q` (the canonical query), `total`, `page`, `pages`, `understood` (what each part was
    taken for), `complaints`, `behind` (changes that are not indexed yet), and `hits` as `Found.listed` gives them.

    No scores: how rare a word is counts in them, in drafts as well, so that they would tell of what nobody may read.
    Takes `q`, `sort`, `page` and `size` (10; at most MOST). Two queries, whatever is found.
    """
    found = find(address.get("q", ""), user)
    size = min(max(page_number(address.get("size", "10")), 1), MOST)
    pages = max(1, -(-found.total // size))
    page = min(max(page_number(address.get("page", "")), 1), pages)
    sort = address.get("sort", "")
    hits = found.hits((page - 1) * size, size, sort if sort in SORTS else "relevance", shown=True)
    return {
        "q": show(found.meaning.tree),
        "total": found.total,
        "page": page,
        "pages": pages,
        "understood": [
            {"words": chip.words, "kind": chip.kind, "meaning": chip.meaning} for chip in found.meaning.chips()
        ],
        "complaints": found.complaints,
        "behind": found.behind,
        "hits": [hit.listed() for hit in _readable(hits, user)],
    }


def _readable(hits: list[Hit], user: Any) -> list[Hit]:
    """Without turns that were withdrawn since the index last heard of them."""
    kinds = set(Turn.Kind.values)
    turns = {hit.pk for hit in hits if hit.shown["kind"] in kinds}
    still = readable_turns(turns, user)
    return [hit for hit in hits if hit.pk in still or hit.shown["kind"] not in kinds]
