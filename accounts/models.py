"""What the site knows of somebody who signs in, beside Django's user: which person that is, a confirmed address, and
the invitations by which people come."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from minutes.models.record import Workshop
from people.models import Person

from .roles import Role


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


class InvitationQuerySet(models.QuerySet):
    def standing(self, now: datetime) -> InvitationQuerySet:
        """Those whose link works still."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)

    def by_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=hash_of(token))


class Invitation(models.Model):
    """A link that makes an account, or finds one, and joins it with a person. It works once, until it ends.

    Only a hash of the link's token is kept: a copy of the database opens nothing.
    """

    class State(models.TextChoices):
        OPEN = "open", "open"
        USED = "used", "used"
        REVOKED = "revoked", "taken back"
        EXPIRED = "expired", "ended"

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        help_text="Whom the minutes mean by the invited. Left empty for somebody whom the minutes do not name.",
    )
    note = models.CharField(
        "for whom", max_length=150, blank=True, help_text="A word for yourself; nobody else sees it."
    )
    role = models.CharField(
        max_length=20, choices=[(role.value, role.value) for role in Role], default=Role.READER.value
    )
    workshops = models.ManyToManyField(
        Workshop,
        blank=True,
        related_name="+",
        help_text="Workshops that the invited may read, whatever their visibility.",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="invitations_made"
    )
    made_at = models.DateTimeField("made", auto_now_add=True)
    expires_at = models.DateTimeField("ends")
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="invitations_used"
    )
    used_at = models.DateTimeField("used", null=True, editable=False)
    revoked_at = models.DateTimeField("taken back", null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Invitation for {self.invited}"

    @property
    def invited(self) -> str:
        return self.person.lives_on.shown_name if self.person else self.note or "somebody"

    @property
    def state(self) -> str:
        if self.used_at:
            return self.State.USED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN

    @property
    def state_told(self) -> str:
        """With when, and by whom."""
        told = {
            self.State.OPEN: f"open until {day(self.expires_at)}",
            self.State.USED: f"used on {day(self.used_at)} by {self.used_by or 'an account that is gone'}",
            self.State.REVOKED: f"taken back on {day(self.revoked_at)}",
            self.State.EXPIRED: f"ended on {day(self.expires_at)}",
        }
        return told[self.State(self.state)]

    def renew_token(self) -> str:
        """A token that nobody can guess; it is told here and never again."""
        token = secrets.token_urlsafe(32)
        self.token_hash = hash_of(token)
        return token


def day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j F Y") if moment else ""


def hash_of(token: str) -> str:
    """Without salt and without stretching: there are 256 random bits to guess."""
    return sha256(token.encode()).hexdigest()
