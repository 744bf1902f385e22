"""Wishes in; the exchanges of the minutes that answer them, best first, with exact counts, out."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from minutes.directory.choices import Select, page_number
from minutes.directory.order import IN_ORDER, with_places
from minutes.directory.people import identities, voiced
from minutes.directory.topics import labels_in
from minutes.masking import mask
from minutes.models import Talk, Turn, TurnTopic, Voice
from minutes.queries import MEANT
from minutes.threads import Thread, threads, turns_to_show
from people.models import Person
from people.names import fold as fold_name
from themes.models import Topic

from .wishes import Choices, Wishes, choices, selects, wishes
from .words import Term, fold, mark

PAGE = 20  # exchanges on one page
NAMED = 6  # people, topics and talks whose names are what was typed
PLAIN, NAME = 1.0, 0.4  # what a word counts that was said (or stands for a topic), and one that is who spoke
SATURATION, LENGTH = 1.2, 0.6  # of BM25: how little repeating a word adds, how much a long turn loses


@dataclass(slots=True)
class Hit:
    """A turn that was found: which of the terms it has, and how well it fits."""

    turn: int
    exchange: int
    has: frozenset[int]
    score: float = 0.0


@dataclass(slots=True)
class Matched:
    """Exchanges with their hits, best first."""

    exchanges: list[tuple[int, list[Hit]]]
    missing: list[str] = field(default_factory=list)  # words that nothing has, where not all could be found together
    partly: bool = False  # nothing had all of the words

    @property
    def total(self) -> int:
        return sum(len(hits) for _, hits in self.exchanges)


@dataclass(slots=True)
class Named:
    """People, topics and talks whose own names are what was typed."""

    people: list[Person]
    topics: list[Topic]
    talks: list[Talk]

    def __bool__(self) -> bool:
        return bool(self.people or self.topics or self.talks)


@dataclass(slots=True)
class Meaning:
    """What the terms may mean beyond their letters: topics and people, by the number of the term."""

    topics: dict[Topic, set[int]]
    people: dict[Person, set[int]]


def meaning(wanted: Wishes, offered: Choices) -> Meaning:
    """Topics of which a label is typed, as a whole; people of whose name a word is."""
    topics: dict[Topic, set[int]] = {}
    for weighed in offered.topics:
        for label in {weighed.topic.name, *(row.label for row in weighed.topic.labels.all())}:
            topics.setdefault(weighed.topic, set()).update(_run(wanted.terms, fold(label)))
    people: dict[Person, set[int]] = {}
    for said in offered.speakers:
        words = set(fold_name(said.person.shown_name).replace("-", " ").replace(".", " ").split())
        here = {n for n, term in enumerate(wanted.terms) if words.issuperset(term.words) and len(term.shown) > 1}
        people[said.person] = here
    return Meaning({t: n for t, n in topics.items() if n}, {p: n for p, n in people.items() if n})


def _run(typed: tuple[Term, ...], label: str) -> set[int]:
    """The terms that together are the label, side by side and in its order."""
    words = re.findall(r"[^\W_]+", label)
    for start in range(len(typed)):
        taken, n = 0, start
        while n < len(typed) and taken < len(words):
            term = typed[n]
            size = len(term.words)
            here = " ".join(words[taken : taken + size])
            if not (term.pattern.fullmatch(here) or term.shown == here):
                break
            taken, n = taken + size, n + 1
        if words and taken == len(words):
            return set(range(start, n))
    return set()


def find(wanted: Wishes, offered: Choices, user) -> Matched:
    """Every exchange that fits, and which turns of it: one query without words, three with."""
    turns = _within(wanted, Turn.objects.visible_to(user))
    if not wanted.terms:
        by_exchange: dict[int, list[Hit]] = {}
        for turn, exchange in _asked_for(wanted, turns).order_by(*IN_ORDER).values_list("pk", "exchange"):
            by_exchange.setdefault(exchange, []).append(Hit(turn, exchange, frozenset()))
        return Matched(list(by_exchange.items()))
    hits = _hits(wanted.terms, meaning(wanted, offered), turns)
    return _best(wanted.terms, hits)


def _within(wanted: Wishes, turns: QuerySet[Turn]) -> QuerySet[Turn]:
    """Who asked and who answered are questions about the exchange; the rest is about the turn."""
    for name, person in wanted.persons.items():
        theirs = Voice.objects.filter(person__in=identities(person).order_by().values("pk")).values("turn")
        if name == "said_by":
            turns = turns.filter(pk__in=theirs)
        else:
            kind = Turn.Kind.QUESTION if name == "asked_by" else Turn.Kind.ANSWER
            did = Turn.objects.living().filter(kind=kind, pk__in=theirs)
            turns = turns.filter(exchange__in=did.order_by().values("exchange"))
    if wanted.topic:
        turns = turns.filter(pk__in=TurnTopic.objects.filter(tag=wanted.topic).values("content_object"))
    return turns.filter(kind=wanted.kind) if wanted.kind else turns


def _asked_for(wanted: Wishes, turns: QuerySet[Turn]) -> QuerySet[Turn]:
    """Without a word about the turn itself, the found turns are the asking and the answering."""
    if wanted.topic or wanted.kind or "said_by" in wanted.persons:
        return turns
    theirs = Q()
    for name, person in wanted.persons.items():
        kind = Turn.Kind.QUESTION if name == "asked_by" else Turn.Kind.ANSWER
        voices = Voice.objects.filter(person__in=identities(person).order_by().values("pk"))
        theirs |= Q(kind=kind, pk__in=voices.values("turn"))
    return turns.filter(theirs)


def _hits(typed: tuple[Term, ...], means: Meaning, turns: QuerySet[Turn]) -> list[Hit]:
    """Turns that have at least one of the terms, scored as BM25 does."""
    tagged = _tagged(means, turns)
    spoken = _spoken(means, turns)
    holds = Q(pk__in=[*tagged, *spoken]) if len(tagged) + len(spoken) < 500 else Q(pk__isnull=False)
    for term in typed:
        holds |= Q(folded__contains=term.needle)
    found: list[tuple[int, int, dict[int, float], int]] = []
    for turn, exchange, folded in turns.filter(holds).order_by(*IN_ORDER).values_list("pk", "exchange", "folded"):
        text = mask(folded)
        weights = dict.fromkeys(spoken.get(turn, ()), NAME) | dict.fromkeys(tagged.get(turn, ()), PLAIN)
        for n, term in enumerate(typed):
            if term.needle in text and (times := len(term.pattern.findall(text))):
                weights[n] = float(times)
        if weights:
            found.append((turn, exchange, weights, len(text)))
    return _scored(found, len(typed))


def _tagged(means: Meaning, turns: QuerySet[Turn]) -> dict[int, set[int]]:
    """Turns that name a topic which the terms stand for, under whatever label."""
    found: dict[int, set[int]] = defaultdict(set)
    if means.topics:
        terms_of = {topic.pk: n for topic, n in means.topics.items()}
        rows = TurnTopic.objects.filter(tag__in=list(terms_of), content_object__in=turns.order_by())
        for turn, topic in rows.values_list("content_object", "tag"):
            found[turn] |= terms_of[topic]
    return found


def _spoken(means: Meaning, turns: QuerySet[Turn]) -> dict[int, set[int]]:
    """Turns spoken by somebody of whose name a term is a part."""
    found: dict[int, set[int]] = defaultdict(set)
    if means.people:
        terms_of = {person.pk: n for person, n in means.people.items()}
        rows = Voice.objects.filter(turn__in=turns.order_by()).exclude(person=None)
        theirs = rows.annotate(meant=MEANT).filter(meant__in=list(terms_of))
        for turn, person in theirs.values_list("turn", "meant"):
            found[turn] |= terms_of[person]
    return found


def _scored(found: list[tuple[int, int, dict[int, float], int]], terms: int) -> list[Hit]:
    usual = sum(length for *_, length in found) / len(found) if found else 1
    rare = [0.0] * terms
    for n in range(terms):
        having = sum(n in weights for _, _, weights, _ in found)
        rare[n] = math.log(1 + (len(found) - having + 0.5) / (having + 0.5))
    hits = []
    for turn, exchange, weights, length in found:
        size = SATURATION * (1 - LENGTH + LENGTH * length / usual)
        score = sum(rare[n] * times * (SATURATION + 1) / (times + size) for n, times in weights.items())
        hits.append(Hit(turn, exchange, frozenset(weights), round(score, 4)))
    return hits


def _best(typed: tuple[Term, ...], hits: list[Hit]) -> Matched:
    """Exchanges that have all terms, first those in which one turn has them; if none has, those that have most."""
    by_exchange: dict[int, list[Hit]] = {}
    for hit in hits:
        by_exchange.setdefault(hit.exchange, []).append(hit)
    has = {exchange: frozenset().union(*(hit.has for hit in each)) for exchange, each in by_exchange.items()}
    most = max((len(terms) for terms in has.values()), default=0)
    least = min(most, math.ceil(len(typed) / 2)) if most < len(typed) else most
    found = []
    for exchange, each in by_exchange.items():
        if len(has[exchange]) >= least:
            best = max(len(hit.has) for hit in each)
            shown = [hit for hit in each if len(hit.has) == best]
            rank = (-len(has[exchange]), -best, -max(hit.score for hit in shown))
            found.append((rank, exchange, shown))
    found.sort(key=lambda item: item[0])
    anywhere = frozenset().union(*has.values()) if has else frozenset()
    missing = [term.shown for n, term in enumerate(typed) if n not in anywhere]
    return Matched([(exchange, each) for _, exchange, each in found], missing, bool(found) and most < len(typed))


def find_names(wanted: Wishes, offered: Choices, user) -> Named:
    """One query: people and topics are at hand."""
    if not wanted.terms:
        return Named([], [], [])
    means = meaning(wanted, offered)
    titled = Q()
    for term in wanted.terms:
        titled &= Q(title__icontains=term.needle)
    talks = Talk.objects.visible_to(user).filter(titled).select_related("day", "workshop").order_by("-workshop__start")
    fitting = [talk for talk in talks if all(term.pattern.search(fold(talk.title)) for term in wanted.terms)]
    return Named(list(means.people)[:NAMED], list(means.topics)[:NAMED], fitting[:NAMED])


@dataclass(slots=True)
class Answer:
    """One exchange on the page of results: its turns, those that were found marked as hits, and where it stands."""

    thread: Thread
    where: object
    asked: list[Person]
    answered: list[Person]


@dataclass(slots=True)
class Results:
    """All that the page of results shows."""

    wanted: Wishes
    offered: Choices
    named: Named
    matched: Matched
    answers: list[Answer]
    selects: list[Select]
    page: int
    pages: int

    @property
    def narrowed(self) -> bool:
        """Words were looked for under further conditions."""
        return bool(self.wanted.terms and (self.wanted.persons or self.wanted.topic or self.wanted.kind))


def search(address: Mapping[str, str], user) -> Results:
    """Thirteen queries, whatever is found; fewer where less is asked for."""
    offered = choices(user)
    wanted = wishes(address, offered)
    matched = find(wanted, offered, user) if wanted else Matched([])
    pages = max(1, -(-len(matched.exchanges) // PAGE))
    number = min(max(page_number(address.get("page", "")), 1), pages)
    some = matched.exchanges[(number - 1) * PAGE : number * PAGE]
    return Results(
        wanted=wanted,
        offered=offered,
        named=find_names(wanted, offered, user),
        matched=matched,
        answers=_answers(some, wanted, offered, user),
        selects=selects(wanted, offered),
        page=number,
        pages=pages,
    )


def _answers(some: list[tuple[int, list[Hit]]], wanted: Wishes, offered: Choices, user) -> list[Answer]:
    """The exchanges of one page, the words that were looked for marked in them."""
    hits = {hit.turn for _, each in some for hit in each}
    turns = Turn.objects.visible_to(user).filter(exchange__in=[exchange for exchange, _ in some])
    found = threads(turns_to_show(with_places(turns)).order_by(*IN_ORDER)) if some else []
    looked_for = [term.pattern for term in wanted.terms]
    topics = {topic.pk for topic in meaning(wanted, offered).topics} | ({wanted.topic.pk} if wanted.topic else set())
    for turn in (turn for thread in found for turn in thread.turns):
        turn.later = False
        turn.hit = turn.pk in hits
        turn.html = mark(turn.html, looked_for + labels_in(turn, topics))
    by_exchange = {thread.turns[0].exchange_id: thread for thread in found}
    return [_answer(by_exchange[exchange]) for exchange, _ in some]


def _answer(thread: Thread) -> Answer:
    said = {kind: [p for turn in thread.turns if turn.kind == kind for p in voiced(turn)] for kind in Turn.Kind.values}
    asked = list(dict.fromkeys(said[Turn.Kind.QUESTION]))
    answered = list(dict.fromkeys(said[Turn.Kind.ANSWER]))
    return Answer(thread, thread.turns[0].where, asked, answered)
