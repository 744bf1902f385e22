"""A request in, the address of whoever sent it out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address that the trusted proxy saw, or the one that connected; empty behind a socket without a proxy.

    What stands further left in `X-Forwarded-For` is what the visitor says of himself.
    """
    if settings.TRUST_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.META.get("REMOTE_ADDR", "")
