"""Action items in Chromium: a table out and back, a saved search, the way out of mail; what axe says of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from accounts.models import Account
from minutes.mailing import stop_address
from minutes.models import ActionItem, MailChoice, SavedSearch
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_editor_takes_a_table_along_and_sends_it_back(signed_in_page: Page, axe: Callable[..., list[str]]) -> None:
    page = signed_in_page
    ada = make.person("Ada Byron")
    Account.objects.create(user=get_user_model().objects.get(), person=ada)
    for n in range(3):
        make.action(
            f"Measure wave {n}", owners=[ada], due=date(2020, 1, 1 + n), turn=make.turn(f"I will, {n}.", by=ada)
        )
    page.goto("/actions/")
    page.get_by_role("link", name="Mine 3").click()
    expect(page.locator(".facts b", has_text="Mine")).to_be_visible()
    assert axe(page) == []
    with page.expect_download() as taken:
        page.get_by_role("link", name="As a table (CSV)").click()
    changed = taken.value.path().read_text(encoding="utf-8").replace('"open"', '"done"', 2)
    page.get_by_role("link", name="Send a table back").click()
    page.get_by_label("The table, as CSV").set_input_files(
        {"name": "items.csv", "mimeType": "text/csv", "buffer": changed.encode()}
    )
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("button", name="Change 2 items")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Change 2 items").click()
    expect(page.locator(".complaint.done")).to_have_text("2 action items were changed from items.csv.")
    assert sorted(ActionItem.objects.values_list("status", flat=True)) == ["done", "done", "open"]
    page.get_by_role("link", name="Measure wave 2").click()
    expect(page.get_by_role("heading", name="Measure wave 2", level=1)).to_be_visible()
    assert axe(page) == []


def test_reader_saves_a_search_and_finds_it_again(signed_in_page: Page, axe: Callable[..., list[str]]) -> None:
    page = signed_in_page
    make.action("Measure the waves")
    page.goto("/search/?q=is:open waves")
    page.get_by_role("button", name="Save this search").click()
    expect(page.get_by_role("link", name="is:open waves")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()
    assert not SavedSearch.objects.exists()


def test_opening_the_address_from_a_letter_is_the_one_click(page: Page, live_server: Any) -> None:
    user = get_user_model().objects.create_user("ada")
    page.goto(stop_address(user, "reminders", live_server.url))
    expect(page.get_by_role("heading", name="No more mail", exact=True)).to_be_visible()
    assert not MailChoice.objects.get().reminders
    page.get_by_role("button", name="Send them again").click()
    expect(page.get_by_role("heading", name="Mail goes on")).to_be_visible()
    assert MailChoice.objects.get().reminders
