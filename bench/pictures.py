"""Every kind of page of the seed's site as a picture: three widths, light and dark, for people to look at.

    python -m bench.pictures [KIND...]

They go to `docs/pictures/KIND-WIDTH-SCHEME.png`; only the two that the README shows are kept with the project.
"""

from __future__ import annotations

import sys
import tempfile

from playwright.sync_api import Browser, Page, sync_playwright

from bench.seed_site import NAME, PASSWORD, ROOT, SIGN_IN, site
from tests.machine import find_chromium
from tests.pages import find_pages, pages_of_editors

ROOM = ROOT / "docs" / "pictures"
WIDTHS = (360, 768, 1440)
SCHEMES = ("light", "dark")
HIGHEST = 2400  # pixels of a page that are shown: who looks on sees more of the same


def main() -> int:
    wanted = sys.argv[1:]
    ROOM.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="rapporteur-pictures-") as room, site(room) as address:
        pages = find_pages(address)
        desks = pages_of_editors(pages)
        with sync_playwright() as playwright:
            chromium = find_chromium() or sys.exit("Pictures need Chromium: apt-get install -y chromium")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            count = take(browser, address, pages, wanted, signed_in=False)
            count += take(browser, address, desks, wanted, signed_in=True)
            browser.close()
    print(f"{count} pictures in docs/pictures")
    return 0


def take(browser: Browser, address: str, pages: dict[str, str], wanted: list[str], *, signed_in: bool) -> int:
    count = 0
    for scheme in SCHEMES:
        context = browser.new_context(base_url=address, color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        if signed_in:
            sign_in(page)
        for kind, place in pages.items():
            if wanted and kind not in wanted:
                continue
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(place)
                high = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
                page.set_viewport_size({"width": width, "height": max(high, 600)})
                page.screenshot(path=ROOM / f"{kind.replace(' ', '-')}-{width}-{scheme}.png")
                count += 1
        context.close()
    return count


def sign_in(page: Page) -> None:
    page.goto(SIGN_IN)
    page.locator("[name=username]").fill(NAME)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()


if __name__ == "__main__":
    sys.exit(main())
