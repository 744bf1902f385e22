"""What people do with an action item, in one word each: every verb goes through the door of `minutes.changes`.

    with change(user, "at the desk") as c:
        accept(c, item, seen=3)

Each says whether anything differed; with `seen`, raises `changes.Stale` where somebody changed the item since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError

from people.models import Person

from .changes import ChangeSet
from .models import ActionItem, Session, Talk, Theme, Turn
from .proposing import propose_title

Status = ActionItem.Status
Cause = Turn | Theme | Talk | Session


def accept(c: ChangeSet, item: ActionItem, *, seen: int | None = None) -> bool:
    """What was proposed is to be done."""
    return c.set(item, seen=seen, status=Status.OPEN.value, status_reason="")


def reject(c: ChangeSet, item: ActionItem, reason: str, *, seen: int | None = None) -> bool:
    """It is not to be done, or never was an action; it says so with its reason, whatever an import reads again."""
    if not reason.strip():
        raise ValidationError("Say in a few words why it is dropped.")
    return c.set(item, seen=seen, status=Status.DROPPED.value, status_reason=reason.strip()[:300])


def complete(c: ChangeSet, item: ActionItem, reason: str = "", *, seen: int | None = None) -> bool:
    return c.set(item, seen=seen, status=Status.DONE.value, status_reason=reason.strip()[:300])


def reopen(c: ChangeSet, item: ActionItem, *, seen: int | None = None) -> bool:
    """It was done or dropped too early."""
    return c.set(item, seen=seen, status=Status.OPEN.value, status_reason="")


def make(
    c: ChangeSet,
    cause: Cause,
    *,
    title: str = "",
    owners: Sequence[Person] = (),
    due: date | None = None,
    due_text: str = "",
    everybody: bool = False,
) -> ActionItem:
    """An open item that hangs on these words; its title is proposed from them where none is given.

    Nobody owns it who is not named, and it is due when somebody says so.
    """
    quote = cause.text if isinstance(cause, Turn | Theme) else ""
    where = cause.where if isinstance(cause, Turn) else cause
    place = where.title if isinstance(where, Talk | Session) else ""
    names = [owner.lives_on.shown_name for owner in owners]
    proposed = title.strip() or propose_title(quote, names, place) or place
    made = c.create(
        ActionItem,
        workshop=cause.workshop,
        **{cause.kind_name(): cause.public_id},
        title=proposed,
        quote=quote,
        status=Status.OPEN.value,
        owners=[{"person": owner.public_id} for owner in owners],
        due=due.isoformat() if due else None,
        due_text=due_text,
        everybody=everybody,
    )
    assert isinstance(made, ActionItem)
    return made
