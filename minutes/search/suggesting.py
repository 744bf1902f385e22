"""The beginning of a query in; people, topics, talks and questions that it may be about, apart, out."""

from __future__ import annotations

from typing import Any

from tantivy import Occur, Query

from minutes.models.access import scopes_for
from minutes.rendering import plain
from themes.vocabulary import plain_text

from . import book, schema
from .book import Known
from .finding import find
from .following import up_to_date
from .schema import SCHEMA
from .store import any_term, term
from .tree import OPERATORS

EACH = 4
LEAST = 2  # letters
LONGEST = 90  # of a question's words


def suggest(typed: str, user: Any) -> list[dict[str, Any]]:
    """Groups of (title, lines); each line has its words, its address, and whether it is just what was typed: at most
    one line is. One query."""
    last = typed.split()[-1] if typed.split() else ""
    if len(last) < LEAST or len(typed) > 200:
        return []
    if last.partition(":")[0].lower() in OPERATORS and ":" in last:
        last = last.partition(":")[2].strip('"')
    opened, _ = up_to_date(wait=0)
    scopes = scopes_for(user)
    known = book.read(opened, scopes)
    people, topics = known.begun(plain_text(last).lower())
    exact = known.exactly(typed)
    groups = [
        ("People", [_line(one.name, one.url, exact=one in exact) for one in _first(exact, people)]),
        ("Topics", [_line(one.name, one.url, exact=one in exact) for one in _first(exact, topics)]),
        ("Talks", _documents(opened, scopes, schema.TALK, typed)),
        ("Questions", _questions(typed, user)),
    ]
    return [{"title": title, "lines": lines[:EACH]} for title, lines in groups if lines]


def _line(words: str, url: str, *, exact: bool = False) -> dict[str, Any]:
    return {"words": words, "url": url, "exact": exact}


def _first(exact: list[Known], begun: list[Known]) -> list[Known]:
    return sorted(begun, key=lambda one: one not in exact)[:EACH]


def _documents(opened, scopes: list[str], what: str, typed: str) -> list[dict[str, Any]]:
    """Documents in whose words all of these stand, the last of them perhaps only begun."""
    *whole, last = schema.words(typed) or [""]
    if not last:
        return []
    parts = [(Occur.Must, term("vocabulary", word)) for word in whole]
    parts.append((Occur.Must, Query.fuzzy_term_query(SCHEMA, "vocabulary", last, distance=0, prefix=True)))
    parts.append((Occur.Must, term("what", what)))
    parts.append((Occur.Must, any_term("vis", scopes)))
    hits = opened.searcher.search(Query.boolean_query(parts), limit=EACH, count=False).hits
    shown = [schema.shown(opened.searcher.doc(address)) for _, address in hits]
    return [_line(one["text"], one["url"]) for one in shown]


def _questions(typed: str, user: Any) -> list[dict[str, Any]]:
    found = find(f"{typed}* kind:question" if typed[-1].isalnum() else f"{typed} kind:question", user)
    if found.partly or not found.total:
        return []
    hits = found.hits(0, EACH, shown=True)
    lines = []
    for hit in hits:
        text = plain(hit.shown["text"])
        text = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]}…"
        lines.append(_line(f"{hit.shown['label']}: {text}", hit.shown["url"]))
    return lines
