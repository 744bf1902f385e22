"""An editor in; the action items that rules proposed and nobody has confirmed, page by page, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from minutes.models import ActionItem, Workshop

from .choices import Choice, Select, page_number
from .followups import dress, with_causes

PAGE = 20
_PROPOSED = ActionItem.Status.PROPOSED


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the desk shows."""

    items: list[ActionItem]
    total: int  # in the chosen workshop
    everywhere: int
    page: int
    select: Select

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def desk(asked: Mapping[str, str], user: Any, today: date) -> Desk:
    """Three queries. What the minutes themselves call an action comes first, then the newest workshop."""
    proposed = ActionItem.objects.visible_to(user).filter(status=_PROPOSED)
    counted = Count("actionitems", filter=Q(actionitems__in=proposed.order_by()))
    workshops = list(Workshop.objects.annotate(n=counted).filter(n__gt=0).order_by("title"))
    wanted = next((one for one in workshops if one.slug == asked.get("workshop", "")), None)
    everywhere = sum(one.n for one in workshops)
    total = wanted.n if wanted else everywhere
    page = min(max(page_number(asked.get("page", "")), 1), max(1, -(-total // PAGE)))
    chosen = proposed.filter(workshop=wanted) if wanted else proposed
    order = ("-explicit", F("workshop__start").desc(nulls_last=True), "-workshop", "first_line", "pk")
    items = list(with_causes(chosen).order_by(*order)[(page - 1) * PAGE : page * PAGE])
    for item in items:
        dress(item, today)
    choices = [Choice(one.slug, one.title, one.n, one == wanted) for one in workshops]
    return Desk(items, total, everywhere, page, Select("workshop", "Workshop", "all workshops", choices))
