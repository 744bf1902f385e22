"""Pages of the record: what they show, what they cost, and how they are made."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from minutes.models import Turn, Workshop
from minutes.pages import programme
from minutes.templatetags import reading
from minutes.threads import threads, turns_to_show
from records.door import writing
from tests import make

pytestmark = pytest.mark.django_db


def page_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def full_site() -> dict[str, object]:
    """One workshop with something of everything."""
    ada, bo, cy = make.person("Ada Quill"), make.person("Bo Marsh"), make.person("Cy Winter")
    workshop = make.workshop("Ink summit", people=[ada, bo])
    sieve = make.topic("Sieve (sorting engine)", labels=["sieve"])
    heron = make.topic("Heron", "experiment")
    session = make.session("Morning", conveners=[cy])
    make.turn("Welcome to the morning.", by=cy, session=session)
    talk = make.talk("Sieves of the north", speakers=[ada], session=session, topics=[heron])
    asked = make.turn("Does the sieve leak?", by=bo, talk=talk, kind="question", to=[ada], topics=[sieve])
    make.turn("Never, write to ada@example.org.", by=ada, talk=talk, kind="answer", exchange=asked.exchange)
    make.turn("Who cleans it?", by="Guest", talk=talk, kind="question")
    make.link("Slides", talk=talk)
    make.link("Paper", "https://example.org/paper", talk=talk)
    make.note("How sieves are made.", talk=talk, kind="abstract")
    make.talk("Nothing but silence", speakers=[cy], status="excused", day=make.day(2))
    theme = make.theme("Sieves are everywhere", evidence=[asked], topics=[sieve])
    make.action("Clean the sieve", owners=[bo], turn=asked, due=date(2031, 6, 1))
    return {"workshop": workshop, "talk": talk, "session": session, "theme": theme, "asked": asked}


def record_pages() -> list[str]:
    talk = full_site()["talk"]
    workshop = talk.workshop.get_absolute_url()
    days = [f"{workshop}days/{n}/" for n in (1, 2)]
    return ["/", "/workshops/", workshop, f"{workshop}reading/", *days, talk.get_absolute_url()]


class Outline(HTMLParser):
    """Tags that are open, ids, and what the house forbids."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "rect", "path", "circle", "use", "wbr"})

    def __init__(self, page: str):
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.faults: list[str] = []
        self.feed(page)
        self.faults += [f"<{tag}> is not closed" for tag in self.open]

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.faults += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        self.faults += ["inline script"] if tag == "script" and "src" not in given else []
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")


def test_pages_are_well_formed_and_hold_nothing_inline(client):
    for address in record_pages():
        outline = Outline(page_of(client, address))
        assert outline.faults == [], address
        assert len(outline.ids) == len(set(outline.ids)), address
        assert outline.headings.count(1) == 1, address


@pytest.mark.parametrize("count", [1, 3])
def test_talk_page_has_one_price(client, django_assert_num_queries, count):
    topic = make.topic("Sieve")
    talk = make.talk("Long talk", speakers=[make.person(f"Speaker {n}") for n in range(count)], topics=[topic])
    for n in range(count):
        other = make.talk(f"Other {n}", session=make.session(f"Session {n}"))
        asker = make.person(f"Asker {n}")
        asked = make.turn("Why?", by=asker, talk=talk, kind="question", to=[asker], topics=[topic])
        make.action("Find out", owners=[asker], turn=asked)
        make.note("Aside.", talk=talk)
        make.link("Slides", talk=talk)
        make.turn("Elsewhere.", talk=other)
    page_of(client, talk.get_absolute_url())  # brings the index up to date
    with django_assert_num_queries(14):
        page = page_of(client, talk.get_absolute_url())
    assert page.count('<article class="thread"') == count


@pytest.mark.parametrize("count", [1, 3])
def test_day_page_has_one_price(client, django_assert_num_queries, count):
    topic = make.topic("Sieve")
    for n in range(count):
        who = make.person(f"Person {n}")
        session = make.session(f"Session {n}", conveners=[who])
        make.turn("Let us begin.", by=who, session=session, to=[who], topics=[topic])
        make.note("Aside.", session=session)
        make.link("Page", session=session)
        talk = make.talk(f"Talk {n}", speakers=[who], session=session, turns=2, topics=[topic])
        make.turn("About the sieve.", by=who, talk=talk, topics=[topic])
    address = make.day(1).get_absolute_url()
    with django_assert_num_queries(15):
        page = page_of(client, address)
    assert page.count('<p class="discussed">') == count


@pytest.mark.parametrize("count", [1, 3])
def test_workshop_page_has_one_price(client, django_assert_num_queries, count):
    for n in range(count):
        who = make.person(f"Person {n}")
        make.talk(f"Talk {n}", session=make.session(f"Session {n}", day=make.day(n + 1)), turns=1)
        make.turn("Said.", by=who, topics=[make.topic(f"Topic {n}")])
        make.theme(f"Theme {n}")
        make.action(f"Action {n}", owners=[who])
    address = Workshop.objects.get().get_absolute_url()
    with django_assert_num_queries(12):
        page_of(client, address)


@pytest.mark.parametrize("count", [1, 3])
def test_home_has_one_price(client, django_assert_num_queries, count):
    for n in range(count):
        workshop = make.workshop(f"Workshop {n}")
        who, topic, other = make.person(f"Person {n}"), make.topic(f"Topic {n}"), make.topic(f"Other {n}")
        talk = make.talk("Talk", workshop=workshop)
        make.turn("Why?", by=who, kind="question", talk=talk, topics=[topic, other])
        make.turn("So.", by=who, kind="answer", talk=talk, topics=[topic, other])
        make.theme(f"Theme {n}", workshop=workshop)
        make.action(f"Action {n}", owners=[who], workshop=workshop)
    with django_assert_num_queries(8):
        page = page_of(client, "/")
    assert page.count('data-count="1"') == count


def test_home_of_an_empty_site_says_what_to_do(client):
    assert "manage.py import_minutes" in page_of(client, "/")


def test_numbers_that_are_links_equal_the_lists_they_open(client):
    workshop = full_site()["workshop"]
    page = page_of(client, "/workshops/")
    assert f'href="{workshop.get_absolute_url()}#programme" data-count="2"' in page
    assert f'href="{workshop.get_absolute_url()}#participants" data-count="2"' in page
    page = page_of(client, workshop.get_absolute_url())
    assert 'id="programme" data-total="2"' in page
    assert 'id="participants" data-total="2"' in page
    assert 'id="actions" data-total="1"' in page
    assert 'days/1/#programme" data-count="1"' in page
    assert 'id="programme" data-total="1"' in page_of(client, f"{workshop.get_absolute_url()}days/1/")


def test_talk_page_shows_who_asked_and_who_answered(client):
    site = full_site()
    page = page_of(client, site["talk"].get_absolute_url())
    assert page.index("Does the sieve leak?") < page.index("Never, write to")
    assert f'id="{site["asked"].public_id}"' in page
    assert f'href="/r/{site["asked"].public_id}"' in page
    assert page.count("Asked; no answer recorded.") == 1
    assert "not identified" in page
    assert 'title="Sieve (sorting engine)"' in page
    assert '<span class="lost" title="The source lost this address">Slides</span>' in page
    assert 'href="https://example.org/paper"' in page
    assert "How sieves are made." in page
    assert "Clean the sieve" in page


def test_pages_show_no_whole_address(client):
    make.talk("Write to ada@example.org", speakers=[make.person("Ada ada@example.org")], turns=1)
    make.link("Ask ada@example.org", talk=make.some_talk())
    make.theme("Mail ada@example.org")
    make.action("Mail ada@example.org", talk=make.some_talk())
    make.turn("Mail ada@example.org.", by="ada@example.org")
    talk = make.some_talk()
    for address in ("/", talk.get_absolute_url(), talk.day.get_absolute_url(), talk.workshop.get_absolute_url()):
        page = page_of(client, address)
        assert "ada@…" in page, address
        assert "ada@example.org" not in page, address


def test_talk_that_was_not_given_says_so(client):
    talk = make.talk("Silence", speakers=[make.person("Cy Winter")], status="excused")
    assert "Not given: the speaker excused." in page_of(client, talk.get_absolute_url())
    assert "speaker excused" in page_of(client, talk.day.get_absolute_url())


def test_wrong_slug_beside_a_right_id_redirects(client):
    talk = make.talk("Sieves of the north")
    for address in (f"/talks/{talk.public_id}/", f"/talks/{talk.public_id}/sieves-of-the-south/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, talk.get_absolute_url())


def test_title_without_letters_has_an_address(client):
    talk = make.talk("…?")
    assert "…?" in page_of(client, talk.get_absolute_url())


def test_programme_keeps_sessions_without_talks_in_their_place():
    first, empty, last = (make.session(f"Session {n}") for n in range(3))
    talks = [make.talk("Before all"), make.talk("One", session=first), make.talk("Two", session=last)]
    slots = programme([first, empty, last], talks)
    assert [slot.session for slot in slots] == [None, first, empty, last]
    assert [len(slot.talks) for slot in slots] == [1, 1, 0, 1]


def test_threads_gather_an_exchange_that_resumes_later():
    ada, bo = make.person("Ada Quill"), make.person("Bo Marsh")
    talk = make.talk("A talk")
    asked = make.turn("Why?", by=bo, talk=talk, kind="question")
    make.turn("How?", by=ada, talk=talk, kind="question")
    make.turn("Because.", by=ada, talk=talk, kind="answer", exchange=asked.exchange)
    found = threads(turns_to_show(Turn.objects.order_by("n")))
    assert [[turn.text for turn in thread.turns] for thread in found] == [["Why?", "Because."], ["How?"]]
    assert [turn.later for turn in found[0].turns] == [False, True]
    assert [thread.unanswered for thread in found] == [False, True]


def test_question_is_unanswered_while_only_its_asker_speaks_on():
    bo = make.person("Bo Marsh")
    asked = make.turn("Why?", by=bo, kind="question")
    make.turn("I mean it.", by=bo, exchange=asked.exchange)
    [thread] = threads(turns_to_show(Turn.objects.order_by("n")))
    assert thread.unanswered
    make.turn("Well.", by="Guest", exchange=asked.exchange)
    [thread] = threads(turns_to_show(Turn.objects.order_by("n")))
    assert not thread.unanswered


@pytest.mark.parametrize(
    ("label", "name", "otherwise"),
    [
        ("Ada", "Ada Quill", False),
        ("Quill", "Ada Quill", False),
        ("AQ", "Ada Quill", False),
        ("Ada Q", "Ada Quill", False),
        ("Steve", "Steven Quill", False),
        ("Ada Quille", "Ada Quill", True),
        ("Bo", "Ada Quill", True),
    ],
)
def test_printed_otherwise_than_the_name(label, name, otherwise):
    turn = make.turn("Yes.", by=make.person(name), label=label)
    assert reading.printed_otherwise(turn.voices.get()) is otherwise


def test_voices_show_the_person_that_lives_on(client):
    kept = make.person("Ada Quill")
    turn = make.turn("Yes.", by=make.person("A. Quill", merged_into=kept))
    page = page_of(client, turn.talk.get_absolute_url())
    assert kept.get_absolute_url() in page


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2031, 5, 5), date(2031, 5, 7), "5–7 May 2031"),
        (date(2031, 5, 30), date(2031, 6, 1), "30 May – 1 June 2031"),
        (date(2031, 12, 31), date(2032, 1, 1), "31 December 2031 – 1 January 2032"),
        (date(2031, 5, 5), date(2031, 5, 5), "5 May 2031"),
        (date(2031, 5, 5), None, "5 May 2031"),
        (None, None, ""),
    ],
)
def test_dates_of_a_workshop_in_words(start, end, words):
    assert reading.when(Workshop(start=start, end=end)) == words


def test_retired_things_are_in_no_list(client):
    site = full_site()
    with writing():
        Turn.objects.filter(pk=site["asked"].pk).update(retired_at="2031-05-06T00:00Z")
    assert "Does the sieve leak?" not in page_of(client, site["talk"].get_absolute_url())


def test_pages_for_what_went_wrong_say_the_way_on(client, django_assert_num_queries):
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode()
    with django_assert_num_queries(0):
        assert "Something went wrong here" in render_to_string("500.html")
    request = RequestFactory().get("/")
    assert "This is not open to you" in render_to_string("403.html", request=request)
