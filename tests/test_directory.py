"""Pages of people, topics, themes, the glossary and action items."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from minutes.directory.letters import by_letter
from minutes.directory.people import profile
from minutes.directory.topics import acronym, named
from minutes.models import Decision, Voice
from people.models import Alias
from records.door import writing
from tests import make
from themes.models import RecurringTheme

pytestmark = [pytest.mark.django_db, pytest.mark.database]
VISITOR = AnonymousUser()


def get(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def words(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def conversation(n: int = 0) -> tuple:
    """A question and its answer about a topic, by people of their own."""
    asker, answerer = make.person(f"Asker Nr{n}"), make.person(f"Answerer Nr{n}")
    topic = make.topic(f"Topic{n}", description="A thing.")
    talk = make.talk(f"Talk {n}", speakers=[answerer])
    question = make.turn(f"Why {n}?", by=asker, talk=talk, kind="question", topics=[topic])
    answer = make.turn(f"Because {n}.", by=answerer, talk=talk, kind="answer", exchange=question.exchange)
    theme = make.theme(f"Theme {n}", topics=[topic], evidence=[answer])
    make.action(f"Do it {n}", owners=[answerer], turn=answer)
    return asker, answerer, topic, talk, theme


# Queries: a page has one price, whatever its length.


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("/people/", 4), ("/topics/", 2), ("/themes/", 2), ("/glossary/", 5), ("/actions/", 9)],
)
def test_lists_cost_the_same_whatever_their_length(client, django_assert_num_queries, address, queries, count):
    for n in range(count):
        conversation(n)
    with django_assert_num_queries(queries):
        client.get(address)


@pytest.mark.parametrize("count", [1, 3])
def test_pages_of_one_thing_cost_the_same_whatever_they_hold(client, django_assert_num_queries, count):
    asker, answerer, topic, _, theme = conversation()
    for n in range(1, count):
        talk = make.talk(f"Other {n}", speakers=[asker])
        first = make.turn("How so?", by=asker, talk=talk, kind="question", topics=[topic])
        make.turn("So.", by=[answerer, make.person(f"Third {n}")], talk=talk, kind="answer", exchange=first.exchange)
        make.action(f"More {n}", owners=[asker, answerer], turn=first)
    for address, queries in (
        (asker.get_absolute_url(), 12),
        (topic.get_absolute_url(), 14),
        (theme.get_absolute_url(), 10),
    ):
        with django_assert_num_queries(queries):
            client.get(address)


# People


def test_a_person_page_opens_with_the_facts(client):
    asker, answerer, *_ = conversation()
    page = words(get(client, answerer.get_absolute_url()))
    assert "Gave 1 talk , answered 1 time , spoke 1 time , mostly on" not in page  # the answer names no topic
    assert "Gave 1 talk , answered 1 time , spoke 1 time ." in page
    assert "Asked 1 question , spoke 1 time , mostly on Topic0 ." in words(get(client, asker.get_absolute_url()))


def test_a_question_says_who_answered_it_and_an_answer_who_asked(client):
    asker, answerer, *_ = conversation()
    assert "Answered by Answerer Nr0" in words(get(client, asker.get_absolute_url()))
    assert "Asked by Asker Nr0" in words(get(client, answerer.get_absolute_url()))


def test_what_was_said_through_a_merged_record_counts_for_the_one_who_lives_on(client):
    old, new = make.person("Jo Vane"), make.person("Joanna Vane")
    make.turn("Is it on?", by=old, kind="question")
    make.turn("It is.", by=new)
    with writing():
        old.merged_into = new
        old.save()
    assert client.get(f"/people/{old.public_id}/{old.slug}/").status_code == 301
    assert 'id="said" data-total="2"' in get(client, new.get_absolute_url())
    assert 'data-count="2"' in get(client, "/people/")
    written = [(form.label, form.reason, form.times) for form in profile(new, VISITOR).written]
    assert written == [("Jo Vane", "the name itself", 1)]


def test_forms_of_a_name_come_with_their_reason():
    person = make.person("Maria Estevez")
    make.turn("One.", by=person, label="Maria", certainty="context")
    make.turn("Two.", by=person, label="Maria", certainty="context")
    make.turn("Three.", by=person, label="Maria Esteves", certainty="fuzzy")
    with writing():
        Alias.objects.create(label="Mia", scope="everywhere", person=person)
    found = [(form.label, form.reason, form.times) for form in profile(person, VISITOR).written]
    assert found == [
        ("Maria", "understood from who was there", 2),
        ("Maria Esteves", "taken for a misspelling", 1),
        ("Mia", "another form of the name", 0),
    ]


def test_a_label_of_a_draft_workshop_stays_there():
    person = make.person("Maria Estevez")
    make.turn("One.", by=person)
    hidden = make.workshop("Hidden", visibility="draft")
    with writing():
        Alias.objects.create(label="Em", scope="workshop", scope_id=hidden.public_id, person=person)
    assert profile(person, VISITOR).written == []


def test_where_a_speaker_is_from_is_not_what_he_speaks_about():
    person = make.person("Pia Rove")
    make.talk("Boats", speakers=[person], topics=[make.topic("Port", kind="organisation"), make.topic("Sails")])
    assert [topic.name for topic, _ in profile(person, VISITOR).topics] == ["Sails"]


def test_who_appears_only_in_a_draft_has_no_page(client):
    person = make.person("Zacharias Late")
    make.workshop("Hidden", visibility="draft", people=[person])
    assert client.get(person.get_absolute_url()).status_code == 404
    assert "Zacharias" not in words(get(client, "/people/"))


def test_a_wrong_slug_beside_a_right_id_redirects(client):
    person, *_, theme = conversation()
    for thing, address in ((person, f"/people/{person.public_id}/x/"), (theme, f"/themes/{theme.public_id}/x/")):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, thing.get_absolute_url())


def test_letters_follow_surnames_and_leave_accents_out():
    names = ["Åse", "abel", "3rd", "Zoe", "Éva"]
    assert by_letter(names, str) == [
        ("0–9", "letter-other", ["3rd"]),
        ("A", "letter-A", ["Åse", "abel"]),
        ("E", "letter-E", ["Éva"]),
        ("Z", "letter-Z", ["Zoe"]),
    ]


# Topics, glossary


def test_a_topic_lists_where_it_was_discussed_and_marks_the_words(client):
    *_, topic, talk, _ = conversation()
    make.turn("We like Topic0 a lot.", by=make.person("Third Person"), talk=talk, topics=[topic])
    page = get(client, topic.get_absolute_url())
    assert 'id="discussed" data-total="3"' in page  # two turns and a theme
    assert "<mark>Topic0</mark>" in page
    assert "Named 3 times, in 1 talk." in words(page)


def test_a_topic_without_mention_says_so(client):
    topic = make.topic("Silence")
    assert "do not name it yet" in words(get(client, topic.get_absolute_url()))


def test_a_topic_counts_only_what_the_reader_may_read(client):
    topic = make.topic("Relay")
    talk = make.talk("Secret", day=make.day(workshop=make.workshop("Hidden", visibility="draft")), topics=[topic])
    make.turn("Relay.", talk=talk, topics=[topic])
    assert named(VISITOR) == []
    assert 'data-total="0"' in get(client, topic.get_absolute_url())


def test_many_talks_of_a_topic_come_in_pages(client):
    topic = make.topic("Relay")
    for n in range(23):
        make.talk(f"Talk {n}", topics=[topic])
    assert get(client, topic.get_absolute_url()).count('class="spot"') == 20
    last = get(client, topic.get_absolute_url() + "?page=99")
    assert (last.count('class="spot"'), "Page 2 of 2" in last) == (3, True)


def test_the_glossary_has_acronyms_and_what_is_explained(client):
    make.topic("GTS")
    make.topic("Plainly", description="")
    make.topic("Lantern (light at sea)", description="Burns.")
    page = words(get(client, "/glossary/"))
    assert "GTS" in page
    assert "Plainly" not in page
    assert "Light at sea. Burns." in page
    assert [acronym(name) for name in ("GTS", "LaaS", "Relay", "The Net")] == [True, True, False, False]


def test_the_glossary_begins_with_the_terms_that_the_minutes_name(client):
    make.topic("Lantern (light at sea)", description="Burns.")
    topic = make.topic("GTS")
    make.turn("Does GTS retry?", by=make.person("Near By"), topics=[topic])
    page = words(get(client, "/glossary/"))
    assert "GTS" in page
    assert "Lantern" not in page
    assert "All 2 that the site knows" in page
    everything = words(get(client, "/glossary/?all"))
    assert "GTS" in everything
    assert "Lantern" in everything
    assert "1 that these minutes name" in everything


# Themes


def test_a_theme_has_its_evidence_its_actions_and_what_is_near(client):
    *_, topic, _, theme = conversation()
    make.turn("Also about it.", by=make.person("Near By"), topics=[topic])
    make.action("Mend the theme", theme=theme)
    page = words(get(client, theme.get_absolute_url()))
    evidence, beside = page.index("Words that bear it out"), page.index("See also")
    assert evidence < page.index("Because 0.") < beside < page.index("Also about it.")
    assert "Mend the theme" in page


def test_the_same_theme_in_another_workshop_is_a_door(client):
    with writing():
        again = RecurringTheme.objects.create(title="Late boats")
    here = make.theme("Boats are late", recurring=again)
    there = make.theme("Late, as ever", recurring=again, workshop=make.workshop("Spring workshop"))
    secret = make.theme("Late too", recurring=again, workshop=make.workshop("Hidden", visibility="draft"))
    page = get(client, here.get_absolute_url())
    assert there.get_absolute_url() in page
    assert secret.text not in page


# Action items


def test_action_items_come_open_first_and_the_overdue_are_marked(client):
    today = timezone.localdate()
    make.action("Proposed one", status="proposed", due=today + timedelta(days=9))
    make.action("Done one", status="done", due=date(2020, 1, 1))
    make.action("Open one", due=today - timedelta(days=1))
    page = get(client, "/actions/")
    assert page.index("Open one") < page.index("Proposed one") < page.index("Done one")
    assert page.count('class="tag overdue"') == 1


@pytest.mark.parametrize(
    ("query", "total"),
    [("", 3), ("status=done", 1), ("owner=none", 1), ("workshop=spring-workshop", 1), ("status=done&owner=none", 0)],
)
def test_action_items_are_chosen_by_status_owner_and_workshop(client, query, total):
    autumn, spring = make.workshop(), make.workshop("Spring workshop")
    make.action("One", owners=[make.person("Ada Quill")], workshop=autumn)
    make.action("Two", owners=[make.person("Ben Marlow")], status="done", workshop=autumn)
    make.action("Three", workshop=spring)
    assert f'data-total="{total}"' in get(client, f"/actions/?{query}")


def test_an_unknown_choice_is_said_and_everything_shown(client):
    make.action("One")
    page = get(client, "/actions/?owner=%00<b>&status=odd")
    assert "There is no status “odd” here" in page
    assert "<b>" not in page.split("<main", 1)[1].split("complaint", 1)[1].split("</p>", 1)[0]
    assert 'data-total="1"' in page


def test_decisions_stand_beside(client):
    turn = make.turn("So be it.")
    with writing():
        Decision.objects.create(workshop=turn.workshop, text="We take the boat.", turn=turn)
    assert "We take the boat." in words(get(client, "/actions/"))


def test_addresses_are_masked_everywhere(client):
    person = make.person("Ada Quill")
    turn = make.turn("Write to ada@example.org?", by=person, kind="question")
    make.action("Ask ada@example.org", quote="ask ada@example.org, please", turn=turn, owners=[person])
    theme = make.theme("Tell ada@example.org")
    with writing():
        Voice.objects.create(turn=turn, label="ada@example.org", position=2)
    for address in ("/actions/", "/themes/", theme.get_absolute_url(), person.get_absolute_url(), "/search/?q=write"):
        page = get(client, address)
        assert "example.org" not in page, address
        assert "ada@…" in page, address


def test_topics_and_links_hold_no_address_either(client):
    topic = make.topic(
        "Desk of ada@example.org", labels=["bo@example.org"], url="https://example.org/?to=cy@example.org"
    )
    talk = make.talk("Tides", topics=[topic], speakers=[make.person("Ada Quill")])
    make.turn("Why?", by=make.person("Bo Marsh"), talk=talk, topics=[topic])
    make.link("Slides", url="https://example.org/?to=di%40example.org", talk=talk)
    make.link("Paper", url="https://example.org/paper", talk=talk)
    pages = ["/", "/topics/", topic.get_absolute_url(), "/glossary/", talk.get_absolute_url(), "/search/?q=why"]
    for address in pages:
        page = client.get(address).content.decode()
        assert not re.findall(r"\w+(?:@|%40)example\.org", page), address
    assert 'href="https://example.org/paper"' in client.get(talk.get_absolute_url()).content.decode()


def test_two_records_of_one_person_give_one_talk(client):
    ada = make.person("Ada Quill")
    short = make.person("A. Quill", merged_into=ada)
    shortest = make.person("Quill", merged_into=short)
    workshop = make.workshop("Open summit", people=[ada, short, shortest])
    session = make.session("Morning", conveners=[ada, short], day=make.day(workshop=workshop))
    talk = make.talk("Tides", speakers=[ada, short], session=session)
    make.turn("It rises.", by=shortest, talk=talk)
    page = profile(ada, AnonymousUser())
    assert page.told.startswith("gave 1 talk, convened 1 session")
    assert len(page.participations) == 1
    page = client.get(workshop.get_absolute_url()).content.decode()
    assert 'id="participants" data-total="1"' in page
    assert 'data-count="1">1 participant<' in client.get("/workshops/").content.decode()
    assert 'data-total="1"' in client.get("/search/?q=quill").content.decode()
    assert client.get(shortest.permalink, follow=True).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", "\u0661", "9" * 5000])
def test_pages_that_cannot_be_are_the_first(client, page):
    make.topic("Sieve")
    assert client.get("/topics/sieve/", {"page": page}).status_code == 200
    assert client.get("/search/", {"q": "sieve", "page": page}).status_code == 200
