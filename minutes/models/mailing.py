"""What the site sends by mail, and to whom not: reminders that were sent, saved searches, and who wants no mail.

None of it is a fact of the record: it has no history, and stands outside the doors.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from records.models import PublicId


class MailChoice(models.Model):
    """Whether somebody wants what the site sends by itself. Without a row: yes, once the address is confirmed."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice")
    reminders = models.BooleanField("reminders of what I have to do", default=True)
    searches = models.BooleanField("what is new in my saved searches", default=True)

    def __str__(self) -> str:
        return self.user.get_username()


class Reminder(models.Model):
    """That somebody was reminded of an action item: once before it is due and once after, for each date it has had.

    The row is written before the mail is sent, so that two runs at a time send it once; one that was never marked as
    sent, because the process died, is taken up again a day later.
    """

    class Kind(models.TextChoices):
        SOON = "soon", "due soon"
        OVERDUE = "overdue"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    record = models.ForeignKey(PublicId, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=7, choices=Kind)
    due = models.DateField()
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "record", "kind", "due"], name="one_reminder_for_each_date")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.record_id}"


class SavedSearch(models.Model):
    """A search that somebody comes back to; with mail, what it finds anew is told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    text = models.CharField("searched for", max_length=1000, help_text="The query in its canonical form.")
    mailed = models.BooleanField("told by mail", default=True)
    known = models.JSONField(default=list, help_text="Permanent ids of what was found before.")
    told = models.PositiveIntegerField(default=0, help_text="How often it was told: two runs at a time tell it once.")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["text", "pk"]
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint(fields=["user", "text"], name="one_saved_search_per_text")]

    def __str__(self) -> str:
        return self.text
