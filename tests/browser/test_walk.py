"""The seed's site as its readers use it: from the programme to a person, a topic, a turn; and a question answered."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD


def test_reader_walks_from_home_to_a_turn(site_page: Page):
    page = site_page
    page.goto("/")
    workshops = page.get_by_role("region", name="Workshops")
    workshops.get_by_role("link", name="3rd ESCAPE WP2/DIOS workshop").click()
    page.get_by_role("link", name=re.compile("Tuesday 22 March|Day 2")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("22 March 2022")

    page.get_by_role("main").get_by_role("link", name="LOFAR", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("LOFAR")
    expect(page.get_by_role("main")).to_contain_text("What do you mean with code expected for DLaaS?")

    page.get_by_role("main").get_by_role("link", name="Riccardo Di Maria").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Riccardo Di Maria")
    expect(page.locator("#asked")).to_contain_text("What do you mean with code expected for DLaaS?")

    page.get_by_role("main").get_by_role("link", name=re.compile("DLaaS")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("DLaaS")

    mark = page.locator("a[href^='/r/']").first
    mark.click()
    expect(page).to_have_url(re.compile(r"/(talks|workshops)/.+#[a-z2-9]{10}$"))
    turn = page.locator(f"[id='{page.url.rpartition('#')[2]}']")
    expect(turn).to_be_visible()


def test_what_did_rohini_ask_about_iam_and_who_answered(site_page: Page):
    page = site_page
    page.goto("/search/")
    page.get_by_label("Asked by").select_option(label=_option(page, "Asked by", "Rohini Joshi"))
    page.get_by_label("Topic").select_option(label=_option(page, "Topic", "IAM"))
    page.get_by_role("main").get_by_role("button", name="Search").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("are there any forums/channels of communication?")
    expect(main).to_contain_text("Francesco Giacomini")
    expect(main).to_contain_text("We have our support email list.")


def test_plain_words_find_the_exchange(site_page: Page):
    site_page.goto("/search/?q=transfer+rate+retries")
    first = site_page.get_by_role("main").locator("article").first
    expect(first).to_contain_text("transfer rate 90%, what does it include?")
    expect(first).to_contain_text("FTS retries not included")


def test_old_and_wrong_addresses_are_answered(site_page: Page, expected_faults: list[str]):
    expected_faults.append("status of 404")
    site_page.goto("/people/")
    link = site_page.get_by_role("main").get_by_role("link", name="Rizart Dona", exact=True).get_attribute("href")
    identity = link.split("/")[2]
    site_page.goto(f"/people/{identity}/somebody-else/")
    expect(site_page).to_have_url(re.compile(f"{link}$"))
    site_page.goto("/talks/nothing/there/")
    expect(site_page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1440)])
def test_every_kind_of_page_is_accessible_and_fits(site_page: Page, axe, scheme: str, width: int):
    site_page.emulate_media(color_scheme=scheme)
    site_page.set_viewport_size({"width": width, "height": 900})
    faults = {}
    for address in _kinds_of_pages(site_page):
        site_page.goto(address)
        wide = site_page.evaluate("document.documentElement.scrollWidth") > width
        faults[address] = axe(site_page) + (["scrolls sideways"] if wide else [])
    assert {address: found for address, found in faults.items() if found} == {}


def test_administrator_signs_in(site_page: Page):
    site_page.goto("/admin/")
    site_page.get_by_label("Name of the account").fill("administrator")
    site_page.get_by_label("Password").fill(PASSWORD)
    site_page.get_by_role("button", name="Sign in").click()
    expect(site_page.get_by_role("link", name="Action items").first).to_be_visible()


def _option(page: Page, select: str, begins: str) -> str:
    labels = page.get_by_label(select).locator("option").all_text_contents()
    return next(label for label in labels if begins in label)


def _kinds_of_pages(page: Page) -> list[str]:
    def first(address: str, pattern: str) -> str:
        page.goto(address)
        links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        return next(link for link in links if re.fullmatch(pattern, link))

    workshop = first("/workshops/", "/workshops/[^/]+/")
    day = f"{workshop}days/1/"
    return [
        *("/", "/workshops/", workshop, f"{workshop}reading/", day),
        first(day, "/talks/[^/]+/[^/]+/"),
        *("/people/", first("/people/", "/people/[^/]+/[^/]+/")),
        *("/topics/", "/topics/rucio/", "/glossary/"),
        *("/themes/", first("/themes/", "/themes/[^/]+/[^/]+/")),
        *("/actions/", "/search/", "/search/?q=rucio"),
        *("/account/sign-in/?next=/actions/", "/account/password/reset/"),
    ]
