"""What every public record has: a permanent id in one registry, a version, an origin, and retirement for deletion."""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models, transaction

from . import door
from .door import require_open
from .ids import LENGTH, new_id


class Origin(models.TextChoices):
    RULE = "rule", "read by rule"
    PERSON = "person", "set by a person"


class GuardedQuerySet(models.QuerySet):
    """Bulk writes pass the same guard as `save()`."""

    def update(self, **values):
        require_open(self.model)
        noted = self.model.note_rows(self)
        count = super().update(**values)
        if noted and self.model.keys_shown() & values.keys():
            self.model.note_rows(self.model.objects.filter(pk__in=noted))
        return count

    update.alters_data = True

    def delete(self):
        require_open(self.model)
        self.model.note_rows(self)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, **options):
        require_open(self.model)
        made = super().bulk_create(objs, *args, **options)
        for row in made:
            row.note()
        return made

    def bulk_update(self, objs, fields, *args, **options):
        require_open(self.model)
        objs = list(objs)
        self._note_change(objs, fields)
        return super().bulk_update(objs, fields, *args, **options)

    def _note_change(self, rows: Sequence["Guarded"], columns: Iterable[str]) -> None:
        """Before these columns are written: what shows the rows as they stand in the database, and as they will."""
        if self.model.keys_shown().intersection(columns):
            for start in range(0, len(rows), 500):
                keys = [row.pk for row in rows[start : start + 500]]
                self.model.note_rows(self.model.objects.filter(pk__in=keys))
        for row in rows:
            row.note()

    def rewrite(self, objs: Iterable[models.Model], columns: Iterable[str], batch_size: int = 500) -> None:
        """Like `bulk_update` for rows that were read whole: one plain statement for each batch, ten times as fast.

        It inserts rows that are there, and so updates them: no comparison of each row with each other one.
        """
        require_open(self.model)
        objs, columns = list(objs), set(columns)
        self._note_change(objs, columns)
        key = self.model._meta.pk.name
        super().bulk_create(objs, batch_size, update_conflicts=True, unique_fields=[key], update_fields=sorted(columns))


class Guarded(models.Model):
    """A row that only the write doors may write.

    What is made of rows elsewhere (the search index) follows the outbox, so every write says what it changes there:
    the row itself ("self"), or the records to which its keys lead.
    """

    shown_by: ClassVar[tuple[str, ...]] = ()  # all that shows these records changes with the row
    counted_by: ClassVar[tuple[str, ...]] = ()  # only what is said of these records themselves

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **options):
        require_open(type(self))
        if self.pk and not self._state.adding and self.keys_shown():
            self.note_rows(type(self)._base_manager.filter(pk=self.pk))
        super().save(*args, **options)
        self.note()

    def delete(self, *args, **options):
        require_open(type(self))
        self.note()
        return super().delete(*args, **options)

    @classmethod
    def keys_shown(cls) -> set[str]:
        """The keys under which a change of the row is noted, beside the row itself."""
        return {*cls.shown_by, *cls.counted_by} - {"self"}

    @classmethod
    def note_rows(cls, rows: "models.QuerySet") -> list[int]:
        """Notes rows as they stand in the database, before they are changed there; returns their primary keys."""
        if not cls.shown_by and not cls.counted_by:
            return []
        names = sorted(cls.keys_shown())
        found = list(rows.order_by().values_list("pk", *names))
        for pk, *keys in found:
            cls._note(pk, dict(zip(names, keys, strict=True)))
        return [pk for pk, *_ in found]

    def note(self) -> None:
        """Notes the row as it is."""
        if self.pk:
            keys = {name: getattr(self, type(self)._meta.get_field(name).attname) for name in self.keys_shown()}
            self._note(self.pk, keys)

    @classmethod
    def _note(cls, pk: int, keys: dict[str, Any]) -> None:
        for names, wide in ((cls.shown_by, True), (cls.counted_by, False)):
            for name in names:
                key = pk if name == "self" else keys[name]
                kind = cls if name == "self" else cls._meta.get_field(name).related_model
                if key is not None:
                    door.note(kind._meta.model_name, key, wide)


class Outbox(models.Model):
    """What was changed, in the order of the commits: written in the same transaction, taken up by the search index.

    Numbers commit in order, as the door lets one writer in at a time. The stamp tells one database's row from the row
    of the same number in another one, or in the same one restored from a copy.
    """

    KEPT: ClassVar[int] = 20_000  # rows behind the newest; an index that is further behind is built anew

    n = models.BigAutoField(primary_key=True)
    stamp = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    key = models.BigIntegerField()
    wide = models.BooleanField()

    class Meta:
        ordering = ["n"]

    def __str__(self) -> str:
        return f"{self.n}: {self.kind} {self.key}"

    @classmethod
    def add(cls, touched: Iterable[tuple[str, int, bool]]) -> None:
        stamp = secrets.randbits(62)
        rows: Sequence[Outbox] = [cls(stamp=stamp, kind=kind, key=key, wide=wide) for kind, key, wide in touched]
        cls.objects.bulk_create(rows, batch_size=2000)


door.before_commit(Outbox.add)


class PublicId(Guarded):
    """One row for each id ever handed out: behind `/r/<id>`, and what the change log points to.

    The row outlives every change of its record, so that an id in a paper always has an answer.
    """

    value = models.CharField(primary_key=True, max_length=LENGTH)
    kind = models.CharField(max_length=20)  # the model's name in lower case
    moved_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.value

    @classmethod
    def mint(cls, kind: str, count: int = 1) -> list[str]:
        """Registers `count` new ids; call it in the transaction that creates their records."""
        minted: list[str] = []
        while len(minted) < count:
            batch = list({new_id() for _ in range(min(count - len(minted), 500))})
            taken = set(cls.objects.filter(value__in=batch).values_list("value", flat=True))
            minted += [value for value in batch if value not in taken and value not in minted]
        cls.objects.bulk_create([cls(value=value, kind=kind) for value in minted], batch_size=500)
        return minted


class RecordQuerySet(GuardedQuerySet):
    def living(self):
        """Those that lists show: not retired."""
        return self.filter(retired_at__isnull=True)

    def bulk_create(self, objs: Iterable["Record"], *args, **options):
        objs = list(objs)
        unnamed = [record for record in objs if not record.public_id]
        with transaction.atomic():
            for record, value in zip(unnamed, PublicId.mint(self.model.kind_name(), len(unnamed)), strict=True):
                record.public_id = value
            for record in objs:
                record.fill()
            return super().bulk_create(objs, *args, **options)


class Record(Guarded):
    """A thing with an address of its own. Records are retired, never deleted."""

    public_id = models.CharField("permanent id", max_length=LENGTH, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.RULE, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_reason = models.CharField(max_length=300, blank=True, editable=False)
    retired_by = models.CharField(max_length=6, choices=Origin, blank=True, editable=False)

    filled: tuple[str, ...] = ()  # columns that `fill` makes from others

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **options):
        self.fill()
        if options.get("update_fields"):
            options["update_fields"] = {*options["update_fields"], *self.filled}
        if self.public_id:
            super().save(*args, **options)
            return
        with transaction.atomic():
            [self.public_id] = PublicId.mint(self.kind_name())
            super().save(*args, **options)

    def fill(self) -> None:
        """Makes the columns in `filled`; called before every write."""

    @classmethod
    def kind_name(cls) -> str:
        return cls._meta.model_name

    @property
    def permalink(self) -> str:
        return f"/r/{self.public_id}"
