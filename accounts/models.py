"""What the site knows of somebody who signs in, beside Django's user: which person that is, and a confirmed address."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from people.models import Person


class Account(models.Model):
    """No public record: nobody cites it, so it stands outside the doors. A user without a row has set nothing yet."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="account")
    # As it was joined: whom that person was merged into is asked when it is read (`accounts.people.person_of`).
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="accounts")
    confirmed_email = models.EmailField(blank=True, editable=False)
    email_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return self.user.get_username()

    @property
    def address(self) -> str:
        """Where mail may be sent: the user's address if it was confirmed, else nothing."""
        confirmed = bool(self.email_confirmed_at) and self.user.email.casefold() == self.confirmed_email.casefold()
        return self.user.email if confirmed else ""
