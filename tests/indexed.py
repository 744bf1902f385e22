"""An index in; all that it holds, in an order that does not depend on how it came to be, out."""

from __future__ import annotations

from tantivy import Query

from minutes.search import schema, store

COLUMNS = ("pk", "exchange", "talk", "day_n", "place", "moment", "date")
WORDS = ("text", "around", "title", "names", "vocabulary")


def contents(opened: store.Opened) -> list[str]:
    """What is kept of every document, its numbers, and how many documents have each word."""
    searcher = opened.searcher
    found = searcher.search(Query.all_query(), limit=searcher.num_docs).hits
    values = [searcher.fast_field_values(name, [address for _, address in found]) for name in COLUMNS]
    rows = []
    for n, (_, address) in enumerate(found):
        kept = schema.shown(searcher.doc(address))
        if "count" not in kept:  # the marker tells how far the index is, which differs
            rows.append(repr((kept, [column[n] for column in values])))
    for name in WORDS:
        rows += [f"{name} {word} {count}" for word, count in searcher.terms_with_prefix(name, "", Query.all_query())]
    return sorted(rows)
