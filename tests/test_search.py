"""Search: words, people and topics in; conversations out."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.management import call_command
from django.utils.html import strip_tags

from minutes.models import Day, FruitlessQuery, Turn, Workshop
from minutes.search.page import search
from minutes.search.words import mark, terms
from records.door import writing
from tests import make

VISITOR = AnonymousUser()
database = [pytest.mark.django_db, pytest.mark.database]


def found(**address: str) -> list[list[str]]:
    """The texts that were found, conversation by conversation."""
    results = search(address, VISITOR)
    return [[turn.text for turn in answer.turns if turn.hit] for answer in results.answers]


@pytest.fixture
def harbour(db):
    """Two conversations and a remark."""
    ada, ben, cleo = make.person("Ada Quill"), make.person("Ben Marlow"), make.person("Cleo Ruiz")
    relay = make.topic("Relay (night relay)", labels=["Relay", "night boat"])
    talk = make.talk("Night ferries")
    one = make.turn("Does the crossing include waiting?", by=ada, talk=talk, kind="question", topics=[relay])
    make.turn("Only with the tide, since 2019.", by=ben, talk=talk, kind="answer", exchange=one.exchange)
    two = make.turn("Who lights the lamps?", by=cleo, talk=talk, kind="question")
    make.turn("The keeper lights them.", by=ada, talk=talk, kind="answer", exchange=two.exchange)
    make.turn("Cafés open late.", by=cleo, talk=talk)
    return {"ada": ada, "ben": ben, "cleo": cleo, "relay": relay, "talk": talk}


# Words


@pytest.mark.parametrize(
    ("query", "text", "fits"),
    [
        ("retries", "no retry was made", True),
        ("retry", "it retries, and retried", True),
        ("tokens", "a token is", True),
        ("transferring", "one transfer", True),
        ("deploy", "a redeployed thing", False),
        ("test", "the testament", False),
        ("sky", "skying", False),
        ("iam", "the diameter", False),
        ("iam", "two iams", True),
        ("data-lake", "the datalake", True),
        ("data-lake", "the data lake", True),
        ('"data lake"', "the datalake", False),
        ('"data lake"', "lake of data", False),
        ("caffè", "un caffe", True),
        ("c++", "in c or", True),
    ],
)
def test_a_word_finds_its_forms_and_no_others(query, text, fits):
    assert bool(terms(query)[0].pattern.search(text)) is fits


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("what did the boat do", ["boat"]),
        ("the who", ["the", "who"]),
        ('boat "the who"', ["boat", "the who"]),
        ("Boat boat BOAT", ["boat"]),
        ("“low tide” now", ["low tide", "now"]),
        ('"unclosed boat', ["unclosed", "boat"]),
        ('"" ... !', []),
    ],
)
def test_stop_words_count_only_where_there_are_no_others(query, kept):
    assert [term.shown for term in terms(query)] == kept


@pytest.mark.parametrize(
    ("html", "query", "marked"),
    [
        ("<p>Rock &amp; roll</p>", "amp", "<p>Rock &amp; roll</p>"),
        ('<a href="/rock">rock</a>', "rock", '<a href="/rock"><mark>rock</mark></a>'),
        ("<p>Un café, des cafés</p>", "cafe", "<p>Un <mark>café</mark>, des <mark>cafés</mark></p>"),
        ("<p>&lt;script&gt;</p>", "script", "<p>&lt;<mark>script</mark>&gt;</p>"),
        ("<p>low tide</p>", '"low tide" low', "<p><mark>low tide</mark></p>"),
        ("<p>İstanbul rocks</p>", "rock", "<p>İstanbul <mark>rocks</mark></p>"),
    ],
)
def test_marks_stand_around_words_and_never_in_tags(html, query, marked):
    assert mark(html, [term.pattern for term in terms(query)]) == marked


# Finding


@pytest.mark.usefixtures("harbour")
class TestFinding:
    pytestmark = database

    def test_all_words_must_match(self):
        assert found(q="lamps lights") == [["Who lights the lamps?", "The keeper lights them."]]
        assert found(q="lamps waiting") == [["Who lights the lamps?"], ["Does the crossing include waiting?"]]

    def test_words_may_stand_in_question_and_answer_together(self):
        assert found(q="crossing tide") == [["Does the crossing include waiting?", "Only with the tide, since 2019."]]

    def test_most_words_are_found_and_said_so_where_nothing_has_all(self):
        results = search({"q": "lamps lights zebra"}, VISITOR)
        assert (results.found.partly, results.found.meaning.missing) == (True, ["zebra"])
        assert found(q="lamps lights zebra") == [["Who lights the lamps?", "The keeper lights them."]]

    def test_nothing_is_found_for_a_word_that_nobody_said(self):
        assert found(q="zebra") == []

    def test_a_phrase_is_found_as_it_stands(self):
        assert found(q='"lights the"') == [["Who lights the lamps?"]]
        assert found(q='"lamps the"') == []

    def test_accents_do_not_matter(self):
        assert found(q="cafes") == [["Cafés open late."]]

    @pytest.mark.parametrize("label", ["relay", '"night boat"', "night boat", "Night-Boat"])
    def test_a_topic_is_found_under_each_of_its_labels(self, label):
        assert found(q=label) == [["Does the crossing include waiting?"]]

    def test_a_name_among_the_words_is_who_spoke(self):
        assert found(q="what did Ada ask about the crossing") == [["Does the crossing include waiting?"]]

    def test_results_begin_with_people_topics_and_talks_of_that_name(self):
        named = search({"q": "ada"}, VISITOR)
        assert ([p.name for p in named.people], named.topics, named.talks) == (["Ada Quill"], [], [])
        assert [talk["text"] for talk in search({"q": "ferry night"}, VISITOR).talks] == ["Night ferries"]

    def test_page_begins_with_people_by_name(self, client):
        assert (
            ">Ada Quill</a>"
            in client.get("/search/?q=ada").content.decode().split('class="named"')[1].split("</section>")[0]
        )

    @pytest.mark.parametrize("name", ["Ada Quill", "ada", "Quill"])
    def test_who_asked_may_be_given_by_name(self, name):
        assert found(asked_by=name) == [["Does the crossing include waiting?"]]

    def test_who_asked_and_about_what_tells_who_answered(self, harbour):
        [answer] = search({"asked_by": harbour["ada"].public_id, "topic": "relay-night-relay"}, VISITOR).answers
        assert strip_tags(answer.head["answered"]) == "Ben Marlow"

    def test_who_answered(self, harbour):
        assert found(answered_by=harbour["ada"].public_id) == [["The keeper lights them."]]

    def test_who_asked_and_who_answered_are_one_conversation(self):
        assert found(asked_by="Cleo Ruiz", answered_by="Ada Quill") == [
            ["Who lights the lamps?", "The keeper lights them."]
        ]
        assert found(asked_by="Ada Quill", answered_by="Ada Quill") == []

    def test_who_said_it_and_of_what_kind(self):
        assert found(said_by="Cleo Ruiz") == [["Who lights the lamps?"], ["Cafés open late."]]
        assert found(said_by="Cleo Ruiz", kind="comment") == [["Cafés open late."]]

    @pytest.mark.parametrize(
        ("address", "complaint"),
        [
            ({"asked_by": "Ben Marlow"}, "Nobody of the name “Ben Marlow” asked a question here"),
            ({"said_by": "\x00nobody"}, "said something here"),
            ({"topic": "zzz"}, "No topic “zzz” came up here"),
            ({"kind": "shout"}, "Nothing here is of the kind “shout”"),
            ({"page": "-1"}, ""),
            ({"page": "²"}, ""),
        ],
    )
    def test_an_unknown_value_is_said_and_the_rest_searched(self, client, address, complaint):
        response = client.get("/search/", {"q": "lamps", **address})
        assert response.status_code == 200
        assert complaint in response.content.decode()
        assert found(q="lamps", **address) == [["Who lights the lamps?"]]

    def test_selects_offer_only_what_leads_somewhere(self, client):
        page = client.get("/search/").content.decode()
        asked, answered = (
            page.split(f'name="{name}"')[1].split("</select>")[0] for name in ("asked_by", "answered_by")
        )
        assert re.findall(r">([^<>]+) \(\d+\)<", asked) == ["Ada Quill", "Cleo Ruiz"]
        assert re.findall(r">([^<>]+) \(\d+\)<", answered) == ["Ben Marlow", "Ada Quill"]

    def test_what_was_typed_is_shown_escaped(self, client):
        page = client.get("/search/", {"q": '<script>alert("x")</script>'}).content.decode()
        assert "<script>alert" not in page

    def test_an_address_cannot_be_found(self):
        make.turn("Write to harbour@example.org soon.", by="Keeper")
        assert found(q="harbour@example.org") == []
        [[text]] = found(q="write soon")
        assert text == "Write to harbour@… soon."


class TestPaging:
    pytestmark = database

    def test_ten_conversations_are_a_page_and_counts_are_exact(self, client):
        for n in range(23):
            make.turn(f"Lamp {n}?", by="Keeper", kind="question")
        first, last = (client.get("/search/", {"q": "lamp", "page": page}).content.decode() for page in ("1", "7"))
        assert (first.count('class="thread"'), last.count('class="thread"')) == (10, 3)
        assert 'data-total="23"' in first

    def test_what_is_said_best_comes_first(self):
        make.turn("A lamp among so many other things that one hardly sees it there in all this talk.", by="Keeper")
        make.turn("The lamp, the lamp!", by="Keeper")
        assert found(q="lamp")[0] == ["The lamp, the lamp!"]

    def test_a_draft_leaves_no_trace(self, client):
        hidden = make.workshop("Hidden", visibility="draft")
        topic = make.topic("Relay")
        talk = make.talk("Secret lamp", day=make.day(workshop=hidden))
        make.turn("The lamp?", by=make.person("Zed Zimmer"), talk=talk, kind="question", topics=[topic])
        page = client.get("/search/", {"q": "lamp"}).content.decode()
        assert ("Zimmer" in page, "Secret" in page, "Relay" in page) == (False, False, False)

    @pytest.mark.parametrize("count", [1, 3])
    def test_a_search_costs_the_same_whatever_it_finds(self, client, django_assert_num_queries, count):
        ada, relay = make.person("Ada Quill"), make.topic("Relay")
        for n in range(count):
            one = make.turn(f"Relay {n}?", by=ada, kind="question", topics=[relay])
            make.turn("Yes, the relay.", by=make.person(f"Ben {n}"), kind="answer", exchange=one.exchange)
        client.get("/search/")  # brings the index up to date
        with django_assert_num_queries(5):
            client.get("/search/", {"q": "ada relay", "topic": "relay", "asked_by": "Ada Quill"})


class TestCommand:
    pytestmark = database

    def test_it_prints_what_visitors_find_best_first(self, harbour, capsys):
        call_command("search", "lamps", asked_by="Cleo Ruiz", json=True)
        [hit] = json.loads(capsys.readouterr().out)
        assert set(hit) == {"id", "text", "label", "people", "talk", "kind", "url", "score"}
        assert (hit["text"], hit["people"], hit["talk"]) == ("Who lights the lamps?", ["Cleo Ruiz"], "Night ferries")
        assert hit["url"] == f"{harbour['talk'].get_absolute_url()}#{hit['id']}"

    def test_it_says_what_it_does_not_know(self, harbour, capsys):
        call_command("search", "lamps", topic="zzz")
        printed = capsys.readouterr()
        assert "Who lights the lamps?" in printed.out
        assert "No topic “zzz” came up here" in printed.err


class TestJson:
    pytestmark = database

    def test_programs_are_told_what_the_page_shows(self, harbour, client):
        answer = client.get("/search.json", {"q": "lamps asked-by:cleo is:strange"}).json()
        assert (answer["q"], answer["total"], answer["page"], answer["pages"]) == (
            "lamps asked-by:cleo is:strange",
            1,
            1,
            1,
        )
        assert [hit["text"] for hit in answer["hits"]] == ["Who lights the lamps?"]
        assert {"words": "asked-by:cleo", "kind": "operator", "meaning": "Cleo Ruiz"} in answer["understood"]
        assert any("strange" in complaint for complaint in answer["complaints"])

    def test_pages_have_the_size_that_was_asked_for(self, harbour, client):
        pages = [client.get("/search.json", {"q": "in:turns", "size": 2, "page": n}).json() for n in (1, 2, 3)]
        assert [len(page["hits"]) for page in pages] == [2, 2, 1]
        assert len({hit["id"] for page in pages for hit in page["hits"]}) == pages[0]["total"] == 5

    def test_what_was_withdrawn_a_moment_ago_is_left_out(self, harbour, client, monkeypatch):
        client.get("/search.json", {"q": "lamps"})
        monkeypatch.setattr("minutes.search.following.catch_up", lambda *args, **kwargs: 1)
        with writing():
            Workshop.objects.filter(pk=harbour["talk"].workshop_id).update(visibility="draft")
        assert client.get("/search.json", {"q": "lamps"}).json()["hits"] == []


class TestRelated:
    pytestmark = database

    @pytest.fixture
    def elsewhere(self, harbour):
        """Another talk about the relay, and one about nothing of the kind."""
        near, far = make.talk("Boats after dark"), make.talk("Catering")
        asked = make.turn("Will the relay cross with the tide?", talk=near, kind="question", topics=[harbour["relay"]])
        make.turn("Soup or bread?", talk=far, kind="question")
        return {"near": near, "far": far, "asked": asked}

    def test_a_talk_names_talks_and_questions_about_the_same(self, harbour, elsewhere, client):
        page = client.get(harbour["talk"].get_absolute_url())
        shown = page.context["related"]
        assert [one["text"] for one in shown.talks] == ["Boats after dark"]
        assert [one["id"] for one in shown.questions] == [elsewhere["asked"].public_id]
        assert elsewhere["near"].get_absolute_url() in page.content.decode().split('id="related"')[1]

    def test_a_draft_is_related_to_nothing_that_visitors_see(self, harbour, elsewhere, client):
        draft = make.workshop("Draft", visibility="draft")
        hidden = make.talk("Relay in secret", day=make.day(workshop=draft))
        make.turn("The relay tide crossing?", talk=hidden, kind="question", topics=[harbour["relay"]])
        shown = client.get(harbour["talk"].get_absolute_url()).context["related"]
        assert "Relay in secret" not in [one["text"] for one in shown.talks]
        assert all("secret" not in one["talk"] for one in shown.questions)

    def test_a_changed_topic_is_seen_at_once(self, harbour, elsewhere, client):
        assert client.get(harbour["talk"].get_absolute_url()).context["related"].talks
        with writing():
            elsewhere["asked"].topic_items.all().delete()
            Turn.objects.filter(pk=elsewhere["asked"].pk).update(text="Will it rain?", html="<p>Will it rain?</p>")
        assert client.get(harbour["talk"].get_absolute_url()).context["related"].talks == []


class TestResultsPage:
    pytestmark = database

    def test_a_hit_shows_who_spoke_to_whom_and_about_what(self, harbour, client):
        make.turn("Ask <Ben>.", by=harbour["ada"], to=[harbour["ben"]], talk=harbour["talk"], topics=[harbour["relay"]])
        page = client.get("/search/", {"q": "Ask"}).content.decode()
        hit = page.split('<ol class="answers">')[1].split("</ol>")[0]
        ben, relay = harbour["ben"].get_absolute_url(), harbour["relay"].get_absolute_url()
        assert f'<span class="to">to <a class="person" href="{ben}">Ben Marlow</a></span>' in hit
        assert f'<a class="topic technology" href="{relay}">' in hit
        assert "&lt;Ben&gt;" in hit

    def test_facets_keep_the_order_of_the_results(self, harbour, client):
        page = client.get("/search/", {"q": "in:turns tide OR lamps OR late", "sort": "date"}).content.decode()
        facets = page.split('<aside class="facets"')[1].split("</aside>")[0]
        links = re.findall(r'href="([^"]+)"', facets)
        assert links
        assert all(link.endswith("&amp;sort=date") for link in links)
        assert facets.count('<svg class="bar"') == facets.count('<span class="number">')


class TestInVain:
    pytestmark = database
    BROWSER = {"headers": {"User-Agent": "Mozilla/5.0"}}

    def test_what_nobody_found_is_counted_for_editors(self, harbour, client):
        for words in ("zyzzyva", "Zyzzyva", "lamps"):
            client.get("/search/", {"q": words}, **self.BROWSER)
        assert list(FruitlessQuery.objects.values_list("text", "count")) == [("zyzzyva", 2)]

    @pytest.mark.parametrize("agent", ["", "Examplebot/1.0"])
    def test_programs_are_not_counted(self, harbour, client, agent):
        client.get("/search/", {"q": "zyzzyva"}, headers={"User-Agent": agent})
        assert not FruitlessQuery.objects.exists()

    @pytest.mark.parametrize("words", [" ".join(f"zyzzyva{n}" for n in range(20)), ""])
    def test_what_is_no_question_is_not_counted(self, harbour, client, words):
        client.get("/search/", {"q": words}, **self.BROWSER)
        assert not FruitlessQuery.objects.exists()

    def test_addresses_are_masked_and_the_list_is_bounded(self, harbour, client, monkeypatch):
        monkeypatch.setattr("minutes.search.fruitless.MOST", 10)
        client.get("/search/", {"q": "zyz@example.org"}, **self.BROWSER)
        assert "example.org" not in FruitlessQuery.objects.get().text
        for n in range(30):
            client.get("/search/", {"q": f"zyzzyva{n:02}"}, **self.BROWSER)
        assert FruitlessQuery.objects.count() <= 10

    def test_editors_see_the_list_and_strike_out_but_change_nothing(self, harbour, client):
        client.get("/search/", {"q": "zyzzyva"}, **self.BROWSER)
        editor = User.objects.create_user("editor", is_staff=True)
        editor.groups.set(Group.objects.filter(name="editor"))
        client.force_login(editor)
        page = client.get("/admin/minutes/fruitlessquery/").content.decode()
        assert 'href="/search/?q=zyzzyva"' in page
        pk = FruitlessQuery.objects.get().pk
        assert client.get(f"/admin/minutes/fruitlessquery/{pk}/delete/").status_code == 200
        assert client.get("/admin/minutes/fruitlessquery/add/").status_code == 403


class TestAround:
    pytestmark = database

    def test_turns_before_and_after_stand_in_their_order(self, harbour, client):
        turns = list(harbour["talk"].turns.order_by("n"))
        page = client.get(f"/r/{turns[2].public_id}/around").content.decode()
        places = [page.index(turn.text) for turn in turns]
        assert places == sorted(places)
        assert f'class="turn question lead hit" id="{turns[2].public_id}"' in page or "turn question hit" in page

    def test_a_piece_of_the_page_is_sent_to_a_page(self, harbour, client):
        turn = harbour["talk"].turns.first()
        piece = client.get(f"/r/{turn.public_id}/around", headers={"HX-Request": "true"}).content.decode()
        assert piece.startswith('<p class="spot-line')
        assert "<html" not in piece

    def test_a_draft_has_none(self, harbour, client):
        with writing():
            Workshop.objects.update(visibility="draft")
        assert client.get(f"/r/{harbour['talk'].turns.first().public_id}/around").status_code == 404


class TestSuggestions:
    pytestmark = database

    @pytest.mark.parametrize(
        ("typed", "words"),
        [("ada quill", "Ada Quill"), ("night boat", "Relay (night relay)"), ("ada", None), ("r", None)],
    )
    def test_just_what_was_typed_is_marked(self, harbour, client, typed, words):
        groups = client.get("/search/suggest/", {"q": typed}).json()["groups"]
        exact = [line["words"] for group in groups for line in group["lines"] if line["exact"]]
        assert exact == ([words] if words else [])


def test_what_fits_equally_well_is_listed_latest_first(db):
    for n, year in enumerate((2019, 2023, 2021)):
        day = make.day(workshop=make.workshop(f"Meeting {n}"))
        with writing():
            Day.objects.filter(pk=day.pk).update(date=date(year, 5, 1))
        make.turn("A lantern burns.", talk=make.talk("Boats", day=day))
    answers = search({"q": "lantern"}, VISITOR).answers
    assert [answer.head["place"][2][-4:] for answer in answers] == ["2023", "2021", "2019"]
