"""Labels that a topic might have in, and the turns that it would gain and lose by them out; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from records.models import Origin
from themes.models import Topic
from themes.recognise import Recogniser

from .deriving import may_name, named_around
from .models import TopicRefusal, Turn, TurnTopic


@dataclass(frozen=True, slots=True)
class Touched:
    """A turn that another set of labels would give the topic, or take it from; `label` are the words that name it."""

    turn: Turn
    label: str


@dataclass(frozen=True, slots=True)
class Reach:
    gained: list[Touched]
    lost: list[Touched]


def reach(topic: Topic, labels: Sequence[str], weak: Sequence[str], turns: QuerySet[Turn]) -> Reach:
    """What `deriving` would do to these turns. What people set, and what they took away, stays and is not counted."""
    has = {
        row.content_object_id: row for row in TurnTopic.objects.filter(tag=topic, content_object__in=turns.order_by())
    }
    refused = set(TopicRefusal.objects.filter(topic=topic).values_list("record", flat=True))
    entry = replace(topic.as_entry(), labels=tuple(labels), weak=tuple(weak))
    known = [one for one in Topic.objects.vocabulary() if one.key != topic.slug]
    recogniser = Recogniser(tuple(sorted([*known, entry], key=lambda one: one.key)))
    looked_at = list(turns.filter(may_name([*labels, *weak]) | Q(pk__in=list(has))).distinct())
    names = _names(topic, recogniser, looked_at)
    found = Reach([], [])
    for turn in looked_at:
        row, label = has.get(turn.pk), names.get(turn.pk)
        if label and row is None and turn.public_id not in refused:
            found.gained.append(Touched(turn, label))
        elif row and not label and row.origin == Origin.RULE:
            found.lost.append(Touched(turn, row.label))
    return found


def _names(topic: Topic, recogniser: Recogniser, turns: Sequence[Turn]) -> dict[int, str]:
    """Turn → the words in it that name the topic; a weak label counts beside what its workshop names otherwise."""
    by_workshop: dict[int, list[Turn]] = defaultdict(list)
    for turn in turns:
        by_workshop[turn.workshop_id].append(turn)
    names: dict[int, str] = {}
    for workshop, some in by_workshop.items():
        together = recogniser.find_all([turn.text for turn in some])
        around = named_around(workshop) | {one.key for each in together for one in each}
        for turn in some:
            for one in recogniser.find(turn.text, around):
                if one.key == topic.slug:
                    names.setdefault(turn.pk, one.label)
    return names
