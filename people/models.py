"""Persons, and the labels under which minutes name them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.text import slugify

from people.names import fold, parse
from records.models import Guarded, Record, RecordQuerySet


class PersonQuerySet(RecordQuerySet):
    def canonical(self):
        """Those that lists show: neither retired nor merged into another."""
        return self.living().filter(merged_into__isnull=True)


class Person(Record):
    """Somebody whom minutes name. Merging moves no rows: a merged record points on, and all that pages read goes
    through `canonical`, the record at the end of that way."""

    shown_by = ("self", "merged_into", "canonical")

    name = models.CharField(max_length=200)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    # Derived, never history: from the name, from the choices of living merges, and from the way of `merged_into`.
    shown_name = models.CharField(max_length=200, editable=False, default="")
    sort_name = models.CharField(max_length=200, db_index=True, editable=False)  # folded, surname first
    canonical = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="identities"
    )
    filled = ("shown_name", "sort_name", "canonical")

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("id")), name="person_not_merged_into_self")
        ]

    def __str__(self) -> str:
        return self.shown_name or self.name

    def save(self, *args, **options):
        """Whoever was merged into this one comes along, however long the way."""
        super().save(*args, **options)
        waiting = [self]
        while waiting:
            one = waiting.pop()
            for other in Person.objects.filter(merged_into=one).exclude(canonical=one.lives_on):
                Person.objects.filter(pk=other.pk).update(canonical=one.lives_on)
                other.canonical = one.lives_on
                waiting.append(other)

    def fill(self) -> None:
        self.shown_name = self._chosen_name() or self.name
        name = parse(self.shown_name)
        self.sort_name = " ".join((*name.surname, *name.given))[:200]
        self.canonical = self._end_of_way()

    def _chosen_name(self) -> str:
        """What was chosen when others were merged into this one, as long as nobody renamed it since."""
        if not self.pk:
            return ""
        for choices in self.merges.filter(undone_at__isnull=True).order_by("-pk").values_list("choices", flat=True):
            chosen = choices.get("name")
            if chosen and chosen["instead_of"] == self.name:
                return chosen["shown"]
        return ""

    def _end_of_way(self) -> Person | None:
        """Raises ValidationError where the way leads back to where it began."""
        if self.merged_into is None:
            return None
        one, seen = Person.objects.get(pk=self.merged_into_id), {self.pk}
        while one.pk not in seen:
            if one.merged_into_id is None:
                return one
            seen.add(one.pk)
            one = Person.objects.get(pk=one.merged_into_id)
        raise ValidationError(f"{self.name} cannot be merged into {self.merged_into.name}: that leads back here.")

    @property
    def lives_on(self) -> Person:
        """The record that pages show for this one."""
        return self.canonical or self

    @property
    def living_merge(self) -> PersonMerge | None:
        """The merge by which this record points on."""
        return self.mergings.filter(undone_at__isnull=True).first() if self.merged_into_id else None

    @property
    def slug(self) -> str:
        return slugify(self.shown_name) or "person"

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.public_id, self.slug])


class PersonMerge(Guarded):
    """That two records are one person, and what is shown of the two. Undone, it stays as what was once thought."""

    kept = models.ForeignKey(Person, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Person, models.PROTECT, related_name="mergings")
    choices = models.JSONField(default=dict)  # {"name": {"shown": chosen, "instead_of": the kept record's own}}
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at__isnull=True), name="one_living_merge_per_person"
            ),
            models.CheckConstraint(condition=~models.Q(kept=models.F("gone")), name="merge_of_two_records"),
        ]

    def __str__(self) -> str:
        return f"{self.gone.name} is {self.kept.name}"


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


class NameStep(Guarded):
    """One thing that somebody did at the names desk, in one go: to be listed, and to be undone."""

    class Kind(models.TextChoices):
        DECISION = "decision", "a label was decided"
        MERGE = "merge", "two records were merged"
        SPLIT = "split", "a person was split"

    kind = models.CharField(max_length=8, choices=Kind)
    group = models.UUIDField(unique=True)  # of the change log; one of its own for a merge
    merge = models.OneToOneField(PersonMerge, models.PROTECT, null=True, blank=True, related_name="step")
    undone_group = models.UUIDField(null=True, blank=True)
    told = models.CharField(max_length=500)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.told
