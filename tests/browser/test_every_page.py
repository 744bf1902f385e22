"""Every kind of page in every width, light and dark: nothing that axe finds, and no scrolling sideways."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import sign_in
from tests.pages import find_pages, pages_of_editors

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
