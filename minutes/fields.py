"""Every field that people correct and sources state: a record in, its value in plain terms out, and the way back.

One table serves the change log, the merge and (later) restore and export alike, so speakers, topics and owners are
fields like any text. Values are JSON: texts, numbers, ISO dates, permanent ids, and lists of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from people.models import Alias, Person
from records.models import Origin, Record
from themes.models import RecurringTheme, Topic, TopicLabel

from .models import (
    ActionItem,
    ActionOwner,
    ActionTopic,
    Addressed,
    Contact,
    Convening,
    Day,
    Decision,
    Exchange,
    Link,
    Note,
    Participation,
    Series,
    Session,
    SessionTopic,
    Speaking,
    Statement,
    Talk,
    TalkTopic,
    Theme,
    ThemeEvidence,
    ThemeTopic,
    TopicRefusal,
    Turn,
    TurnTopic,
    Voice,
    Workshop,
)

Json = Any
Find = Callable[[type[Record], str], Record]  # the record of a model with this permanent id


class UnknownRecord(ValidationError):
    """A value names a permanent id that no record of the kind has."""


def find_record(model: type[Record], public_id: str) -> Record:
    try:
        return model.objects.get(public_id=public_id)
    except model.DoesNotExist:
        raise UnknownRecord(f"No {model._meta.verbose_name} has the permanent id {public_id!r}.") from None


def _is_list_of_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


@dataclass(frozen=True, slots=True)
class Plain:
    """A column with a text, a number, a truth value or a date."""

    name: str
    in_rows: ClassVar[bool] = False
    as_set: ClassVar[bool] = False

    def read(self, record: Record) -> Json:
        value = getattr(record, self.name)
        return value.isoformat() if isinstance(value, date) else value

    def assign(self, record: Record, value: Json, find: Find = find_record) -> None:
        column = record._meta.get_field(self.name)
        setattr(record, self.name, column.to_python(value))

    def check(self, record: Record, value: Json) -> None:
        """Raises ValidationError for what the column does not take: a kind that is none, an empty title."""
        column = record._meta.get_field(self.name)
        if isinstance(column, models.CharField | models.TextField) and (not isinstance(value, str) or "\0" in value):
            raise ValidationError(f"{self.name} must be a text without null characters.")
        if isinstance(column, models.JSONField) and not _is_list_of_texts(value):
            raise ValidationError(f"{self.name} must be a list of texts.")
        column.clean(value, record)


@dataclass(frozen=True, slots=True)
class Reference:
    """A key to another record; its value is that record's permanent id."""

    name: str
    model: type[Record]
    in_rows: ClassVar[bool] = False
    as_set: ClassVar[bool] = False

    def read(self, record: Record) -> Json:
        other = getattr(record, self.name)
        return other.public_id if other else None

    def assign(self, record: Record, value: Json, find: Find = find_record) -> None:
        setattr(record, self.name, find(self.model, value) if value else None)

    def check(self, record: Record, value: Json) -> None:
        if not value and not record._meta.get_field(self.name).null:
            raise ValidationError(f"{self.name} must not be empty.")


@dataclass(frozen=True, slots=True)
class Rows:
    """An ordered list of rows that belong to the record: speakers with affiliation, voices, owners.

    A value is a list of objects: `columns` as they stand, and `key` as the permanent id of a record (or None).
    With `as_set`, order says nothing and a merge goes element by element. With `state`, the field is only the
    rows that are in it; a row goes from one field to the other, and stands in one of them.
    """

    name: str
    model: type[models.Model]
    related: str  # the name under which the record has its rows
    owner: str  # the row's key to the record
    key: str
    key_model: type[Record]
    columns: tuple[str, ...] = ()
    as_set: bool = False
    state: str = ""
    in_rows: ClassVar[bool] = True

    @property
    def among(self) -> dict[str, str]:
        """What tells its rows from those of the other field of the same model."""
        return {"state": self.state} if self.state else {}

    def read(self, record: Record) -> Json:
        if not record.pk:
            return []
        rows = []
        for row in getattr(record, self.related).all():
            if self.state and row.state != self.state:
                continue
            other = getattr(row, self.key)
            value = {self.key: other.public_id if other else None}
            rows.append(value | {column: getattr(row, column) for column in self.columns})
        return sorted(rows, key=str) if self.as_set else rows

    def normal(self, record: Record, value: Json) -> Json:
        """The value as it will be read back: each person once, columns that are not given as they stand.

        Raises ValidationError for what is no list of rows.
        """
        if not isinstance(value or [], list) or not all(isinstance(row, dict) for row in value or []):
            raise ValidationError(f"{self.name} must be a list of rows.")
        stands = {row[self.key]: row for row in self.read(record)}
        usual = {column: self.model._meta.get_field(column).get_default() for column in self.columns}
        rows: dict[Any, Json] = {}
        for row in value or []:
            who = row.get(self.key) or None
            given = {column: row[column] for column in self.columns if column in row}
            # One person may stand behind two labels of a turn, but speaks once in a talk.
            rows.setdefault((who, given.get("label")), {self.key: who, **usual, **stands.get(who, {}), **given})
        return sorted(rows.values(), key=str) if self.as_set else list(rows.values())

    def build(self, record: Record, value: Json, find: Find = find_record) -> list[models.Model]:
        """The rows, unsaved."""
        rows = []
        for position, item in enumerate(value or []):
            columns = {column: item.get(column, "") for column in self.columns}
            row = self.model(**{self.owner: record, **columns, **self.among})
            setattr(row, self.key, find(self.key_model, item[self.key]) if item.get(self.key) else None)
            if hasattr(row, "position"):
                row.position = position
            rows.append(row)
        return rows

    def replace(self, record: Record, value: Json, find: Find = find_record, origin: str = Origin.PERSON) -> None:
        rows = self.build(record, value, find)
        stood = self.model.objects.filter(**{self.owner: record}, **self.among)
        if any(hasattr(row, "origin") for row in rows):
            columns = (f"{self.key}_id", *self.columns)
            origins = {tuple(getattr(row, column) for column in columns): row.origin for row in stood}
            for row in rows:  # who says what did not change says it still
                row.origin = origins.get(tuple(getattr(row, column) for column in columns), origin)
        stood.delete()
        if self.state:
            keys = [getattr(row, f"{self.key}_id") for row in rows]
            self.model.objects.filter(**{self.owner: record, f"{self.key}__in": keys}).delete()
        self.model.objects.bulk_create(rows)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a topic, or its weak ones: a set of texts."""

    name: str
    weak: bool
    as_set: ClassVar[bool] = True
    in_rows: ClassVar[bool] = True

    def normal(self, record: Record, value: Json) -> Json:
        if not _is_list_of_texts(value or []):
            raise ValidationError(f"{self.name} must be a list of texts.")
        return sorted(set(value or []))

    def read(self, record: Topic) -> Json:
        return sorted(row.label for row in record.labels.all() if row.weak == self.weak) if record.pk else []

    def build(self, record: Topic, value: Json, find: Find = find_record) -> list[models.Model]:
        return [TopicLabel(topic=record, label=label, weak=self.weak) for label in value or []]

    def replace(self, record: Topic, value: Json, find: Find = find_record, origin: str = Origin.PERSON) -> None:
        rows = {row.label: row for row in TopicLabel.objects.filter(topic=record)}
        for label in sorted(set(value or [])):
            row = rows.pop(label, None) or TopicLabel(topic=record, label=label, origin=origin)
            row.weak = self.weak
            row.save()
        for row in rows.values():
            if row.weak == self.weak:
                row.delete()


@dataclass(frozen=True, slots=True)
class Topics:
    """What a record is about: a set of topics' permanent ids. What a person takes away stays away."""

    through: type[models.Model]
    name: str = "topics"
    as_set: ClassVar[bool] = True
    in_rows: ClassVar[bool] = True

    normal = Labels.normal

    def read(self, record: Record) -> Json:
        return sorted(row.tag.public_id for row in record.topic_items.all()) if record.pk else []

    def replace(self, record: Record, value: Json, find: Find = find_record, origin: str = Origin.PERSON) -> None:
        had, wanted = set(self.read(record)), set(value or [])
        gone = list(Topic.objects.filter(public_id__in=had - wanted))
        self.through.objects.filter(content_object=record, tag__in=gone).delete()
        TopicRefusal.objects.bulk_create(
            [TopicRefusal(record_id=record.public_id, topic=topic) for topic in gone], ignore_conflicts=True
        )
        for public_id in sorted(wanted - had):
            topic = find(Topic, public_id)
            TopicRefusal.objects.filter(record=record.public_id, topic=topic).delete()
            self.through.objects.bulk_create([self.through(content_object=record, tag=topic, origin=origin)])


Field = Plain | Reference | Rows | Labels | Topics


def people_rows(name: str, model: type[models.Model], related: str, owner: str, *columns: str, as_set=False) -> Rows:
    return Rows(name, model, related, owner, "person", Person, columns, as_set)


PLACE = (Reference("talk", Talk), Reference("session", Session))
CAUSE = (Reference("turn", Turn), Reference("theme", Theme), *PLACE)

FIELDS: dict[type[Record], tuple[Field, ...]] = {
    Series: (Plain("slug"), Plain("title")),
    Workshop: (
        *(Plain(n) for n in ("slug", "title", "start", "end", "place", "organiser", "url", "licence")),
        *(Plain(n) for n in ("visibility", "status")),
        Reference("series", Series),
        people_rows("participants", Participation, "participations", "workshop", "affiliation", as_set=True),
    ),
    Day: (Plain("n"), Plain("date"), Plain("label")),
    Session: (
        Reference("day", Day),
        Plain("order"),
        Plain("title"),
        people_rows("conveners", Convening, "convenings", "session", "affiliation"),
        Topics(SessionTopic),
    ),
    Talk: (
        Reference("day", Day),
        Reference("session", Session),
        Plain("order"),
        Plain("title"),
        Plain("status"),
        people_rows("speakers", Speaking, "speakings", "talk", "affiliation"),
        Topics(TalkTopic),
    ),
    Exchange: (*PLACE, Plain("n")),
    Turn: (
        *PLACE,
        Plain("n"),
        Plain("text"),
        Plain("kind"),
        Reference("exchange", Exchange),
        people_rows("voices", Voice, "voices", "turn", "label", "certainty"),
        people_rows("addressed", Addressed, "addressings", "turn"),
        Topics(TurnTopic),
    ),
    Link: (*PLACE, Plain("order"), Plain("label"), Plain("url")),
    Note: (*PLACE, Plain("order"), Plain("kind"), Plain("text")),
    Theme: (
        Plain("n"),
        Plain("text"),
        Reference("recurring", RecurringTheme),
        Rows("evidence", ThemeEvidence, "evidences", "theme", "turn", Turn, state=ThemeEvidence.State.ACCEPTED),
        Rows("refused", ThemeEvidence, "evidences", "theme", "turn", Turn, state=ThemeEvidence.State.REFUSED),
        Topics(ThemeTopic),
    ),
    ActionItem: (
        *CAUSE,
        *(Plain(n) for n in ("title", "quote", "status", "status_reason", "due", "due_text", "priority")),
        *(Plain(n) for n in ("explicit", "reason", "everybody", "links", "notes")),
        people_rows("owners", ActionOwner, "ownings", "action"),
        Topics(ActionTopic),
    ),
    Decision: (*CAUSE, Plain("text")),
    Statement: (Reference("turn", Turn), Reference("person", Person), Plain("text"), Plain("date")),
    Contact: (Reference("person", Person), Plain("email"), Plain("institute"), Plain("certain")),
    Person: (Plain("name"), Reference("merged_into", Person)),
    Alias: (*(Plain(n) for n in ("label", "scope", "scope_id", "state")), Reference("person", Person)),
    Topic: (
        *(Plain(n) for n in ("name", "slug", "kind", "description", "url", "context", "includes")),
        Labels("labels", weak=False),
        Labels("weak_labels", weak=True),
    ),
    RecurringTheme: (Plain("title"), Plain("description")),
}

MODELS: dict[str, type[Record]] = {model.kind_name(): model for model in FIELDS}

#: Where a record stands, not what it says: a re-import moves these along without a word in the log.
POSITIONAL = frozenset({"n", "order"})


def fields_of(model: type[Record]) -> dict[str, Field]:
    return {field.name: field for field in FIELDS[model]}


def same(field: Field, one: Json, other: Json) -> bool:
    if field.as_set:
        return sorted(one or [], key=str) == sorted(other or [], key=str)
    return one == other


def values_of(record: Record, names: Iterable[str]) -> dict[str, Json]:
    known = fields_of(type(record))
    return {name: known[name].read(record) for name in names}


def with_rows(model: type[Record], names: Iterable[str]) -> models.QuerySet:
    """Records with all that `values_of` will read of them for `names`, in a few queries whatever their number."""
    known = fields_of(model)
    chosen = [known[name] for name in names]
    single = [field.name for field in chosen if isinstance(field, Reference)]
    many = [f"{field.related}__{field.key}" for field in chosen if isinstance(field, Rows)]
    many += ["labels"] if any(isinstance(field, Labels) for field in chosen) else []
    many += ["topic_items__tag" for field in chosen if isinstance(field, Topics)]
    return model.objects.select_related(*single).prefetch_related(*many)
