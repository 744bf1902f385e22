"""Lists of action items: what each address asks for, that the search means the same, and what a list costs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from accounts.models import Account
from minutes.changes import change
from minutes.directory import wanted
from minutes.models import ActionItem
from minutes.search.finding import find
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]
VISITOR = AnonymousUser()


@pytest.fixture
def site(db) -> dict[str, Any]:
    """Two workshops, and an item of every sort."""
    today = timezone.localdate()
    ada, bo, cleo = make.person("Ada Byron"), make.person("Bo Marsh"), make.person("Cleo Ruiz")
    relay, depot = make.topic("Relay", labels=["relay"]), make.topic("Depot", labels=["depot"])
    autumn, spring = make.workshop(), make.workshop("Spring workshop")
    talk = make.talk("Lamps", workshop=autumn, topics=[depot])
    asked = make.turn("Who mends the relay?", by=ada, talk=talk, kind="question", topics=[relay])
    answer = make.turn("I will.", by=bo, talk=talk, kind="answer", exchange=asked.exchange)
    theme = make.theme("Money", workshop=spring, topics=[relay])
    make.action("Mend it", turn=answer, owners=[bo], due=today - timedelta(days=3))
    make.action("Ask who", turn=asked, owners=[ada], due=today + timedelta(days=9))
    make.action("Measured", turn=answer, owners=[bo, cleo], status="done", due=today - timedelta(days=30))
    make.action("Count it", theme=theme, status="proposed", due=today - timedelta(days=1))
    make.action("Light them", talk=talk, status="dropped")
    make.action("Come", workshop=spring, everybody=True)
    make.action("Nobody does it", workshop=spring)
    make.action("Hidden", workshop=make.workshop("Hidden", visibility="draft"), owners=[ada])
    return {"ada": ada, "bo": bo, "cleo": cleo, "today": today}


def signed_in(person) -> User:
    user = User.objects.create_user(person.slug)
    Account.objects.create(user=user, person=person)
    return user


def titles(address: dict[str, str], user: Any, today: Any) -> list[str]:
    chosen = wanted.read(address, user, today)
    assert chosen.complaints == ()
    return sorted(item.title for item in chosen.of(ActionItem.objects.visible_to(user)))


LISTS = [
    ({}, 7),
    ({"status": "open"}, 4),
    ({"status": "waiting"}, 5),
    ({"status": "proposed"}, 1),
    ({"status": "done"}, 1),
    ({"status": "dropped"}, 1),
    ({"due": "overdue"}, 2),
    ({"due": "soon"}, 1),
    ({"due": "none"}, 3),
    ({"owner": "none"}, 3),
    ({"owner": "everybody"}, 1),
    ({"owner": "me"}, 1),
    ({"asked_by": "me"}, 2),
    ({"owner": "bo"}, 2),
    ({"owner": "bo", "status": "open"}, 1),
    ({"asked_by": "ada"}, 2),
    ({"topic": "relay"}, 2),
    ({"topic": "depot"}, 1),
    ({"workshop": "spring-workshop"}, 3),
    ({"workshop": "spring-workshop", "owner": "none"}, 2),
]


def test_search_finds_what_the_list_shows_for_every_choice(client, site):
    user = signed_in(site["ada"])
    client.force_login(user)
    for named, count in LISTS:
        address = {name: site[value].public_id if value in site else value for name, value in named.items()}
        shown = titles(address, user, site["today"])
        found = find(wanted.read(address, user, site["today"]).search, user)
        page = client.get("/actions/", address).content.decode()
        assert (len(shown), found.complaints) == (count, []), named
        assert sorted(hit.shown["text"] for hit in found.hits(0, 50, shown=True)) == shown, named
        assert f'id="items" data-total="{count}"' in page, named


def test_search_is_typed_in_the_words_of_the_list(site):
    user = signed_in(site["bo"])
    for typed, texts in (
        ('is:open owner:"Bo Marsh"', ["Mend it"]),
        ("is:open owner:me", ["Mend it"]),
        ("owed-to:ada is:waiting", ["Mend it"]),
        (f"is:waiting due:<{site['today'].isoformat()}", ["Count it", "Mend it"]),
        ("owner:none -is:dropped", ["Count it", "Nobody does it"]),
    ):
        assert sorted(hit.shown["text"] for hit in find(typed, user).hits(0, 9, shown=True)) == texts, typed


def test_search_says_of_an_item_how_it_stands(client):
    make.action("Mend it", due=date(2031, 7, 1))
    make.action("Count them", status="done", due_text="before spring")
    page = client.get("/search/?q=in:actions").content.decode()
    assert "open, due 1 July 2031" in page
    assert "done, due before spring" in page


def test_me_is_nobody_for_a_visitor_and_said_so(client, site):
    page = client.get("/actions/?owner=me").content.decode()
    assert "“me” is somebody who signed in" in page
    assert 'id="items" data-total="7"' in page
    assert find("is:open owner:me", VISITOR).complaints[0].startswith("“me” is somebody who signed in")


def test_what_is_owed_is_known_also_after_those_who_asked_were_merged(site):
    old, new = site["ada"], make.person("Ada Lovelace")
    with change(None) as c:
        c.merge(old, new)
    for person in (old, new):
        assert titles({"asked_by": person.public_id}, VISITOR, site["today"]) == ["Measured", "Mend it"]
    assert sorted(hit.shown["text"] for hit in find("owed-to:lovelace", VISITOR).hits(0, 9, shown=True)) == [
        "Measured",
        "Mend it",
    ]


def test_search_follows_who_asked_and_what_it_is_about(site):
    asked = ActionItem.objects.get(title="Mend it").turn.exchange.turns.get(kind="question")
    assert find("owed-to:cleo", VISITOR).total == 0
    with change(None) as c:
        c.set(asked, voices=[{"person": site["cleo"].public_id, "label": "Cleo"}])
    assert find("owed-to:cleo", VISITOR).total == 2  # the third is her own
    with change(None) as c:
        c.set(ActionItem.objects.get(title="Come"), topics=[make.topic("Boats").public_id])
    assert [hit.shown["text"] for hit in find("in:actions topic:boats", VISITOR).hits(0, 9, shown=True)] == ["Come"]


@pytest.mark.parametrize("cause", ["turn", "theme", "talk", "session"])
def test_search_follows_the_topics_of_the_words_from_which_an_item_came(cause):
    words = {"turn": make.turn, "theme": make.theme, "talk": make.talk, "session": make.session}[cause]("Waves")
    make.action("Measure", **{cause: words})
    make.action("Come")
    boats = make.topic("Boats")
    assert find("in:actions", VISITOR).total == 2
    with change(None) as c:
        c.set(words, topics=[boats.public_id])
    found = find("in:actions topic:boats", VISITOR)
    assert (found.total, found.complaints) == (1, [])
    assert titles({"topic": "boats"}, VISITOR, timezone.localdate()) == ["Measure"]


def test_items_come_by_date_within_what_waits_and_in_other_orders_when_asked(client, site):
    def order(address: str) -> list[str]:
        page = client.get(address).content.decode()
        return re.findall(r'<h3><a href="/actions/[^"]*">([^<]*)</a></h3>', page)

    assert order("/actions/") == [
        *("Mend it", "Ask who", "Come", "Nobody does it"),
        *("Count it", "Measured", "Light them"),
    ]
    with change(None) as c:
        c.set(ActionItem.objects.get(title="Nobody does it"), priority=1)
    assert order("/actions/?sort=priority&status=open")[0] == "Nobody does it"


def test_each_list_that_people_need_is_a_link_with_its_number(client, site):
    client.force_login(signed_in(site["ada"]))
    page = client.get("/actions/").content.decode()
    links = re.findall(r'<a href="(/actions/[^"]*)" data-count="(\d+)">(\w[\w ]+?) <', page)
    assert {words: int(n) for _, n, words in links} == {
        **{"Mine": 1, "Owed to me": 2, "Open": 4, "Proposed": 1},
        **{"Overdue": 2, "Due soon": 1, "Without owner": 3},
    }
    for link, n, _ in links:
        assert f'id="items" data-total="{n}"' in client.get(unescape(link)).content.decode()


def test_long_lists_have_pages(client):
    for n in range(103):
        make.action(f"Do {n}")
    page = client.get("/actions/?status=open").content.decode()
    assert page.count('class="item open"') == 100
    [following] = re.findall(r'rel="next" class="next" href="([^"]*)"', page)
    assert parse_qs(urlsplit(unescape(following)).query) == {"status": ["open"], "page": ["2"]}
    assert client.get(f"/actions/{unescape(following)}").content.decode().count('class="item open"') == 3


@pytest.mark.parametrize("count", [1, 4])
def test_list_costs_the_same_whatever_is_chosen_and_how_much_there_is(client, django_assert_num_queries, count):
    ada, relay = make.person("Ada Byron"), make.topic("Relay", labels=["relay"])
    for n in range(count):
        asked = make.turn(f"Who {n}?", by=ada, kind="question", topics=[relay])
        make.action(f"Do {n}", turn=asked, owners=[make.person(f"Owner {n}")])
    make.action("Mine", owners=[ada])
    client.get("/actions/")
    with django_assert_num_queries(11):
        client.get("/actions/?status=open&due=none")
    with django_assert_num_queries(14):
        client.get(f"/actions/?owner={ada.public_id}&topic=relay")
