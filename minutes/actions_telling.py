"""Action items in; each with what files, feeds, calendars and digests tell beside its columns, out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from records.models import PublicId

from .directory.followups import with_causes
from .exporting.action_items import Told
from .models import ActionTopic, Change


def touched_last(items: QuerySet) -> QuerySet:
    """What people or imports changed last comes first."""
    changed = Change.objects.filter(record=OuterRef("public_id")).order_by("-at").values("at")[:1]
    made = PublicId.objects.filter(value=OuterRef("public_id")).values("created_at")
    return items.annotate(touched=Coalesce(Subquery(changed), Subquery(made))).order_by("-touched", "-pk")


def told_of(items: QuerySet) -> list[Told]:
    """In the order of the items; with the moment of the last change. Four queries, whatever their number."""
    topics = ActionTopic.objects.select_related("tag").order_by("tag__slug")
    found: Iterable[Any] = list(with_causes(items).prefetch_related(Prefetch("topic_items", topics)))
    ids = [item.public_id for item in found]
    made = PublicId.objects.filter(value__in=ids).annotate(changed=Max("changes__at"))
    updated = {
        value: changed or created for value, created, changed in made.values_list("value", "created_at", "changed")
    }
    return [
        Told(item, updated[item.public_id], tuple(row.tag.slug for row in item.topic_items.all())) for item in found
    ]
