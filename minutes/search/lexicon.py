"""A searcher and what may be read of it in; whether anything has a word, and all words that there are, out."""

from __future__ import annotations

from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from .book import Book


@dataclass(slots=True)
class Lexicon:
    """What a user may find words in: the searcher, and which documents he or she may read."""

    searcher: tantivy.Searcher
    book: Book
    readable: Query
    state: tuple[object, ...]  # of the index, and what may be read of it: what is kept of one is true for its like
    guesses: int = 0  # words for which another was looked for

    def has(self, query: Query) -> bool:
        """Whether anything readable has it."""
        return bool(self.some(query, 1))

    def some(self, query: Query, most: int) -> int:
        """How many have it, counted no further than this."""
        return len(self.searcher.search(self._readable(query), limit=most, count=False).hits)

    def count(self, query: Query) -> int:
        return self.searcher.search(self._readable(query), limit=1).count or 0

    def _readable(self, query: Query) -> Query:
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, self.readable)])

    def vocabulary(self) -> list[str]:
        """All words of what is readable, the most common first; gathered once for each state of the index."""
        if self.state not in _vocabularies:
            counted = self.searcher.terms_with_prefix("vocabulary", "", self.readable)
            if len(_vocabularies) >= KEPT:
                _vocabularies.clear()
            _vocabularies[self.state] = [
                word for word, _ in sorted(counted, key=lambda item: -item[1]) if len(word) > 2
            ]
        return _vocabularies[self.state]


_vocabularies: dict[tuple[object, ...], list[str]] = {}
KEPT = 6  # vocabularies: one for each group of readers
