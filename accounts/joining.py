"""Who a user is, said by an invitation, a curator or a confirmed address: account and person, role and readership."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from minutes.models import Reader, Workshop
from people.models import Person

from .inviting import NotInvited, why_not
from .models import Account, Invitation
from .roles import Role, enters_admin


class NotJoined(Exception):
    """Nothing was done; the message is one sentence that says why and what to do."""


def accept(invitation: Invitation, user: Any) -> None:
    """All that the invitation says comes true for this user, once. Raises NotInvited and NotJoined."""
    with transaction.atomic():
        now = timezone.now()
        # The first to write has it, however many open the link at one moment.
        if not Invitation.objects.standing(now).filter(pk=invitation.pk).update(used_at=now, used_by=user):
            invitation.refresh_from_db()
            raise NotInvited(why_not(invitation))
        if complaint := why_not(invitation):
            raise NotInvited(complaint)
        if invitation.person:
            join(user, invitation.person)
        give_role(user, Role(invitation.role))
        for workshop in invitation.workshops.all():
            name_reader(workshop, user, by=invitation.made_by)


def join(user: Any, person: Person) -> None:
    """Raises NotJoined where the account is somebody else already. Two accounts may be one person."""
    person = person.lives_on
    account, _ = Account.objects.select_for_update().get_or_create(user=user)
    if account.person is not None and account.person.lives_on != person:
        raise NotJoined(
            f"The account {user.get_username()} is joined with {account.person.lives_on.shown_name} already: "
            "ask a curator to part them first."
        )
    if account.person is None:
        account.person = person
        account.save(update_fields=["person"])
    if not user.get_full_name():  # pages greet by it, without a query of their own
        user.first_name = person.shown_name[: user._meta.get_field("first_name").max_length]
        user.save(update_fields=["first_name"])


def part(account: Account) -> None:
    account.person = None
    account.save(update_fields=["person"])


def give_role(user: Any, role: Role) -> None:
    """Nothing is taken away: who was more stays so."""
    if not enters_admin(role):
        return
    user.groups.add(Group.objects.get(name=role))
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])


def name_reader(workshop: Workshop, user: Any, by: Any = None) -> None:
    Reader.objects.get_or_create(workshop=workshop, user=user, defaults={"named_by": by})


def owner_of(email: str) -> Any | None:
    """Whose address this is, as somebody confirmed it and has it still."""
    known = Account.objects.filter(confirmed_email__iexact=email, user__is_active=True).select_related("user")
    return next((account.user for account in known if account.address.casefold() == email.casefold()), None)


def claim(user: Any, email: str) -> int:
    """This address is the user's: somebody proved it. Workshops opened to the address are opened to the account; how
    many these were."""
    with transaction.atomic():
        account, _ = Account.objects.get_or_create(user=user)
        account.confirmed_email, account.email_confirmed_at = email, timezone.now()
        account.save(update_fields=["confirmed_email", "email_confirmed_at"])
        if user.email != email:
            user.email = email
            user.save(update_fields=["email"])
        named = list(Reader.objects.filter(user=None, email__iexact=email).select_related("workshop"))
        for one in named:
            name_reader(one.workshop, user, by=one.named_by)
            one.delete()
    return len(named)
