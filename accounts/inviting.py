"""Somebody who may invite and whom they mean in; an invitation, and the token of its link, out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from minutes.models import Workshop
from people.models import Person

from .models import Invitation, day
from .roles import Role, roles_given_by


class NotInvited(Exception):
    """Nothing was done; the message is one sentence that says why and what to do."""


def invite(
    by: Any,
    person: Person | None,
    *,
    days: int,
    role: str = Role.READER,
    workshops: Iterable[Workshop] = (),
    note: str = "",
) -> tuple[Invitation, str]:
    """The token is told here and never again. Raises NotInvited."""
    if role not in roles_given_by(by):
        raise NotInvited(f"You may not invite somebody as {role}.")
    if person is not None and person.lives_on.retired_at:
        raise NotInvited(f"{person.shown_name} is retired: bring the record back first.")
    made = Invitation(person=person, role=role, note=note, made_by=by)
    made.expires_at = timezone.now() + timedelta(days=days)
    token = made.renew_token()
    with transaction.atomic():
        made.save()
        made.workshops.set(Workshop.objects.visible_to(by).filter(pk__in=[one.pk for one in workshops]))
    return made, token


def revoke(invitation: Invitation) -> bool:
    """Whether it was there to be taken back; decided by the database, as somebody may be using the link right now."""
    standing = Invitation.objects.filter(pk=invitation.pk, used_at=None, revoked_at=None)
    return bool(standing.update(revoked_at=timezone.now()))


def why_not(invitation: Invitation) -> str:
    """One sentence why the link does not work, and what to do; nothing where it works."""
    state = invitation.state
    asks = f"ask {invitation.made_by.get_full_name() or invitation.made_by}" if invitation.made_by else "ask a curator"
    if state == Invitation.State.USED:
        return "This invitation was used already: if that was you, sign in with the account that you made."
    if state == Invitation.State.REVOKED:
        return f"This invitation was taken back: {asks} if that is a mistake."
    if state == Invitation.State.EXPIRED:
        return f"This invitation ended on {day(invitation.expires_at)}: {asks} for a new one."
    by = invitation.made_by
    if by is None or not by.is_active or invitation.role not in roles_given_by(by):
        return "Whoever sent this invitation may not invite any more: ask a curator for a new one."
    if invitation.person and invitation.person.lives_on.retired_at:
        return f"The record of {invitation.person.shown_name} was retired: {asks} what to do."
    return ""
