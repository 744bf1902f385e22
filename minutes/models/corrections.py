"""What is held against the words of a turn: a reader's report, and what a named person says instead."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from people.models import Person

from .record import SourcedRecord, Turn


class Statement(SourcedRecord):
    """A correction by the person whom it concerns. It stands beside the words, which stay as they were noted."""

    counted_by = ("person",)

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="statements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="statements")
    text = models.TextField()
    date = models.DateField(null=True, blank=True, help_text="When the person said so.")

    class Meta:
        ordering = ["turn", "date", "pk"]
        verbose_name = "statement of correction"
        verbose_name_plural = "statements of correction"

    def __str__(self) -> str:
        return self.text[:80]

    def get_absolute_url(self) -> str:
        return self.turn.get_absolute_url()


class Report(models.Model):
    """What a reader says is wrong with a turn: for the editors, who put it right or not.

    No fact of the record, so it stands outside the doors. Of a reader without an account only what he or she wrote is
    kept; `sender` tells one such reader from the next for a day, then it is emptied.
    """

    class Outcome(models.TextChoices):
        CORRECTED = "corrected", "put right"
        STATED = "stated", "a statement stands beside the words"
        KEPT = "kept", "the words stay as they are"

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="reports")
    text = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    seen = models.PositiveIntegerField()  # the version of the turn that was read
    at = models.DateTimeField(auto_now_add=True)
    sender = models.CharField(max_length=64, blank=True, db_index=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


__all__ = ["Report", "Statement"]
