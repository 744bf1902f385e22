"""Invitations: made and taken back by those who may invite, opened by those whom they name; accounts of a person."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from minutes.models import Workshop
from people.curating import person_or_404
from people.models import Person

from . import inviting, joining
from .forms import InvitationForm, NewAccountForm
from .inviting import NotInvited
from .joining import NotJoined
from .models import Account, Invitation
from .people import of_person
from .permitting import only_for
from .roles import INVITE
from .single_sign_on import offered

TOLD = "invitation_told"  # in the session of whoever made it: the link is shown once
BACKEND = "django.contrib.auth.backends.ModelBackend"


# For those who invite


@only_for(INVITE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """For the person of the address, or for somebody whom the minutes do not name."""
    person = person_or_404(request, request.GET["person"]).lives_on if request.GET.get("person") else None
    form = InvitationForm(request.POST or None, user=request.user)
    if person:
        del form.fields["note"]
    if request.method == "POST" and form.is_valid():
        try:
            made_now, token = inviting.invite(request.user, person, **form.cleaned_data)
        except NotInvited as refusal:
            form.add_error(None, str(refusal))
        else:
            tell(request, made_now, token)
            return redirect("accounts:invitation-made", made_now.pk)
    about = of_person(person) if person else Q(person=None)
    invitations = Invitation.objects.filter(about).select_related("person__canonical", "made_by", "used_by")
    shown = {"form": form, "person": person, "invitations": invitations[:50]}
    if person:
        shown["accounts"] = Account.objects.filter(about).select_related("user")
        shown["unjoined"] = get_user_model().objects.filter(account__person=None, is_active=True).order_by("username")
    return render(request, "accounts/invite.html", shown, status=400 if form.errors else 200)


def tell(request: HttpRequest, invitation: Invitation, token: str) -> None:
    request.session[TOLD] = [invitation.pk, token]


@only_for(INVITE)
@never_cache
def made(request: HttpRequest, pk: int) -> HttpResponse:
    """The link, the first time that its maker opens this page; afterwards what became of it."""
    found = get_object_or_404(Invitation.objects.select_related("person__canonical", "made_by", "used_by"), pk=pk)
    known, token = request.session.get(TOLD, (None, ""))
    link = ""
    if known == found.pk:
        del request.session[TOLD]
        link = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
    workshops = Workshop.objects.visible_to(request.user).filter(pk__in=found.workshops.values("pk"))
    shown = {"invitation": found, "link": link, "workshops": workshops}
    return render(request, "accounts/invitation_made.html", shown)


@only_for(INVITE)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.select_related("person__canonical"), pk=pk)
    if inviting.revoke(found):
        messages.success(request, "Taken back: the link does not work any more.")
    else:
        messages.error(request, "There was nothing to take back: it was used, or taken back before.")
    return _back_to(found.person)


@only_for(INVITE)
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """A curator says that an account which is there is this person."""
    person = person_or_404(request, request.POST.get("person", "")).lives_on
    named = request.POST.get("account", "").strip()
    user = get_user_model().objects.filter(username=named, is_active=True).first()
    if user is None:
        messages.error(request, f"No account is called “{named}”.")
        return _back_to(person)
    try:
        with transaction.atomic():
            joining.join(user, person)
    except NotJoined as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{user.get_username()} is {person.shown_name} from now on.")
    return _back_to(person)


@only_for(INVITE)
@require_POST
def part(request: HttpRequest) -> HttpResponse:
    person = person_or_404(request, request.POST.get("person", "")).lives_on
    named = request.POST.get("account", "")
    found = Account.objects.filter(of_person(person), user__username=named).select_related("user").first()
    if found is None:
        messages.error(request, "They are parted already.")
    else:
        joining.part(found)
        messages.success(request, f"{found} is not {person.shown_name} any more; the account stays.")
    return _back_to(person)


def _back_to(person: Person | None) -> HttpResponse:
    return redirect(reverse("accounts:invite") + (f"?person={person.lives_on.public_id}" if person else ""))


# For those who are invited


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who is signed in joins that account by a button; who is not chooses name and password of a new one."""
    found = Invitation.objects.by_token(token).select_related("person__canonical", "made_by").first()
    if found is None:
        return _refuse(request, "Nobody here made this link: check that it was copied whole.", 404)
    if complaint := inviting.why_not(found):
        return _refuse(request, complaint, 410)
    form = None if request.user.is_authenticated else NewAccountForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _accept(request, found, form)
    shown = {"invitation": found, "form": form, "offered": offered(request.path)}
    shown["workshops"] = found.workshops.all()
    return render(request, "accounts/invitation.html", shown, status=400 if form and form.errors else 200)


def _accept(request: HttpRequest, found: Invitation, form: NewAccountForm | None) -> HttpResponse:
    try:
        with transaction.atomic():
            user = form.save() if form else request.user
            joining.accept(found, user)
    except NotInvited as refusal:
        return _refuse(request, str(refusal), 410)
    except NotJoined as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    if form:
        login(request, user, backend=BACKEND)
    messages.success(request, f"Welcome. This account is {found.invited}." if found.person else "Welcome.")
    return redirect("accounts:account")


def _refuse(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "accounts/refused.html", {"title": "This link does not work", "why": why}, status=status)
