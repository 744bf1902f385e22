"""A user, or a theme, in; themes with what bears them out, out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from minutes.models import ActionItem, Theme, ThemeTopic, Turn, Workshop
from minutes.rendering import plain
from minutes.search.finding import find
from minutes.search.tree import Field
from minutes.threads import Thread, threads, turns_to_show

from .followups import with_causes
from .order import IN_ORDER, with_places

SEE_ALSO = 8  # exchanges
BY_WORDS = 3  # turns


@dataclass(slots=True)
class Borne:
    """All that the page of a theme shows."""

    theme: Theme
    evidence: list[Thread]
    see_also: list[Thread]
    actions: list[ActionItem]
    elsewhere: list[Theme]

    @property
    def all_times(self) -> list[Theme]:
        """The theme here and elsewhere, in the order of the workshops' dates."""
        every = [self.theme, *self.elsewhere]
        return sorted(every, key=lambda theme: (theme.workshop.start or date.max, theme.pk))

    @property
    def workshop_count(self) -> int:
        return len({theme.workshop_id for theme in self.all_times})


def noted(user) -> QuerySet[Theme]:
    """Themes with their topics, workshop by workshop, the newest first. Two queries."""
    topics = Prefetch("topic_items", ThemeTopic.objects.select_related("tag").order_by("tag__name"))
    return (
        Theme.objects.visible_to(user)
        .select_related("workshop", "recurring")
        .prefetch_related(topics)
        .order_by("-workshop__start", "-workshop", "n", "pk")
    )


def by_workshop(themes: QuerySet[Theme]) -> list[tuple[Workshop, list[Theme]]]:
    found: dict[Workshop, list[Theme]] = {}
    for theme in themes:
        found.setdefault(theme.workshop, []).append(theme)
    return list(found.items())


def borne(theme: Theme, user) -> Borne:
    """Eleven queries at most, whatever bears the theme out."""
    evidence, beside = _exchanges(theme, user)
    return Borne(
        theme=theme,
        evidence=evidence,
        see_also=beside,
        actions=list(with_causes(ActionItem.objects.visible_to(user).filter(theme=theme))),
        elsewhere=list(
            noted(user).filter(recurring=theme.recurring_id).exclude(pk=theme.pk) if theme.recurring_id else ()
        ),
    )


def _exchanges(theme: Theme, user) -> tuple[list[Thread], list[Thread]]:
    """Those of the evidence, and those that share most topics with the theme; or most words, if it names no topic."""
    visible = Turn.objects.visible_to(user)
    proof = set(theme.evidences.values_list("turn", flat=True))
    topics = [item.tag_id for item in theme.topic_items.all()]
    hits: dict[int, set[int]] = {}
    for exchange, turn in _by_topics(theme, topics, visible, proof) if topics else _by_words(theme, user, proof):
        if exchange in hits or len(hits) < SEE_ALSO:
            hits.setdefault(exchange, set()).add(turn)
    turns = visible.filter(Q(exchange__in=list(hits)) | Q(exchange__turns__in=proof)).distinct()
    evidence, beside = [], []
    for thread in threads(turns_to_show(with_places(turns)).order_by(*IN_ORDER)):
        proves = any(turn.pk in proof for turn in thread.turns)
        for turn in thread.turns:
            turn.hit = turn.pk in proof or turn.pk in hits.get(turn.exchange_id, ())
        (evidence if proves else beside).append(thread)
    rank = list(hits)
    return evidence, sorted(beside, key=lambda thread: rank.index(thread.turns[0].exchange_id))


def _by_topics(theme: Theme, topics: list[int], visible: QuerySet[Turn], proof: set[int]) -> list[tuple[int, int]]:
    shared = visible.filter(topic_items__tag__in=topics, workshop=theme.workshop_id).exclude(pk__in=proof)
    close = shared.annotate(shared=Count("topic_items")).order_by("-shared", *IN_ORDER)
    return list(close.values_list("exchange", "pk")[: SEE_ALSO * 4])


def _by_words(theme: Theme, user, proof: set[int]) -> list[tuple[int, int]]:
    """What the search of its own workshop finds best for the words of the theme: few, as some fit by chance."""
    found = find(plain(theme.text), user, extra=Field("workshop", theme.workshop.slug))
    return [(hit.exchange, hit.pk) for hit in found.hits(0, BY_WORDS) if hit.exchange and hit.pk not in proof]
