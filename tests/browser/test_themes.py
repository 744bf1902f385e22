"""Themes of the seed's site as an editor shapes them: words accepted and refused, two themes merged, all taken back."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in


def open_theme(page: Page, words: str) -> None:
    page.goto("/themes/")
    page.get_by_role("main").get_by_role("link", name=words).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def test_editor_accepts_words_refuses_others_and_takes_it_back(site_page: Page):
    page = site_page
    open_theme(page, "DLaaS deployments")
    expect(page.get_by_role("button", name="Bears it out")).to_have_count(0)
    sign_in(page)
    open_theme(page, "DLaaS deployments")
    suggested = page.locator("#see-also .answers > li")
    count = suggested.count()
    assert count > 2
    suggested.first.get_by_role("button", name="Bears it out").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("now bears? the theme out"))
    expect(page.locator("#evidence .answers > li")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#evidence .answers > li")).to_have_count(0)

    refused = suggested.first.locator(".words").first.inner_text()
    suggested.first.get_by_role("button", name="Not this").click()
    expect(page.get_by_role("status")).to_contain_text("suggested no more")
    expect(page.locator("#see-also")).not_to_contain_text(refused)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#see-also")).to_contain_text(refused)


def test_two_themes_are_merged_and_links_lead_to_the_one_until_it_is_undone(site_page: Page):
    page = site_page
    sign_in(page)
    open_theme(page, "FTS...")
    gone = page.url
    open_theme(page, "Documentation")
    kept = page.url
    page.get_by_role("link", name="Merge", exact=True).click()
    page.get_by_role("listitem").filter(has_text="FTS...").get_by_role("link").first.click()
    page.get_by_role("main").get_by_role("button", name=re.compile("Merge|Make them one")).first.click()
    expect(page.get_by_role("status")).to_contain_text("Merged")
    other = page.context.new_page()
    other.goto(gone)
    expect(other).to_have_url(kept)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")
    other.goto(gone)
    expect(other).to_have_url(gone)
