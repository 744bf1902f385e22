"""Single sign-on: django-allauth speaks OpenID Connect; here stands what it may do on this site. Loaded only where a
provider is set (OIDC_SERVER).

An account is found by provider and subject, never by an address. A subject that nobody has yet makes an account that
reads, and is nobody in the minutes: an invitation or a curator says who it is.
"""

from __future__ import annotations

from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from . import joining
from .people import account_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider; which may not answer."""
    try:
        return views.login(request, provider_id)
    except requests.RequestException:
        return refuse(request, "It does not answer at the moment: try again later, or sign in with a password.", 503)


def refuse(request: HttpRequest, why: str, status: int) -> HttpResponse:
    shown = {"title": "You could not be signed in", "why": why}
    return render(request, "accounts/refused.html", shown, status=status)


class AccountAdapter(DefaultAccountAdapter):
    def add_message(self, *args: Any, **given: Any) -> None:
        """The header says who is signed in."""


class Adapter(DefaultSocialAccountAdapter):
    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Any:
        """Name and name of the account, as the provider has them; no address before it is known to be theirs."""
        user = super().populate_user(request, sociallogin, data)
        user.email = ""
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Raises ImmediateHttpResponse where there is a page to show instead."""
        said = sociallogin.account.extra_data
        told, signed = said.get("userinfo") or {}, said.get("id_token") or {}
        if told.get("sub") != signed.get("sub"):
            self._stop(request, "What the provider says of you does not agree with itself: tell its administrators.")
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            self._stop(request, "This link asks for something that this site does not offer.")
        # Nothing of what the provider tells is kept, but for the subject.
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = []
        sociallogin.user.backend = BACKEND
        sociallogin.proven_address = told.get("email", "") if told.get("email_verified") is True else ""
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            if not sociallogin.user.is_active:
                self._stop(request, "Your account is closed: ask an administrator of this site.")
            _note_address(sociallogin)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Any:
        user = super().save_user(request, sociallogin, form)
        _note_address(sociallogin)
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            messages.info(request, "You were not signed in.")
            raise ImmediateHttpResponse(redirect("accounts:sign-in"))
        self._stop(request, "The provider's answer was too old, or could not be used: try once more.")

    @staticmethod
    def _stop(request: HttpRequest, why: str) -> None:
        raise ImmediateHttpResponse(refuse(request, why, 403))


def _note_address(sociallogin: SocialLogin) -> None:
    """An address that the provider checked counts as confirmed; one that somebody confirmed here is left."""
    account = account_of(sociallogin.user)
    if sociallogin.proven_address and account is not None and not account.address:
        joining.claim(sociallogin.user, sociallogin.proven_address)
