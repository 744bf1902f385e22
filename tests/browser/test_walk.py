"""The seed's site as its readers use it: from the programme to a person, a topic, a turn; and a question answered."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.pages import find_pages, pages_of_editors


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


WIDTHS = (360, 768, 1440)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_is_accessible_and_fits(site_page: Page, site: str, axe, scheme: str):
    assert faults_of(site_page, find_pages(site), axe, scheme) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_of_editors_is_accessible_and_fits(site_page: Page, site: str, axe, scheme: str):
    sign_in(site_page)
    pages = pages_of_editors(find_pages(site))
    pages = {
        kind: address for kind, address in pages.items() if "/admin/" not in address
    }  # tests/browser/test_admin.py
    marked = {f"{kind}, with marks": find_pages(site)[kind] for kind in ("talk", "action", "actions", "theme")}
    assert faults_of(site_page, pages | marked, axe, scheme) == {}


def faults_of(page: Page, pages: dict[str, str], axe, scheme: str) -> dict[str, list[str]]:
    """What is wrong with each kind of page: what axe finds at the least and the greatest width, and at which widths
    one must scroll sideways. Messages of the console and of the policy fail the test by themselves."""
    page.emulate_media(color_scheme=scheme)
    found: dict[str, list[str]] = {}
    for kind, address in pages.items():
        page.goto(address)
        faults = []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"scrolls sideways at {width}")
            if width != 768:
                faults += axe(page)
        if faults:
            found[kind] = faults
    return found


def test_pages_can_be_read_at_320_pixels_and_with_letters_twice_as_large(site_page: Page, site: str):
    """What WCAG asks as reflow: 1280 pixels at 400 % are 320."""
    site_page.set_viewport_size({"width": 320, "height": 800})
    wide = []
    for kind, address in find_pages(site).items():
        site_page.goto(address)
        if site_page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(kind)
    assert wide == []


def test_keys_lead_through_a_talk_to_the_search_and_to_their_own_page(site_page: Page, site: str):
    page = site_page
    page.goto(find_pages(site)["talk"])
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    turns = page.locator(".turn")
    for key, place in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(turns.nth(place)).to_be_focused()
    outline = turns.first.evaluate("turn => getComputedStyle(turn).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Tab")  # into the turn, where everything one can do is reached
    assert turns.first.evaluate("turn => turn.contains(document.activeElement)")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("what was said next, and before")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("j?/")  # in a field, keys are letters
    expect(page.locator("#find")).to_have_value("j?/")


def test_every_link_and_field_of_the_first_page_is_reached_by_tab_and_shows_it(site_page: Page):
    site_page.goto("/")
    count = site_page.locator("a[href]:visible, button:visible, input:visible, summary:visible").count()
    seen, unseen = set(), []
    for _ in range(count + 5):
        site_page.keyboard.press("Tab")
        told = site_page.evaluate(
            """() => {
              const one = document.activeElement, style = getComputedStyle(one);
              const all = [...document.querySelectorAll("a[href], button, input, summary")];
              return [all.indexOf(one), style.outlineStyle !== "none" || style.boxShadow !== "none", one.outerHTML];
            }"""
        )
        if told[0] >= 0:
            seen.add(told[0])
            if not told[1]:
                unseen.append(told[2][:100])
    assert unseen == []
    assert len(seen) >= count


def test_talk_prints_its_words_and_nothing_to_click(site_page: Page, site: str):
    site_page.goto(find_pages(site)["talk"])
    site_page.emulate_media(media="print", color_scheme="dark")
    expect(site_page.locator(".turn .words").first).to_be_visible()
    for hidden in ("header.site nav", ".marks", ".programme-side", ".pager", "header.site form"):
        expect(site_page.locator(hidden).first).to_be_hidden()
    assert site_page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"


def sign_in(page: Page) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("Name of the account").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("header .me")).to_contain_text("administrator")


def test_editor_puts_a_turn_right_with_one_key_and_takes_it_back(site_page: Page, site: str):
    page = site_page
    sign_in(page)
    page.goto(find_pages(site)["talk"])
    before = page.locator(".turn").first.get_attribute("class")
    page.keyboard.press("j")
    page.keyboard.press("c" if "question" in before else "q")
    expect(page.get_by_role("status")).to_contain_text("Put right: kind.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")
    expect(page.locator(".turn").first).to_have_class(before)

    page.keyboard.press("j")
    page.keyboard.press("s")
    form = page.get_by_role("form", name="Put these words right")
    expect(form.locator("[name^=who_]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    page.keyboard.press("e")
    words = form.get_by_label("Words")
    expect(words).to_be_focused()
    said = words.input_value()
    words.fill(f"{said} Indeed.")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".turn").first).to_contain_text("Indeed.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".turn").first).not_to_contain_text("Indeed.")


def test_reader_says_that_it_was_otherwise_and_an_editor_finds_it(site_page: Page, site: str):
    page = site_page
    page.goto(find_pages(site)["report"])
    page.get_by_label("What is wrong").fill("I said the opposite.")
    page.wait_for_timeout(2100)  # a program would be quicker
    page.get_by_role("button", name="Tell the editors").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    sign_in(page)
    page.goto("/reports/")
    expect(page.get_by_role("main")).to_contain_text("I said the opposite.")
    page.get_by_role("button", name="The words stay").click()
    expect(page.get_by_role("status")).to_contain_text("Settled")


def test_administrator_signs_in(site_page: Page):
    site_page.goto("/admin/")
    site_page.get_by_label("Name of the account").fill("administrator")
    site_page.get_by_label("Password").fill(PASSWORD)
    site_page.get_by_role("button", name="Sign in").click()
    expect(site_page.get_by_role("link", name="Action items").first).to_be_visible()


def _option(page: Page, select: str, begins: str) -> str:
    labels = page.get_by_label(select).locator("option").all_text_contents()
    return next(label for label in labels if begins in label)
