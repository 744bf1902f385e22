"""The one door for what people change: row, change log and version in one transaction.

    with change(user, "typo in the name") as c:
        c.set(person, name="Ada Lovelace")

Admin, forms and the API all come through here, so that nothing is ever changed without who, when, before, after, why.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from people.models import NameStep, Person, PersonMerge
from records.door import writing
from records.models import Origin, PublicId, Record
from themes.models import Topic

from . import deriving
from .fields import FIELDS, fields_of, find_record, same, values_of
from .identities import still_named
from .models import Change, Exchange, Session, Talk, Theme, TopicRefusal
from .retiring import places_of
from .uniting import join, part, repoint


class Stale(Exception):
    """Somebody else changed the record since it was read: nothing was written."""

    def __init__(self, record: Record, seen: int):
        super().__init__(
            f"{record} was changed by somebody else since you opened it (version {record.version}, you saw {seen}). "
            "Look at what stands there now, then save again."
        )
        self.record = record


class ChangeSet:
    """All that one person changes in one go; the rows of its log share a group."""

    def __init__(self, user: Any, reason: str):
        self.user = user if getattr(user, "is_authenticated", False) else None
        self.reason = reason[:300]
        self.group = uuid.uuid4()
        self.moment = timezone.now()  # one for all, so that what was retired together comes back together

    def create(self, model: type[Record], **values: Any) -> Record:
        """A record that a person adds: it has no base, so no re-import touches it.

        Columns that are not in `minutes.fields` (the workshop of a talk) are given as they are.
        """
        known = fields_of(model)
        record = model(origin=Origin.PERSON, **{name: v for name, v in values.items() if name not in known})
        stated = {name: value for name, value in values.items() if name in known}
        self._check(record, stated)
        self._assign(record, stated)
        stated = {name: known[name].normal(record, v) if known[name].in_rows else v for name, v in stated.items()}
        record.validate_constraints()
        record.save()
        self._replace_rows(record, stated)
        deriving.derive([record])
        after = values_of(record, stated)
        self._log(record, {name: (None, value) for name, value in after.items()})
        return record

    def set(self, record: Record, *, seen: int | None = None, origin: str = Origin.PERSON, **values: Any) -> bool:
        """Changes fields, in the terms of `minutes.fields`; says whether anything differed.

        `seen` is the version that the person looked at: with a newer one in the database, raises Stale. `origin` is
        that of rows which have one (voices, topics): whose undoing brings back what a rule had read says so.
        """
        self._refresh(record, seen)
        if isinstance(record, Person) and "merged_into" in values:
            moved = self._repoint(record, values.pop("merged_into"))
            return bool(values and self.set(record, origin=origin, **values)) or moved
        known = fields_of(type(record))
        values = _with_siblings(record, values)
        self._check(record, values)
        before = values_of(record, values)
        self._assign(record, values)
        asked = {
            name: known[name].normal(record, value) if known[name].in_rows else known[name].read(record)
            for name, value in values.items()
        }
        differing = {name: value for name, value in asked.items() if not same(known[name], value, before[name])}
        if not differing:
            return False
        record.version += 1
        record.validate_constraints()
        columns = [name for name in differing if not known[name].in_rows]
        record.validate_unique(exclude={column.name for column in record._meta.fields} - set(columns))
        record.save(update_fields=[*columns, "version"])
        self._replace_rows(record, differing, origin)
        deriving.derive([record], changed=set(differing))
        after = values_of(type(record).objects.get(pk=record.pk), differing)
        self._log(record, {name: (before[name], after[name]) for name in differing})
        return True

    def retire(
        self, record: Record, reason: str = "", *, seen: int | None = None, successor: Record | None = None
    ) -> None:
        """Takes a record, and all that stands in it, out of every list; its link says so, or leads to its successor."""
        self._refresh(record, seen)
        leaving = [each for each in (record, *within(record)) if each.retired_at is None]
        for each in leaving:
            self._set_retired(each, reason or self.reason or "retired")
        if successor is not None:
            PublicId.objects.filter(value=record.public_id).update(moved_to=successor.public_id)
        deriving.derive(leaving, changed={"retired"})

    def bring_back(self, record: Record, *, seen: int | None = None) -> None:
        """Undoes `retire`, also for what was retired together with the record.

        Nothing living stands in a place that is out of the lists, where nobody could read it: the record's places come
        back too, and the people whom it names, where an import that was undone had taken them along.
        """
        self._refresh(record, seen)
        together = record.retired_at
        returning = [each for each in (record, *within(record)) if each.retired_at and each.retired_at == together]
        returning = [place for place in places_of(record) if place.retired_at] + returning
        for each in returning:
            self._set_retired(each, None)
        returning += self._bring_back_the_named()
        deriving.derive(returning, changed={"retired"})

    def _bring_back_the_named(self) -> list[Person]:
        left = Person.objects.filter(retired_by=Origin.RULE).in_bulk(field_name="public_id")
        named = [left[one] for one in sorted(still_named(left.keys()))] if left else []
        for person in named:
            self._set_retired(person, None)
        return named

    def merge(self, gone: Person, kept: Person, choices: dict[str, str] | None = None) -> PersonMerge:
        """Says that two records are one person. No row moves: `gone` points to `kept`, and reading follows.

        `choices` are what is shown of both where they differ: `{"name": ...}`. Raises ValidationError, in a sentence,
        for what cannot be merged.
        """
        self._refresh(gone, None)
        self._refresh(kept, None)
        merge = join(gone, kept, choices or {}, self.user, self.reason)
        told = f"{gone.name} and {kept.name} are one person."[:500]
        NameStep.objects.create(kind=NameStep.Kind.MERGE, group=uuid.uuid4(), merge=merge, told=told, by=self.user)
        self._log(gone, {"merged_into": (None, kept.public_id)})
        return merge

    def undo_merge(self, merge: PersonMerge) -> None:
        """Clears the pointer and the choices, at any time; what was edited since stays on the record it was made on."""
        merge.refresh_from_db()
        if merge.undone_at is None:
            part(merge, self.user, self.moment)
            step = NameStep.objects.filter(merge=merge)
            step.update(undone_at=self.moment, undone_by=self.user, undone_group=self.group)
            self._log(merge.gone, {"merged_into": (merge.kept.public_id, None)})

    def _repoint(self, gone: Person, public_id: str | None) -> bool:
        stands = gone.merged_into
        if (stands.public_id if stands else None) == public_id:
            return False
        if stands:
            living = repoint(gone)
            for merge in living:
                self.undo_merge(merge)
            if not living:
                self._log(gone, {"merged_into": (stands.public_id, None)})
        if public_id:
            self.merge(gone, find_record(Person, public_id))
        return True

    def require_seen(self, record: Record, seen: int) -> None:
        """Raises Stale where somebody changed the record since; brings it up to date."""
        self._refresh(record, seen)

    def settle_topics(self, record: Record, *, refused: set[str], by_rule: set[str]) -> None:
        """After a restore: what people refused is that alone, and what rules find is theirs again, not a person's."""
        TopicRefusal.objects.filter(record=record.public_id).exclude(topic__public_id__in=refused).delete()
        missing = Topic.objects.filter(public_id__in=refused).exclude(refusals__record=record.public_id)
        TopicRefusal.objects.bulk_create([TopicRefusal(record_id=record.public_id, topic=topic) for topic in missing])
        through = deriving.THROUGH[type(record)]
        through.objects.filter(content_object=record, tag__public_id__in=by_rule).update(origin=Origin.RULE)

    def allow_topics(self, record: Record, topics: set[str]) -> None:
        """Takes back that people refused these: undoing what gave a topic to a record is no word against it."""
        TopicRefusal.objects.filter(record=record.public_id, topic__public_id__in=topics).delete()

    def _refresh(self, record: Record, seen: int | None) -> None:
        """What was read earlier may be old by now; nobody can write between this and the end of the set."""
        record.refresh_from_db()
        record._prefetched_objects_cache = {}
        if seen is not None and record.version != seen:
            raise Stale(record, seen)

    def _set_retired(self, record: Record, reason: str | None) -> None:
        before = record.retired_reason or None
        record.retired_at = None if reason is None else self.moment
        record.retired_reason = (reason or "")[:300]
        record.retired_by = "" if reason is None else Origin.PERSON
        record.version += 1
        record.save(update_fields=["retired_at", "retired_reason", "retired_by", "version"])
        self._log(record, {"retired": (before, reason)})
        if reason is None:  # its id leads to itself again, where it was joined with another record
            PublicId.objects.filter(value=record.public_id, moved_to__isnull=False).update(moved_to=None)

    def _check(self, record: Record, values: dict[str, Any]) -> None:
        """Raises ValidationError for a value that the field does not take, before anything is written."""
        known = fields_of(type(record))
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"{type(record).__name__} has no field {name!r} that people change")
            if not known[name].in_rows:
                known[name].check(record, value)

    def _assign(self, record: Record, values: dict[str, Any]) -> None:
        known = fields_of(type(record))
        for name, value in values.items():
            if not known[name].in_rows:
                known[name].assign(record, value)

    def _replace_rows(self, record: Record, values: dict[str, Any], origin: str = Origin.PERSON) -> None:
        for field in FIELDS[type(record)]:
            if field.name in values and field.in_rows:
                field.replace(record, values[field.name], origin=origin)
        record._prefetched_objects_cache = {}

    def _log(self, record: Record, fields: dict[str, tuple[Any, Any]]) -> None:
        Change.objects.bulk_create(
            Change(
                group=self.group,
                record_id=record.public_id,
                field=name,
                before=before,
                after=after,
                version=record.version,
                reason=self.reason,
                by=self.user,
            )
            for name, (before, after) in fields.items()
        )


@contextmanager
def change(user: Any, reason: str = "") -> Iterator[ChangeSet]:
    """Opens the door. All of it is written, or (on any exception) none."""
    with writing():
        yield ChangeSet(user, reason)


def _with_siblings(record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """A label is either strong or weak, a turn bears a theme out or not: who sets one kind may move it from the other,
    and the log must say so."""
    if isinstance(record, Theme):
        return _with_evidence(record, values)
    if not isinstance(record, Topic) or not {"labels", "weak_labels"} & values.keys():
        return values
    stands = values_of(record, ("labels", "weak_labels"))
    for name, other in (("labels", "weak_labels"), ("weak_labels", "labels")):
        if name in values and other not in values:
            values = values | {other: [label for label in stands[other] if label not in (values[name] or [])]}
    return values


def _with_evidence(record: Theme, values: dict[str, Any]) -> dict[str, Any]:
    for name, other in (("evidence", "refused"), ("refused", "evidence")):
        if name in values and other not in values:
            field, stands = fields_of(Theme)[name], values_of(record, [other])[other]
            moved = {row["turn"] for row in field.normal(record, values[name])}
            left = [row for row in stands if row["turn"] not in moved]
            values = values if left == stands else values | {other: left}
    return values


def within(record: Record) -> Iterator[Record]:
    """All records that stand in this one, and so leave the lists with it."""
    children: dict[type[Record], tuple[str, ...]] = {
        Session: ("talks", "exchanges", "turns", "links", "notes", "actionitems", "decisions"),
        Talk: ("exchanges", "turns", "links", "notes", "actionitems", "decisions"),
        Exchange: ("turns",),
    }
    names = children.get(type(record), ())
    if record.kind_name() == "day":
        names = ("sessions", "talks")
    elif record.kind_name() == "turn":
        names = ("actionitems", "decisions", "statements")
    elif record.kind_name() == "theme":
        names = ("actionitems", "decisions")
    seen: set[tuple[str, int]] = set()
    for name in names:
        for child in getattr(record, name).all():
            for each in (child, *within(child)):
                if (each.kind_name(), each.pk) not in seen:
                    seen.add((each.kind_name(), each.pk))
                    yield each
