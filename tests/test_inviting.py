"""Invitations: who makes which, what their links do, once, and what they say when they do nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from accounts import inviting, joining
from accounts.inviting import NotInvited, invite
from accounts.joining import NotJoined
from accounts.models import Account, Invitation
from accounts.people import person_of
from minutes.changes import change
from minutes.models import Reader
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CHOSEN = {"username": "ada", "password1": "tides of the moon", "password2": "tides of the moon"}


def member(name: str, group: str = "") -> User:
    user = User.objects.create_user(name, is_staff=bool(group))
    user.groups.set(Group.objects.filter(name=group))
    return user


@pytest.fixture
def curator(client) -> User:
    user = member("cora", "curator")
    client.force_login(user)
    return user


@pytest.fixture
def ada():
    """Somebody whom everybody may know of."""
    person = make.person("Ada Byron")
    make.talk("Tides", speakers=[person])
    return person


def words_of(page) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())


def link_to(token: str) -> str:
    return f"/account/invitation/{token}/"


def link_in(page) -> str:
    return re.search(r'value="http://testserver(/account/invitation/[^"]+)"', page.content.decode())[1]


# The whole way


def test_invited_chooses_a_password_and_is_the_person(client, curator, ada):
    draft = make.workshop("Secret summit", visibility="draft")
    assert f'href="/account/invite/?person={ada.public_id}"' in client.get(ada.get_absolute_url()).content.decode()
    told = client.post(
        f"/account/invite/?person={ada.public_id}",
        {"role": "editor", "days": 3, "workshops": [draft.pk]},
        follow=True,
    )
    link = link_in(told)
    client.logout()
    page = client.get(link)
    assert "Welcome, Ada Byron" in words_of(page)
    assert "It makes you an editor of this site." in words_of(page)
    assert "It opens to you: Secret summit." in words_of(page)
    welcomed = client.post(link, CHOSEN, follow=True)
    assert "Welcome. This account is Ada Byron." in words_of(welcomed)
    user = User.objects.get(username="ada")
    assert (person_of(user), user.is_staff, user.is_superuser) == (ada, True, False)
    assert [group.name for group in user.groups.all()] == ["editor"]
    assert [(row.workshop, row.named_by) for row in Reader.objects.filter(user=user)] == [(draft, curator)]
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert 'href="/account/">Ada Byron</a>' in client.get("/").content.decode()


def test_link_is_told_once_and_kept_nowhere(client, curator, ada):
    told = client.post(f"/account/invite/?person={ada.public_id}", {"role": "reader", "days": 3}, follow=True)
    token = link_in(told).split("/")[-2]
    again = client.get(told.redirect_chain[-1][0])
    assert "Invitation for Ada Byron" in words_of(again)
    assert "/account/invitation/" not in again.content.decode()
    [stored] = Invitation.objects.values()
    assert token not in str(stored)
    assert token not in str(dict(client.session))


def test_who_has_an_account_accepts_with_it(client, curator, ada):
    _, token = invite(curator, ada, days=1)
    bob = member("bob")
    client.force_login(bob)
    assert "Accept as bob" in words_of(client.get(link_to(token)))
    client.post(link_to(token))
    assert person_of(User.objects.get(pk=bob.pk)) == ada
    assert not User.objects.filter(username="ada").exists()


def test_sign_in_leads_back_to_the_invitation(client, curator, ada):
    _, token = invite(curator, ada, days=1)
    client.logout()
    assert f'href="/account/sign-in/?next={link_to(token)}"' in client.get(link_to(token)).content.decode()


def test_weak_password_is_refused_and_the_link_lives(client, curator, ada):
    invitation, token = invite(curator, ada, days=1)
    client.logout()
    page = client.post(link_to(token), CHOSEN | {"password1": "12345678", "password2": "12345678"})
    assert page.status_code == 400
    assert "This password is too common." in words_of(page)
    invitation.refresh_from_db()
    assert invitation.state == "open"


def test_somebody_whom_no_minutes_name_is_invited(client, curator):
    told = client.post("/account/invite/", {"role": "reader", "days": 3, "note": "the new student"}, follow=True)
    link = link_in(told)
    client.logout()
    assert "the new student" not in client.get(link).content.decode()
    client.post(link, CHOSEN)
    assert person_of(User.objects.get(username="ada")) is None


# Links that do nothing say why


def refused(client, token: str) -> tuple[int, str]:
    client.logout()
    looked, sent = client.get(link_to(token)), client.post(link_to(token), CHOSEN)
    assert (looked.status_code, words_of(looked)) == (sent.status_code, words_of(sent))
    assert not User.objects.filter(username="ada").exists()
    return sent.status_code, words_of(sent)


def test_unknown_link(client):
    status, words = refused(client, "nonsense")
    assert status == 404
    assert "Nobody here made this link: check that it was copied whole." in words


def test_used_link(client, curator, ada):
    invitation, token = invite(curator, ada, days=1)
    joining.accept(invitation, member("bob"))
    status, words = refused(client, token)
    assert status == 410
    assert "This invitation was used already: if that was you, sign in with the account that you made." in words


def test_link_that_was_taken_back(client, curator, ada):
    invitation, token = invite(curator, ada, days=1)
    taken = client.post(f"/account/invite/{invitation.pk}/revoke/", follow=True)
    assert "Taken back: the link does not work any more." in words_of(taken)
    assert "There was nothing to take back" in words_of(
        client.post(f"/account/invite/{invitation.pk}/revoke/", follow=True)
    )
    status, words = refused(client, token)
    assert status == 410
    assert "This invitation was taken back: ask cora if that is a mistake." in words


def test_link_that_ended(client, curator, ada):
    invitation, token = invite(curator, ada, days=1)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    status, words = refused(client, token)
    assert status == 410
    assert re.search(r"This invitation ended on \d+ \w+ \d{4}: ask cora for a new one\.", words)
    invitation.refresh_from_db()
    with pytest.raises(NotInvited, match="ended"):
        joining.accept(invitation, curator)


def test_link_of_somebody_who_may_not_invite_any_more(client, curator, ada):
    _, token = invite(curator, ada, days=1)
    curator.groups.clear()
    status, words = refused(client, token)
    assert status == 410
    assert "Whoever sent this invitation may not invite any more" in words


def test_link_of_a_person_who_was_retired(client, curator, ada):
    _, token = invite(curator, ada, days=1)
    with change(None) as c:
        c.retire(ada)
    assert "The record of Ada Byron was retired" in refused(client, token)[1]


def test_second_who_opens_the_link_at_one_moment_gets_nothing(curator, ada):
    """Both looked while it was open; the first to write has it."""
    invitation, _ = invite(curator, ada, days=1, role="editor")
    late = Invitation.objects.get(pk=invitation.pk)
    joining.accept(invitation, member("first"))
    second = member("second")
    with pytest.raises(NotInvited, match="was used already"):
        joining.accept(late, second)
    assert (person_of(second), second.groups.count()) == (None, 0)


# Who may give what


@pytest.mark.parametrize(
    ("group", "gives"),
    [
        ("", []),
        ("editor", []),
        ("curator", ["reader", "editor"]),
        ("administrator", ["reader", "editor", "curator", "administrator"]),
    ],
)
def test_nobody_gives_more_than_they_may(client, ada, group, gives):
    user = member("mia", group)
    for role in ("reader", "editor", "curator", "administrator"):
        if role in gives:
            invite(user, ada, days=1, role=role)
        else:
            with pytest.raises(NotInvited, match=f"You may not invite somebody as {role}"):
                invite(user, ada, days=1, role=role)
    client.force_login(user)
    page = client.get("/account/invite/")
    assert page.status_code == (200 if gives else 403)
    assert re.findall(r'<option value="(\w+)"', page.content.decode()) == gives
    sent = client.post("/account/invite/", {"role": "administrator", "days": 1})
    assert sent.status_code == (302 if group == "administrator" else 400 if gives else 403)


def test_only_workshops_that_one_may_read_are_opened(ada):
    giver = member("mia")
    giver.user_permissions.set(
        [
            permission
            for group in Group.objects.filter(name="curator")
            for permission in group.permissions.exclude(codename="read_drafts")
        ]
    )
    draft, own = make.workshop("Draft", visibility="draft"), make.workshop("Own", visibility="draft")
    Reader.objects.create(workshop=own, user=giver)
    invitation, _ = invite(giver, ada, days=1, workshops=[draft, own])
    assert list(invitation.workshops.all()) == [own]


def test_role_is_added_and_never_taken(curator, ada):
    chief = member("chief", "administrator")
    invitation, _ = invite(curator, ada, days=1, role="reader")
    joining.accept(invitation, chief)
    assert [group.name for group in chief.groups.all()] == ["administrator"]
    assert chief.is_staff


# Accounts and persons


def test_account_that_is_somebody_else_is_left_alone(client, curator, ada):
    other, bob = make.person("Bob Crane"), member("bob")
    joining.join(bob, other)
    invitation, token = invite(curator, ada, days=1, role="editor")
    client.force_login(bob)
    page = client.post(link_to(token), follow=True)
    assert "The account bob is joined with Bob Crane already: ask a curator to part them first." in words_of(page)
    invitation.refresh_from_db()
    assert (invitation.state, bob.groups.count(), person_of(User.objects.get(pk=bob.pk))) == ("open", 0, other)


def test_person_who_was_merged_meanwhile_is_who_lives_on(curator, ada):
    invitation, _ = invite(curator, ada, days=1)
    kept = make.person("Ada Lovelace")
    with change(None) as c:
        c.merge(ada, kept)
    joining.accept(Invitation.objects.get(pk=invitation.pk), bob := member("bob"))
    assert person_of(bob) == kept


def test_curator_joins_an_account_with_a_person_and_parts_them(client, curator, ada):
    bob = member("bob")
    address = f"/account/invite/?person={ada.public_id}"
    assert '<option value="bob">' in client.get(address).content.decode()
    stated = {"person": ada.public_id, "account": "bob"}
    assert "bob is Ada Byron from now on." in words_of(client.post("/account/join/", stated, follow=True))
    assert person_of(User.objects.get(pk=bob.pk)) == ada
    assert '<option value="bob">' not in client.get(address).content.decode()
    client.post("/account/part/", stated)
    assert person_of(User.objects.get(pk=bob.pk)) is None
    assert "They are parted already." in words_of(client.post("/account/part/", stated, follow=True))
    assert "No account is called “nobody”." in words_of(
        client.post("/account/join/", stated | {"account": "nobody"}, follow=True)
    )


def test_name_of_an_account_is_not_overwritten(ada):
    bob = User.objects.create_user("bob", first_name="Robert")
    joining.join(bob, ada)
    assert User.objects.get(pk=bob.pk).first_name == "Robert"


def test_join_of_another_person_raises(ada):
    bob = member("bob")
    joining.join(bob, ada)
    joining.join(bob, ada)
    with pytest.raises(NotJoined, match="joined with Ada Byron already"):
        joining.join(bob, make.person("Bob Crane"))
    joining.part(Account.objects.get(user=bob))
    joining.join(bob, make.person("Carl Diem"))


# In the admin


def test_invitation_is_made_read_and_taken_back_in_the_admin(client, curator, ada):
    address = "/admin/accounts/invitation/"
    told = client.post(f"{address}add/", {"person": ada.pk, "role": "editor", "days": 2, "note": ""}, follow=True)
    link = link_in(told)
    [invitation] = Invitation.objects.all()
    assert (invitation.person, invitation.role, invitation.made_by) == (ada, "editor", curator)
    assert invitation.expires_at - invitation.made_at < timedelta(days=2, minutes=1)
    form = client.get(f"{address}{invitation.pk}/change/")
    assert 'name="role"' not in form.content.decode()
    assert client.post(f"{address}{invitation.pk}/change/", {"role": "administrator"}).status_code == 403
    assert "Ada Byron" in words_of(client.get(f"{address}?state=open"))
    client.post(address, {"action": "take_back", "_selected_action": [invitation.pk]})
    assert Invitation.objects.get().state == "revoked"
    assert "Ada Byron" not in words_of(client.get(f"{address}?state=open"))
    client.logout()
    assert client.get(link).status_code == 410


def test_admin_refuses_a_role_that_the_curator_may_not_give(client, curator, ada):
    page = client.post("/admin/accounts/invitation/add/", {"person": ada.pk, "role": "administrator", "days": 2})
    assert page.status_code == 200
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("count", [3, 30])
def test_lists_of_invitations_have_one_price(client, curator, ada, count, django_assert_num_queries):
    for _ in range(count):
        inviting.invite(curator, ada, days=1)
    for address, price in (
        ("/admin/accounts/invitation/", PRICE_ADMIN),
        (f"/account/invite/?person={ada.public_id}", PRICE_PAGE),
    ):
        with django_assert_num_queries(price):
            assert client.get(address).status_code == 200


PRICE_ADMIN, PRICE_PAGE = 7, 10


# Readers of one workshop


def test_readers_are_named_by_account_or_address_and_removed(client, curator):
    draft = make.workshop("Secret summit", visibility="draft")
    address = f"/account/readers/{draft.public_id}/"
    assert f'href="{address}"' in client.get(draft.get_absolute_url()).content.decode()
    bob, carl = member("bob"), member("carl")
    joining.join(bob, make.person("Bob Crane"))
    joining.claim(carl, "carl@example.org")

    def name(who: str) -> str:
        return words_of(client.post(address, {"who": who}, follow=True))

    assert "bob may read this workshop." in name("bob")
    assert "carl may read this workshop." in name("Carl@example.org")
    assert "ada@example.org may read this workshop, once an account has confirmed that address." in name(
        "ada@example.org"
    )
    name("ADA@example.org")
    name("bob")
    assert "No account is called “nobody”" in name("nobody")
    assert "is no address of mail" in name("ada@")
    assert [str(reader) for reader in draft.readers.all()] == ["bob", "carl", "ada@example.org"]
    assert {reader.named_by for reader in draft.readers.all()} == {curator}
    page = words_of(client.get(address))
    assert "bob, Bob Crane" in page
    assert "ada@example.org waits until an account confirms it" in page
    client.post(address, {"remove": draft.readers.get(user=bob).pk})
    assert [str(reader) for reader in draft.readers.all()] == ["carl", "ada@example.org"]
    other = Reader.objects.create(workshop=make.workshop("Other"), user=bob)
    assert "They are not named any more." in words_of(client.post(address, {"remove": other.pk}, follow=True))
    assert Reader.objects.filter(pk=other.pk).exists()


def test_address_that_was_given_up_names_nobody(client, curator):
    carl = member("carl")
    joining.claim(carl, "carl@example.org")
    User.objects.filter(pk=carl.pk).update(email="new@example.org")
    assert joining.owner_of("carl@example.org") is None
