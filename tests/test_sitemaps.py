"""What search engines and shared links are told: the map of the site, robots.txt, and the card of a page."""

from __future__ import annotations

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model

from tests import make

pytestmark = pytest.mark.django_db


def mapped(client) -> set[str]:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    return {place.text.removeprefix("http://testserver") for place in tree.findall("{*}url/{*}loc")}


def card(client, address: str) -> dict[str, str]:
    """Name → content of the meta elements of a page."""
    page = client.get(address).content.decode()
    pairs = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page)
    return {name: unescape(content) for name, content in pairs}


# The map


def test_map_leads_to_every_page_that_visitors_may_read(client):
    talk = make.talk("Deep water", speakers=[make.person("Ada Byron")])
    turn = make.turn("Why so deep?", by=make.person("Mary Ward"), talk=talk, topics=[make.topic("Sieve")])
    theme = make.theme("Depth")
    shown = mapped(client)
    for record in (turn.workshop, talk, make.day(1), turn.voices.get().person, turn.topics.get(), theme):
        assert record.get_absolute_url() in shown
        assert client.get(record.get_absolute_url()).status_code == 200
    assert {"/", "/people/", "/topics/", "/themes/", "/glossary/", "/actions/"} <= shown


def test_map_tells_nobody_of_drafts_even_when_an_editor_asks(client):
    draft = make.workshop("Not yet", slug="not-yet", visibility="draft")
    talk = make.talk("Secret water", workshop=draft, speakers=[make.person("Hidden Hand")])
    client.force_login(get_user_model().objects.create_superuser("chief", "chief@example.org", "secret"))
    shown = mapped(client)
    assert talk.get_absolute_url() not in shown
    assert not [address for address in shown if "not-yet" in address or "hidden-hand" in address]


def test_robots_are_led_to_the_map_and_away_from_pages_without_end(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Sitemap: http://testserver/sitemap.xml" in lines
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert {"/search/?", "/r/", "/admin/"} <= set(closed)
    make.turn("Why?", by=make.person("Mary Ward"), talk=make.talk("Deep water"))
    shown = mapped(client)
    assert len(shown) > 7
    assert not [address for address in shown if address.startswith(tuple(closed))]


# The card


def test_card_of_a_talk_names_it_and_its_speakers(client):
    talk = make.talk("Deep “water” & <salt>", speakers=[make.person("Ada Byron")])
    told = card(client, talk.get_absolute_url())
    assert told["og:title"].startswith("Deep “water” & <salt>")
    assert "Ada Byron" in told["og:description"]
    assert told["og:url"] == f"http://testserver{talk.get_absolute_url()}"
    assert told["og:image"].startswith("http://testserver/")
    assert told["og:image"].endswith(".png")


@pytest.mark.parametrize("address", ["/", "/people/", "/topics/", "/glossary/", "/search/?q=water", "/keys/"])
def test_card_says_the_same_as_the_title_and_the_description(client, address):
    make.turn("Why is the water deep?", by=make.person("Mary Ward"), talk=make.talk("Deep water"))
    page = client.get(address).content.decode()
    told = card(client, address)
    title = unescape(re.search(r"<title>(.*?)</title>", page, re.S)[1])
    assert told["og:title"] == title.removesuffix(" · Rapporteur") or told["og:title"] == title
    assert told["og:description"]
    assert "\n" not in told["og:description"]


def test_addresses_in_the_words_of_minutes_are_masked_in_cards(client):
    theme = make.theme("Write to ada.byron@example.org about depth")
    told = card(client, theme.get_absolute_url())
    assert "about depth" in told["og:description"]
    assert not [content for content in told.values() if "ada.byron@example.org" in content]
