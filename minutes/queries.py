"""A user in, what he or she may read out: the questions about people, topics, talks and follow-ups that pages share.

Each function says how many queries it costs; none of them depends on how much it finds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from people.models import Person
from themes.models import Topic, TopicKind

from .models import (
    ActionItem,
    ActionOwner,
    Addressed,
    Convening,
    Day,
    Participation,
    Session,
    Speaking,
    Statement,
    Talk,
    TalkTopic,
    Theme,
    Turn,
    TurnTopic,
    Voice,
    Workshop,
)
from .threads import LIVES_ON, Thread, threads, turns_to_show

__all__ = ["Thread", "threads", "turns_to_show"]


#: Whom a row means: merging moves no rows, so the way leads from the person on the row to the one who lives on.
MEANT = Coalesce("person__canonical", "person")


@dataclass(slots=True)
class TopicWeight:
    """A topic, and in how many turns it was named."""

    topic: Topic
    turns: int


# People


def with_person(rows: type, *order: str) -> QuerySet:
    """Rows that join a person to something, each with the person as the site shows him or her."""
    return rows.objects.select_related(LIVES_ON).order_by(*order or ("position", "pk"))


def living_as(person: Person) -> Person:
    """The person that this one was merged into, if so."""
    return person.lives_on


def once(rows: Iterable[Any]) -> list[Any]:
    """Rows that name people, each person once, though several records of that person may be on them."""
    found: dict[object, Any] = {}
    for row in rows:
        found.setdefault(living_as(row.person).pk if row.person else row, row)
    return list(found.values())


def id_lived_on(public_id: str) -> str:
    """The permanent id that pages know a merged person by; that of anybody else as it is. One query."""
    if "\0" in public_id:
        return public_id
    merged = Person.objects.filter(public_id=public_id, canonical__isnull=False)
    return merged.values_list("canonical__public_id", flat=True).first() or public_id


def whom(rows: QuerySet) -> QuerySet:
    """The rows' persons as ids, each as the one whom he or she was merged into."""
    known = rows.filter(person__isnull=False).order_by()
    return known.annotate(whom=MEANT).values("whom")


def people_visible_to(user: Any) -> QuerySet[Person]:
    """Those who appear in something that this user may read: who spoke or was
    spoken to, gave a talk, convened, took part, or has something to do."""
    appears = Q()
    for rows in _appearances(user):
        appears |= Q(pk__in=whom(rows))
    return Person.objects.canonical().filter(appears)


def appearing(user: Any) -> Q:
    """Records, merged ones for themselves, that stand in something that this user may read."""
    found = Q()
    for rows in _appearances(user):
        found |= Q(pk__in=rows.filter(person__isnull=False).order_by().values("person"))
    return found


def appears(person: Person, user: Any) -> bool:
    """Whether this user may know of the person, retired and merged ones too."""
    meant = Q(person=person) | Q(person__canonical=person)
    return any(rows.filter(meant).exists() for rows in _appearances(user))


def _appearances(user: Any) -> tuple[QuerySet, ...]:
    return (
        Voice.objects.filter(turn__in=Turn.objects.visible_to(user)),
        Speaking.objects.filter(talk__in=Talk.objects.visible_to(user)),
        Convening.objects.filter(session__in=Session.objects.visible_to(user)),
        Participation.objects.filter(workshop__in=Workshop.objects.visible_to(user)),
        ActionOwner.objects.filter(action__in=ActionItem.objects.visible_to(user)),
        Addressed.objects.filter(turn__in=Turn.objects.visible_to(user)),
        Statement.objects.visible_to(user),
    )


def participants(workshop: Workshop) -> list[Participation]:
    """Who was there by the workshop's own list, each once, in the order of surnames. One query."""
    rows = with_person(Participation, "pk").filter(workshop=workshop)
    once = {person: row for row in rows for person in [living_as(row.person)]}
    living = [(person.sort_name, row) for person, row in once.items() if person.retired_at is None]
    return [row for _, row in sorted(living, key=lambda item: item[0])]


# Topics


def topics_discussed(turns: QuerySet[Turn]) -> list[TopicWeight]:
    """Topics that these turns name, the most discussed first. One query."""
    topics = Topic.objects.living().filter(turntopic_items__content_object__in=turns.order_by())
    counted = topics.annotate(turns=Count("turntopic_items")).order_by("-turns", "name")
    return [TopicWeight(topic, topic.turns) for topic in counted]


def by_kind(weights: Sequence[TopicWeight], most: int) -> list[tuple[TopicKind, list[TopicWeight]]]:
    """The four kinds in their order, each with the topics most discussed; kinds without any are left out."""
    some = {kind: [weight for weight in weights if weight.topic.kind == kind][:most] for kind in TopicKind}
    return [(kind, weights) for kind, weights in some.items() if weights]


def give_top_topics(talks: Sequence[Talk], most: int = 3) -> None:
    """Puts on each talk, as `top_topics`, those that it is about and that its turns name most. Two queries."""
    weights: dict[int, Counter[int]] = defaultdict(Counter)
    said = TurnTopic.objects.filter(content_object__talk__in=talks, content_object__retired_at__isnull=True).order_by()
    titled = TalkTopic.objects.filter(content_object__in=talks).order_by()
    counted = said.values_list("content_object__talk", "tag").annotate(n=Count("pk"))
    for talk, tag, n in counted.union(titled.values_list("content_object", "tag").annotate(n=Count("pk")), all=True):
        weights[talk][tag] += n
    topics = Topic.objects.living().in_bulk({tag for counted in weights.values() for tag in counted})
    for talk in talks:
        ranked = sorted(
            ((-n, topics[tag].name, topics[tag]) for tag, n in weights[talk.pk].items() if tag in topics),
            key=lambda item: item[:2],
        )
        talk.top_topics = [topic for _, _, topic in ranked[:most]]


# Themes


def with_recurrence(themes: QuerySet[Theme], user: Any) -> QuerySet[Theme]:
    """Each theme with the number of workshops that noted it, as `workshop_count`: 1 where it is noted alone."""
    same = Theme.objects.visible_to(user).filter(recurring=OuterRef("recurring")).order_by().values("recurring")
    return themes.annotate(
        workshop_count=Coalesce(Subquery(same.annotate(n=Count("workshop", distinct=True)).values("n")), 1)
    )


def once_each(themes: Iterable[Theme]) -> list[Theme]:
    """What several workshops noted stands once, by the first of them in the list."""
    found: dict[Any, Theme] = {}
    for theme in themes:
        found.setdefault((theme.recurring_id, None if theme.recurring_id else theme.pk), theme)
    return list(found.values())


# What is to be done


def action_items(user: Any) -> QuerySet[ActionItem]:
    """Action items with their owners and the place of the words that created them. Two queries."""
    causes = ("workshop", "talk", "theme", "turn__talk", "turn__session__day__workshop", "session__day__workshop")
    return (
        ActionItem.objects.visible_to(user)
        .select_related(*causes)
        .prefetch_related(Prefetch("ownings", with_person(ActionOwner)))
        # what people took up or the minutes call an action comes before what a rule proposes
        .order_by(
            Case(When(status=ActionItem.Status.PROPOSED, then=1), default=0),
            "-explicit",
            F("due").asc(nulls_last=True),
            "priority",
            "workshop",
            "first_line",
            "pk",
        )
    )


# Workshops and talks


def workshops(user: Any) -> QuerySet[Workshop]:
    """Every workshop with how many days, talks and people it had. One query."""

    def count(rows: QuerySet, what: Any = "pk") -> Coalesce:
        per_workshop = rows.filter(workshop=OuterRef("pk")).order_by().values("workshop")
        return Coalesce(Subquery(per_workshop.annotate(n=Count(what, distinct=True)).values("n")), 0)

    present = Participation.objects.annotate(whom=MEANT)
    return Workshop.objects.visible_to(user).annotate(
        day_count=count(Day.objects.living()),
        talk_count=count(Talk.objects.living()),
        people_count=count(present.filter(whom__in=Person.objects.canonical()), "whom"),
    )


def with_counts(talks: QuerySet[Talk]) -> QuerySet[Talk]:
    """Talks in their order with how many turns and questions each has. One query."""
    living = Q(turns__retired_at__isnull=True)
    return (
        talks.select_related("session", "day")
        .annotate(
            turn_count=Count("turns", filter=living),
            question_count=Count("turns", filter=living & Q(turns__kind=Turn.Kind.QUESTION)),
        )
        .order_by("day__n", "order", "pk")
    )
