"""A user, or a topic, in; where the minutes that the user may read name it, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Value

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
    Workshop,
)
from minutes.pictures.over_time import DayBar, OverTime, over_time
from minutes.queries import MEANT
from minutes.search.words import mark, whole
from minutes.threads import Thread, threads, turns_to_show
from people.models import Person
from themes.models import Topic, TopicKind

from .order import DayOf, Place

PAGE = 20  # talks and sessions on one page of a topic
COMPANY = 12  # people and topics named beside it

#: What one asks about a topic of a kind: topics of which other kind, and in which words.
ASKED_ABOUT = {
    TopicKind.EXPERIMENT: (TopicKind.TECHNOLOGY, "Technologies named with it"),
    TopicKind.TECHNOLOGY: (TopicKind.EXPERIMENT, "Experiments that speak of it"),
}

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
    company: list[
        tuple[str, list[tuple[Topic, int]]]
    ]  # under headings: the kind that this one is asked about comes first
    when: OverTime
    pages_of: dict[int, int]  # on which page each day begins, by its key

    @property
    def bars(self) -> list[tuple[Workshop, list[tuple[DayBar, int]]]]:
        """When it came up, each day with the page on which its words stand; 0 where there are none."""
        return [
            (where, [(bar, self.pages_of.get(bar.day.pk, 0)) for bar in bars]) for where, bars in self.when.workshops
        ]


def discussed(topic: Topic, user, page: int) -> Discussed:
    """Where a topic was discussed, one page of talks at a time. Twelve queries at most, however often it was."""
    named = _named(topic, user)
    talks, sessions = ({row.talk for row in named} - {None}, {row.session for row in named} - {None})
    places = _places(talks, sessions, named)
    pages = max(1, -(-len(places) // PAGE))
    page = min(max(page, 1), pages)
    shown = places[(page - 1) * PAGE : page * PAGE]
    _fill(shown, {row.exchange for row in named} - {None}, topic, user)
    themes = [row.record for row in named if row.kind == "theme"]
    return Discussed(
        topic=topic,
        total=len(named),
        talks=len(talks),
        sessions=len(sessions),
        page=page,
        pages=pages,
        days=_days(shown),
        themes=list(Theme.objects.filter(pk__in=themes).select_related("workshop")) if themes else [],
        people=_who(topic, user),
        company=_company(topic, user),
        when=over_time(_by_day(named, places), user),
        pages_of={place.where.day_id: n // PAGE + 1 for n, place in reversed(list(enumerate(places)))},
    )


class Named(NamedTuple):
    """That a record names the topic, and where it stands: of a turn the exchange too, of a theme nothing."""

    kind: str
    record: int
    talk: int | None
    session: int | None
    exchange: int | None


_WHERE = {
    "turn": ("content_object__talk", "content_object__session", "content_object__exchange"),
    "talk": ("content_object", None, None),
    "session": (None, "content_object", None),
    "theme": (None, None, None),
}


def _named(topic: Topic, user) -> list[Named]:
    """One query for the four kinds of records."""
    rows = []
    for kind, (through, model) in THROUGH.items():
        places = {
            f"its_{name}": F(path) if path else Value(None, output_field=IntegerField())
            for name, path in zip(("talk", "session", "exchange"), _WHERE[kind], strict=True)
        }
        found = mentions(through, model, user).filter(tag=topic).order_by()
        told = found.annotate(kind=Value(kind, output_field=CharField()), **places)
        rows.append(told.values_list("kind", "content_object", *places))
    return [Named(*row) for row in rows[0].union(*rows[1:], all=True)]


def _by_day(named: Iterable[Named], places: Iterable[About]) -> Counter[int]:
    """How often each day has it, by the key of the day."""
    talks = {place.where.pk: place.where.day_id for place in places if isinstance(place.where, Talk)}
    sessions = {place.where.pk: place.where.day_id for place in places if isinstance(place.where, Session)}
    return Counter(talks[row.talk] if row.talk else sessions[row.session] for row in named if row.kind != "theme")


def _places(talks: set[int], sessions: set[int], named: Iterable[Named]) -> list[About]:
    """Talks and sessions, the newest workshop first and then as they were held."""
    rows: list[Talk | Session] = [*Talk.objects.filter(pk__in=talks).select_related("day__workshop", "workshop")]
    opened = Session.objects.filter(pk__in=sessions).select_related("day__workshop", "workshop")
    firsts = opened.annotate(first=F("talks__order")).order_by("-first")
    rows += {session.pk: session for session in firsts}.values()
    titled = {(Talk if row.kind == "talk" else Session, row.record) for row in named if row.kind in ("talk", "session")}
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


def _company(topic: Topic, user) -> list[tuple[str, list[tuple[Topic, int]]]]:
    """What is named in the same turns and talks: the technologies of an experiment, and the reverse, first."""
    beside = []
    for through, model in (THROUGH["turn"], THROUGH["talk"]):
        rows = mentions(through, model, user)
        about = rows.filter(tag=topic).values("content_object")
        beside.append(rows.filter(content_object__in=about).exclude(tag=topic).order_by().values_list("tag", flat=True))
    counts = Counter(beside[0].union(beside[1], all=True))
    topics = Topic.objects.living().filter(pk__in=list(counts))
    found = sorted(((each, counts[each.pk]) for each in topics), key=lambda item: (-item[1], item[0].name.lower()))
    kind, words = ASKED_ABOUT.get(topic.kind, ("", ""))
    first = [item for item in found if item[0].kind == kind]
    others = [item for item in found if item[0].kind != kind]
    headed = [(words, first[:COMPANY]), ("Discussed with", others[:COMPANY])]
    return [(heading, some) for heading, some in headed if some]
