"""What was found in; by whom, about what, where and when it was said, with exact counts that narrow the search, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tantivy import Query

from minutes.masking import mask
from minutes.models import Day, Talk, Workshop

from .finding import Found
from .language import parse
from .meaning import understand
from .tree import Field, both, leaves, show

MOST = 8  # values of one facet
_ALL = 60_000  # values that a part of the index counts before the parts are put together: enough to be exact
_KINDS = {
    "experiment": "Experiments",
    "technology": "Technologies",
    "project": "Projects",
    "organisation": "Organisations",
}


@dataclass(slots=True)
class Value:
    words: str
    count: int
    query: str  # the search, narrowed
    kind: str = ""  # of a topic
    chosen: bool = False


@dataclass(slots=True)
class Facet:
    """One way to narrow: who asked, what about, on which day."""

    name: str
    title: str
    values: list[Value] = field(default_factory=list)

    @property
    def most(self) -> int:
        return max((value.count for value in self.values), default=0)


def facets(found: Found) -> list[Facet]:
    """Three queries at most: names of talks, days and workshops. People and topics are known."""
    tree = found.meaning.tree
    present = {leaf.name: leaf.value for leaf, wanted in leaves(tree) if wanted and isinstance(leaf, Field)}
    counts = count(found, ["asked", "answered", "said", "around_topic", "kind", "talk", "day", "workshop"])
    made = [*_people(found, counts, present), *_topics(found, counts)]
    talks = Talk.objects.in_bulk([key for key, _ in counts["talk"][:MOST]])
    days = Day.objects.select_related("workshop").in_bulk([key for key, _ in counts["day"][:MOST]])
    workshops = Workshop.objects.in_bulk([key for key, _ in counts["workshop"][:MOST]])
    made += [
        _facet(found, "kind", "Kind", [(f"{kind}s", kind, n) for kind, n in counts["kind"]]),
        _facet(
            found,
            "talk",
            "Talk",
            [(mask(talks[k].title), talks[k].public_id, n) for k, n in counts["talk"][:MOST] if k in talks],
        ),
        _days(found, counts["day"][:MOST], days, len(counts["workshop"])),
        _facet(
            found,
            "workshop",
            "Workshop",
            [(mask(workshops[k].title), workshops[k].slug, n) for k, n in counts["workshop"][:MOST] if k in workshops],
        ),
    ]
    return [facet for facet in made if len(facet.values) > 1 or (facet.values and facet.values[0].count < found.total)]


def count(found: Found, names: Sequence[str], query: Query | None = None) -> dict[str, list[tuple[Any, int]]]:
    """How many of what was found have each value of these fields, the most common first."""
    asked = {name: {"terms": {"field": name, "size": 200, "segment_size": _ALL}} for name in names}
    counted = found.opened.searcher.aggregate(query or found.query, asked)
    return {name: [(_key(bucket["key"]), bucket["doc_count"]) for bucket in counted[name]["buckets"]] for name in names}


def _key(value: Any) -> Any:
    return int(value) if isinstance(value, float) else value


def _facet(found: Found, name: str, title: str, values: Sequence[tuple[str, str, int]]) -> Facet:
    tree = found.meaning.tree
    made = []
    for words, value, n in values:
        narrowed = both(tree, Field(name, value))
        made.append(Value(words, n, show(narrowed), chosen=narrowed == tree))
    return Facet(name, title, made)


def _people(found: Found, counts: dict, present: dict[str, str]) -> Iterator[Facet]:
    book = found.around.book
    for operator, name, title in (
        ("asked-by", "asked", "Asked by"),
        ("answered-by", "answered", "Answered by"),
        ("said-by", "said", "Said by"),
    ):
        people = [(book.people[key], n) for key, n in counts[name] if key in book.people][:MOST]
        facet = _facet(found, operator, title, [(person.name, book.name_for(person), n) for person, n in people])
        if operator != "said-by" and present.keys() & {"asked-by", "answered-by", "kind", "said-by"}:
            _recount(found, facet)
        yield facet


def _recount(found: Found, facet: Facet) -> None:
    """Beside another role, who asked is a question about the exchange: what would be found is counted itself."""
    for value in facet.values:
        narrowed = understand(parse(value.query).tree, found.around)
        value.count = found.opened.searcher.search(narrowed.query, limit=1).count or 0
    facet.values = [value for value in facet.values if value.count]


def _topics(found: Found, counts: dict) -> Iterator[Facet]:
    book = found.around.book
    topics = [(book.topics[key], n) for key, n in counts["around_topic"] if key in book.topics]
    for kind, title in _KINDS.items():
        some = [(topic, n) for topic, n in topics if topic.kind == kind][:MOST]
        facet = _facet(found, "topic", title, [(topic.name.partition(" (")[0], topic.slug, n) for topic, n in some])
        for value in facet.values:
            value.kind = kind
        yield facet


def _days(found: Found, counts: Sequence[tuple[int, int]], days: dict[int, Day], workshops: int) -> Facet:
    """By date where the days have one, in their order; by number where all are of one workshop."""
    known = sorted(
        ((days[key], n) for key, n in counts if key in days), key=lambda item: (str(item[0].date), item[0].n)
    )
    if all(day.date for day, _ in known):
        values = [(f"{day.date:%-d %B %Y}", day.date.isoformat(), n) for day, n in known]
        return _facet(found, "date", "When", values)
    return _facet(found, "day", "When", [(f"Day {day.n}", str(day.n), n) for day, n in known] if workshops == 1 else [])
