"""A user, and a follow-up, in; the words that created it, and all that its page shows, out."""

from __future__ import annotations

import re
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from minutes.models import ActionItem, ActionOwner, Turn, Voice
from minutes.queries import living_as
from minutes.threads import LIVES_ON
from people.models import Person
from themes.models import Topic


def with_causes(followups: QuerySet) -> QuerySet:
    """What a page says about where an item comes from; owners in a second query."""
    followups = followups.select_related(
        "workshop",
        "turn__talk__workshop",
        "turn__talk__day",
        "turn__session__day__workshop",
        "theme",
        "talk__day",
        "session__day__workshop",
    )
    if followups.model is ActionItem:
        owners = ActionOwner.objects.select_related(LIVES_ON).order_by("position")
        followups = followups.prefetch_related(Prefetch("ownings", owners))
    return followups


def item_page(public_id: str, user, today: date) -> ActionItem | None:
    """One item with all that its page shows; None where no living one that the user may read has the id."""
    item = with_causes(ActionItem.objects.visible_to(user)).filter(public_id=public_id).first()
    if item is None:
        return None
    dress(item, today)
    item.askers = askers_of(item)
    item.about = topics_of(item)
    return item


def askers_of(item: ActionItem) -> list[Person]:
    """Whoever asked the question from which it came, but for its owners: it is owed to them. One query."""
    if item.turn is None:
        return []
    asked = Voice.objects.filter(
        turn__exchange=item.turn.exchange_id, turn__kind=Turn.Kind.QUESTION, person__isnull=False
    )
    rows = asked.filter(turn__retired_at=None).select_related(LIVES_ON).order_by("turn__n", "position")
    owners = set(owners_of(item))
    people = dict.fromkeys(living_as(row.person) for row in rows)
    return [person for person in people if person not in owners and person.retired_at is None]


def topics_of(item: ActionItem) -> list[Topic]:
    """What it is about: topics of its own, and of the words that created it. One query."""
    about = Q(actiontopic_items__content_object=item)
    for name in ("turn", "theme", "talk", "session"):
        if getattr(item, f"{name}_id"):
            about |= Q(**{f"{name}topic_items__content_object": getattr(item, f"{name}_id")})
    return list(Topic.objects.living().filter(about).distinct().order_by("name"))


def dress(item: ActionItem, today: date) -> None:
    item.says_more = bool(item.quote) and _words(item.quote) != _words(item.title)
    item.overdue = item.waits and item.due is not None and item.due < today


def _words(text: str) -> list[str]:
    """What two lines are compared by, where one of them was only tidied: "(will do.)" and "Will do"."""
    return re.findall(r"\w+", text.lower())


def owners_of(item: ActionItem) -> list[Person]:
    return [living_as(owning.person) for owning in item.ownings.all()]
