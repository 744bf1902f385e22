"""How often something came up on days in; the same over all days of these workshops, as bars, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from minutes.models import Day, Workshop


@dataclass(slots=True)
class DayBar:
    day: Day
    count: int


@dataclass(slots=True)
class OverTime:
    """Workshops in the order of their dates, each with its days, those on which it did not come up as well."""

    workshops: list[tuple[Workshop, list[DayBar]]] = field(default_factory=list)

    @property
    def bars(self) -> list[DayBar]:
        return [bar for _, bars in self.workshops for bar in bars]

    @property
    def most(self) -> int:
        return max((bar.count for bar in self.bars), default=0)

    @property
    def total(self) -> int:
        return sum(bar.count for bar in self.bars)

    @property
    def peak(self) -> DayBar | None:
        """The day on which it came up most, if it is one and not two."""
        peaks = [bar for bar in self.bars if bar.count == self.most]
        return peaks[0] if len(peaks) == 1 else None

    @property
    def tells(self) -> bool:
        """One day alone is no course of time."""
        return len(self.bars) > 1 and self.total > 0


def over_time(counts: Mapping[int, int], user: Any) -> OverTime:
    """`counts` by the key of the day. One query."""
    workshops = Day.objects.filter(pk__in=list(counts)).values("workshop")
    days = Day.objects.visible_to(user).filter(workshop__in=workshops.order_by()).select_related("workshop")
    found: dict[Workshop, list[DayBar]] = {}
    for day in days.order_by(F("workshop__start").asc(nulls_first=True), "workshop", "n"):
        found.setdefault(day.workshop, []).append(DayBar(day, counts.get(day.pk, 0)))
    return OverTime(list(found.items()))
