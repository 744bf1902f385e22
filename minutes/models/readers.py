"""Readers of a workshop that is not public, named one by one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from .record import Workshop


class Reader(models.Model):
    """Somebody who may read a workshop, whatever its visibility. By an address, until somebody confirms that it is
    theirs (`accounts.joining.claim`): an address that nobody confirmed opens nothing.

    Who may read is no fact of the record: it has no history that readers see, and stands outside the doors.
    """

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="readings")
    email = models.EmailField(blank=True)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "user"], name="one_reader_per_account"),
            models.UniqueConstraint(
                Lower("email"), "workshop", condition=models.Q(user__isnull=True), name="one_reader_per_address"
            ),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) | ~models.Q(email=""), name="reader_is_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.user.get_username() if self.user else self.email
