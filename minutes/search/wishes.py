"""The address of a search in; whom, what and which words it asks for, and what of it nobody knows, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from minutes.directory.choices import Choice, Select
from minutes.directory.people import Said, speakers
from minutes.directory.topics import Weighed, spoken_of
from minutes.models import Turn
from minutes.queries import id_lived_on
from people.models import Person
from people.names import fold, parse
from themes.models import Topic

from .words import Term, terms

#: The selects that name a person: what they are called in the address, and whom they offer.
PERSONS = {"asked_by": "asked", "answered_by": "answered", "said_by": "said"}
_NOBODY = {
    "asked_by": "Nobody of the name “{}” asked a question here",
    "answered_by": "Nobody of the name “{}” answered a question here",
    "said_by": "Nobody of the name “{}” said something here",
}


@dataclass(slots=True)
class Choices:
    """What the selects of the search page offer: only what leads to something."""

    speakers: list[Said]
    topics: list[Weighed]

    def who(self, name: str) -> list[tuple[Person, int]]:
        """Those who did what the select is about, each with how often."""
        counted = [(said.person, getattr(said, PERSONS[name])) for said in self.speakers]
        return [(person, count) for person, count in counted if count]


@dataclass(slots=True)
class Wishes:
    """What a search asks for."""

    q: str = ""
    terms: tuple[Term, ...] = ()
    persons: dict[str, Person] = field(default_factory=dict)  # by the name of the select
    topic: Topic | None = None
    kind: str = ""
    complaints: list[str] = field(default_factory=list)  # one sentence for each value that nobody knows

    def __bool__(self) -> bool:
        return bool(self.terms or self.persons or self.topic or self.kind)


def choices(user) -> Choices:
    """Five queries."""
    return Choices(speakers(user), spoken_of(user))


def selects(wanted: Wishes, offered: Choices) -> list[Select]:
    """The form's selects, as they were sent."""
    labels = {"asked_by": "Asked by", "answered_by": "Answered by", "said_by": "Said by"}
    made = []
    for name, label in labels.items():
        chosen = wanted.persons.get(name)
        people = [Choice(p.public_id, p.shown_name, count, p == chosen) for p, count in offered.who(name)]
        made.append(Select(name, label, "anybody", people))
    topics = [Choice(w.topic.slug, w.topic.name, w.times, w.topic == wanted.topic) for w in offered.topics]
    kinds = [Choice(kind, f"{label.lower()}s", 0, kind == wanted.kind) for kind, label in Turn.Kind.choices]
    return [*made, Select("topic", "Topic", "anything", topics), Select("kind", "Kind", "all that was said", kinds)]


def wishes(address: Mapping[str, str], offered: Choices) -> Wishes:
    """Persons are given by permanent id or by name, topics by slug or by name."""
    q = " ".join(address.get("q", "").replace("\x00", " ").split())[:400]
    found = Wishes(q=q, terms=terms(q))
    for name in PERSONS:
        if value := address.get(name, "").strip():
            people = [person for person, _ in offered.who(name)]
            person = _person(value, people) or _person(id_lived_on(value), people)
            if person:
                found.persons[name] = person
            else:
                found.complaints.append(f"{_NOBODY[name].format(value[:60])}; the rest was searched without it.")
    if value := address.get("topic", "").strip():
        found.topic = _topic(value, [weighed.topic for weighed in offered.topics])
        if not found.topic:
            found.complaints.append(f"No topic “{value[:60]}” came up here; the rest was searched without it.")
    if value := address.get("kind", "").strip():
        found.kind = value if value in Turn.Kind.values else ""
        if not found.kind:
            found.complaints.append(f"Nothing here is of the kind “{value[:60]}”; the rest was searched without it.")
    return found


def _person(value: str, people: list[Person]) -> Person | None:
    """By id, by the whole name, or by a part of it that only one of them has."""
    exact = [person for person in people if value == person.public_id or fold(value) == fold(person.shown_name)]
    if exact:
        return exact[0]
    wanted = set(fold(value).split())
    partly = [one for one in people if wanted <= {*fold(one.shown_name).split(), *parse(one.shown_name).surname}]
    return partly[0] if len(partly) == 1 else None


def _topic(value: str, topics: list[Topic]) -> Topic | None:
    for topic in topics:
        labels = (topic.slug, topic.name, *(row.label for row in topic.labels.all()))
        if any(fold(label) == fold(value) for label in labels):
            return topic
    return None
