"""What a reader searched for in, a count of it kept where nothing was found."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from minutes.masking import mask
from minutes.models import FruitlessQuery

from .page import Results

MOST = 1000  # queries that are kept; when there are more, those that were asked once and longest ago go
LONGEST = 100  # characters: what is longer was pasted, not asked


def note(results: Results, agent: str) -> None:
    """Counts a search that found nothing at all; what programs that name themselves ask (`agent`) is not counted."""
    text = mask(results.q).casefold()
    if not results.asked or results.total or results.elsewhere or results.found.behind or len(text) > LONGEST:
        return
    if not agent or any(word in agent.casefold() for word in ("bot", "crawl", "spider", "slurp")):
        return
    today = timezone.localdate()
    if not FruitlessQuery.objects.filter(text=text).update(count=F("count") + 1, last=today):
        if FruitlessQuery.objects.count() >= MOST:
            oldest = FruitlessQuery.objects.order_by("count", "last", "pk").values("pk")[: MOST // 10]
            FruitlessQuery.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()
        FruitlessQuery.objects.get_or_create(text=text)
