"""Words in; the query for them by where they stand, each place with its weight, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tantivy import Occur, Query

from . import schema
from .schema import SCHEMA

#: How much a word counts by where it stands; what it stands in most is the turn itself.
FIELDS = {"text": 1.0, "together": 1.0, "around": 0.45, "title": 0.4, "where": 0.15, "names": 0.5}
IMPERSONAL = {**FIELDS, "names": 0.05}  # of a word that is somebody's name and is not meant as one
OWN = {"text": 1.0, "together": 1.0, "names": 1.0}  # what a turn has by itself
TIE = 0.25  # what the lesser places add to the best one
TITLED = {**FIELDS, "title": 3.0, "where": 1.0}  # of a word that says in which talk


def any_query(parts: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def everywhere(text: str, fields: Mapping[str, float] = FIELDS) -> Query:
    """Words in all their forms, wherever they may stand: side by side, or written together."""
    words = schema.words(text)
    parts = [in_fields(schema.stems(text), words, fields)]
    if len(words) > 1:
        together = "".join(words)
        parts.append(in_fields(schema.stems(together), [together], fields))
    return Query.disjunction_max_query(parts, TIE)


def in_fields(stems: Sequence[str], words: Sequence[str], fields: Mapping[str, float]) -> Query:
    """Names are compared as they are written: they have no endings."""
    parts = [
        Query.boost_query(all_terms(name, words) if name == "names" else side_by_side(name, stems), boost)
        for name, boost in fields.items()
        if name != "names" or words
    ]
    return Query.disjunction_max_query(parts, TIE)


def side_by_side(name: str, terms: Sequence[str]) -> Query:
    if not terms:
        return Query.empty_query()
    if len(terms) == 1:
        return Query.term_query(SCHEMA, name, terms[0], index_option="freq")
    return Query.phrase_query(SCHEMA, name, list(terms))


def all_of(name: str, words: Sequence[str]) -> Query:
    return all_terms(name, schema.stems(" ".join(words)))


def all_terms(name: str, terms: Sequence[str]) -> Query:
    return Query.boolean_query(
        [(Occur.Must, Query.term_query(SCHEMA, name, one, index_option="freq")) for one in terms]
    )
