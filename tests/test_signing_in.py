"""Signing in and out, waiting after wrong passwords, new passwords, and the address of an account."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core import mail
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from accounts.guessing import address_of
from accounts.models import Account
from accounts.people import person_of
from minutes.models import Reader
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SIGN_IN = "/account/sign-in/"
SECRET = "tides of the moon"


@pytest.fixture
def ada() -> User:
    return User.objects.create_user("ada", "ada@example.org", SECRET)


def sign_in(client, password: str = SECRET, name: str = "ada", **more):
    to = more.pop("next", "")
    return client.post(SIGN_IN, {"username": name, "password": password, "next": to}, **more)


def words_of(page) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())


def linked_in(message) -> str:
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


# In and out


def test_right_password_leads_back_to_where_one_came_from(client, ada):
    assert 'href="/account/sign-in/?next=/workshops/%3Fq%3D1"' in client.get("/workshops/?q=1").content.decode()
    assert sign_in(client, next="/workshops/?q=1").headers["location"] == "/workshops/?q=1"
    assert 'href="/account/">ada</a>' in client.get("/workshops/").content.decode()


@pytest.mark.parametrize("evil", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_way_back_leads_to_no_other_site(client, ada, evil):
    assert sign_in(client, next=evil).headers["location"] == "/"
    assert client.get(SIGN_IN, {"next": evil}).headers["location"] == "/"
    client.logout()
    assert client.get("/admin/login/", {"next": evil}).headers["location"] == "/account/sign-in/?next=%2Fadmin%2F"


def test_wrong_password_says_no_more_than_that(client, ada):
    told = "The name or the password is not right; capitals count in both."
    assert told in words_of(sign_in(client, "wrong"))
    assert told in words_of(sign_in(client, "wrong", name="nobody"))


def test_sign_out_needs_a_press_of_the_button(client, ada):
    client.force_login(ada)
    assert client.get("/account/sign-out/").status_code == 405
    assert client.post("/account/sign-out/").headers["location"] == "/"
    assert client.get("/account/").headers["location"] == "/account/sign-in/?next=/account/"


def test_administration_has_the_same_door(client, ada):
    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == "/account/sign-in/?next=%2Fadmin%2F"
    assert sign_in(client, next="/admin/").headers["location"] == "/admin/"
    refused = client.get("/admin/", follow=True)
    assert refused.status_code == 403
    assert "You are signed in as ada, who may not do this." in words_of(refused)


def test_passwords_are_kept_by_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert User.objects.create_user("bob", password=SECRET).password.startswith("argon2$argon2id$")


def test_settings_name_argon2_first():
    from config import settings as stated

    assert stated.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


# Guessing


@pytest.fixture
def five(settings):
    settings.AXES_FAILURE_LIMIT, settings.AXES_COOLOFF_TIME = 5, timedelta(minutes=15)


def guess(client, times: int, **more):
    for _ in range(times):
        page = sign_in(client, "wrong", **more)
    return page


def test_fifth_wrong_password_makes_one_wait_and_says_until_when(client, ada, five):
    assert guess(client, 4).status_code == 200
    page = guess(client, 1)
    until = timezone.now() + timedelta(minutes=15)
    assert page.status_code == 429
    assert f"Try again at {until:%H:%M} UTC, in 15 minutes." in words_of(page)
    assert 890 < int(page.headers["Retry-After"]) <= 900
    assert sign_in(client).status_code == 429
    assert not client.session.get("_auth_user_id")


def test_trying_while_one_waits_does_not_make_the_wait_longer(client, ada, five, monkeypatch):
    guess(client, 5)
    start = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: start + timedelta(minutes=10))
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: start + timedelta(minutes=10))
    assert "in 5 minutes" in words_of(sign_in(client))
    monkeypatch.setattr("django.utils.timezone.now", lambda: start + timedelta(minutes=16))
    monkeypatch.setattr("axes.handlers.proxy.now", lambda: start + timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_wait_is_for_that_name_at_that_address_only(client, ada, five):
    User.objects.create_user("bob", password=SECRET)
    guess(client, 5)
    assert sign_in(client, name="bob").status_code == 302
    client.logout()
    assert sign_in(client, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_name_without_account_waits_as_well(client, five):
    """Else the wait would tell which accounts there are."""
    assert guess(client, 5, name="nobody").status_code == 429


def test_right_password_forgets_the_wrong_ones(client, ada, five):
    guess(client, 4)
    sign_in(client)
    client.logout()
    assert guess(client, 4).status_code == 200


def test_administrator_lifts_the_wait(client, ada, five):
    guess(client, 5)
    client.force_login(User.objects.create_superuser("chief"))
    client.post("/admin/auth/user/", {"action": "let_try_again", "_selected_action": [ada.pk]})
    client.logout()
    assert sign_in(client).status_code == 302


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        (False, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (True, "127.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, "127.0.0.1", "10.9.8.7, 198.51.100.1", "198.51.100.1"),  # the first one came from the visitor
        (True, "127.0.0.1", "", "127.0.0.1"),
        (True, "127.0.0.1", "nonsense", "0.0.0.0"),
        (True, "", "", "0.0.0.0"),
        (False, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::"),
        (False, "::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_address_is_believed_of_the_proxy_alone(trusted, peer, forwarded, address):
    with override_settings(TRUST_PROXY=trusted):
        request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
        assert address_of(request) == address


def test_wait_follows_the_address_behind_a_proxy(client, ada, five):
    with override_settings(TRUST_PROXY=True):
        guess(client, 5, headers={"X-Forwarded-For": "198.51.100.1"})
        # Whoever guesses writes what he likes before what the proxy adds.
        assert sign_in(client, headers={"X-Forwarded-For": "203.0.113.5, 198.51.100.1"}).status_code == 429
        assert sign_in(client, headers={"X-Forwarded-For": "198.51.100.2"}).status_code == 302


# Passwords


def test_password_is_changed_with_the_old_one(client, ada):
    client.force_login(ada)
    new = {"new_password1": "ebb and flow of the sea", "new_password2": "ebb and flow of the sea"}
    assert client.post("/account/password/", new | {"old_password": "wrong"}).status_code == 200
    done = client.post("/account/password/", new | {"old_password": SECRET}, follow=True)
    assert "Your password is changed." in words_of(done)
    client.logout()
    assert sign_in(client, "ebb and flow of the sea").status_code == 302


def test_account_without_password_changes_none(client):
    elsewhere = User.objects.create_user("eve")
    client.force_login(elsewhere)
    assert client.get("/account/password/").status_code == 404
    assert "Change the password" not in words_of(client.get("/account/"))


def test_without_a_sender_no_mail_is_promised(client, ada):
    assert "This site sends no mail." in words_of(client.get("/account/password/reset/"))
    assert client.post("/account/password/reset/", {"email": ada.email}).status_code == 404
    client.force_login(ada)
    client.post("/account/address/", {"email": ada.email})
    assert mail.outbox == []


@override_settings(MAIL_FROM="minutes@example.org", DEFAULT_FROM_EMAIL="minutes@example.org")
def test_forgotten_password_is_set_anew_by_mail(client, ada):
    client.post("/account/password/reset/", {"email": "nobody@example.org"})
    assert mail.outbox == []
    sent = client.post("/account/password/reset/", {"email": ada.email}, follow=True)
    assert "If an account has that address" in words_of(sent)
    [message] = mail.outbox
    assert (message.to, message.from_email) == (["ada@example.org"], "minutes@example.org")
    form = client.get(linked_in(message), follow=True)
    new = {"new_password1": "ebb and flow of the sea", "new_password2": "ebb and flow of the sea"}
    client.post(form.redirect_chain[-1][0], new)
    assert sign_in(client, "ebb and flow of the sea").status_code == 302
    client.logout()
    assert "It was used already" in words_of(client.get(linked_in(message), follow=True))


# The address


@override_settings(MAIL_FROM="minutes@example.org")
def test_confirmed_address_opens_what_was_opened_to_it(client, ada):
    draft = make.workshop("Secret summit", visibility="draft")
    Reader.objects.create(workshop=draft, email="Ada@Example.org")
    client.force_login(ada)
    assert client.get(draft.get_absolute_url()).status_code == 404
    client.post("/account/address/", {"email": "ada@example.org"})
    assert client.get(draft.get_absolute_url()).status_code == 404
    link = linked_in(mail.outbox[0])
    assert "It is mine" in words_of(client.get(link))
    assert client.get(draft.get_absolute_url()).status_code == 404  # a program that checks mail opens links too
    assert "1 workshop is open to you now." in words_of(client.post(link, follow=True))
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert Account.objects.get(user=ada).address == "ada@example.org"
    assert "Secret summit" in words_of(client.get("/account/"))


@override_settings(MAIL_FROM="minutes@example.org")
def test_link_confirms_for_no_other_account_and_ends(client, ada, monkeypatch):
    client.force_login(ada)
    client.post("/account/address/", {"email": "ada@example.org"})
    link = linked_in(mail.outbox[0])
    client.force_login(User.objects.create_user("eve"))
    assert client.post(link).status_code == 410
    client.force_login(ada)
    later = time.time() + 25 * 3600
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.post(link).status_code == 410
    assert not Account.objects.filter(confirmed_email__gt="").exists()


def test_account_page_says_who_one_is(client, ada):
    client.force_login(ada)
    assert "Nobody has said yet whom the minutes mean by you" in words_of(client.get("/account/"))
    person = make.person("Ada Byron")
    Account.objects.create(user=ada, person=person)
    ada.groups.add(Group.objects.get(name="editor"))
    page = client.get("/account/").content.decode()
    assert f'<a href="{person.get_absolute_url()}">Ada Byron</a>' in page
    assert "ada, editor" in page
    assert person_of(ada) == person


def test_form_that_was_open_too_long_says_what_to_do():
    """Signing in renews the token of every form, so that those of other tabs are too old."""
    page = Client(enforce_csrf_checks=True).post(SIGN_IN, {"username": "ada", "password": SECRET})
    assert page.status_code == 403
    assert "This form was open too long" in words_of(page)
    assert "load the page anew, and send the form once more" in words_of(page)


def test_administrator_joins_an_account_with_a_person_in_the_admin(client, ada):
    chief = User.objects.create_user("chief", is_staff=True)
    chief.groups.set(Group.objects.filter(name="administrator"))
    client.force_login(chief)
    person, address = make.person("Ada Byron"), f"/admin/auth/user/{ada.pk}/change/"
    stated = {
        "username": "ada",
        "is_active": "on",
        "date_joined_0": "2031-05-05",
        "date_joined_1": "10:00:00",
        "account-TOTAL_FORMS": 1,
        "account-INITIAL_FORMS": 0,
        "account-0-user": ada.pk,
        "account-0-person": person.pk,
    }
    assert client.post(address, stated).status_code == 302
    assert person_of(User.objects.get(pk=ada.pk)) == person
    assert "Ada Byron" in words_of(client.get("/admin/auth/user/"))
