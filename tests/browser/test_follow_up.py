"""Action items that get done: an editor who is a person of the seed's minutes goes through what is proposed, makes one
from what was said, and ticks it off; a reader is offered none of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PASSWORD, sign_in, watched_page
from tests.pages import find_pages, read

NAME = "Rohini Joshi"
SECRET = "tides of the moon"


@pytest.fixture(scope="module")
def invitation(browser: Browser, site: str) -> str:
    """The address under which the person comes as an editor."""
    with watched_page(browser, site, []) as page:
        sign_in(page)
        page.goto("/people/")
        page.get_by_role("main").get_by_role("link", name=NAME, exact=True).click()
        page.get_by_role("link", name="Invite").click()
        page.get_by_label("As", exact=True).select_option("editor")
        page.get_by_role("button", name="Make the link").click()
        return page.get_by_label("The link").input_value()


@pytest.fixture
def editor_page(site_page: Page, invitation: str) -> Page:
    """Signed in as the person, whose account the first test makes."""
    page = site_page
    page.goto("/account/sign-in/")
    page.get_by_label("Name of the account").fill("rohini")
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    if page.get_by_role("alert").count():
        page.goto(invitation)
        page.get_by_label("Name of the account").fill("rohini")
        page.get_by_label("Password", exact=True).fill(SECRET)
        page.get_by_label("Password confirmation").fill(SECRET)
        page.get_by_role("button", name="Make the account").click()
    expect(page.locator("header .me")).to_have_text(NAME)
    return page


def waiting(page: Page) -> int:
    return int(page.locator("[data-total]").get_attribute("data-total"))


def test_editor_goes_through_what_is_proposed_by_key(editor_page: Page):
    page = editor_page
    page.goto("/actions/")
    page.get_by_role("link", name="Accept or reject what is proposed").click()
    cards, current = page.locator("[data-card]"), page.locator("[data-card].current")
    count = waiting(page)
    titles = [cards.nth(n).locator("h2").inner_text().strip() for n in range(3)]
    expect(current.locator("h2")).to_have_text(titles[0])

    page.keyboard.press("j")
    expect(current.locator("h2")).to_have_text(titles[1])
    page.keyboard.press("a")
    expect(page.get_by_role("status")).to_contain_text("Accepted:")
    expect(current.locator("h2")).to_have_text(titles[2])  # the next one is chosen
    assert waiting(page) == count - 1
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("Undone.")
    expect(current.locator("h2")).to_have_text(titles[1])
    assert waiting(page) == count

    page.keyboard.press("r")
    expect(current.get_by_role("button", name="Not an action")).to_be_focused()
    page.keyboard.press("Escape")
    expect(current.get_by_role("button", name="Not an action")).to_have_count(0)
    page.keyboard.press("1")  # nobody sees the reasons, so their keys do nothing
    page.keyboard.press("r")
    page.keyboard.press("2")
    expect(page.get_by_role("status")).to_contain_text("(done already)")
    expect(current.locator("h2")).to_have_text(titles[2])
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_contain_text("Undone.")

    page.keyboard.press("e")
    title = page.get_by_role("form", name="Edit this action item").get_by_label("Title")
    expect(title).to_be_focused()
    title.fill("ja: what was typed")  # in a field, keys are letters
    page.keyboard.press("Escape")
    expect(title).to_have_count(0)
    expect(current.locator("h2")).to_have_text(titles[1])
    page.keyboard.press("e")
    title.fill("Ask again")
    page.get_by_role("button", name="Save and accept").click()
    expect(page.get_by_role("status")).to_contain_text("Changed: title and status.")
    expect(current.locator("h2")).to_have_text(titles[2])
    page.keyboard.press("u")
    expect(current.locator("h2")).to_have_text(titles[1])


def test_editor_makes_an_item_of_a_turn_in_two_clicks_and_ticks_it_off(editor_page: Page, site: str):
    page = editor_page
    page.goto(find_pages(site)["talk"])
    turn = page.locator(".turn").nth(1)
    identity = turn.get_attribute("id")
    turn.locator(".mark").hover()
    turn.get_by_role("link", name="to do").click()
    expect(turn.get_by_role("form").get_by_label("What is to be done")).to_be_focused()
    turn.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(f"#{identity}$"))
    status = page.get_by_role("status")
    expect(status).to_contain_text("To do:")
    page.get_by_role("button", name="Undo").click()
    expect(status).to_contain_text("Undone.")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("d")
    title = page.get_by_label("What is to be done")
    title.fill("Weigh the anchor")
    title.press("Enter")
    status.get_by_role("link", name="Weigh the anchor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Weigh the anchor")
    expect(page.get_by_role("main")).to_contain_text("no owner yet")

    page.get_by_role("link", name="Edit", exact=True).click()
    form = page.get_by_role("form", name="Edit this action item")
    form.get_by_label("More owners").fill(NAME)
    form.get_by_label("Due", exact=True).fill("2031-05-01")
    form.get_by_label("Priority").select_option("high")
    form.get_by_label("Notes").fill("With *two* ropes.")
    form.get_by_role("button", name="Save", exact=True).click()
    main = page.get_by_role("main")
    for shown in (NAME, "due 1 May 2031", "high priority", "With two ropes."):
        expect(main).to_contain_text(shown)

    page.goto("/actions/")
    page.get_by_role("link", name=re.compile(r"^Mine \d+")).click()
    expect(main.get_by_role("link", name="Weigh the anchor")).to_be_visible()
    found = f'/search/?q=is:open owner:"{NAME}" anchor'
    page.goto(found)
    main.get_by_role("link", name="Weigh the anchor").click()
    page.get_by_role("button", name="Done").click()
    expect(status).to_contain_text("Done: “Weigh the anchor”.")
    page.get_by_role("link", name="History").click()
    for told in ("rohini", "Done", "2031-05-01", NAME):
        expect(main).to_contain_text(told)
    page.goto(found)
    expect(main.get_by_role("link", name="Weigh the anchor")).to_have_count(0)
    page.go_back()
    page.go_back()
    page.reload()
    page.get_by_role("button", name="Reopen").click()
    expect(page.get_by_role("button", name="Done")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()


def test_all_of_it_can_be_done_without_scripts(browser: Browser, site: str):
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/account/sign-in/?next=/actions/desk/")
    page.get_by_label("Name of the account").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    card = page.locator("[data-card]").first
    title = card.locator("h2").inner_text().strip()
    card.get_by_role("link", name="Edit").click()
    page.get_by_label("Title").fill("Tidied")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("/actions/desk/#item-1$"))
    expect(card.locator("h2")).to_have_text("Tidied")
    page.get_by_role("button", name="Undo").click()
    card.locator("summary").click()
    card.get_by_label("Another reason", exact=True).fill("too late")
    card.get_by_label("Another reason", exact=True).press("Enter")
    expect(page.get_by_role("status")).to_contain_text("(too late)")
    page.get_by_role("button", name="Undo").click()
    expect(card.locator("h2")).to_have_text(title)
    page.goto(find_pages(site)["theme"])
    page.get_by_role("link", name="Make an action item").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("To do:")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")
    context.close()


def test_reader_is_offered_nothing_and_the_addresses_lead_to_the_door(site_page: Page, site: str):
    pages = find_pages(site)
    for kind in ("action", "talk", "actions", "theme"):
        told = read(site + pages[kind])
        assert not [word for word in ("Accept", "to-do", "/actions/desk/", "actions/decide") if word in told], kind
    turn, action = pages["report"].split("/")[2], pages["action"]
    for address in ("/actions/desk/", f"{action}edit", f"/r/{turn}/to-do"):
        site_page.goto(address)
        expect(site_page).to_have_url(re.compile("/account/sign-in/"))
