"""A workshop and a user in; who asked, who answered whom, and in how many conversations, out."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from minutes.models import Turn, Voice, Workshop
from minutes.queries import MEANT
from people.models import Person

from . import search_for


@dataclass(slots=True)
class Pair:
    """That one asked and the other answered, in so many conversations."""

    asker: Person
    answerer: Person
    times: int
    address: str


@dataclass(slots=True)
class Asking:
    pairs: list[Pair]
    asked: list[tuple[Person, int]]  # in how many of these conversations, the most first
    answered: list[tuple[Person, int]]

    @property
    def people(self) -> int:
        return len({pair.asker for pair in self.pairs} | {pair.answerer for pair in self.pairs})

    @property
    def by_asker(self) -> list[tuple[Person, int, list[Pair]]]:
        """Who asked most first: in how many of these conversations, and who answered."""
        pairs: dict[Person, list[Pair]] = defaultdict(list)
        for pair in self.pairs:
            pairs[pair.asker].append(pair)
        return [(asker, times, pairs[asker]) for asker, times in self.asked]

    @property
    def most(self) -> int:
        return max((pair.times for pair in self.pairs), default=0)


def asking(workshop: Workshop, user: Any) -> Asking:
    """Two queries. Who asks and answers in one breath is no pair."""
    turns = Turn.objects.visible_to(user).filter(workshop=workshop, kind__in=("question", "answer"))
    voices = Voice.objects.filter(turn__in=turns.order_by(), person__isnull=False).annotate(meant=MEANT).order_by()
    conversations: dict[int, dict[str, set[int]]] = defaultdict(lambda: {"question": set(), "answer": set()})
    for exchange, kind, person in voices.values_list("turn__exchange", "turn__kind", "meant"):
        conversations[exchange][kind].add(person)
    times: Counter[tuple[int, int]] = Counter()
    asked: Counter[int] = Counter()
    answered: Counter[int] = Counter()
    known = {person for both in conversations.values() for some in both.values() for person in some}
    people = Person.objects.canonical().in_bulk(known)
    for both in conversations.values():
        askers, answerers = (both[kind] & people.keys() for kind in ("question", "answer"))
        pairs = {(one, other) for one in askers for other in answerers if one != other}
        times.update(pairs)
        asked.update({one for one, _ in pairs})
        answered.update({other for _, other in pairs})
    found = [_pair(workshop, people[one], people[other], n) for (one, other), n in times.items()]
    found.sort(key=lambda pair: (-pair.times, pair.asker.sort_name, pair.answerer.sort_name))
    return Asking(found, _ranked(asked, people), _ranked(answered, people))


def _pair(workshop: Workshop, asker: Person, answerer: Person, times: int) -> Pair:
    address = search_for(asked_by=asker.public_id, answered_by=answerer.public_id, workshop=workshop.slug)
    return Pair(asker, answerer, times, address)


def _ranked(counts: Counter[int], people: dict[int, Person]) -> list[tuple[Person, int]]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], people[item[0]].sort_name))
    return [(people[person], n) for person, n in ranked]
