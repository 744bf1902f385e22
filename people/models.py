"""Persons, and the labels under which minutes name them."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import slugify

from people.names import fold, parse
from records.models import Record, RecordQuerySet


class PersonQuerySet(RecordQuerySet):
    def canonical(self):
        """Those that lists show: neither retired nor merged into another."""
        return self.living().filter(merged_into__isnull=True)


class Person(Record):
    shown_by = ("self", "merged_into")

    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, db_index=True, editable=False)  # folded, surname first
    filled = ("sort_name",)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name

    def fill(self) -> None:
        name = parse(self.name)
        self.sort_name = " ".join((*name.surname, *name.given))[:200]

    @property
    def slug(self) -> str:
        return slugify(self.name) or "person"

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.public_id, self.slug])


class Alias(Record):
    """What a label means: a person, nobody by decision, or a question that waits for a human.

    `scope` says where that holds: everywhere, in one series or in one workshop (then `scope_id` is its permanent id).
    """

    shown_by = ("person",)

    class Scope(models.TextChoices):
        EVERYWHERE = "everywhere"
        SERIES = "series"
        WORKSHOP = "workshop", "this workshop"

    class State(models.TextChoices):
        PERSON = "person", "a person"
        NOBODY = "nobody", "nobody"
        WAITING = "waiting", "waiting for a human"

    label = models.CharField(max_length=200, help_text="As printed in the minutes.")
    folded = models.CharField(max_length=200, db_index=True, editable=False)
    filled = ("folded",)
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.WORKSHOP)
    scope_id = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PERSON)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="aliases")

    class Meta:
        ordering = ["label", "pk"]
        verbose_name_plural = "aliases"
        constraints = [
            models.UniqueConstraint(fields=["folded", "scope", "scope_id"], name="one_alias_per_label_and_scope"),
            models.CheckConstraint(
                condition=models.Q(state="person", person__isnull=False)
                | (~models.Q(state="person") & models.Q(person__isnull=True)),
                name="alias_person_only_in_state_person",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def fill(self) -> None:
        self.folded = fold(self.label)[:200]
