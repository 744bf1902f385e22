"""What was found in; by whom, about what, where and when it was said, with exact counts that narrow the search, out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

from django.utils.safestring import mark_safe
from tantivy import Query

from minutes.directory.choices import share
from minutes.masking import mask
from minutes.models import Day, Talk, Workshop

from .finding import Found
from .language import parse
from .meaning import understand
from .tree import Field, both, leaves, show

MOST = 6  # values of one facet
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

    html: str = ""  # its lines; written here, as a page has half a hundred of them

    def write(self, sort: str) -> None:
        """Makes `html`; `sort` is what every address adds to the query."""
        most = max((value.count for value in self.values), default=0)
        lines = ((value, share(value.count, most)) for value in self.values)
        self.html = mark_safe("".join(_line(value, length, sort) for value, length in lines))


def _line(value: Value, length: int, sort: str) -> str:
    words = escape(mask(value.words))
    link = f'<a rel="nofollow" href="?q={escape(quote(value.query))}{escape(sort)}">{words}</a>'
    kind = f' class="{escape(value.kind)}"' if value.kind else ""
    return (
        f"<li{kind}>{f'<b>{words}</b>' if value.chosen else link}"
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="bar-all" width="100" height="4"/><rect class="bar-part" width="{length}" height="4"/></svg>'
        f'<span class="number">{value.count}</span></li>'
    )


def facets(found: Found) -> list[Facet]:
    """No query where the names of these talks, days and workshops were asked for already in this state of the index."""
    tree = found.meaning.tree
    present = {leaf.name: leaf.value for leaf, wanted in leaves(tree) if wanted and isinstance(leaf, Field)}
    counts = _counted(found)
    made = [*_people(found, counts, present), *_topics(found, counts)]
    kinds = ("talk", "day", "workshop")
    named = {kind: names_of(found, kind, [key for key, _ in counts[kind][:MOST]]) for kind in kinds}
    made += [
        _facet(found, "kind", "Kind", [(f"{kind}s", kind, n) for kind, n in counts["kind"]]),
        _facet(found, "talk", "Talk", _valued(named["talk"], counts["talk"])),
        _days(found, counts["day"][:MOST], named["day"], len(counts["workshop"])),
        _facet(found, "workshop", "Workshop", _valued(named["workshop"], counts["workshop"])),
    ]
    kept = [facet for facet in made if len(facet.values) > 1 or (facet.values and facet.values[0].count < found.total)]
    return kept


def count(found: Found, names: Sequence[str], query: Query | None = None) -> dict[str, list[tuple[Any, int]]]:
    """How many of what was found have each value of these fields, the most common first."""
    asked = {name: {"terms": {"field": name, "size": 200, "segment_size": _ALL}} for name in names}
    counted = found.opened.searcher.aggregate(query or found.query, asked)
    return {name: [(_key(bucket["key"]), bucket["doc_count"]) for bucket in counted[name]["buckets"]] for name in names}


def _counted(found: Found) -> dict[str, list[tuple[Any, int]]]:
    """Of all that was found; kept, as another page or order of the same has the same counts."""
    around = found.around
    key = (around.lexicon.state, around.today, found.partly, show(found.meaning.tree))
    if key not in _kept:
        if len(_kept) >= SEARCHES:
            _kept.clear()
        _kept[key] = count(found, ["asked", "answered", "said", "around_topic", "kind", "talk", "day", "workshop"])
    return _kept[key]


_kept: dict[tuple[object, ...], dict[str, list[tuple[Any, int]]]] = {}
SEARCHES = 200  # of which counts are kept


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


def _days(found: Found, counts: Sequence[tuple[int, int]], days: dict[int, Named], workshops: int) -> Facet:
    """By date where the days have one, in their order; by number where all are of one workshop."""
    known = sorted(((days[key], n) for key, n in counts if key in days), key=lambda item: item[0].order)
    if all(day.date for day, _ in known):
        return _facet(found, "date", "When", [(day.words, day.value, n) for day, n in known])
    return _facet(found, "day", "When", [(day.words, day.value, n) for day, n in known] if workshops == 1 else [])


def _valued(named: dict[int, Named], counts: Sequence[tuple[int, int]]) -> list[tuple[str, str, int]]:
    return [(named[key].words, named[key].value, n) for key, n in counts[:MOST] if key in named]


# Names of talks, days and workshops


@dataclass(frozen=True, slots=True)
class Named:
    words: str
    value: str  # of the operator that narrows to it
    date: date | None = None  # of a day
    order: tuple[str, int] = ("", 0)


_named: dict[tuple[object, ...], dict[tuple[str, int], Named]] = {}
STATES = 4  # states of the index of which names are kept


def names_of(found: Found, kind: str, keys: Sequence[int]) -> dict[int, Named]:
    """By primary key. One query where one of them was not asked for before in this state of the index.

    Only what was found is asked for, and that is readable; the names are the same for all who read it.
    """
    state = (found.opened.marker.n, found.opened.marker.stamp, found.opened.path)
    if state not in _named:
        if len(_named) >= STATES:
            _named.clear()
        _named[state] = {}
    kept = _named[state]
    missing = [key for key in keys if (kind, key) not in kept]
    if missing:
        kept |= {(kind, key): named for key, named in _ask(kind, missing)}
    return {key: kept[kind, key] for key in keys if (kind, key) in kept}


def _ask(kind: str, keys: Sequence[int]) -> Iterator[tuple[int, Named]]:
    if kind == "talk":
        for key, title, value in Talk.objects.filter(pk__in=keys).values_list("pk", "title", "public_id"):
            yield key, Named(mask(title), value)
    elif kind == "workshop":
        for key, title, value in Workshop.objects.filter(pk__in=keys).values_list("pk", "title", "slug"):
            yield key, Named(mask(title), value)
    else:
        for key, when, n in Day.objects.filter(pk__in=keys).values_list("pk", "date", "n"):
            words, value = (f"{when:%-d %B %Y}", when.isoformat()) if when else (f"Day {n}", str(n))
            yield key, Named(words, value, when, (str(when), n))
