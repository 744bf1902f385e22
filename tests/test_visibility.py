"""A draft workshop leaves no trace for a visitor: every address is walked, with a draft and without one."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urldefrag

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import URLPattern, URLResolver, get_resolver

from tests import make

pytestmark = pytest.mark.django_db

SECRET = "Zyzzyva"
CURATED = "desk label decide decide-several undo-step undo-merge merge split affiliations".split()


#: What forms carry against others' forms differs each time that they are shown.
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*|(?<=name="opened" value=")[^"]*')


def walk(client) -> dict[str, str]:
    """Every page of the site that links lead to, from the first one: address and text."""
    found: dict[str, str] = {}
    waiting = ["/", "/search/?q=sieve", f"/search/?q={SECRET}"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address, follow=True)
        assert response.status_code == 200, address
        found[address] = TOKEN.sub("", response.content.decode())
        links = {urldefrag(unescape(link)).url for link in re.findall(r'href="(/[^"]*)"', found[address])}
        waiting += [link for link in links if not link.startswith(("/admin/", "/account/", "/static/"))]
    return found


def fill(workshop, mark: str, people, topics) -> list:
    """Something of everything in a workshop, each of its words marked."""
    ada, bo = people
    day = make.day(1, workshop=workshop)
    session = make.session(f"Session {mark}", day=day, conveners=[ada])
    make.turn(f"Opening of {mark}.", by=bo, session=session, topics=topics)
    talk = make.talk(f"Talk of {mark}", session=session, speakers=[ada], topics=topics)
    asked = make.turn(f"Why the sieve of {mark}?", by=bo, talk=talk, kind="question", to=[ada], topics=topics)
    make.turn(f"So that {mark}.", by=ada, talk=talk, kind="answer", exchange=asked.exchange, topics=topics)
    make.note(f"Note on {mark}.", talk=talk)
    make.link(f"Slides of {mark}", talk=talk)
    theme = make.theme(f"Theme of {mark}", workshop=workshop, evidence=[asked], topics=topics)
    action = make.action(f"Action on {mark}", turn=asked, owners=[ada])
    return [workshop, day, session, talk, asked, theme, action]


@pytest.fixture
def site():
    """A public workshop; and what makes a draft in which the same people speak of the same topics."""
    people = [make.person("Ada Quill"), make.person("Bo Marsh")]
    topics = [make.topic("Sieve", labels=["sieve"])]
    fill(make.workshop("Open summit", people=people), "ink", people, topics)

    def add(visibility: str) -> list:
        stranger = make.person(f"{SECRET} Stranger")
        workshop = make.workshop(f"{SECRET} summit", visibility=visibility, people=[*people, stranger])
        records = fill(workshop, SECRET, people, topics)
        make.turn(f"I am {SECRET}.", by=stranger, talk=records[3])
        return [*records, stranger]

    return add


def test_draft_changes_no_page_for_a_visitor(client, site):
    before = walk(client)
    site("draft")
    assert walk(client) == before
    assert not [address for address, page in before.items() if "Session ink" in page and SECRET in page]


def test_addresses_of_a_draft_are_not_found(client, site):
    for record in site("draft"):
        address = urldefrag(record.get_absolute_url()).url
        if address != "/actions/":
            assert client.get(address, follow=True).status_code == 404, address
        assert client.get(record.permalink).status_code == 404, record


def test_workshop_for_members_is_found_once_signed_in(client, site):
    records = site("members")
    assert client.get(records[0].get_absolute_url()).status_code == 404
    client.force_login(User.objects.create_user("member"))
    for record in records:
        assert client.get(record.permalink, follow=True).status_code == 200, record
    assert f"{SECRET} summit" in client.get("/").content.decode()


def test_draft_is_shown_to_those_who_may_read_drafts(client, site):
    records = site("draft")
    client.force_login(User.objects.create_user("member"))
    assert SECRET not in client.get("/").content.decode()
    editor = User.objects.create_user("editor")
    editor.user_permissions.add(Permission.objects.get(codename="read_drafts"))
    client.force_login(editor)
    pages = walk(client)
    assert f"Why the sieve of {SECRET}?" in pages[records[3].get_absolute_url()]


def test_walk_reaches_every_page_of_the_site(client, site):
    """A page that no link leads to would be walked by nobody."""
    reached = {get_resolver().resolve(address.split("?")[0]).view_name for address in walk(client)}
    named = {
        f"{resolver.app_name}:{pattern.name}"
        for resolver in get_resolver().url_patterns
        if isinstance(resolver, URLResolver) and resolver.app_name in ("minutes", "people", "themes")
        for pattern in resolver.url_patterns
        if isinstance(pattern, URLPattern) and pattern.name and not pattern.name.endswith("-id")
    }
    assert named - reached == {
        *("minutes:workshop-reading", "minutes:record-source"),  # linked where the workshop has a source
        *("minutes:import", "minutes:import-preview"),  # for curators
        *(f"people:{name}" for name in CURATED),
        *("minutes:conflict-list", "minutes:record-edit", "minutes:report-list", "minutes:action-table"),  # for editors
        *("minutes:put-right", "minutes:undo", "minutes:to-do", "themes:topic-edit"),
        *("minutes:action-desk", "minutes:action-decide", "minutes:action-edit"),
        *("minutes:workshop-links", "minutes:workshop-details"),
        *(f"themes:{name}" for name in ("evidence", "join", "merge", "split")),
        *("minutes:sitemap", "minutes:robots"),  # for search engines
        *("minutes:saved-searches", "minutes:mail-stop"),  # for those who signed in; from letters
        "minutes:search-suggest",  # for the script of the search field
    }


def test_numbers_on_links_equal_the_lists_they_open(client, site):
    site("public")
    pages = walk(client)
    counted = {
        (unescape(link), int(count))
        for page in pages.values()
        for link, count in re.findall(r'<a\b[^>]*?href="(/[^"]*)"[^>]*?data-count="(\d+)"', page)
    }
    assert counted
    for link, count in counted:
        address, anchor = urldefrag(link)
        tags = re.findall(r"<[a-z0-9]+\b[^>]*data-total=[^>]*>", pages[address])
        if anchor:
            tags = [tag for tag in tags if re.search(rf'\bid="{re.escape(anchor)}"', tag)]
        totals = [int(total) for tag in tags for total in re.findall(r'data-total="(\d+)"', tag)]
        assert totals[:1] == [count], link
