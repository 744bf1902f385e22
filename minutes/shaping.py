"""What an editor says of themes (what bears them out, which are one, which are two) in; rows through `changes`, out.

Each returns the step, which `correcting.take_back` undoes; None where all of it stood there already. Each raises
`changes.Stale` where somebody changed a theme since the version `seen`, and ValidationError, in a sentence for people,
for what cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from records.models import Record
from themes.models import RecurringTheme

from .changes import ChangeSet, change
from .correcting import Step
from .fields import values_of
from .models import ActionItem, Decision, Theme, TopicRefusal, Turn
from .models.access import Visibility

Json = Any
TITLE = 300  # characters of the name that themes of several workshops share


# What bears a theme out


def accept(user: Any, theme: Theme, turns: Iterable[Turn], *, seen: int) -> Step | None:
    """These words bear it out, after those that do already."""
    chosen = list(turns)
    with change(user, "bears the theme out") as c:
        c.require_seen(theme, seen)
        had = values_of(theme, ["evidence"])["evidence"]
        if not c.set(theme, evidence=[*had, *_rows(_of_one_workshop(theme, chosen))]):
            return None
    return Step(c.group, f"{_counted(chosen)} now bear{'s' if len(chosen) == 1 else ''} the theme out.")


def refuse(user: Any, theme: Theme, turns: Iterable[Turn], *, seen: int) -> Step | None:
    """These words do not bear it out: they are suggested no more."""
    chosen = list(turns)
    with change(user, "does not bear the theme out") as c:
        c.require_seen(theme, seen)
        had = values_of(theme, ["refused"])["refused"]
        if not c.set(theme, refused=[*had, *_rows(_of_one_workshop(theme, chosen))]):
            return None
    return Step(c.group, f"{_counted(chosen)} {'is' if len(chosen) == 1 else 'are'} suggested no more.")


def take_off(user: Any, theme: Theme, turns: Iterable[Turn], *, seen: int) -> Step | None:
    """These words are no evidence any more; they may be suggested again."""
    ids = {turn.public_id for turn in turns}
    with change(user, "taken off the evidence") as c:
        c.require_seen(theme, seen)
        had = values_of(theme, ["evidence"])["evidence"]
        if not c.set(theme, evidence=[row for row in had if row["turn"] not in ids]):
            return None
    return Step(c.group, f"{_counted(ids)} taken off the evidence.")


def find_turn(theme: Theme, text: str, user: Any) -> Turn:
    """The turn of the theme's workshop that a link or a permanent id means; of several ids in it, the last."""
    named = re.findall(r"(?<![a-z0-9])[a-z2-9]{10}(?![a-z0-9])", text)
    turns = Turn.objects.visible_to(user).select_related("workshop").in_bulk(named, field_name="public_id")
    found = [turns[one] for one in named if one in turns]
    if not found:
        raise ValidationError("No words that you may read have this link: copy it from the ¶ beside them.")
    _of_one_workshop(theme, found[-1:])
    return found[-1]


def _of_one_workshop(theme: Theme, turns: list[Turn]) -> list[Turn]:
    for turn in turns:
        if turn.workshop_id != theme.workshop_id:
            raise ValidationError(
                "These words were said in another workshop: join the theme with one that was noted there instead."
            )
        if turn.retired_at:
            raise ValidationError("These words were withdrawn: choose others.")
    return turns


def _rows(turns: Iterable[Turn]) -> list[Json]:
    return [{"turn": turn.public_id} for turn in turns]


def _counted(turns: Collection[Any]) -> str:
    return "One turn" if len(turns) == 1 else f"{len(turns)} turns"


# The same theme in two workshops


def join(user: Any, theme: Theme, other: Theme, title: str, *, seen: int, seen_other: int) -> Step:
    """Says that what two workshops noted is one theme, of this name; whatever either was joined with goes along."""
    title = _checked_title(title)
    with change(user, "the same theme in two workshops") as c:
        c.require_seen(theme, seen)
        c.require_seen(other, seen_other)
        complaint = why_not_join(theme, other)
        if complaint:
            raise ValidationError(complaint)
        shared, left = theme.recurring or other.recurring, other.recurring
        if shared is None:
            shared = c.create(RecurringTheme, title=title)
        c.set(shared, title=title)
        together = [theme, other]
        if left is not None and left != shared:
            together += left.noted.visible_to(user)
        for one in together:
            c.set(one, recurring=shared.public_id)
        if left is not None and left != shared:
            _retire_if_empty(c, left, shared)
    return Step(c.group, "Joined: both workshops noted the same theme.")


def why_not_join(theme: Theme, other: Theme) -> str:
    """What speaks against it, in a sentence; nothing where they can be joined."""
    if theme.pk == other.pk:
        return "That is this theme itself: choose one of another workshop."
    if theme.workshop_id == other.workshop_id:
        return "Both were noted in one workshop: merge them instead."
    if theme.retired_at or other.retired_at:
        return "One of them is not in the lists any more: choose another."
    if theme.recurring_id and theme.recurring_id == other.recurring_id:
        return "They are joined already."
    return ""


def title_for(theme: Theme, other: Theme) -> str:
    """What both may be called: as one is already, or in the words of one; not in those of a draft, if that can be."""
    known = theme.recurring or other.recurring
    if known:
        return known.title
    closed = [one for one in (theme, other) if one.workshop.visibility != Visibility.PUBLIC]
    words = " ".join((other if closed == [theme] else theme).text.split())
    return words if len(words) <= TITLE else f"{words[: TITLE - 1]}…"


def part(user: Any, theme: Theme, *, seen: int) -> Step | None:
    """The theme is its workshop's own again; others that were joined with it stay joined."""
    with change(user, "not the same theme") as c:
        c.require_seen(theme, seen)
        shared = theme.recurring
        if shared is None:
            return None
        c.set(theme, recurring=None)
        _retire_if_empty(c, shared)
    return Step(c.group, "Parted: this theme stands for itself again.")


def rename(user: Any, theme: Theme, title: str, *, seen: int) -> Step | None:
    """Calls what several workshops noted otherwise; `seen` is the version of that, not of the theme."""
    title = _checked_title(title)
    if theme.recurring is None:
        raise ValidationError("The theme is joined with no other any more, so there is no name to change.")
    with change(user, "renamed") as c:
        c.require_seen(theme.recurring, seen)
        if not c.set(theme.recurring, title=title):
            return None
    return Step(c.group, "The name is changed.")


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise ValidationError("Give the theme a name that holds for both workshops.")
    if len(title) > TITLE:
        raise ValidationError(f"The name has {len(title)} characters: {TITLE} are the most.")
    return title


def _retire_if_empty(c: ChangeSet, shared: RecurringTheme, successor: RecurringTheme | None = None) -> None:
    if shared.retired_at is None and not Theme.objects.living().filter(recurring=shared).exists():
        c.retire(shared, "no theme is joined in it any more", successor=successor)


# Two themes of one workshop that are one


def merge(user: Any, kept: Theme, gone: Theme, text: str, *, seen: int, seen_gone: int) -> Step:
    """All that hangs on one theme hangs on the other, and its links lead there."""
    with change(user, "") as c:
        c.require_seen(kept, seen)
        c.require_seen(gone, seen_gone)
        c.reason = f"merged with theme {gone.n}"
        complaint = why_not_merge(kept, gone)
        if complaint:
            raise ValidationError(complaint)
        c.set(kept, text=_checked_text(text), **_together(kept, gone))
        for followup in hanging_on(gone):
            c.set(followup, theme=kept.public_id)
        c.retire(gone, f"merged into theme {kept.n}", successor=kept)
    return Step(c.group, f"Merged: theme {gone.n} is one with this, and its links lead here.")


def why_not_merge(kept: Theme, gone: Theme) -> str:
    if kept.pk == gone.pk:
        return "That is this theme itself: choose another one of the workshop."
    if kept.workshop_id != gone.workshop_id:
        return "They were noted in two workshops: join them instead."
    if kept.retired_at or gone.retired_at:
        return "One of them is not in the lists any more: choose another."
    return ""


def _together(kept: Theme, gone: Theme) -> dict[str, Json]:
    """What the kept one says of both. What was refused for it stays refused, but for what bears the other one out."""
    here, there = (values_of(one, ("evidence", "refused", "topics", "recurring")) for one in (kept, gone))
    evidence = [*here["evidence"], *(row for row in there["evidence"] if row not in here["evidence"])]
    refused = [*here["refused"], *(row for row in there["refused"] if row not in here["refused"])]
    no_topic = TopicRefusal.objects.filter(record=kept.public_id).values_list("topic__public_id", flat=True)
    return {
        "evidence": evidence,
        "refused": [row for row in refused if row not in evidence],
        "topics": sorted({*here["topics"], *there["topics"]} - set(no_topic)),
        "recurring": here["recurring"] or there["recurring"],
    }


def hanging_on(theme: Theme) -> list[Record]:
    """What is in the lists and was made from the words of the theme."""
    return [one for model in (ActionItem, Decision) for one in model.objects.living().filter(theme=theme)]


# One theme that is two


def split(
    user: Any,
    theme: Theme,
    text: str,
    other_text: str,
    *,
    seen: int,
    turns: Collection[str],
    followups: Collection[str],
) -> tuple[Step, Theme]:
    """A new theme with words of its own, to which the chosen turns of the evidence and follow-ups go."""
    text, other_text = _checked_text(text), _checked_text(other_text)
    if text == other_text:
        raise ValidationError("Both say the same: give each of the two themes words of its own.")
    with change(user, f"split from theme {theme.n}") as c:
        c.require_seen(theme, seen)
        evidence = values_of(theme, ["evidence"])["evidence"]
        given = [row for row in evidence if row["turn"] in turns]
        last = Theme.objects.filter(workshop=theme.workshop_id).aggregate(n=Max("n"))["n"] or 0
        made = c.create(Theme, workshop=theme.workshop, n=last + 1, text=other_text, evidence=given)
        assert isinstance(made, Theme)
        for followup in hanging_on(theme):
            if followup.public_id in followups:
                c.set(followup, theme=made.public_id)
        c.set(theme, text=text, evidence=[row for row in evidence if row not in given])
    return Step(c.group, f"Split: theme {made.n} stands beside theme {theme.n} now."), made


def _checked_text(text: str) -> str:
    text = text.strip().replace("\r\n", "\n")
    if not text:
        raise ValidationError("A theme has at least one word.")
    return text
