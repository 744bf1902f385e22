"""What an editor decides about action items in the browser, in; written through `changes`, and told as one step, out.

Each step can be taken back: `correcting.take_back` with its group.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from people.models import Person

from . import actions_doing as doing
from .changes import ChangeSet, change
from .correcting import Step
from .models import ActionItem, Change, Theme, Turn
from .rendering import plain
from .telling import label_of

Json = Any
Verb = Callable[[ChangeSet, ActionItem, str, int], bool]

#: What is offered as a reason to drop an item, so that the usual ones cost one click.
REASONS = ("not an action", "done already", "double of another")

VERBS: Mapping[str, tuple[str, Verb]] = {
    "accept": ("Accepted", lambda c, item, reason, seen: doing.accept(c, item, seen=seen)),
    "reject": ("Rejected", lambda c, item, reason, seen: doing.reject(c, item, reason, seen=seen)),
    "complete": ("Done", lambda c, item, reason, seen: doing.complete(c, item, reason, seen=seen)),
    "reopen": ("Open again", lambda c, item, reason, seen: doing.reopen(c, item, seen=seen)),
}


def decide(user: Any, verb: str, chosen: Sequence[tuple[ActionItem, int]], reason: str = "") -> Step | None:
    """One verb of VERBS for items, each with the version that was looked at: for all of them or for none.

    None where all of them stood so already. Raises Stale and ValidationError.
    """
    said, does = VERBS[verb]
    with change(user, reason) as c:
        done = [item for item, seen in chosen if does(c, item, reason, seen)]
    if not done:
        return None
    what = f"“{short(done[0])}”" if len(done) == 1 else f"{len(done)} action items"
    return Step(c.group, f"{said}: {what}{f' ({reason.strip()})' if reason.strip() else ''}.")


def edit(user: Any, item: ActionItem, values: Mapping[str, Json], *, seen: int, why: str = "") -> Step | None:
    """Sets fields of the item, in the terms of `minutes.fields`; None where nothing differed.

    Raises Stale where somebody changed it since version `seen`, and ValidationError for what cannot stand.
    """
    with change(user, why) as c:
        c.set(item, seen=seen, **values)
        changed = list(Change.objects.filter(group=c.group).order_by("pk").values_list("field", flat=True))
    if not changed:
        return None
    *others, last = [label_of(name) for name in changed]
    return Step(c.group, f"Changed: {', '.join(others)}{' and ' if others else ''}{last}.")


def add(
    user: Any,
    cause: Turn | Theme,
    *,
    title: str,
    owners: Sequence[Person],
    due: date | None,
    due_text: str,
    everybody: bool,
) -> tuple[ActionItem, Step]:
    """An open item that hangs on these words. Raises ValidationError for what cannot stand."""
    with change(user, "made from what was said") as c:
        given = {"owners": owners, "due": due, "due_text": due_text, "everybody": everybody}
        item = doing.make(c, cause, title=title, **given)
        if not item.title:
            raise ValidationError("Give it a title: one line that says what is to be done.")
    return item, Step(c.group, f"To do: “{short(item)}”.")


def short(item: ActionItem) -> str:
    title = plain(item.title)
    return f"{title[:89]}…" if len(title) > 90 else title
