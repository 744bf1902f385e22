"""The names that the site knows, as far as a user may read them: who is meant by a name, and what by a label.

Read from the index, once for each state of it, so that a search asks the database for nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import tantivy
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from people import names

from . import schema
from .store import Opened, term

LIKE = 78  # of 100: how alike a misspelt name must be to be taken for another


@dataclass(frozen=True, slots=True)
class Known:
    """A person or a topic, as results, chips and facets name it."""

    pk: int
    id: str
    name: str
    url: str
    kind: str = ""  # of a topic
    slug: str = ""
    forms: tuple[str, ...] = ()  # of a person: as minutes print the name; of a topic: its labels
    weak: tuple[str, ...] = ()
    sort: str = ""  # of a person: surname first
    merged: tuple[str, ...] = ()  # of a person: ids of the records that were merged into this one

    def get_absolute_url(self) -> str:
        return self.url

    @property
    def shown_name(self) -> str:
        return self.name

    @property
    def get_kind_display(self) -> str:
        return self.kind


@dataclass(slots=True)
class Book:
    """People and topics by their names."""

    people: dict[int, Known] = field(default_factory=dict)
    topics: dict[int, Known] = field(default_factory=dict)
    _people_by_form: dict[tuple[str, ...], set[int]] = field(default_factory=lambda: defaultdict(set))
    _people_by_word: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _people_by_id: dict[str, Known] = field(default_factory=dict)
    _topics_by_word: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _topics_by_label: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add_person(self, known: Known) -> None:
        self.people[known.pk] = known
        self._people_by_id |= dict.fromkeys((known.id, *known.merged), known)
        for form in (known.name, *known.forms):
            words = tuple(schema.words(form))
            if words:
                self._people_by_form[words].add(known.pk)
        for word in schema.words(known.name):
            if len(word) > 1:
                self._people_by_word[word].add(known.pk)

    def add_topic(self, known: Known) -> None:
        self.topics[known.pk] = known
        for label in (known.name, known.name.partition(" (")[0], known.slug, *known.forms):
            words = schema.words(label)
            self._topics_by_label[_joined(words)].add(known.pk)
            for word in words:
                self._topics_by_word[word].add(known.pk)

    def called(self, words: Sequence[str]) -> list[Known]:
        """People of whose names these words are the whole or a part."""
        keys = set(self._people_by_form.get(tuple(words), ()))
        parts = [self._people_by_word.get(word, set()) for word in words]
        keys |= set.intersection(*parts) if parts else set()
        return [self.people[key] for key in sorted(keys)]

    def named(self, words: Sequence[str]) -> list[Known]:
        """Topics of which these words are a label, apart or together, in the plural or not."""
        label = _joined(words)
        keys = self._topics_by_label.get(label) or (
            self._topics_by_label.get(label[:-1], set()) if label.endswith("s") and len(label) > 3 else set()
        )
        return [self.topics[key] for key in sorted(keys)]

    def exactly(self, typed: str) -> list[Known]:
        """The one person or topic of which this is the whole name or a label; nothing where there are several."""
        words = schema.words(typed)
        people = [self.people[key] for key in self._people_by_form.get(tuple(words), ())] if words else []
        topics = [self.topics[key] for key in self._topics_by_label.get(_joined(words), ())] if words else []
        return [*people, *topics] if len(people) + len(topics) == 1 else []

    def find_people(self, value: str) -> list[Known]:
        """By permanent id, by the name or a part of it, by a short form or the beginning of one."""
        words = schema.words(value)
        if value in self._people_by_id or not words:
            return [self._people_by_id[value]] if words else []
        return self.called(words) or [
            person
            for person in self.people.values()
            if all(any(_begins(word, part) for part in schema.words(person.name)) for word in words)
        ]

    def like_people(self, value: str) -> list[Known]:
        """Whose name a misspelt one most resembles."""
        wanted = " ".join(schema.words(value))
        forms = dict(self._people_by_form) | {(word,): keys for word, keys in self._people_by_word.items()}
        spelt = {" ".join(form): keys for form, keys in forms.items()}
        near = process.extractOne(wanted, list(spelt), scorer=fuzz.ratio, score_cutoff=LIKE)
        return [self.people[key] for key in sorted(spelt[near[0]])] if near else []

    def nearly(self, word: str) -> list[Known]:
        """Of whose names a word differs from this one by one slip behind the first letter."""
        if len(word) < 4:
            return []
        like = [one for one in self._people_by_word if one[0] == word[0] and OSA.distance(one, word) == 1]
        return [self.people[key] for key in sorted({key for one in like for key in self._people_by_word[one]})]

    def find_topics(self, value: str, kind: str = "") -> list[Known]:
        """By slug or by any label; the weak ones too, where none of the others fits."""
        fitting = [topic for topic in self.topics.values() if topic.slug == value] or self.named(schema.words(value))
        if not fitting:
            label = _joined(schema.words(value))
            fitting = [
                topic
                for topic in self.topics.values()
                if label and label in {_joined(schema.words(weak)) for weak in topic.weak}
            ]
        return [topic for topic in fitting if kind in ("", topic.kind)]

    def like_topics(self, value: str, kind: str = "") -> Known | None:
        labels = {
            label: topic
            for topic in self.topics.values()
            if kind in ("", topic.kind)
            for label in (topic.name, topic.slug, *topic.forms)
        }
        near = process.extractOne(
            value, list(labels), scorer=fuzz.ratio, processor=lambda text: " ".join(schema.words(text)), score_cutoff=60
        )
        return labels[near[0]] if near else None

    def begun(self, start: str) -> tuple[list[Known], list[Known]]:
        """People and topics of whose names or labels a word begins so; those whose name itself does come first."""
        people = {key for word, keys in self._people_by_word.items() if word.startswith(start) for key in keys}
        topics = {key for word, keys in self._topics_by_word.items() if word.startswith(start) for key in keys}

        def place(known: Known) -> tuple[bool, str]:
            return not known.name.lower().startswith(start), known.name.lower()

        return (
            sorted((self.people[key] for key in people), key=place),
            sorted((self.topics[key] for key in topics), key=place),
        )

    def name_for(self, person: Known) -> str:
        """What means this person and nobody else, as a value of an operator."""
        return person.name if [one.pk for one in self.find_people(person.name)] == [person.pk] else person.id


def _joined(words: Iterable[str]) -> str:
    return "".join(words)


def _begins(word: str, part: str) -> bool:
    return (len(word) > 2 and part.startswith(word)) or names.shortened(word, part)


def near_words(word: str, known: Sequence[str]) -> list[str]:
    """Those that differ from it by a slip of the finger or two, the nearest first."""
    slips = 1 if len(word) < 8 else 2
    if len(word) < 3:
        return []
    found = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=12)
    return [text for text, _, _ in sorted(found, key=lambda item: (item[1], item[0][0] != word[0]))]


def read(opened: Opened, scopes: Sequence[str]) -> Book:
    """The book of this state of the index."""
    return _read(_Keyed(opened), frozenset(scopes))


class _Keyed:
    """An opened index as a key of the cache: one state of the names is like another of the same number."""

    def __init__(self, opened: Opened):
        self.opened = opened
        self.names = opened.marker.names

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)


@lru_cache(maxsize=8)
def _read(keyed: _Keyed, scopes: frozenset[str]) -> Book:
    searcher = keyed.opened.searcher
    book = Book()
    for what in (schema.PERSON, schema.TOPIC):
        seen = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, term("what", what)),
                (tantivy.Occur.Must, tantivy.Query.term_set_query(schema.SCHEMA, "vis", sorted(scopes))),
            ]
        )
        for _, address in searcher.search(seen, limit=max(searcher.num_docs, 1), count=False).hits:
            kept = schema.shown(searcher.doc(address))
            if what == schema.PERSON:
                forms = tuple(form for form, some in kept["forms"].items() if not scopes.isdisjoint(some))
                known = Known(kept["pk"], kept["id"], kept["text"], kept["url"], forms=forms, sort=kept["sort"])
                book.add_person(replace(known, merged=tuple(kept["merged"])))
            else:
                book.add_topic(
                    Known(
                        kept["pk"],
                        kept["id"],
                        kept["text"],
                        kept["url"],
                        kind=kept["kind"],
                        slug=kept["slug"],
                        forms=tuple(kept["labels"]),
                        weak=tuple(kept["weak"]),
                    )
                )
    return book
