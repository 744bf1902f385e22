"""Who changed what, when, why; and where a correction and a corrected source disagree."""

from django.conf import settings
from django.db import models

from records.models import Guarded, PublicId

from .sources import ImportRun


class Change(Guarded):
    """One field of one record: before and after, in the terms of `minutes.fields` (texts, numbers, permanent ids)."""

    group = models.UUIDField(db_index=True)  # shared by all that was changed in one go
    record = models.ForeignKey(PublicId, models.PROTECT, related_name="changes")
    field = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    version = models.PositiveIntegerField()  # of the record, once changed
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    run = models.ForeignKey(ImportRun, models.PROTECT, null=True, blank=True, related_name="changes")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"


class Conflict(Guarded):
    """A field that people corrected and the source changed as well: the correction stands until somebody settles it."""

    class Outcome(models.TextChoices):
        MINE = "mine", "the correction was kept"
        THEIRS = "theirs", "the source was taken"
        EDITED = "edited", "somebody wrote a third text"

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="conflicts")
    record = models.ForeignKey(PublicId, models.PROTECT, related_name="conflicts")
    field = models.CharField(max_length=40)
    base = models.JSONField(null=True)
    source = models.JSONField(null=True)
    current = models.JSONField(null=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    # None of these three where a later import settled it: the source went back, or changed once more.
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True)
    stood = models.JSONField(null=True)  # what an undo puts back ...
    became = models.JSONField(null=True)  # ... if this still stands

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"
