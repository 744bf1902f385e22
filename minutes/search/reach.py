"""Rows of the outbox in; the records whose documents they change, kind by kind, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.db.models import Q

from minutes.models import (
    ActionItem,
    ActionOwner,
    ActionTopic,
    Addressed,
    Convening,
    Decision,
    Speaking,
    Talk,
    Theme,
    ThemeEvidence,
    Turn,
    Voice,
)
from people.models import Person
from records.models import Outbox

Keys = dict[str, set[int]]  # by kind: "exchange" stands for all turns in it
CHUNK = 500


def reached(rows: Iterable[Outbox]) -> Keys:
    """What to make anew. A kind that no document shows reaches nothing."""
    wide: dict[str, set[int]] = defaultdict(set)
    keys: Keys = defaultdict(set)
    for row in rows:
        (wide if row.wide else keys)[row.kind].add(row.key)
    for kind, some in wide.items():
        for part in _parts(some):
            for name, found in _WIDE.get(kind, lambda part: ())(part):
                keys[name] |= set(found)
    # An exchange that is made anew may show people and topics for the first time, or no more.
    for part in _parts(keys["exchange"]):
        keys["person"] |= set(_people(Q(turn__exchange__in=part)))
        turns = Turn.objects.filter(exchange__in=part)
        keys["topic"] |= set(turns.filter(topic_items__isnull=False).values_list("topic_items__tag", flat=True))
        # Who asked there waits for what came of it, which is about what was spoken of there.
        keys["actionitem"] |= set(ActionItem.objects.filter(turn__exchange__in=part).values_list("pk", flat=True))
    for kind in ("theme", "talk", "session"):
        for part in _parts(keys[kind]):
            keys["actionitem"] |= set(ActionItem.objects.filter(**{f"{kind}__in": part}).values_list("pk", flat=True))
    return keys


def _parts(keys: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _exchanges(turns: Q) -> Iterable[int]:
    return Turn.objects.filter(turns).order_by().values_list("exchange", flat=True).distinct()


def _people(voices: Q) -> Iterable[int]:
    """Those who spoke, each as the one whom he or she was merged into."""
    rows = Voice.objects.filter(voices, person__isnull=False).order_by()
    for ids in rows.values_list("person", "person__canonical").distinct():
        yield from (key for key in ids if key)


Found = Iterable[tuple[str, Iterable[int]]]


def _turn(keys: list[int]) -> Found:
    yield "exchange", _exchanges(Q(pk__in=keys))


def _exchange(keys: list[int]) -> Found:
    yield "exchange", keys


def _talk(keys: list[int]) -> Found:
    yield "talk", keys
    yield "exchange", _exchanges(Q(talk__in=keys))
    yield "person", Speaking.objects.filter(talk__in=keys).values_list("person", flat=True)
    yield "topic", Talk.objects.filter(pk__in=keys, topics__isnull=False).values_list("topics", flat=True)
    yield from _followups(Q(talk__in=keys) | Q(turn__talk__in=keys))


def _session(keys: list[int]) -> Found:
    talks = list(Talk.objects.filter(session__in=keys).values_list("pk", flat=True))
    yield from _talk(talks)
    yield "exchange", _exchanges(Q(session__in=keys))
    yield "person", Convening.objects.filter(session__in=keys).values_list("person", flat=True)
    yield from _followups(Q(session__in=keys) | Q(turn__session__in=keys))


def _day(keys: list[int]) -> Found:
    talks = list(Talk.objects.filter(day__in=keys).values_list("pk", flat=True))
    yield from _talk(talks)
    yield "exchange", _exchanges(Q(session__day__in=keys))
    yield from _followups(Q(session__day__in=keys) | Q(turn__session__day__in=keys))


def _workshop(keys: list[int]) -> Found:
    """Everything in it, and everybody who is seen in it."""
    yield "talk", Talk.objects.filter(workshop__in=keys).values_list("pk", flat=True)
    yield "exchange", _exchanges(Q(workshop__in=keys))
    yield "theme", Theme.objects.filter(workshop__in=keys).values_list("pk", flat=True)
    yield from _followups(Q(workshop__in=keys))
    for way in ("participations__workshop", "speakings__talk__workshop", "convenings__session__workshop"):
        yield "person", Person.objects.filter(**{f"{way}__in": keys}).values_list("pk", flat=True)
    yield "person", Person.objects.filter(ownings__action__workshop__in=keys).values_list("pk", flat=True)
    for model in (Talk, Theme):
        topics = model.objects.filter(workshop__in=keys, topics__isnull=False)
        yield "topic", topics.values_list("topics", flat=True)


def _theme(keys: list[int]) -> Found:
    yield "theme", keys
    turns = ThemeEvidence.objects.filter(theme__in=keys).values("turn")
    yield "exchange", _exchanges(Q(pk__in=turns))
    yield "topic", Theme.objects.filter(pk__in=keys, topics__isnull=False).values_list("topics", flat=True)


def _person(keys: list[int]) -> Found:
    """Whoever is shown under the name: rows of those who were merged into the person as well."""
    here = Q(person__in=keys) | Q(person__canonical__in=keys)
    yield "person", keys
    persons = Person.objects.filter(pk__in=keys)
    yield "person", persons.filter(canonical__isnull=False).values_list("canonical", flat=True)
    for rows in (Voice.objects.filter(here).values("turn"), _addressed(here)):
        yield "exchange", _exchanges(Q(pk__in=rows))
    talks = Speaking.objects.filter(here).values_list("talk", flat=True)
    yield from _talk(list(talks))
    items = list(ActionItem.objects.filter(_owned(here)).values_list("pk", flat=True))
    yield from _action(items)


def _addressed(here: Q):
    return Addressed.objects.filter(here).values("turn")


def _owned(here: Q) -> Q:
    return Q(pk__in=ActionOwner.objects.filter(here).values("action"))


def _topic(keys: list[int]) -> Found:
    yield "topic", keys
    yield "exchange", _exchanges(Q(topic_items__tag__in=keys))
    yield "talk", Talk.objects.filter(topic_items__tag__in=keys).values_list("pk", flat=True)
    yield "theme", Theme.objects.filter(topic_items__tag__in=keys).values_list("pk", flat=True)
    yield "actionitem", ActionItem.objects.filter(topic_items__tag__in=keys).values_list("pk", flat=True)


def _action(keys: list[int]) -> Found:
    yield "actionitem", keys
    yield "topic", ActionTopic.objects.filter(content_object__in=keys).values_list("tag", flat=True)
    yield "exchange", _exchanges(Q(actionitems__in=keys))


def _decision(keys: list[int]) -> Found:
    yield "decision", keys
    yield "exchange", _exchanges(Q(decisions__in=keys))


def _followups(here: Q) -> Found:
    yield "actionitem", ActionItem.objects.filter(here).values_list("pk", flat=True)
    yield "decision", Decision.objects.filter(here).values_list("pk", flat=True)


_WIDE: dict[str, Callable[[list[int]], Found]] = {
    "turn": _turn,
    "exchange": _exchange,
    "talk": _talk,
    "session": _session,
    "day": _day,
    "workshop": _workshop,
    "theme": _theme,
    "person": _person,
    "topic": _topic,
    "actionitem": _action,
    "decision": _decision,
}
