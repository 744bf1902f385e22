"""An address that somebody states in, a mail with a signed link out; the link in, the address that it proves out."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from django.core import signing
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

SALT = "accounts.confirming"
VALID = 24 * 60 * 60

log = logging.getLogger(__name__)


def send_link(request: HttpRequest, email: str) -> bool:
    """Whether the mail left. The link holds for this account only, so that nobody confirms an address for another."""
    token = signing.dumps([request.user.pk, email], salt=SALT)
    link = request.build_absolute_uri(reverse("accounts:confirm-address", args=[token]))
    text = render_to_string("accounts/address_mail.txt", {"link": link, "user": request.user})
    try:
        send_mail("Confirm your address", text, None, [email])
    except (smtplib.SMTPException, OSError) as problem:
        log.warning("A mail to confirm an address could not be sent: %s", problem)
        return False
    return True


def address_in(token: str, user: Any) -> str:
    """Raises signing.BadSignature, also where the link is another account's or too old."""
    key, email = signing.loads(token, salt=SALT, max_age=VALID)
    if key != user.pk:
        raise signing.BadSignature("The link is another account's.")
    return str(email)
