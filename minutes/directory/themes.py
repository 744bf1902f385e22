"""A user, or a theme, in; themes with what bears them out, out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Prefetch, Q, QuerySet

from minutes.models import ActionItem, Decision, Theme, ThemeEvidence, ThemeTopic, Turn, Workshop
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
    decisions: list[Decision]
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


def borne(theme: Theme, user, *, shapes: bool = False) -> Borne:
    """Twelve queries at most, whatever bears the theme out. Who shapes themes is shown more of what may do so."""
    evidence, beside = _exchanges(theme, user, shapes)
    return Borne(
        theme=theme,
        evidence=evidence,
        see_also=beside,
        actions=list(with_causes(ActionItem.objects.visible_to(user).filter(theme=theme))),
        decisions=list(with_causes(Decision.objects.visible_to(user).filter(theme=theme))),
        elsewhere=list(
            noted(user).filter(recurring=theme.recurring_id).exclude(pk=theme.pk) if theme.recurring_id else ()
        ),
    )


def _exchanges(theme: Theme, user, shapes: bool) -> tuple[list[Thread], list[Thread]]:
    """Those of the evidence, and those that share most topics with the theme; or most words, if it names no topic.

    Each turn says whether it is meant (`hit`), and `offered` what an editor may say of it there.
    """
    visible = Turn.objects.visible_to(user)
    states = dict(theme.evidences.values_list("turn", "state"))
    proof = {turn for turn, state in states.items() if state == ThemeEvidence.State.ACCEPTED}
    hits = _hits(theme, user, visible, states.keys(), shapes)
    turns = visible.filter(Q(exchange__in=list(hits)) | Q(exchange__turns__in=proof)).distinct()
    evidence, beside = [], []
    for thread in threads(turns_to_show(with_places(turns)).order_by(*IN_ORDER)):
        proves = any(turn.pk in proof for turn in thread.turns)
        for turn in thread.turns:
            near = turn.pk in hits.get(turn.exchange_id, ())
            turn.hit = turn.pk in proof or near
            turn.offered = turn.pk in proof if proves else near
        for turn in thread.turns:
            turn.alone = sum(each.offered for each in thread.turns) == 1
        (evidence if proves else beside).append(thread)
    rank = list(hits)
    return evidence, sorted(beside, key=lambda thread: rank.index(thread.turns[0].exchange_id))


def _hits(theme: Theme, user, visible: QuerySet[Turn], decided: Collection[int], shapes: bool) -> dict[int, set[int]]:
    """Turns that may bear the theme out, by exchange, the nearest first; none of which somebody decided already."""
    topics = [item.tag_id for item in theme.topic_items.all()]
    near = _by_topics(theme, topics, visible, decided) if topics else []
    hits: dict[int, set[int]] = {}
    for exchange, turn in near:
        if exchange in hits or len(hits) < SEE_ALSO:
            hits.setdefault(exchange, set()).add(turn)
    if shapes or not topics:
        for exchange, turn in _by_words(theme, user, decided):
            hits.setdefault(exchange, set()).add(turn)
    return hits


def _by_topics(
    theme: Theme, topics: list[int], visible: QuerySet[Turn], decided: Collection[int]
) -> list[tuple[int, int]]:
    shared = visible.filter(topic_items__tag__in=topics, workshop=theme.workshop_id).exclude(pk__in=decided)
    close = shared.annotate(shared=Count("topic_items")).order_by("-shared", *IN_ORDER)
    return list(close.values_list("exchange", "pk")[: SEE_ALSO * 4])


def _by_words(theme: Theme, user, decided: Collection[int]) -> list[tuple[int, int]]:
    """What the search of its own workshop finds best for the words of the theme: few, as some fit by chance."""
    found = find(plain(theme.text), user, extra=Field("workshop", theme.workshop.slug))
    hits = found.hits(0, BY_WORDS + len(decided))
    return [(hit.exchange, hit.pk) for hit in hits if hit.exchange and hit.pk not in decided][:BY_WORDS]
