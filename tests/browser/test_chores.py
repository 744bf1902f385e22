"""An organiser's chores on the seed's site: addresses for many talks, a label that touches turns; both taken back."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.pages import find_pages


def test_editor_attaches_addresses_to_talks_and_takes_them_back(site_page: Page, site: str):
    page = site_page
    sign_in(page)
    page.goto(find_pages(site)["workshop"])
    page.get_by_role("link", name="Links", exact=True).click()
    page.get_by_label("Addresses, with the titles").fill(
        "LOFAR\thttps://slides.example.org/lofar.pdf\nWhy use FTS\thttps://slides.example.org/fts.pdf\nnobody's\thttps://slides.example.org/x"
    )
    page.get_by_role("button", name="Look at it first").click()
    lines = page.locator("#lines")
    expect(lines).to_contain_text("2 addresses to attach")
    expect(lines).to_contain_text("No talk is surely meant: choose it.")
    page.get_by_role("button", name="Attach 2").click()
    expect(page.get_by_role("status")).to_contain_text("2 addresses attached.")
    talk = page.context.new_page()  # beside the page that has the way back
    talk.goto(page.get_by_role("link", name="LOFAR", exact=True).first.get_attribute("href"))
    slides = talk.locator("a[href='https://slides.example.org/lofar.pdf']")
    expect(slides).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")
    talk.reload()
    expect(slides).to_have_count(0)


def test_editor_sees_what_a_label_touches_before_it_is_saved(site_page: Page, site: str):
    page = site_page
    sign_in(page)
    page.goto(find_pages(site)["topic"])
    named = page.locator("#discussed").get_attribute("data-total")
    page.get_by_role("link", name="Edit", exact=True).click()
    labels = page.get_by_label("Found as", exact=True)
    labels.fill(f"{labels.input_value()}\nquestion")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#reach")).to_contain_text(re.compile(r"\d+ turns? more would name it, 0 no longer"))
    page.get_by_role("button", name="Save it so").click()
    expect(page.get_by_role("status")).to_contain_text("was changed")
    assert int(page.locator("#discussed").get_attribute("data-total")) > int(named)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#discussed")).to_have_attribute("data-total", named)
