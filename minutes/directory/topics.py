"""A user, or a topic, in; where the minutes that the user may read name it, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import CharField, Count, F, QuerySet, Value

from minutes.models import (
    Session,
    SessionTopic,
    Talk,
    TalkTopic,
    Theme,
    ThemeTopic,
    Turn,
    TurnTopic,
    Voice,
)
from minutes.queries import MEANT
from minutes.search.words import mark, whole
from minutes.threads import Thread, threads, turns_to_show
from people.models import Person
from themes.models import Topic, TopicKind

from .order import IN_ORDER, DayOf, Place

PAGE = 20  # talks and sessions on one page of a topic
COMPANY = 12  # people and topics named beside it

THROUGH = {
    "turn": (TurnTopic, Turn),
    "talk": (TalkTopic, Talk),
    "session": (SessionTopic, Session),
    "theme": (ThemeTopic, Theme),
}


@dataclass(slots=True)
class Weighed:
    """A topic, and how often the minutes name it: in turns, titles of talks and sessions, and themes."""

    topic: Topic
    times: int = 0
    most_in: Talk | None = None  # the talk in which it was spoken of most


def mentions(through, model, user) -> QuerySet:
    return through.objects.filter(content_object__in=model.objects.visible_to(user))


def times(user, kinds: Iterable[str] = tuple(THROUGH)) -> Counter[int]:
    """How often each topic is named, by primary key, in these kinds of records. One query."""
    counts = [mentions(*THROUGH[kind], user).order_by().values_list("tag").annotate(Count("pk")) for kind in kinds]
    found: Counter[int] = Counter()
    for topic, count in counts[0].union(*counts[1:], all=True) if counts[1:] else counts[0]:
        found[topic] += count
    return found


def named(user) -> list[Weighed]:
    """Topics that the minutes name, by name. Two queries."""
    counts = times(user)
    topics = Topic.objects.living().filter(pk__in=list(counts))
    return sorted(
        (Weighed(topic, counts[topic.pk]) for topic in topics), key=lambda weighed: weighed.topic.name.lower()
    )


def spoken_of(user) -> list[Weighed]:
    """Topics that turns name, by name, with their labels at hand. Three queries."""
    counts = times(user, ["turn"])
    topics = Topic.objects.living().filter(pk__in=list(counts)).prefetch_related("labels")
    return sorted(
        (Weighed(topic, counts[topic.pk]) for topic in topics), key=lambda weighed: weighed.topic.name.lower()
    )


def by_kind(weighed: Iterable[Weighed]) -> list[tuple[str, list[Weighed]]]:
    """Kinds in their order, each with its topics, the most named first."""
    found: dict[str, list[Weighed]] = {kind: [] for kind in TopicKind.values}
    for each in sorted(weighed, key=lambda weighed: -weighed.times):
        found[each.topic.kind].append(each)
    return [(kind, each) for kind, each in found.items() if each]


def glossary(user) -> list[Weighed]:
    """Every topic that needs a word of explanation or has one, with the talk that speaks of it most. Five queries."""
    counts, best = times(user), _most_in(user)
    talks = Talk.objects.visible_to(user).in_bulk(list(set(best.values())))
    terms = [
        Weighed(topic, counts[topic.pk], talks.get(best.get(topic.pk)))
        for topic in Topic.objects.living().prefetch_related("labels")
        if topic.description or acronym(topic.name)
    ]
    return sorted(terms, key=lambda weighed: weighed.topic.name.lower())


def acronym(name: str) -> bool:
    """Whether a word of it has several capitals: GTS, LaaS, ESnet."""
    return any(sum(letter.isupper() for letter in word) > 1 for word in name.split())


def _most_in(user) -> dict[int, int]:
    rows = mentions(TurnTopic, Turn, user).filter(content_object__talk__isnull=False).order_by()
    counted = (
        rows.values_list("tag", "content_object__talk").annotate(n=Count("pk")).order_by("n", "-content_object__talk")
    )
    return {topic: talk for topic, talk, _ in counted}


@dataclass(slots=True)
class About(Place):
    """A talk or session that a topic's page lists: whether its own words name the topic, and the exchanges that do."""

    titled: bool = False
    threads: list[Thread] = field(default_factory=list)


@dataclass(slots=True)
class Discussed:
    """All that the page of a topic shows."""

    topic: Topic
    total: int
    talks: int
    sessions: int
    page: int
    pages: int
    days: list[DayOf]
    themes: list[Theme]
    people: list[tuple[Person, int]]
    company: list[tuple[Topic, int]]


def discussed(topic: Topic, user, page: int) -> Discussed:
    """Where a topic was discussed, one page of talks at a time. Sixteen queries at most, however often it was."""
    found = _found(topic, user)
    turns = list(
        Turn.objects.filter(pk__in=mentions(TurnTopic, Turn, user).filter(tag=topic).values("content_object"))
        .order_by(*IN_ORDER)
        .values_list("talk", "session", "exchange")
    )
    talks = {talk for talk, _, _ in turns if talk} | set(found["talk"])
    sessions = {session for _, session, _ in turns if session} | set(found["session"])
    places = _places(talks, sessions, found)
    pages = max(1, -(-len(places) // PAGE))
    page = min(max(page, 1), pages)
    shown = places[(page - 1) * PAGE : page * PAGE]
    _fill(shown, {exchange for _, _, exchange in turns}, topic, user)
    return Discussed(
        topic=topic,
        total=sum(len(ids) for ids in found.values()),
        talks=len(talks),
        sessions=len(sessions),
        page=page,
        pages=pages,
        days=_days(shown),
        themes=list(Theme.objects.filter(pk__in=found["theme"]).select_related("workshop")),
        people=_who(topic, user),
        company=_company(topic, user),
    )


def _found(topic: Topic, user) -> dict[str, list[int]]:
    """The records that name it, by kind: one query for the four."""
    rows = [
        mentions(through, model, user)
        .filter(tag=topic)
        .order_by()
        .annotate(kind=Value(kind, output_field=CharField()))
        .values_list("kind", "content_object")
        for kind, (through, model) in THROUGH.items()
    ]
    found: dict[str, list[int]] = {kind: [] for kind in THROUGH}
    for kind, record in rows[0].union(*rows[1:], all=True):
        found[kind].append(record)
    return found


def _places(talks: set[int], sessions: set[int], found: dict[str, list[int]]) -> list[About]:
    """Talks and sessions, the newest workshop first and then as they were held."""
    rows = [
        *Talk.objects.filter(pk__in=talks)
        .select_related("day__workshop", "workshop")
        .prefetch_related("speakings__person")
    ]
    opened = Session.objects.filter(pk__in=sessions).select_related("day__workshop", "workshop")
    firsts = opened.annotate(first=F("talks__order")).order_by("-first")
    rows += {session.pk: session for session in firsts}.values()
    titled = {(Talk, pk) for pk in found["talk"]} | {(Session, pk) for pk in found["session"]}
    rows.sort(key=_position)
    return [About(row, titled=(type(row), row.pk) in titled) for row in rows]


def _position(row: Talk | Session) -> tuple[int, int, int, int, int]:
    start = row.workshop.start
    opens = isinstance(row, Session)
    order = (row.first if row.first is not None else row.order) if opens else row.order
    return (-start.toordinal() if start else 0, -row.workshop_id, row.day.n, order, 0 if opens else 1)


def _days(places: Iterable[About]) -> list[DayOf]:
    days: list[DayOf] = []
    for place in places:
        if not days or days[-1].day != place.where.day:
            days.append(DayOf(place.where.day))
        days[-1].places.append(place)
    return days


def labels_in(turn: Turn, topics: Collection[int]) -> list[re.Pattern[str]]:
    """How a turn whose topics are at hand names these, for `mark`."""
    return [whole(item.label) for item in turn.topic_items.all() if item.tag_id in topics and item.label]


def _fill(places: list[About], exchanges: set[int], topic: Topic, user) -> None:
    """Puts the exchanges that name the topic where they were said; the turns that do are marked as hits."""
    talks = [place.where.pk for place in places if isinstance(place.where, Talk)]
    sessions = [place.where.pk for place in places if isinstance(place.where, Session)]
    turns = Turn.objects.visible_to(user).filter(exchange__in=exchanges)
    turns = turns.filter(talk__in=talks) | turns.filter(session__in=sessions)
    by_place: dict[tuple[int | None, int | None], list[Turn]] = {}
    for turn in turns_to_show(turns).order_by("n"):
        turn.hit = any(item.tag_id == topic.pk for item in turn.topic_items.all())
        turn.html = mark(turn.html, labels_in(turn, {topic.pk}))
        by_place.setdefault((turn.talk_id, turn.session_id), []).append(turn)
    for place in places:
        key = (place.where.pk, None) if isinstance(place.where, Talk) else (None, place.where.pk)
        place.threads = threads(by_place.get(key, []))


def _who(topic: Topic, user) -> list[tuple[Person, int]]:
    """Who speaks about it most: in how many turns."""
    about = mentions(TurnTopic, Turn, user).filter(tag=topic).values("content_object")
    voices = Voice.objects.filter(turn__in=about, person__isnull=False).annotate(meant=MEANT).order_by()
    counted = voices.values_list("meant").annotate(n=Count("turn", distinct=True)).order_by("-n", "meant")[:COMPANY]
    people = Person.objects.canonical().in_bulk([person for person, _ in counted])
    return [(people[person], n) for person, n in counted if person in people]


def _company(topic: Topic, user) -> list[tuple[Topic, int]]:
    """What is named in the same turns and talks."""
    beside = []
    for through, model in (THROUGH["turn"], THROUGH["talk"]):
        rows = mentions(through, model, user)
        about = rows.filter(tag=topic).values("content_object")
        beside.append(rows.filter(content_object__in=about).exclude(tag=topic).order_by().values_list("tag", flat=True))
    counts = Counter(beside[0].union(beside[1], all=True))
    topics = Topic.objects.living().filter(pk__in=list(counts))
    found = sorted(((each, counts[each.pk]) for each in topics), key=lambda item: (-item[1], item[0].name.lower()))
    return found[:COMPANY]
