"""An editor's walk: settle a conflict, bring an old version back, cite it, and follow a link that pins it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from minutes import importing
from minutes.changes import change
from minutes.models import Conflict, Turn

MINUTES = """Tide workshop
Monday 5 May 2031
Participants: Ada Quill, Bo Marsh

Session 1
Tides of the north (Ada Quill)
Bo: How high does it get at the old pier in spring?
Ada: About eight metres, measured at the pier with the old gauge.
"""


def imported(text: str) -> None:
    importing.write(importing.read("tides.txt", text.encode()))


@pytest.fixture
def turn(signed_in_page: Any) -> Turn:
    """Corrected by a person, and then changed in its source as well."""
    imported(MINUTES)
    turn = Turn.objects.get(text__startswith="About")
    with change(get_user_model().objects.get(), "heard it so") as c:
        c.set(turn, text="About nine metres, measured at the pier with the old gauge.")
    imported(MINUTES.replace("eight", "ten"))
    return turn


def test_editor_settles_restores_cites_and_follows_a_pinned_link(signed_in_page, turn, axe, expected_faults):
    page = signed_in_page
    page.goto("/admin/")
    page.get_by_role("link", name="1 conflicts with a source").click()
    expect(page.locator("ins", has_text="nine")).to_be_visible()
    assert axe(page) == []
    theirs = page.get_by_role("button", name="Take theirs")
    theirs.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Took what the source says.")
    assert Turn.objects.get(pk=turn.pk).text.startswith("About ten")
    page.get_by_role("button", name=re.compile("^Undo")).click()
    page.locator("summary", has_text="Edit…").click()
    page.get_by_label("A third text").fill("About nine or ten metres.")
    page.get_by_role("button", name="Save this text").click()
    expect(page.get_by_role("heading", name="Settled last")).to_be_visible()
    assert Conflict.objects.get().outcome == "edited"

    page.goto(turn.get_absolute_url())
    spoken = page.locator(f"[id='{turn.public_id}']")
    spoken.hover()
    spoken.locator(".marks").hover()
    spoken.get_by_role("link", name="history").click()
    expect(page.get_by_role("heading", name="Version 5, as it stands")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Restore version 1").click()
    expect(page.get_by_role("status")).to_contain_text("Version 1 is back.")
    assert Turn.objects.get(pk=turn.pk).text.startswith("About eight")

    page.goto(f"{turn.permalink}/cite")
    assert axe(page) == []
    expect(page.get_by_role("heading", name="CSL-JSON")).to_be_visible()
    [address] = re.findall(r"http\S+\?v=6", page.locator("pre").first.inner_text())
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"Download .*\.bib")).click()
    assert download.value.path().read_text().startswith("@inproceedings{")
    page.goto(address)
    expect(page.get_by_role("heading", name="Unchanged since cited")).to_be_visible()
    page.goto(address.replace("?v=6", "?v=2"))
    expect(page.get_by_role("heading", name="Changed since cited")).to_be_visible()
    expect(page.locator("ins", has_text="eight")).to_be_visible()
    assert axe(page) == []
