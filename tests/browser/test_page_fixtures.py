"""The browser's fixtures themselves: the administration works in Chromium, and a fault on a page is seen."""

from __future__ import annotations

import re

from playwright.sync_api import Page


def test_signed_in_page_shows_the_administration(signed_in_page: Page) -> None:
    signed_in_page.goto("/admin/auth/user/")
    assert signed_in_page.locator("#result_list tbody tr").count() == 1


def test_sign_in_page_takes_name_and_password(page: Page, django_user_model) -> None:
    django_user_model.objects.create_superuser("nadia", "nadia@example.org", "a long secret")
    page.goto("/admin/")
    page.get_by_label("Name of the account").fill("nadia")
    page.get_by_label("Password").fill("a long secret")
    page.get_by_role("button", name="Sign in").click()
    assert page.locator("#user-tools strong").inner_text().lower() == "nadia"


def test_page_policy_blocks_an_inline_script(page: Page, expected_faults: list[str]) -> None:
    page.goto("/account/sign-in/")
    page.evaluate(
        """() => { const script = document.createElement("script");
                   script.textContent = "window.ran = true"; document.body.append(script); }"""
    )
    expected_faults += ["Content security policy: script-src-elem blocked inline", "inline script"]
    assert page.evaluate("window.ran") is None


def test_site_of_make_run_serves_styles_by_names_that_change_with_them(site_page: Page) -> None:
    site_page.goto("/account/sign-in/")
    style = site_page.locator("link[rel=stylesheet]").first.get_attribute("href")
    assert re.fullmatch(r"/static/css/site\.[0-9a-f]{12}\.css", style)
    assert site_page.request.get(style).headers["content-encoding"] == "br"


def test_axe_finds_a_picture_without_words(page: Page, axe) -> None:
    page.goto("/account/sign-in/")
    page.evaluate("() => { const picture = new Image(); picture.id = 'p'; document.body.append(picture); }")
    assert [fault.split()[0] for fault in axe(page) if "<img" in fault] == ["image-alt", "region"]
