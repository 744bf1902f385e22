"""Who may read one workshop, named one by one: accounts, and addresses whose accounts open with their confirmation."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from minutes.models import Reader, Workshop

from . import joining
from .permitting import only_for
from .roles import NAME_READERS


@only_for(NAME_READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def readers(request: HttpRequest, public_id: str) -> HttpResponse:
    workshop = get_object_or_404(Workshop.objects.visible_to(request.user), public_id=public_id)
    if request.method == "POST":
        if request.POST.get("remove"):
            _remove(request, workshop)
        else:
            _name(request, workshop, request.POST.get("who", "").strip())
        return redirect(request.path)
    named = workshop.readers.select_related("user__account__person__canonical", "named_by")
    return render(request, "accounts/readers.html", {"workshop": workshop, "readers": named})


def _name(request: HttpRequest, workshop: Workshop, who: str) -> None:
    user = get_user_model().objects.filter(username=who, is_active=True).first()
    if user is None and "@" not in who:
        messages.error(request, f"No account is called “{who}”: give its name, or an address of mail.")
        return
    if user is None:
        try:
            validate_email(who)
        except ValidationError:
            messages.error(request, f"“{who}” is no address of mail: check it for a missing letter.")
            return
        user = joining.owner_of(who)
    if user is not None:
        joining.name_reader(workshop, user, by=request.user)
        messages.success(request, f"{user.get_username()} may read this workshop.")
        return
    if not workshop.readers.filter(user=None, email__iexact=who).exists():
        Reader.objects.create(workshop=workshop, email=who, named_by=request.user)
    messages.success(request, f"{who} may read this workshop, once an account has confirmed that address.")


def _remove(request: HttpRequest, workshop: Workshop) -> None:
    sent = request.POST["remove"]
    reader = workshop.readers.select_related("user").filter(pk=sent).first() if sent.isdecimal() else None
    if reader is None:
        messages.error(request, "They are not named any more.")
        return
    reader.delete()
    messages.success(request, f"{reader} is not named for this workshop any more.")
