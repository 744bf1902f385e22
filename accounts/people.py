"""A user in, the account and the person behind it out."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from people.models import Person

from .models import Account


def account_of(user: Any) -> Account | None:
    """The account of somebody signed in, with person and user, asked once for each request; None for visitors.

    A user who has none yet gets a row that is not saved.
    """
    if not getattr(user, "is_authenticated", False):
        return None
    account: Account | None = getattr(user, "known_account", None)
    if account is None:
        account = Account.objects.select_related("person__canonical").filter(user=user.pk).first() or Account()
        account.user = user
        user.known_account = account
    return account


def of_person(person: Person) -> Q:
    """Rows of whoever lives on as this person, also those that name a record which was merged into it."""
    return Q(person=person) | Q(person__canonical=person)


def person_of(user: Any) -> Person | None:
    """Whom the minutes mean by this user: the record that pages show, also after a merge; None where nobody said so,
    where that person was retired, and for visitors. One query for each request, however often it is asked."""
    account = account_of(user)
    if account is None or account.person is None:
        return None
    person = account.person.lives_on
    return None if person.retired_at else person
