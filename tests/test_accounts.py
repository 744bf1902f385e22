"""Which person a user is, and what an account knows."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from accounts.models import Account
from accounts.people import account_of, person_of
from minutes.changes import change
from tests import make

pytestmark = pytest.mark.django_db


def test_visitor_and_user_without_account_are_nobody():
    assert person_of(None) is None
    assert person_of(AnonymousUser()) is None
    assert person_of(User.objects.create_user("ada")) is None
    assert Account.objects.count() == 0


def test_person_is_asked_once_for_each_request(django_assert_num_queries):
    ada = make.person("Ada Byron")
    Account.objects.create(user=User.objects.create_user("ada"), person=ada)
    user = User.objects.get(username="ada")
    with django_assert_num_queries(1):
        assert person_of(user) == ada
        assert person_of(user) == ada


def test_person_is_the_one_that_lives_on_after_merges():
    gone, kept, last = (make.person(name) for name in ("A. Byron", "Ada Byron", "Ada Lovelace"))
    Account.objects.create(user=User.objects.create_user("ada"), person=gone)
    for one, other in ((gone, kept), (kept, last)):
        with change(None) as c:
            c.merge(one, other)
    assert person_of(User.objects.get(username="ada")) == last


def test_retired_person_is_nobody():
    ada = make.person("Ada Byron")
    Account.objects.create(user=User.objects.create_user("ada"), person=ada)
    with change(None) as c:
        c.retire(ada)
    assert person_of(User.objects.get(username="ada")) is None


def test_address_counts_only_as_it_was_confirmed():
    user = User.objects.create_user("ada", "ada@example.org")
    account = account_of(user)
    assert account.address == ""
    account.confirmed_email, account.email_confirmed_at = "Ada@example.org", timezone.now()
    assert account.address == "ada@example.org"
    user.email = "else@example.org"
    assert account.address == ""
