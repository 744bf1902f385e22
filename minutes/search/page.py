"""The address of a search and a user in; all that the page of results shows, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tantivy import Occur, Query

from minutes.directory.choices import Choice, Select, page_number
from minutes.models import Turn

from . import schema
from .answers import Answer, answers
from .book import Known
from .facets import Facet, count, facets
from .finding import SORTS, Found, find
from .meaning import Chip
from .schema import SCHEMA
from .store import any_term, term
from .tree import NOTHING, Field, Node, both, conditions, show

PAGE = 10  # turns on one page, each in its conversation
NAMED = 6  # people, topics and talks whose names are what was typed
OFFERED = 200  # lines of a select
MANY = 2000  # hits among which conversations are counted

#: What a form sends beside the words, as it was before there were operators; links in the world keep to it.
_FIELDS = {
    "asked_by": "asked-by",
    "answered_by": "answered-by",
    "said_by": "said-by",
    "topic": "topic",
    "kind": "kind",
}
_COUNTED = {"asked_by": "asked", "answered_by": "answered", "said_by": "said", "topic": "topic"}
_OTHERS = {
    schema.TALK: ("talk", "talks"),
    schema.PERSON: ("person", "people"),
    schema.TOPIC: ("topic", "topics"),
    schema.THEME: ("theme", "themes"),
    schema.ACTION: ("action item", "actions"),
    schema.DECISION: ("decision", "decisions"),
}


@dataclass(slots=True)
class Elsewhere:
    """Documents of another kind that fit as well."""

    words: str
    count: int
    query: str


@dataclass(slots=True)
class Results:
    """All that the page of results shows."""

    found: Found
    q: str  # the canonical text
    sort: str
    page: int
    answers: list[Answer] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)  # documents that are no turns
    people: list[Known] = field(default_factory=list)
    topics: list[Known] = field(default_factory=list)
    talks: list[dict[str, Any]] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)
    selects: list[Select] = field(default_factory=list)
    facets: list[Facet] = field(default_factory=list)
    conversations: int = 0  # 0 where there are too many to count

    @property
    def asked(self) -> bool:
        return self.found.meaning.tree != NOTHING

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def chips(self) -> list[Chip]:
        return self.found.meaning.chips()

    @property
    def named(self) -> bool:
        return bool(self.people or self.topics or self.talks)

    @property
    def sorts(self) -> list[str]:
        return list(SORTS) if self.found.meaning.worded else []

    @property
    def sorted_so(self) -> str:
        """What links to the same search under other conditions add to the address."""
        return "" if self.sort == "relevance" else f"&sort={self.sort}"

    @property
    def words(self) -> str:
        """The query without its operators: what to search everything for."""
        return show(both(*(part for part in conditions(self.found.meaning.tree) if not isinstance(part, Field))))


def search(address: Mapping[str, str], user: Any) -> Results:
    """Ten queries, whatever is found; fewer where less is asked for."""
    found = find(address.get("q", ""), user, extra=_fields(address))
    sort = address.get("sort", "")
    results = Results(
        found=found,
        q=show(_readable(found)),
        sort=sort if sort in SORTS else "relevance",
        page=1,
    )
    results.page = min(max(page_number(address.get("page", "")), 1), results.pages)
    if not results.asked:
        results.selects = _selects(found)
        return results
    turns = not found.meaning.whats or found.meaning.whats == ["turns"]
    hits = found.hits((results.page - 1) * PAGE, PAGE, results.sort, shown=not turns)
    if turns:
        results.answers = answers(hits, found, user)
        results.facets = facets(found) if found.total else []
        for facet in results.facets:
            facet.write(results.sorted_so)
        results.conversations = _conversations(found)
    else:
        results.others = [hit.shown for hit in hits]
    results.people = found.meaning.people[:NAMED]
    results.topics = [topic for slot in found.meaning.slots for topic in slot.topics][:NAMED]
    results.talks = _talks_called(found)
    results.elsewhere = _elsewhere(found) if not found.meaning.whats or found.meaning.implied else []
    return results


def _fields(address: Mapping[str, str]) -> Node:
    values = ((name, _line(address.get(key, ""))) for key, name in _FIELDS.items())
    return both(*(Field(name, value) for name, value in values if any(char.isalnum() for char in value)))


def _line(value: str) -> str:
    printable = "".join(char if char.isprintable() and char != '"' else " " for char in value)
    return " ".join(printable.split())[:100].strip()


def _readable(found: Found) -> Node:
    """The tree with names in the place of the permanent ids that a form sent."""
    named = {}
    for node, condition in found.meaning.conditions:
        if len(condition.people) == 1 and node.value in (condition.people[0].id, *condition.people[0].merged):
            named[node] = Field(node.name, found.around.book.name_for(condition.people[0]))
    tree = found.meaning.tree
    return both(*(named.get(part, part) if isinstance(part, Field) else part for part in conditions(tree)))


# What was found


def _conversations(found: Found) -> int:
    if found.total > MANY:
        return 0
    asked = {"exchanges": {"terms": {"field": "exchange", "size": MANY, "segment_size": MANY}}}
    return len(found.opened.searcher.aggregate(found.query, asked)["exchanges"]["buckets"])


def _talks_called(found: Found) -> list[dict[str, Any]]:
    """Talks in whose titles all of the words stand."""
    words = [word for slot in found.meaning.slots if not slot.weak for word in (slot.corrected or slot.words)]
    stems = [stem for word in words for stem in schema.stems(word)]
    if not stems:
        return []
    title = [(Occur.Must, Query.term_query(SCHEMA, "talk_words", stem, index_option="freq")) for stem in stems]
    filters = [(Occur.Must, term("what", schema.TALK)), (Occur.Must, found.around.lexicon.readable)]
    searcher = found.opened.searcher
    hits = searcher.search(Query.boolean_query([*title, *filters]), limit=NAMED, count=False).hits
    return [schema.shown(searcher.doc(address)) for _, address in hits]


def _elsewhere(found: Found) -> list[Elsewhere]:
    """Where action items are meant, the turns from which they came."""
    others = _OTHERS
    if found.meaning.implied:
        others = {schema.TURN: ("remark", "turns")} | {k: v for k, v in _OTHERS.items() if k != schema.ACTION}
    there = Query.boolean_query([(Occur.Must, any_term("what", others)), (Occur.Must, found.meaning.anywhere)])
    counts = dict(count(found, ["what"], there)["what"])
    tree = found.meaning.tree
    return [
        Elsewhere(
            one if counts[what] == 1 else "people" if one == "person" else f"{one}s",
            counts[what],
            show(both(tree, Field("in", value))),
        )
        for what, (one, value) in others.items()
        if counts.get(what)
    ]


# What may be chosen


def _selects(found: Found) -> list[Select]:
    """The form's selects: only what leads to something, with how much it is."""
    book = found.around.book
    counts = _offered(found)
    labels = {"asked_by": "Asked by", "answered_by": "Answered by", "said_by": "Said by"}
    made = []
    for name, label in labels.items():
        people = [(book.people[key], n) for key, n in counts[_COUNTED[name]] if key in book.people]
        people.sort(key=lambda item: item[0].sort)
        choices = [Choice(person.id, person.name, n) for person, n in people]
        made.append(Select(name, label, "anybody", choices))
    topics = [(book.topics[key], n) for key, n in counts["topic"] if key in book.topics]
    topics.sort(key=lambda item: item[0].name.lower())
    kinds = [Choice(kind, f"{label.lower()}s") for kind, label in Turn.Kind.choices]
    return [
        *made,
        Select("topic", "Topic", "anything", [Choice(topic.slug, topic.name, n) for topic, n in topics]),
        Select("kind", "Kind", "all that was said", kinds),
    ]


def _offered(found: Found) -> dict[str, list[tuple[Any, int]]]:
    """What is said, asked, answered and spoken of in all that is readable; once for each state of the index."""
    key = (found.opened.marker.n, found.opened.marker.stamp, tuple(found.around.scopes))
    if key not in _kept:
        readable = Query.boolean_query(
            [(Occur.Must, found.around.lexicon.readable), (Occur.Must, term("what", schema.TURN))]
        )
        asked = {
            name: {"terms": {"field": name, "size": OFFERED, "segment_size": 60_000}} for name in set(_COUNTED.values())
        }
        counted = found.opened.searcher.aggregate(readable, asked)
        if len(_kept) > 6:
            _kept.clear()
        _kept[key] = {
            name: [(int(bucket["key"]), bucket["doc_count"]) for bucket in counted[name]["buckets"]] for name in asked
        }
    return _kept[key]


_kept: dict[tuple, dict[str, list[tuple[Any, int]]]] = {}
