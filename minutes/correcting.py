"""What an editor says of a turn, or a person of his or her own words, in; written through `changes`, out.

What is done here can be taken back as one step: `take_back` with the group that it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max

from accounts.roles import may_do
from people.models import NameStep, Person

from .changes import change
from .fields import MODELS
from .models import Change, Exchange, Statement, Turn
from .reverting import undo
from .telling import label_of

Json = Any


@dataclass(frozen=True, slots=True)
class Step:
    """What was done in one go, in words, and the group of the change log under which it can be taken back."""

    group: UUID
    told: str


def put_right(
    user: Any, turn: Turn, values: Mapping[str, Json], *, seen: int, apart: bool = False, why: str = ""
) -> Step | None:
    """Sets fields of the turn, in the terms of `minutes.fields`; with `apart`, it begins a thread of its own.

    None where all of it stood there already. Raises Stale where somebody changed the turn since version `seen`, and
    ValidationError for a value that cannot stand.
    """
    with change(user, why) as c:
        c.require_seen(turn, seen)
        before = turn.version
        if apart:
            values = {**values, "exchange": _begin_exchange(c, turn).public_id}
        c.set(turn, **values)
        changed = Change.objects.filter(group=c.group, record=turn.public_id, version__gt=before)
        names = list(changed.order_by("pk").values_list("field", flat=True))
    return Step(c.group, f"Put right: {_listed([label_of(name) for name in names])}.") if names else None


def _begin_exchange(c: Any, turn: Turn) -> Exchange:
    """A new exchange in the turn's place, after the others there."""
    last = Exchange.objects.filter(talk=turn.talk, session=turn.session).aggregate(n=Max("n"))["n"] or 0
    place = {"talk": turn.talk, "session": turn.session}
    named = {name: record.public_id if record else None for name, record in place.items()}
    return c.create(Exchange, workshop=turn.workshop, n=last + 1, **named)


def state(user: Any, turn: Turn, person: Person, text: str, day: date | None = None) -> Step:
    """Lets a person's own correction stand beside the words of a turn, which stay."""
    text = text.strip()
    if not text:
        raise ValidationError("A statement has at least one word.")
    with change(user, "statement of correction") as c:
        given = {"turn": turn.public_id, "person": person.public_id, "date": day.isoformat() if day else None}
        c.create(Statement, workshop=turn.workshop, text=text, **given)
    return Step(c.group, f"The statement by {person.shown_name} stands beside the words.")


class NotTakenBack(Exception):
    """Nothing was changed; the message is one sentence that says why."""


def take_back(user: Any, group: UUID) -> str:
    """Undoes what this user did in one go, and says so. Raises NotTakenBack.

    Decisions about names have a desk of their own on which they are undone, and imports their own way back.
    """
    log = Change.objects.filter(group=group, run=None, by=user).select_related("record")
    kinds = {row.record.kind for row in log}
    if not kinds or NameStep.objects.filter(group=group).exists():
        raise NotTakenBack("There is nothing of yours to undo here.")
    if not all(may_do(user, "change", MODELS[kind]) for kind in kinds):
        raise NotTakenBack("You may not change this any more.")
    with change(user, "undone") as c:
        left = undo(c, group)
        if not Change.objects.filter(group=c.group).exists():
            raise NotTakenBack("It was changed again since, so it stays: its history brings an older version back.")
    return "Undone." if not left else f"Undone, but for what was changed since: {_listed([str(one) for one in left])}."


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
