"""The administration in Chromium: an editor at work, with autocompletes and dates, and what axe thinks of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Page, expect

from minutes.models import ActionItem, Change
from tests import make


@pytest.fixture
def editor(transactional_db: None) -> User:
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("eve", password="a long secret", is_staff=True)
    group, _ = Group.objects.get_or_create(name="editor")
    if not group.permissions.exists():  # a test before this one emptied the tables
        for label in ("auth", "people", "themes", "minutes"):
            create_permissions(apps.get_app_config(label), verbosity=0)
        group.permissions.set(
            Permission.objects.filter(
                codename__in=("view_actionitem", "change_actionitem", "view_person", "read_drafts")
            )
        )
    user.groups.add(group)
    return user


def sign_in(page: Page) -> None:
    page.goto("/admin/")
    page.get_by_label("Name of the account").fill("eve")
    page.get_by_label("Password").fill("a long secret")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#user-tools strong")).to_have_text("eve")


def choose(page: Page, row: object, letters: str, name: str) -> None:
    """Picks somebody in an autocomplete of that row, as one does with the keyboard."""
    row.locator(".select2-search__field").click()
    row.locator(".select2-search__field").press_sequentially(letters)
    page.locator(".select2-results__option", has_text=name).click()


def test_editor_changes_owner_due_date_and_status_in_the_list(page: Page, editor: User) -> None:
    make.person("Ada Byron")
    bob = make.person("Bob Crane")
    item = make.action("Measure the waves", owners=[bob], status="proposed", turn=make.turn("I will measure."))
    make.action("Weigh the kelp")
    sign_in(page)
    page.get_by_role("link", name="Action items", exact=True).click()
    page.get_by_role("link", name="Proposed", exact=True).click()
    row = page.locator("#result_list tbody tr", has_text="Measure the waves")
    row.locator("select[name$=status]").select_option("open")
    row.locator(".select2-selection__choice__remove").click()
    choose(page, row, "byr", "Ada Byron")
    row.locator("input[name$=due]:not([type=hidden])").fill("2031-07-01")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messagelist .success")).to_have_text("1 action item was changed successfully.")
    item.refresh_from_db()
    assert (item.status, str(item.due), [p.name for p in item.owners.all()]) == ("open", "2031-07-01", ["Ada Byron"])
    assert {(c.field, c.by) for c in Change.objects.all()} == {("status", editor), ("due", editor), ("owners", editor)}
    read_on_the_site(page)


def read_on_the_site(page: Page) -> None:
    try:
        address = reverse("minutes:action-list")
    except NoReverseMatch:
        return  # the public list stands in another part of the site
    page.goto(address)
    listed = page.locator("main")
    expect(listed).to_contain_text("Measure the waves")
    expect(listed).to_contain_text("Ada Byron")
    expect(listed).to_contain_text("July 2031")


def test_editor_says_why_and_finds_it_in_the_history(page: Page, editor: User) -> None:
    item = make.action("Measure the waves")
    sign_in(page)
    page.goto(reverse("admin:minutes_actionitem_change", args=[item.pk]))
    page.get_by_label("Title").fill("Measure the tides")
    page.get_by_label("Why").fill("the wrong word")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_label("Title")).to_have_value("Measure the tides")
    page.get_by_role("link", name="History").click()
    expect(page.locator("#change-history tbody tr")).to_have_count(1)
    expect(page.locator("#change-history")).to_contain_text("the wrong word")


def test_voice_is_added_as_a_row(signed_in_page: Page) -> None:
    make.person("Ada Byron")
    turn = make.turn("Two metres.", by="Addy")
    page = signed_in_page
    page.goto(reverse("admin:minutes_turn_change", args=[turn.pk]))
    page.get_by_role("button", name="Add another Voice").click()
    row = page.locator("#voices-1")
    row.locator("input[name$=label]").fill("Ada")
    row.locator(".select2-selection").click()
    page.locator(".select2-search__field").last.press_sequentially("ada")
    page.locator(".select2-results__option", has_text="Ada Byron").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert [str(voice) for voice in turn.voices.all()] == ["Addy", "Ada"]
    assert [voice.person and voice.person.name for voice in turn.voices.all()] == [None, "Ada Byron"]


def test_talk_is_retired_with_a_reason_and_brought_back(signed_in_page: Page) -> None:
    talk = make.talk("Tides")
    page = signed_in_page
    page.goto(reverse("admin:minutes_talk_change", args=[talk.pk]))
    page.get_by_role("button", name="Retire…").click()
    page.get_by_label("Why").fill("given elsewhere")
    page.get_by_role("button", name="Retire").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1 talk retired.")
    page.goto(reverse("admin:minutes_talk_change", args=[talk.pk]))
    expect(page.locator(".retired-note")).to_have_text("Retired: given elsewhere")
    page.get_by_role("button", name="Bring back").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1 talk brought back.")


@pytest.mark.parametrize("width", [320, 1280])
def test_action_list_fits_the_window(signed_in_page: Page, width: int) -> None:
    make.action("Measure the waves", owners=[make.person("Ada Byron"), make.person("Bartholomew of Christchurch")])
    signed_in_page.set_viewport_size({"width": width, "height": 800})
    signed_in_page.goto(reverse("admin:minutes_actionitem_changelist"))
    assert signed_in_page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_the_administration_can_be_read(
    signed_in_page: Page, axe: Callable[..., list[str]], scheme: str, expected_faults: list[str]
) -> None:
    expected_faults += ["inline style", "policy: style-src"]  # axe itself tries to style the page
    item = make.action("Measure the waves", owners=[make.person("Ada Byron")])
    signed_in_page.emulate_media(color_scheme=scheme)
    for address in (
        reverse("admin:index"),
        reverse("admin:minutes_actionitem_changelist"),
        reverse("admin:minutes_actionitem_change", args=[item.pk]),
    ):
        signed_in_page.goto(address)
        assert [fault for fault in axe(signed_in_page) if fault.startswith("color-contrast")] == [], address
    assert ActionItem.objects.get().version == 1
