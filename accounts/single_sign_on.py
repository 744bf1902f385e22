"""What the sign-in page offers beside a password, where the site is set up for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    address: str


def offered(to: str = "") -> Offer | None:
    """The provider, and the address at which signing in with it begins; `to` is where it leads afterwards."""
    provider = settings.OIDC
    if provider is None:
        return None
    address = reverse("openid_connect_login", args=[provider.key])
    return Offer(provider.name, f"{address}?{urlencode({'next': to})}" if to else address)
