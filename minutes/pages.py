"""One page of the record in (a user and an address), all that its template shows out.

The number of queries of each page is fixed, whatever its length; tests/test_pages.py holds the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from people.models import Person

from . import queries
from .accounting import account_of
from .masking import mask
from .models import (
    ActionItem,
    Convening,
    Day,
    ImportRun,
    Link,
    Note,
    Session,
    Speaking,
    Talk,
    TalkTopic,
    Theme,
    Turn,
    Voice,
    Workshop,
)
from .models.followups import WAITING
from .pictures import search_for
from .pictures.course import Course, course_of
from .pictures.said import said
from .queries import TopicWeight, with_person
from .search.related import related
from .threads import Thread, speakers_of, threads, turns_to_show


@dataclass(slots=True)
class Slot:
    """A stretch of the programme: a session with its talks, or talks that stand in none."""

    session: Session | None
    talks: list[Talk] = field(default_factory=list)
    opening: list[Thread] = field(default_factory=list)  # said before the first talk


@dataclass(slots=True)
class Example:
    """A search that finds something here, in words and as the fields of the search page."""

    words: str
    fields: dict[str, str]

    @property
    def query(self) -> str:
        return urlencode(self.fields)


def programme(sessions: Iterable[Session], talks: Iterable[Talk]) -> list[Slot]:
    """Talks under their sessions, in the order of the day; a session without talks stands where its number puts it."""
    slots = [Slot(session, list(some)) for session, some in groupby(talks, key=lambda talk: talk.session)]
    taken = {slot.session.pk for slot in slots if slot.session}
    for session in sessions:
        if session.pk not in taken:
            later = (n for n, slot in enumerate(slots) if slot.session and slot.session.order > session.order)
            slots.insert(next(later, len(slots)), Slot(session))
    return slots


def home(user: Any) -> dict[str, Any]:
    weights = queries.topics_discussed(Turn.objects.visible_to(user))
    actions = queries.action_items(user).open()
    newest_first = (F("workshop__start").desc(nulls_last=True), "-workshop", "n")
    themes = queries.with_recurrence(Theme.objects.visible_to(user), user).select_related("workshop")
    return {
        "workshops": queries.workshops(user),
        "news": news(user),
        "themes": queries.once_each(themes.order_by("-workshop_count", *newest_first)[:30])[:6],
        "actions": actions[:4],
        "topics": queries.by_kind(weights, 6),
        "most": max((weight.turns for weight in weights), default=0),
        "examples": examples(user, weights),
    }


@dataclass(frozen=True, slots=True)
class News:
    """A workshop whose minutes were read lately: when, and what that brought."""

    workshop: Workshop
    at: datetime
    version: int
    talks: int
    turns: int


def news(user: Any, most: int = 3) -> list[News]:
    """The workshops whose minutes were read last, each once. One query."""
    runs = ImportRun.objects.filter(undoes=None, undone_by=None).order_by("-pk")
    seen = runs.filter(version__source__workshop__in=Workshop.objects.visible_to(user))
    found: dict[int, News] = {}
    for run in seen.select_related("version__source__workshop").only(*_OF_NEWS)[: most * 8]:
        workshop, counts = run.version.source.workshop, run.counts
        if len(found) < most:
            told = News(workshop, run.at, run.version.n, counts.get("talks", 0), counts.get("turns", 0))
            found.setdefault(workshop.pk, told)
    return list(found.values())


_WORKSHOP = "version__source__workshop"
_OF_NEWS = ("at", "counts", "version__n", "version__source", f"{_WORKSHOP}__title", f"{_WORKSHOP}__slug")


def examples_of(user: Any) -> list[Example]:
    """Searches that find something on the pages that this user may read. Three queries."""
    return examples(user, queries.topics_discussed(Turn.objects.visible_to(user)))


def examples(user: Any, weights: Sequence[TopicWeight]) -> list[Example]:
    """Up to three searches that find something: a topic, what somebody asked, and somebody's answers on a topic."""
    found = [Example(weights[0].topic.name, {"q": mask(weights[0].topic.name)})] if weights else []
    voices = Voice.objects.filter(turn__in=Turn.objects.visible_to(user), person__in=Person.objects.canonical())
    asked = voices.filter(turn__kind=Turn.Kind.QUESTION).values("person__name", "person__public_id").order_by()
    asker = asked.annotate(n=Count("turn")).order_by("-n", "person__name").first()
    if asker:
        found.append(Example(f"What {asker['person__name']} asked", {"asked_by": asker["person__public_id"]}))
    answered = (
        voices.filter(turn__kind=Turn.Kind.ANSWER, turn__topic_items__tag__in=[w.topic.pk for w in weights[1:]])
        .order_by()
        .values("person__name", "person__public_id", "turn__topic_items__tag__name", "turn__topic_items__tag__slug")
        .annotate(n=Count("turn"))
        .order_by("-n", "person__name", "turn__topic_items__tag__name")
        .first()
    )
    if answered:
        words = f"{answered['person__name']}’s answers on {answered['turn__topic_items__tag__name']}"
        slug = answered["turn__topic_items__tag__slug"]
        found.append(Example(words, {"answered_by": answered["person__public_id"], "topic": slug}))
    return found


def workshop(user: Any, slug: str) -> dict[str, Any]:
    workshops = Workshop.objects.visible_to(user).select_related("series", "minutes")
    found = get_object_or_404(workshops, slug=slug)
    talks = list(queries.with_counts(found.talks.visible_to(user)))
    turns = found.turns.visible_to(user)
    asked = Count("pk", filter=Q(kind=Turn.Kind.QUESTION))
    weights = queries.topics_discussed(turns)
    actions = list(queries.action_items(user).filter(Q(workshop=found, status__in=WAITING) | _carried_to(found)))
    return {
        "workshop": found,
        "days": _days_with_programme(user, found, talks),
        "talks": talks,
        **turns.aggregate(turn_count=Count("pk"), question_count=asked),
        "most_turns": max((talk.turn_count for talk in talks), default=0),
        "all_turns": search_for(workshop=found.slug),
        "all_questions": search_for(workshop=found.slug, kind="question"),
        "topics": queries.by_kind(weights, 8),
        "topic_count": len(weights),
        "most": max((weight.turns for weight in weights), default=0),
        "themes": list(queries.with_recurrence(found.themes.visible_to(user), user).order_by("n", "pk")),
        "actions": [item for item in actions if item.workshop_id == found.pk],
        "carried": [item for item in actions if item.workshop_id != found.pk],
        "participants": queries.participants(found),
        "links": found.links.visible_to(user).filter(talk=None, session=None),
        "notes": found.notes.visible_to(user).filter(talk=None, session=None),
    }


def _carried_to(workshop: Workshop) -> Q:
    """What earlier workshops of its series left to be done, as far as somebody took it up."""
    if workshop.series_id is None or workshop.start is None:
        return Q(pk__in=())
    earlier = Q(workshop__series=workshop.series_id, workshop__start__lt=workshop.start)
    return earlier & Q(status=ActionItem.Status.OPEN)


def _days_with_programme(user: Any, workshop: Workshop, talks: Sequence[Talk]) -> list[Day]:
    sessions = list(workshop.sessions.visible_to(user).order_by("order", "pk"))
    days = list(workshop.days.visible_to(user).order_by("n"))
    for day in days:
        day.workshop = workshop
        day.its_talks = [talk for talk in talks if talk.day_id == day.pk]
        day.slots = programme([session for session in sessions if session.day_id == day.pk], day.its_talks)
    return days


def reading(user: Any, slug: str) -> dict[str, Any]:
    """What became of every line of a workshop's minutes, by the newest reading."""
    workshop = get_object_or_404(Workshop.objects.visible_to(user), slug=slug)
    runs = ImportRun.objects.filter(version__source__workshop=workshop).select_related("version__source")
    run = runs.order_by("-pk").first()
    return {"workshop": workshop, "run": run, "account": account_of(run.document) if run else None}


def day(user: Any, slug: str, n: int) -> dict[str, Any]:
    rows = Day.objects.visible_to(user).filter(workshop__slug=slug).select_related("workshop")
    days = list(rows.order_by("n"))
    place = next((place for place, one in enumerate(days) if one.n == n), None)
    if place is None:
        raise Http404("This workshop has no such day.")
    found = days[place]
    speakers = Prefetch("speakings", with_person(Speaking))
    talks = list(
        found.talks.visible_to(user).select_related("session").prefetch_related(speakers).order_by("order", "pk")
    )
    queries.give_top_topics(talks)
    slots = _slots(user, found, talks)
    course = _course(user, found, slots)
    return {
        "workshop": found.workshop,
        "day": found,
        "days": days,
        "previous": days[place - 1] if place else None,
        "next": days[place + 1] if place + 1 < len(days) else None,
        "slots": slots,
        "course": course,
        "has_sessions": any(slot.session for slot in slots),
        "talks": talks,
        "most_turns": max((segment.remarks for segment in course.segments), default=0),
    }


def _course(user: Any, day: Day, slots: Iterable[Slot]) -> Course:
    """How the day went; each talk gets its own stretch of it, as `discussed`. One query."""
    its_turns = Q(talk__day=day) | Q(session__day=day)
    turns = said(Turn.objects.visible_to(user).filter(its_turns, workshop=day.workshop_id))
    course = course_of(day, places_of(slots), turns)
    by_talk = {segment.where.pk: segment for segment in course.segments if isinstance(segment.where, Talk)}
    for slot in slots:
        for talk in slot.talks:
            talk.discussed = by_talk[talk.pk]
    return course


def places_of(slots: Iterable[Slot]) -> list[Talk | Session]:
    """Where things were said, in the order of the day: a session is opened before its first talk."""
    return [place for slot in slots for place in ([slot.session] if slot.session else []) + slot.talks]


def _slots(user: Any, day: Day, talks: Sequence[Talk]) -> list[Slot]:
    """The day's programme, each session with its conveners, links, notes, and what was said to open it."""
    sessions = day.sessions.visible_to(user).order_by("order", "pk")
    full = sessions.prefetch_related(
        Prefetch("convenings", with_person(Convening)),
        Prefetch("links", Link.objects.visible_to(user)),
        Prefetch("notes", Note.objects.visible_to(user)),
        Prefetch("turns", turns_to_show(Turn.objects.visible_to(user).order_by("n", "pk"))),
    )
    by_pk = {session.pk: session for session in full}
    slots = programme(by_pk.values(), talks)
    for slot in slots:
        if slot.session:
            slot.session = by_pk.get(slot.session.pk, slot.session)
            slot.opening = threads(slot.session.turns.all())
    return slots


def talk(user: Any, public_id: str) -> dict[str, Any] | None:
    """None where no living talk that this user may read has the id."""
    talks = Talk.objects.visible_to(user).select_related("workshop", "day", "session")
    full = talks.prefetch_related(
        Prefetch("speakings", with_person(Speaking)),
        Prefetch("links", Link.objects.visible_to(user)),
        Prefetch("notes", Note.objects.visible_to(user)),
        Prefetch("topic_items", TalkTopic.objects.select_related("tag").order_by("tag__name")),
    )
    found = full.filter(public_id=public_id).first()
    if found is None:
        return None
    found.day.workshop = found.workshop
    order = _order(user, found.workshop)
    place = order.index(found)
    its_turns = list(turns_to_show(found.turns.visible_to(user).order_by("n", "pk")))
    speakers = {row.person.lives_on.pk for row in found.speakings.all()}
    for turn in its_turns:  # whom a question to the speakers is put to goes without saying
        turn.to_the_speaker = {row.person.lives_on.pk for row in turn.addressings.all()} == speakers
    hangs_here = Q(talk=found) | Q(turn__talk=found)
    its_threads = threads(its_turns)
    return {
        "talk": found,
        "workshop": found.workshop,
        "day": found.day,
        "slots": programme([], [talk for talk in order if talk.day_id == found.day_id]),
        "previous": order[place - 1] if place else None,
        "next": order[place + 1] if place + 1 < len(order) else None,
        "threads": its_threads,
        "digest": digest_of(its_threads),
        "related": related(found, its_turns, user),
        "actions": list(queries.action_items(user).exclude(status="dropped").filter(hangs_here)),
    }


NEIGHBOURS = 3  # turns before and after one that was found


def around(user: Any, public_id: str) -> dict[str, Any]:
    """A turn with those before and after it in the same place, as they were said. Raises Http404."""
    turn = get_object_or_404(Turn.objects.visible_to(user), public_id=public_id)
    place = Turn.objects.visible_to(user).filter(workshop=turn.workshop_id, talk=turn.talk_id, session=turn.session_id)
    before = place.filter(n__lt=turn.n).order_by("-n", "-pk")[:NEIGHBOURS]
    after = place.filter(n__gte=turn.n).order_by("n", "pk")[: NEIGHBOURS + 1]
    keys = [one.pk for one in (*before, *after)]
    turns = list(turns_to_show(Turn.objects.visible_to(user).filter(pk__in=keys).order_by("n", "pk")))
    for one in turns:
        one.hit = one.pk == turn.pk
    return {"turn": turn, "turns": turns}


def _order(user: Any, workshop: Workshop) -> list[Talk]:
    """The talks of a workshop as they were held, with what a list of titles needs. One query."""
    talks = (
        Talk.objects.visible_to(user)
        .filter(workshop=workshop)
        .select_related("session")
        .order_by("day__n", "order", "pk")
    )
    return list(talks.only("public_id", "title", "day", "session__title", "session__public_id"))


@dataclass(frozen=True, slots=True)
class Digest:
    """A discussion in three numbers."""

    questions: int
    unanswered: int
    people: int


def digest_of(found: Iterable[Thread]) -> Digest:
    turns = [turn for thread in found for turn in thread.turns]
    return Digest(
        questions=sum(1 for turn in turns if turn.kind == Turn.Kind.QUESTION),
        unanswered=sum(1 for thread in found if thread.unanswered),
        people=len({who for turn in turns for who in speakers_of(turn)}),
    )
