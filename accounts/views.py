"""Signing in and out, passwords, the account of one's own, and its address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from minutes.models import Workshop
from minutes.models.access import named_for

from . import confirming, joining
from .forms import AddressForm, SignInForm
from .people import account_of, person_of
from .single_sign_on import offered

sign_out = require_POST(auth.LogoutView.as_view())


class SignIn(auth.LoginView):
    """To where the visitor came from, if that is a page of this site; Django's view sees to that."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {"offered": offered(self.get_redirect_url())}


def admin_door(request: HttpRequest) -> HttpResponse:
    """The administration sends everybody here who may not enter it; who is signed in would only be sent in circles."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = reverse("admin:index")
    return redirect(f"{reverse('accounts:sign-in')}?{urlencode({'next': wanted})}")


class Password(auth.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:account")

    def dispatch(self, request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Http404("This account has no password: it signs in elsewhere.")
        return super().dispatch(request, *args, **given)

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed. You stay signed in here, and nowhere else."))
        return super().form_valid(form)


class Reset(auth.PasswordResetView):
    """Says the same whether or not there is such an account."""

    template_name = "accounts/reset.html"
    email_template_name = "accounts/reset_mail.txt"
    subject_template_name = "accounts/reset_subject.txt"
    success_url = reverse_lazy("accounts:reset-sent")

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {"sends": bool(settings.MAIL_FROM)}

    def post(self, request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        if not settings.MAIL_FROM:
            return self.render_to_response(self.get_context_data(), status=404)
        return super().post(request, *args, **given)


def reset_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/reset_sent.html")


class ResetConfirm(auth.PasswordResetConfirmView):
    template_name = "accounts/reset_confirm.html"
    success_url = reverse_lazy("accounts:sign-in")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is set: sign in with it."))
        return super().form_valid(form)


@login_required
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """What the site knows of whoever is signed in."""
    shown = {
        "account": account_of(request.user),
        "person": person_of(request.user),
        "roles": sorted(request.user.groups.values_list("name", flat=True)),
        "named": Workshop.objects.visible_to(request.user).filter(pk__in=named_for(request.user)),
        "address_form": AddressForm(initial={"email": request.user.email}),
        "sends": bool(settings.MAIL_FROM),
    }
    return render(request, "accounts/account.html", shown)


@login_required
@require_POST
def address(request: HttpRequest) -> HttpResponse:
    """Mails a link to the address; nothing is written before somebody opens it."""
    form = AddressForm(request.POST)
    if not settings.MAIL_FROM:
        messages.error(request, _("This site sends no mail, so that no address can be confirmed."))
    elif not form.is_valid():
        messages.error(request, _("That is no address of mail: check it for a missing letter."))
    elif confirming.send_link(request, form.cleaned_data["email"]):
        messages.success(request, f"A link is on its way to {form.cleaned_data['email']}: open it to confirm.")
    else:
        messages.error(request, _("The mail could not be sent just now: try again later."))
    return redirect("accounts:account")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """By a button, as programs that check mail open links."""
    try:
        email = confirming.address_in(token, request.user)
    except signing.BadSignature:
        shown = {"title": "This link does not work", "why": "Ask for a new one on the page of your account."}
        return render(request, "accounts/refused.html", shown, status=410)
    if request.method == "POST":
        opened = joining.claim(request.user, email)
        more = f" {opened} workshop{'s are' if opened != 1 else ' is'} open to you now." if opened else ""
        messages.success(request, f"{email} is confirmed.{more}")
        return redirect("accounts:account")
    return render(request, "accounts/confirm_address.html", {"email": email})
