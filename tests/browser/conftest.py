"""Chromium for tests: a page that fails its test on any fault that the browser sees, signed in or not, and axe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.machine import find_chromium, free_port

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
AXE = HERE.parent / "vendor" / "axe.min.js"
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a secret of tests"
# A blocked resource is told to the page first; the console says it only for some kinds.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`Content security policy: ${event.violatedDirective} blocked ${event.blockedURI || "inline"}`);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, where Django would then refuse its database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        expect.set_options(timeout=10_000)  # as long as a click may take: two cores serve, search and look on
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def expected_faults() -> list[str]:
    """Patterns of faults that a test brings about on purpose, such as `status of 404`: it appends them."""
    return []


@contextmanager
def watched_page(browser: Browser, address: str, expected_faults: list[str]) -> Iterator[Page]:
    faults: list[str] = []
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    context.add_init_script(REPORT_VIOLATIONS)
    page = context.new_page()
    page.on("console", lambda message: _note_message(faults, message))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: _note_failure(faults, request))
    try:
        yield page
    finally:
        context.close()
    unexpected = [fault for fault in faults if not any(re.search(pattern, fault) for pattern in expected_faults)]
    assert unexpected == []


@pytest.fixture
def page(browser: Browser, live_server: Any, expected_faults: list[str]) -> Iterator[Page]:
    """A page with empty storage on a test's own rows: `page.goto("/talks/")` is enough. Errors in it fail the test."""
    with watched_page(browser, live_server.url, expected_faults) as page:
        yield page


@pytest.fixture
def signed_in_page(page: Page, live_server: Any, transactional_db: None) -> Page:
    """`page` for an administrator, who is the user `administrator`."""
    user = get_user_model().objects.create_superuser("administrator", "administrator@example.org", "secret")
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": session.key, "value": session.value, "url": live_server.url}])
    return page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the seed minutes, made and served as `make run` does it, once for all tests.

    Its administrator is `administrator`, with the password in PASSWORD. Tests that change it share the changes.
    """
    port = free_port()
    room = tmp_path_factory.mktemp("site")
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(room), "PORT": str(port)}
    address = f"http://127.0.0.1:{port}"
    with (room / "log").open("w") as log:
        command = [sys.executable, "-m", "config.serve"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(address, server, room / "log")
        subprocess.run(
            [sys.executable, "manage.py", "createsuperuser", "--noinput"],
            cwd=ROOT,
            env=environment
            | {
                "DJANGO_SUPERUSER_USERNAME": "administrator",
                "DJANGO_SUPERUSER_EMAIL": "administrator@example.org",
                "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            },
            check=True,
            capture_output=True,
        )
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def site_page(browser: Browser, site: str, expected_faults: list[str]) -> Iterator[Page]:
    """A page on `site`, for walks through the seed minutes. Errors in it fail the test."""
    with watched_page(browser, site, expected_faults) as page:
        yield page


def sign_in(page: Page) -> None:
    """As the administrator of `site`."""
    page.goto("/account/sign-in/")
    page.get_by_label("Name of the account").fill("administrator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page.locator("header .me")).to_contain_text("administrator")


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/account/sign-in/", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The site did not start:\n{log.read_text()}")


def _note_message(faults: list[str], message: Any) -> None:
    if message.type == "error":
        faults.append(f"{message.location.get('url', '')}: {message.text}")


def _note_failure(faults: list[str], request: Any) -> None:
    # Leaving a page ends the requests that it still has under way; that is no fault.
    if request.failure != "net::ERR_ABORTED":
        faults.append(f"{request.url}: {request.failure}")


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """`axe(page)`: what axe finds wrong with the page as it stands, one line for each element; [] is what one wants.

    The script goes in by the debugger's door, which the page's content security policy does not close.
    """
    script = AXE.read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def check(page: Page) -> list[str]:
        page.evaluate(script)
        report = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", tags)
        return [
            f"{violation['id']} ({violation['impact']}): {node['html'][:160]}"
            for violation in report["violations"]
            for node in violation["nodes"]
        ]

    return check
