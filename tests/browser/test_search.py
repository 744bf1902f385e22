"""Search in Chromium: typed, suggested, narrowed, opened and come back to; with JavaScript and without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect


def test_reader_types_picks_narrows_opens_and_goes_back(site_page: Page) -> None:
    page = site_page
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("ruc", delay=30)
    suggestions = page.get_by_role("listbox", name="Suggestions")
    expect(suggestions.get_by_role("option").first).to_have_text("Rucio")
    page.keyboard.press("ArrowDown")
    expect(suggestions.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(suggestions).to_have_count(0)
    page.get_by_role("combobox").fill("tokens")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    found = page.locator("#found")
    everything = int(found.get_attribute("data-total") or 0)
    page.get_by_role("complementary", name="Narrow the search").get_by_role("link", name="Rosie Bolton").first.click()
    expect(page).to_have_url(re.compile("by"))
    assert 0 < int(found.get_attribute("data-total") or 0) < everything
    expect(page.locator("article mark").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Search without .*Rosie")).click()
    expect(found).to_have_attribute("data-total", str(everything))
    page.locator("article").first.locator("a.mark").first.click()
    expect(page).to_have_url(re.compile("/talks/"))
    page.go_back()
    expect(found).to_have_attribute("data-total", str(everything))


def test_suggestion_opens_a_page_of_its_own(site_page: Page) -> None:
    page = site_page
    page.goto("/people/")
    page.get_by_role("combobox").press_sequentially("rohi", delay=30)
    page.get_by_role("option", name="Rohini Joshi", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rohini Joshi")


def test_what_is_just_a_name_opens_with_one_key(site_page: Page) -> None:
    page = site_page
    page.goto("/search/")
    field = page.get_by_label("Words")
    field.press_sequentially("rucio", delay=30)
    exact = page.get_by_role("option", name="Rucio", exact=True)
    expect(exact).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")  # back in the field: Enter searches
    expect(exact).to_have_attribute("aria-selected", "false")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rucio")


def test_what_was_said_before_and_after_comes_into_the_page(site_page: Page) -> None:
    page = site_page
    page.goto("/search/?q=transfer+rate+retries")
    page.get_by_role("link", name="Before and after").first.click()
    around = page.get_by_role("article", name="Before and after", exact=True)
    expect(around.locator(".turn.hit")).to_have_count(1)
    assert around.locator(".turn").count() > 2
    ids = page.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    assert "/search/" in page.url


@pytest.mark.parametrize("query", ["asked-by:rosie tokens", "zzz vualt"])
def test_results_are_open_to_everybody(site_page: Page, axe, query: str) -> None:
    page = site_page
    for scheme, width in (("light", 360), ("dark", 1440)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/search/?q={query}")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_search_works_without_javascript(browser: Browser, site_page: Page) -> None:
    site_page.goto("/")
    context = browser.new_context(java_script_enabled=False, base_url=site_page.url)
    page = context.new_page()
    page.goto("/search/")
    page.get_by_label("Words").fill("tokens")
    page.get_by_label("Kind").select_option(label="questions")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    expect(page.locator("#q")).to_have_value("tokens kind:question")
    page.get_by_role("link", name="Search without kind:question").click()
    expect(page.locator("#q")).to_have_value("tokens")
    page.locator("aside.facets a").first.click()
    expect(page.locator(".chip")).to_have_count(2)
    context.close()
