"""Letters in; mail out, each with the way to have no more of it. Nothing is sent before the site has a sender."""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from .models import MailChoice

UNSENT = (SMTPException, OSError)
_SIGNER = signing.Signer(salt="minutes.mailing")
#: What may be stopped, with the words for it; each is a column of `MailChoice`.
KINDS = {"reminders": "reminders of what you have to do", "searches": "mail about your saved searches"}


class NotConfigured(Exception):
    """The site cannot send mail; the message is one sentence that says what to set."""


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    text: str
    stop: str  # the address that ends letters of this kind


def require_sender() -> None:
    if not settings.MAIL_FROM or not settings.SITE_ADDRESS:
        missing = [name for name in ("MAIL_FROM", "SITE_ADDRESS") if not getattr(settings, name)]
        verb = "is" if len(missing) == 1 else "are"
        raise NotConfigured(f"No mail was sent, as {' and '.join(missing)} {verb} not set (see docs/running.md).")


class Post:
    """One connection for all letters of a run. As a context manager it opens and closes it."""

    def __enter__(self) -> Post:
        require_sender()
        self.connection = get_connection()
        self.connection.open()
        return self

    def __exit__(self, *exception: object) -> None:
        self.connection.close()

    def send(self, letter: Letter) -> None:
        """Raises UNSENT; the next letter gets a connection of its own then."""
        footer = f"-- \nNo more of these: {letter.stop}\n"
        message = EmailMessage(
            letter.subject,
            f"{letter.text}\n{footer}",
            to=[letter.to],
            connection=self.connection,
            headers={
                "List-Unsubscribe": f"<{letter.stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            },
        )
        try:
            message.send()
        except UNSENT:
            self.connection.close()
            raise


# The way out


def stop_address(user: Any, kind: str, site: str) -> str:
    token = _SIGNER.sign_object({"user": user.pk, "kind": kind})
    return f"{site}{reverse('minutes:mail-stop', args=[token])}"


def read_token(token: str) -> tuple[Any, str] | None:
    """Whose letters of which kind; None for what this site did not sign, or for an account that is gone."""
    try:
        said = _SIGNER.unsign_object(token)
    except signing.BadSignature:
        return None
    user = get_user_model().objects.filter(pk=said["user"]).first()
    return (user, said["kind"]) if user and said["kind"] in KINDS else None


def choose(user: Any, kind: str, wanted: bool) -> None:
    MailChoice.objects.update_or_create(user=user, defaults={kind: wanted})


def wants(user: Any) -> MailChoice:
    """What this user chose; a row that is not saved where he or she chose nothing yet."""
    return MailChoice.objects.filter(user=user).first() or MailChoice(user=user)
