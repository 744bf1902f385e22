"""Importing in Chromium: minutes pasted, looked at line by line, imported; and what axe thinks of the pages."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.test_import_pages import MINUTES


def paste(page: Page, text: str) -> None:
    page.goto("/import/")
    page.get_by_label("The minutes as they are").fill(text)
    page.get_by_label("Name of the text").fill("lanterns.txt")
    page.get_by_role("button", name="Look at it first").click()


def test_pasted_minutes_are_looked_at_and_imported(signed_in_page: Page) -> None:
    page = signed_in_page
    paste(page, MINUTES)
    expect(page.get_by_text("Makes a new workshop, a draft that only editors read.")).to_be_visible()
    page.locator("#r-q5 a", has_text="line").click()
    line = page.locator("li:target")
    expect(line).to_contain_text("The one from the river mouth")
    expect(line).to_be_in_viewport()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Workshop on Lanterns")
    expect(page.get_by_role("status")).to_contain_text("lanterns.txt is imported: 2 talks, 6 turns, 4 people")
    paste(page, MINUTES.replace("nine hours", "ten hours"))
    expect(page.locator("ins")).to_have_text("ten")
    expect(page.locator("del")).to_have_text("nine")


def test_import_pages_are_open_to_everybody(signed_in_page: Page, axe: Callable[[Page], list[str]]) -> None:
    page = signed_in_page
    page.goto("/import/")
    assert axe(page) == []
    paste(page, MINUTES)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
