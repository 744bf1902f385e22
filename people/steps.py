"""What a curator does at the desk: each step is one group of the change log, told in a sentence, and can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils import timezone

from minutes.changes import change
from minutes.deciding import Place, decide
from minutes.reverting import undo

from .models import Alias, NameStep, Person, PersonMerge

HERE = {Alias.Scope.WORKSHOP: "here", Alias.Scope.SERIES: "in the series", Alias.Scope.EVERYWHERE: "everywhere"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a curator says about one label."""

    label: str
    place: Place
    state: str
    person: Person | None = None
    new: str = ""  # the name of somebody whom the site does not know yet


def decide_labels(user, said: Iterable[Said], reason: str = "") -> NameStep:
    """All of it, or (with a ValidationError that says why) none."""
    said = list(said)
    if not said:
        raise ValidationError("Choose at least one label.")
    with change(user, reason or "names desk") as c:
        turns, persons = 0, []
        for one in said:
            person = one.person or (c.create(Person, name=checked_name(one.new)) if one.new else None)
            turns += decide(c, one.label, one.place, one.state, person)
            persons.append(person)
        told = _told(said, persons, turns)
        return NameStep.objects.create(kind=NameStep.Kind.DECISION, group=c.group, told=told, by=c.user)


def checked_name(name: str) -> str:
    name = " ".join(name.split())
    if not any(letter.isalpha() for letter in name):
        raise ValidationError("A person has a name with at least one letter.")
    if len(name) > 200:
        raise ValidationError("A name has at most 200 characters.")
    return name


def _told(said: list[Said], persons: list[Person | None], turns: int) -> str:
    in_turns = f"{turns} turn{'' if turns == 1 else 's'} changed"
    if len(said) > 1:
        labels = ", ".join(f"“{one.label}”" for one in said[:5]) + (" and more" if len(said) > 5 else "")
        return f"{len(said)} labels decided ({labels}): {in_turns}."[:500]
    [one], [person] = said, persons
    if one.state == Alias.State.WAITING:
        return f"“{one.label}” waits: {in_turns}."
    who = str(person) if person else "nobody"
    return f"“{one.label}” is {who} {HERE[Alias.Scope(one.place.scope)]}: {in_turns}."[:500]


def merge_people(user, gone: Person, kept: Person, name: str = "", reason: str = "") -> NameStep:
    with change(user, reason) as c:
        return c.merge(gone, kept, {"name": checked_name(name)} if name else None).step


def undo_merge(user, merge: PersonMerge) -> None:
    with change(user, "merge undone") as c:
        c.undo_merge(merge)


def undo_step(user, step: NameStep) -> str:
    """Takes a step back; returns a sentence about what stays because somebody changed it since."""
    step.refresh_from_db()
    if step.undone_at:
        raise ValidationError(f"That was undone already: {step.told}")
    if step.merge:
        undo_merge(user, step.merge)
        return ""
    with change(user, f"undone: {step.told}") as c:
        left = undo(c, step.group)
        step.undone_at, step.undone_by, step.undone_group = timezone.now(), c.user, c.group
        step.save()
    if not left:
        return ""
    return f"{len(left)} record{'' if len(left) == 1 else 's'} changed since stay as they are now."


def recent(limit: int = 10) -> list[NameStep]:
    return list(NameStep.objects.select_related("by", "undone_by", "merge__kept__canonical")[:limit])


def last_to_undo(user) -> NameStep | None:
    """The newest step of this person that stands."""
    return NameStep.objects.filter(by=user, undone_at__isnull=True).first()
