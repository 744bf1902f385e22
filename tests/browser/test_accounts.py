"""Coming to the site by an invitation, and signing in, on a small screen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from playwright.sync_api import Page, expect

from accounts.inviting import invite
from accounts.roles import Role, permissions_of
from tests import make

pytestmark = pytest.mark.browser

SECRET = "tides of the moon"


@pytest.fixture
def cora(db) -> User:
    user = User.objects.create_user("cora", password=SECRET, is_staff=True, first_name="Cora Finch")
    # A database that a test with transactions emptied has none of what migrations put there.
    for label in ("people", "themes", "minutes", "accounts"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    for role in ("editor", "curator"):
        codenames = {codename.partition(".")[2] for codename in permissions_of(Role(role))}
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set(Permission.objects.filter(codename__in=codenames))
    user.groups.add(group)
    return user


@pytest.fixture(params=[(360, "light"), (1280, "dark")], ids=["small", "wide"])
def screen(request, page: Page) -> Page:
    width, scheme = request.param
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    return page


def look(page: Page, axe, name: str, heading: str) -> None:
    """Once the page with this heading has come: a click does not wait for it, and the page before would pass, too."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.wait_for_load_state()
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def test_curator_invites_and_the_invited_comes(screen: Page, axe, cora: User) -> None:
    page = screen
    ada = make.person("Ada Byron")
    make.talk("Tides", speakers=[ada])
    make.workshop("Secret summit", visibility="draft")
    page.goto(ada.get_absolute_url())
    page.get_by_role("link", name="Sign in").click()
    look(page, axe, "sign-in", "Sign in")
    page.get_by_label("Name of the account").fill("cora")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    look(page, axe, "sign-in-wrong", "Sign in")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Byron")
    page.get_by_role("link", name="Invite").click()
    look(page, axe, "invite", "Invite Ada Byron")
    page.get_by_label("Secret summit").check()
    page.get_by_label("As", exact=True).select_option("editor")
    page.get_by_role("button", name="Make the link").click()
    look(page, axe, "made", "Invitation for Ada Byron")
    link = page.get_by_label("The link").input_value()
    page.get_by_role("link", name="Cora Finch").click()
    look(page, axe, "account", "Cora Finch")
    page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    look(page, axe, "invitation", "Welcome, Ada Byron")
    page.get_by_label("Name of the account").fill("ada")
    page.get_by_label("Password", exact=True).fill(SECRET)
    page.get_by_label("Password confirmation").fill(SECRET)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("status")).to_contain_text("This account is Ada Byron.")
    look(page, axe, "welcome", "Ada Byron")
    page.get_by_role("link", name="Change the password").click()
    look(page, axe, "password", "Change the password")


def test_wrong_passwords_make_one_wait(screen: Page, axe, cora: User, expected_faults: list[str]) -> None:
    page = screen
    for _ in range(5):
        page.goto("/account/sign-in/")
        page.get_by_label("Name of the account").fill("cora")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many wrong passwords")
    expect(page.get_by_text("in 15 minutes")).to_be_visible()
    look(page, axe, "locked", "Too many wrong passwords")
    expected_faults += ["429"]


def test_link_that_ended_says_so(screen: Page, axe, cora: User, expected_faults: list[str]) -> None:
    page = screen
    invitation, token = invite(cora, make.person("Ada Byron"), days=1)
    type(invitation).objects.update(revoked_at=invitation.made_at)
    page.goto(f"/account/invitation/{token}/")
    expect(page.get_by_text("This invitation was taken back")).to_be_visible()
    look(page, axe, "refused", "This link does not work")
    expected_faults += ["410"]
