"""A curator in Chromium: an unknown label decided by keyboard, two people merged, read as one, and two again."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from minutes.models import Voice
from people.models import PersonMerge
from tests import make


def names() -> list[str]:
    rows = Voice.objects.filter(label="Zed").order_by("turn")
    return [row.person.name if row.person else row.certainty for row in rows]


def fill_site() -> None:
    zdenka, double = make.person("Zdenka Moravec"), make.person("Z. Moravec")
    spring = make.workshop("Spring", people=[zdenka])
    talk = make.talk("Hemp", workshop=spring, speakers=[make.person("Bob Roe")])
    make.turn("Is it strong?", by="Zed", talk=talk, kind="question")
    make.turn("Who tars?", by="Zdena", talk=talk, kind="question")
    make.turn("We do, twice a year.", by=double, talk=talk, kind="answer")


def test_labels_are_decided_by_keyboard_and_undone(signed_in_page: Page, axe: Callable[[Page], list[str]]) -> None:
    page = signed_in_page
    fill_site()
    page.goto("/admin/")
    page.get_by_role("link", name="2 names to decide").click()
    card = page.locator(".card.current")
    expect(card.locator("h2")).to_contain_text("Zdena")
    assert axe(page) == []
    page.keyboard.press("j")
    expect(card.locator("h2")).to_contain_text("Zed")
    page.keyboard.press("/")
    page.keyboard.type("morav")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Zdenka Moravec").first.click()
    expect(page.locator(".messages")).to_contain_text("“Zed” is Zdenka Moravec here: 1 turn changed.")
    assert names() == ["Zdenka Moravec"]
    page.keyboard.press("u")
    expect(page.locator(".messages")).to_contain_text("Undone: “Zed” is Zdenka Moravec")
    assert names() == ["unknown"]
    page.goto("/names/")
    page.keyboard.press("s")
    page.keyboard.press("e")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(card.get_by_label("holds").first).to_have_value("everywhere")
    expect(card.get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("n")
    expect(page.locator(".messages")).to_contain_text("“Zdena” is nobody everywhere")
    page.keyboard.press("1")
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert names() != ["unknown"]


def test_two_people_are_merged_read_as_one_and_parted(signed_in_page: Page, axe: Callable[[Page], list[str]]) -> None:
    page = signed_in_page
    fill_site()
    page.goto("/people/")
    page.get_by_role("link", name="Zdenka Moravec").first.click()
    page.get_by_role("link", name="Merge with another record").click()
    page.locator("#content").get_by_role("link", name="Z. Moravec").click()
    expect(page.get_by_role("heading", name="One person?")).to_be_visible()
    assert axe(page) == []
    page.get_by_label("Name that is shown").select_option("Zdenka Moravec")
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_role("heading", name="Zdenka Moravec", level=1)).to_be_visible()
    expect(page.locator("#said")).to_contain_text("We do, twice a year.")
    assert axe(page) == []
    page.get_by_role("button", name="Undo the merge of Z. Moravec").click()
    expect(page.locator(".messages")).to_contain_text("are two people again")
    expect(page.locator("#content")).not_to_contain_text("We do, twice a year.")
    assert PersonMerge.objects.get().undone_at is not None
    page.get_by_role("link", name="Split").click()
    expect(page.get_by_role("heading", name="What of this is somebody else’s?")).to_be_visible()
    assert axe(page) == []
    page.go_back()
    page.get_by_role("link", name="Affiliations").click()
    expect(page.get_by_role("heading", name=re.compile("^Where .* was from$"), level=1)).to_be_visible()
    assert axe(page) == []
