"""A talk in; the talks and the questions of others in which the same is spoken of, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tantivy import Occur, Query

from minutes.models import Talk, Turn
from minutes.models.access import scopes_for
from minutes.rendering import plain

from . import schema
from .following import up_to_date
from .schema import SCHEMA
from .store import Opened, any_term, term
from .words import STOP_WORDS

TALKS, QUESTIONS = 4, 3
NEAR = 120  # turns elsewhere that are looked at
WORDS = 25  # of the talk, by which they are found: those that are said much here and seldom elsewhere
LETTERS = 3  # of such a word, at least
EACH = 4  # turns of one talk that count for it: what is long is not nearer for that
TOPIC = 4.0  # a topic that both have beside one such word
LEAST = 0.35  # of the nearest talk's weight that a talk must have to be named
STATES = 256  # talks of which what is near is kept


@dataclass(frozen=True, slots=True)
class Related:
    talks: list[dict[str, Any]] = field(default_factory=list)  # as the index keeps them: text, url, people
    questions: list[dict[str, Any]] = field(default_factory=list)  # text, label, url, talk


_kept: dict[tuple[object, ...], Related] = {}


def related(talk: Talk, turns: Sequence[Turn], user: Any) -> Related:
    """What stands elsewhere and is about the same, nearest first: only what this user may read.

    Found once for each state of the index and each way of reading; after that one query, which asks for that state.
    """
    opened, behind = up_to_date(wait=0)
    if behind:  # what was withdrawn a moment ago may still stand there
        return Related()
    scopes = scopes_for(user)
    key = (opened.marker.n, opened.marker.stamp, *scopes, talk.pk, talk.version)
    if key not in _kept:
        if len(_kept) >= STATES:
            _kept.clear()
        _kept[key] = _find(opened, scopes, talk, turns)
    return _kept[key]


def _find(opened: Opened, scopes: list[str], talk: Talk, turns: Sequence[Turn]) -> Related:
    texts = [talk.title, *(plain(turn.text) for turn in turns)]
    topics = Counter(row.tag_id for turn in turns for row in turn.topic_items.all() if row.tag.retired_at is None)
    alike = Query.more_like_this_document_fields_query(
        SCHEMA,
        {"text": texts},
        min_doc_frequency=2,
        min_term_frequency=1,
        max_query_terms=WORDS,
        min_word_length=LETTERS,
        stop_words=sorted(STOP_WORDS),
    )
    either = [(Occur.Should, alike)]
    either += [
        (Occur.Should, Query.boost_query(Query.const_score_query(term("topic", pk), 1.0), TOPIC)) for pk in topics
    ]
    query = Query.boolean_query(
        [
            (Occur.Must, Query.boolean_query(either)),
            (Occur.Must, term("what", schema.TURN)),
            (Occur.Must, any_term("vis", scopes)),
            (Occur.MustNot, term("talk", talk.pk)),
        ]
    )
    hits = opened.searcher.search(query, limit=NEAR, count=False).hits
    addresses = [address for _, address in hits]
    places = opened.searcher.fast_field_values("talk", addresses)
    return Related(
        _talks(opened, [(score, place) for (score, _), place in zip(hits, places, strict=True)]),
        _questions(opened, addresses),
    )


def _talks(opened: Opened, hits: Sequence[tuple[float, Any]]) -> list[dict[str, Any]]:
    weights: Counter[int] = Counter()
    counted: Counter[int] = Counter()
    for score, place in hits:
        if place and counted[place] < EACH:
            counted[int(place)] += 1
            weights[int(place)] += score
    best = weights.most_common(TALKS)
    near = [place for place, weight in best if weight >= LEAST * best[0][1]]
    if not near:
        return []
    wanted = Query.boolean_query([(Occur.Must, term("what", schema.TALK)), (Occur.Must, any_term("talk", near))])
    found = opened.searcher.search(wanted, limit=TALKS, count=False).hits
    addresses = [address for _, address in found]
    keys = opened.searcher.fast_field_values("pk", addresses)
    by_key = {
        int(key): schema.shown(opened.searcher.doc(address)) for key, address in zip(keys, addresses, strict=True)
    }
    return [by_key[place] for place in near if place in by_key]


def _questions(opened: Opened, addresses: Sequence[Any]) -> list[dict[str, Any]]:
    """The nearest questions; of one conversation the nearest."""
    made: list[dict[str, Any]] = []
    exchanges = opened.searcher.fast_field_values("exchange", list(addresses))
    seen = set()
    for address, exchange in zip(addresses, exchanges, strict=True):
        if exchange in seen:
            continue
        shown = schema.shown(opened.searcher.doc(address))
        if shown["kind"] == Turn.Kind.QUESTION:
            seen.add(exchange)
            made.append(shown)
            if len(made) == QUESTIONS:
                break
    return made
