"""A record and a number in; the record as it was in that version, by one change more in the log, out.

Text, speakers, topics and kind come back alike. What does not is said in a sentence each.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from records.models import Record

from . import deriving
from .changes import ChangeSet, change
from .fields import Json, Reference, fields_of
from .fieldwise import GROUPS
from .models import Change
from .versions import differing, has_topics, log_of, require_version, rewind, values_at

#: Fields that a restore leaves alone, and why.
LEFT = {
    "visibility": "Who may read it stays as it is now.",
    "merged_into": "Whom a person was merged into is no matter of versions: undo the merge itself.",
}


class NotRestored(Exception):
    """Nothing was done; the message is one sentence that says why."""


@dataclass(slots=True)
class Restoration:
    """What a restore would put back, and what it would not."""

    values: dict[str, Json] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    brings_back: bool = False
    refused: set[str] = field(default_factory=set)
    by_rule: set[str] = field(default_factory=set)

    def changes_nothing(self) -> bool:
        return not self.values and not self.brings_back


def plan_restore(record: Record, n: int) -> Restoration:
    """Raises versions.NeverWas."""
    require_version(record, n)
    log = log_of(record)
    plan = Restoration({name: then for name, (then, _) in differing(record, n, log).items()})
    for name, sentence in LEFT.items():
        if plan.values.pop(name, None) is not None or name in plan.values:
            plan.left.append(sentence)
    _keep_place(record, plan)
    if has_topics(record):
        _plan_topics(record, n, log, plan)
    retired = record.retired_reason if record.retired_at else None
    then = rewind({"retired": retired}, log, n)["retired"]
    plan.brings_back = record.retired_at is not None and then is None
    if record.retired_at is None and then is not None:
        plan.left.append("It was withdrawn in that version; it stays in the lists.")
    return plan


def restore(user: Any, record: Record, n: int, *, seen: int, why: str = "") -> Restoration:
    """One change, in the name of this user. Raises versions.NeverWas, changes.Stale and NotRestored."""
    with change(user, f"restored version {n}" + (f": {why}" if why else "")) as c:
        c.require_seen(record, seen)
        plan = plan_restore(record, n)
        if plan.changes_nothing():
            raise NotRestored("Nothing of that version differs from what stands now, so nothing was done.")
        try:
            _carry_out(c, record, plan)
        except ValidationError as refusal:
            raise NotRestored(f"That version cannot come back as it was: {' '.join(refusal.messages)}") from refusal
    return plan


def _carry_out(c: ChangeSet, record: Record, plan: Restoration) -> None:
    if plan.brings_back:
        c.bring_back(record)
    if plan.values:
        c.set(record, **plan.values)
    if "topics" in plan.values:
        c.settle_topics(record, refused=plan.refused, by_rule=plan.by_rule)


def _keep_place(record: Record, plan: Restoration) -> None:
    """A place that is no more cannot be gone back to: the record stays where it stands, and all else comes back."""
    known = fields_of(type(record))
    places = {name for name in plan.values if isinstance(known[name], Reference) and known[name].model is not None}
    gone = {name for name in places if plan.values[name] and not _stands(record, name, plan.values)}
    for name in sorted(gone):
        together = next((group for group in [GROUPS.get(record.kind_name(), ())] if name in group), (name,))
        for each in together:
            plan.values.pop(each, None)
        plan.left.append(f"The {name} in which it stood then is no longer there: it stays where it stands now.")
        return


def _stands(record: Record, name: str, values: dict[str, Json]) -> bool:
    """Whether the record that the field named then still stands, and an exchange in the talk or session meant."""
    model = fields_of(type(record))[name].model
    other = model.objects.filter(public_id=values[name]).first()
    if other is None or other.retired_at is not None:
        return False
    if name != "exchange":
        return True
    place = {each: values.get(each, _id(getattr(record, each))) for each in ("talk", "session")}
    return all(_id(getattr(other, each)) == place[each] for each in place)


def _id(record: Record | None) -> str | None:
    return record.public_id if record else None


def _plan_topics(record: Record, n: int, log: list[Change], plan: Restoration) -> None:
    """Topics follow from the words and from what people added or refused; the log knows the sum of both.

    What rules find in the words as they were when the log took that sum tells the two apart.
    """
    later = [row for row in log if row.field == "topics" and row.version > n]
    plan.values.pop("topics", None)
    if not later:
        return
    first = min(later, key=lambda row: row.version)
    name = "text" if "text" in fields_of(type(record)) else "title"
    texts = [values_at(record, version, log)[name] for version in (max(first.version - 1, n), n)]
    named_then, named = deriving.named_in(texts, record.workshop_id)
    stood = set(first.before or [])
    plan.refused = (named_then - stood) | _refused_by(log, n)
    plan.by_rule = named - plan.refused
    plan.values["topics"] = sorted(plan.by_rule | (stood - named_then))


def _refused_by(log: list[Change], n: int) -> set[str]:
    """What people had taken away by version n, and not given back."""
    refused: set[str] = set()
    for row in sorted(log, key=lambda row: row.version):
        if row.field == "topics" and row.version <= n:
            before, after = set(row.before or []), set(row.after or [])
            refused = (refused | (before - after)) - (after - before)
    return refused
