"""The walk: every link of every page leads somewhere, and every number on a link is the count on the page it opens."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ELSEWHERE = ("/admin/", "/account/", "/static/", "/api/")


@dataclass
class Page(HTMLParser):
    """What a page offers to the walk: its links with their counts, its ids, its totals."""

    links: list[tuple[str, str | None]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    totals: list[tuple[str | None, str]] = field(default_factory=list)
    text: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        if tag == "a" and named.get("href"):
            self.links.append((str(named["href"]), named.get("data-count")))
        if named.get("data-total") is not None:
            self.totals.append((named.get("id"), str(named["data-total"])))

    def total(self, fragment: str) -> str | None:
        """That of the place to which the fragment leads, or the first on the page."""
        return next((total for place, total in self.totals if not fragment or place == fragment), None)


class Walk:
    """Visits each address once and notes what is wrong."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.pages: dict[str, Page | None] = {}
        self.landed: dict[str, str] = {}  # where an address led in the end
        self.wrong: list[str] = []
        self.narrowed: set[str] = set()  # searches to which another search led
        self.downloads: set[str] = set()

    def __call__(self, *starts: str) -> list[str]:
        waiting = deque((start, "the start", None) for start in starts)
        checks: set[tuple[str, str | None, str]] = set()
        while waiting:
            address, source, count = waiting.popleft()
            parts = urlsplit(address)
            if parts.netloc or parts.scheme or parts.path.startswith(ELSEWHERE):
                continue
            check = (address, count, source if count else "")
            if check in checks:
                continue
            checks.add(check)
            known = self.without_fragment(address) in self.pages
            page = self.open(address, source)
            self.compare(address, source, count)
            if page and not known:
                waiting.extend(self.links_of(page, address))
        return self.wrong

    @staticmethod
    def without_fragment(address: str) -> str:
        return address.partition("#")[0]

    def links_of(self, page: Page, address: str) -> Iterator[tuple[str, str, str | None]]:
        """Narrowing a search once more leads to as many pages as there are sets of conditions: one step is walked. Of
        downloads a few are."""
        base = self.landed.get(self.without_fragment(address), address)
        searched = base.startswith("/search/")
        for href, count in page.links:
            target = urljoin(base, href)
            if searched and base in self.narrowed and target.startswith("/search/"):
                continue
            if searched and target.startswith("/search/"):
                self.narrowed.add(self.without_fragment(target))
            if "/cite." in target:
                self.downloads.add(target)
                if len(self.downloads) > 20:
                    continue
            yield target, self.without_fragment(base), count

    def open(self, address: str, source: str) -> Page | None:
        path = self.without_fragment(address)
        if path not in self.pages:
            self.pages[path] = None
            response = self.client.get(path)
            if response.status_code in (301, 302):
                self.landed[path] = urljoin(path, response["Location"])
                self.pages[path] = self.open(self.landed[path], path)
            elif response.status_code != 200:
                self.wrong.append(f"{path} answers {response.status_code} (link on {source})")
            elif "html" in response.get("Content-Type", ""):
                page = Page(text=response.content.decode())
                page.feed(page.text)
                twice = {each for each in page.ids if page.ids.count(each) > 1}
                if twice:
                    self.wrong.append(f"{path} has ids twice: {sorted(twice)}")
                self.pages[path] = page
            else:  # a download
                self.pages[path] = Page(text=response.getvalue().decode())
        return self.pages[path]

    def compare(self, address: str, source: str, count: str | None) -> None:
        path, _, fragment = address.partition("#")
        page = self.pages[path]
        fragment = fragment or self.landed.get(path, "").partition("#")[2]
        if page is None:
            return
        if fragment and fragment not in page.ids:
            self.wrong.append(f"{address} has no such place (link on {source})")
        if count is not None and page.total(fragment) != count:
            self.wrong.append(f"{address}: {source} says {count}, the page {page.total(fragment)}")


ROOMS = ("/", "/workshops/", "/people/", "/topics/", "/themes/", "/actions/", "/glossary/", "/search/")


def small_site() -> None:
    """One of everything, and more than one page of search results."""
    ada, ben = make.person("Ada Quill"), make.person("Ben Marlow")
    ferry = make.topic("FERRY (fast relay)", labels=["Ferry"], description="Moves crates.")
    harbour = make.topic("Harbour", kind="organisation", description="Keeps ships.")
    session = make.session("Ships", conveners=[ada])
    make.turn("Welcome to the ferry session.", by=ada, session=session)
    talk = make.talk("Ferries at night", speakers=[ben], session=session, topics=[ferry])
    first = make.turn("Does the ferry wait?", by=ada, talk=talk, kind="question", to=[ben], topics=[ferry])
    answer = make.turn("It waits for the harbour.", by=ben, talk=talk, kind="answer", exchange=first.exchange)
    make.turn("Nice boats.", by="Carl", talk=talk)
    for n in range(45):
        make.turn(f"Does lamp number {n} burn?", by=ada, talk=talk, kind="question", topics=[harbour])
    make.theme("Ferries are late", evidence=[answer], topics=[ferry])
    make.action("Light the lamps", owners=[ben], turn=answer)
    make.action("Paint the ferry", turn=first, status="proposed")
    make.note("Held in the dark.", talk=talk)
    make.link("Slides", talk=talk)
    hidden = make.workshop("Secret workshop", visibility="draft", people=[make.person("Zoe Hidden")])
    secret = make.talk(
        "Secret talk", day=make.day(workshop=hidden), speakers=[make.person("Yan Hidden")], topics=[ferry]
    )
    make.turn("The ferry sinks.", by=ada, talk=secret, topics=[ferry])


def test_every_link_leads_somewhere_and_every_number_agrees(client):
    small_site()
    walk = Walk(client)
    assert walk(*ROOMS, "/search/?q=lamp", "/search/?q=ferry&kind=question") == []
    assert len(walk.pages) > 40


def test_a_draft_workshop_leaves_no_trace_in_the_walk(client):
    small_site()
    walk = Walk(client)
    walk(*ROOMS, "/search/?q=ferry")
    for path, page in walk.pages.items():
        assert page is not None, path
        assert "Secret" not in page.text, path
        assert "Hidden" not in page.text, path


def test_the_walk_sees_what_is_wrong(client):
    small_site()
    walk = Walk(client)
    page = Page()
    page.feed(
        '<ul id="a" data-total="3"></ul><a href="/nowhere/">x</a><a href="#b">y</a><a href="#a" data-count="4">z</a>'
    )
    walk.pages["/made/"] = page
    for address, source, count in walk.links_of(page, "/made/"):
        walk.open(address, source)
        walk.compare(address, source, count)
    assert walk.wrong == [
        "/nowhere/ answers 404 (link on /made/)",
        "/made/#b has no such place (link on /made/)",
        "/made/#a: /made/ says 4, the page 3",
    ]
