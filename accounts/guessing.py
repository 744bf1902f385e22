"""What slows the guessing of passwords, for django-axes: whence a visitor comes, and the page of one who must wait."""

from __future__ import annotations

import ipaddress
import math
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

UNKNOWN = "0.0.0.0"


def address_of(request: HttpRequest) -> str:
    """Behind a trusted proxy, what that proxy itself added last to X-Forwarded-For; all before it anybody may write.

    Of IPv6 the network, as one visitor has 2^64 addresses to guess from.
    """
    stated = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        stated = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or stated
    try:
        address = ipaddress.ip_address(stated)
    except ValueError:
        return UNKNOWN  # such as a server on a Unix socket: all who come that way share one count
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return str(address.ipv4_mapped or address) if address.version == 6 else str(address)


def locked(request: HttpRequest, response: HttpResponse, credentials: dict[str, str] | None) -> HttpResponse:
    """Says when to try again, to the minute; the same for a name that has no account."""
    username = (credentials or {}).get("username") or request.POST.get("username", "")
    until = _ends(username, address_of(request))
    seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
    shown = {"until": until, "minutes": math.ceil(seconds / 60)}
    page = render(request, "accounts/locked.html", shown, status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


def _ends(username: str, address: str) -> datetime:
    tries = AccessAttempt.objects.filter(username=username, ip_address=address)
    return (tries.aggregate(last=Max("attempt_time"))["last"] or timezone.now()) + settings.AXES_COOLOFF_TIME
