"""A workshop and a user in; which topics of two kinds stand in the same conversations, as a table, out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from minutes.models import Turn, TurnTopic, Workshop
from themes.models import Topic, TopicKind

from . import search_for, shade

ACROSS = TopicKind.TECHNOLOGY
DOWN = (TopicKind.EXPERIMENT, TopicKind.PROJECT, TopicKind.ORGANISATION)
MOST = 40  # rows and columns; those that share least are left out, and the page says so


@dataclass(slots=True)
class Cell:
    """How much was said in conversations that name both, and the search that finds it."""

    count: int
    shade: int
    address: str
    topic: Topic


@dataclass(slots=True)
class Row:
    topic: Topic
    cells: list[Cell]


@dataclass(slots=True)
class Together:
    """The table: one kind of topics down, technologies across."""

    kind: TopicKind
    kinds: list[TopicKind]  # those that have such a table
    columns: list[Topic] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    left_out: int = 0

    @property
    def widest(self) -> tuple[Topic, int] | None:
        """The technology that comes up with most of the rows, and with how many."""
        spread = Counter(cell.topic for row in self.rows for cell in row.cells if cell.count)
        return max(spread.items(), key=lambda item: item[1], default=None)

    @property
    def pairs(self) -> int:
        return sum(1 for row in self.rows for cell in row.cells if cell.count)


def together(workshop: Workshop, user: Any, wanted: str = "") -> Together:
    """Three queries. `wanted`: the kind that stands down; the first that shares anything, where it is none."""
    turns = Turn.objects.visible_to(user).filter(workshop=workshop).order_by()
    sizes = dict(turns.values_list("exchange").annotate(Count("pk")))
    named = TurnTopic.objects.filter(content_object__in=turns).order_by()
    by_exchange: dict[int, set[int]] = defaultdict(set)
    for exchange, topic in named.values_list("content_object__exchange", "tag").distinct():
        by_exchange[exchange].add(topic)
    topics = Topic.objects.living().in_bulk({topic for some in by_exchange.values() for topic in some})
    shared: dict[TopicKind, Counter[tuple[int, int]]] = {kind: Counter() for kind in DOWN}
    for exchange, some in by_exchange.items():
        known = [topics[topic] for topic in some if topic in topics]
        across = [topic.pk for topic in known if topic.kind == ACROSS]
        for topic in known:
            if topic.kind in shared:
                shared[TopicKind(topic.kind)].update({(topic.pk, other): sizes[exchange] for other in across})
    kinds = [kind for kind in DOWN if shared[kind]]
    kind = next((kind for kind in kinds if kind == wanted), kinds[0] if kinds else DOWN[0])
    return _table(workshop, kind, kinds, shared[kind], topics)


def _table(
    workshop: Workshop, kind: TopicKind, kinds: list[TopicKind], shared: Counter, topics: dict[int, Topic]
) -> Together:
    down = _ranked(((row, count) for (row, _), count in shared.items()), topics)
    across = _ranked(((column, count) for (_, column), count in shared.items()), topics)
    most = max(shared.values(), default=0)
    rows = [Row(row, [_cell(workshop, row, column, shared, most) for column in across[:MOST]]) for row in down[:MOST]]
    left_out = max(len(down) - MOST, 0) + max(len(across) - MOST, 0)
    return Together(kind, kinds, across[:MOST], rows, left_out)


def _ranked(counts: Iterable[tuple[int, int]], topics: dict[int, Topic]) -> list[Topic]:
    """Those that share most come first."""
    total: Counter[int] = Counter()
    for topic, count in counts:
        total[topic] += count
    return sorted((topics[pk] for pk in total), key=lambda topic: (-total[topic.pk], topic.name.lower()))


def _cell(workshop: Workshop, row: Topic, column: Topic, shared: Counter, most: int) -> Cell:
    count = shared[row.pk, column.pk]
    address = search_for(topic=[row.slug, column.slug], workshop=workshop.slug) if count else ""
    return Cell(count, shade(count, most), address, column)
