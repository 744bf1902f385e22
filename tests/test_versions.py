"""Versions of records: told from the log, shown on pages, brought back by editors, and pinned by links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import Group, User

from minutes.changes import change
from minutes.models import Change, Talk, TopicRefusal, Turn
from minutes.restoring import NotRestored, restore
from minutes.versions import NeverWas, rewind, values_at
from tests import make

database = [pytest.mark.django_db, pytest.mark.database]


@dataclass
class Row:
    field: str
    before: Any
    after: Any
    version: int


LOG = [Row("kind", "comment", "answer", 3), Row("text", "b", "c", 3), Row("text", "a", "b", 2)]


@pytest.mark.parametrize(
    ("n", "values"),
    [
        (1, {"text": "a", "kind": "comment"}),
        (2, {"text": "b", "kind": "comment"}),
        (3, {"text": "c", "kind": "answer"}),
    ],
)
def test_rewind_undoes_the_log_down_to_a_version(n, values):
    assert rewind({"text": "c", "kind": "answer"}, LOG, n) == values


@pytest.fixture
def editor():
    user = User.objects.create_user("eve", is_staff=True)
    user.groups.set(Group.objects.filter(name="editor"))
    return user


@pytest.fixture
def turn():
    ada, topic = make.person("Ada Quill"), make.topic("Sieve", labels=["sieve"])
    return make.turn("Does the sieve leak?", by=ada, kind="question", topics=[topic])


def edit_everything(turn: Turn, editor: User) -> None:
    bo, heron = make.person("Bo Marsh"), make.topic("Heron", labels=["heron"])
    with change(editor, "heard wrongly") as c:
        c.set(
            turn,
            text="The heron leaks.",
            kind="answer",
            voices=[{"person": bo.public_id, "label": "Bo", "certainty": "exact"}],
            topics=[heron.public_id],
        )


def said(turn: Turn) -> tuple[object, ...]:
    turn = Turn.objects.get(pk=turn.pk)
    voices = [(voice.person and voice.person.name, voice.label, voice.certainty) for voice in turn.voices.all()]
    return turn.text, turn.kind, voices, sorted(topic.name for topic in turn.topics.all()), turn.html


@pytest.mark.django_db
@pytest.mark.database
class TestRestore:
    def test_brings_back_text_speakers_topics_and_kind_in_one_step(self, turn, editor):
        with change(editor) as c:
            c.set(turn, text="Does the sieve leak ?")
        with change(editor) as c:
            c.set(turn, text="Does the sieve leak?")
        before = said(turn)
        edit_everything(turn, editor)
        assert said(turn)[:2] == ("The heron leaks.", "answer")
        restore(editor, Turn.objects.get(pk=turn.pk), 3, seen=4)
        assert said(turn) == before
        newest = Change.objects.filter(record=turn.public_id, version=5)
        assert {row.field for row in newest} == {"text", "kind", "voices", "topics"}
        assert {row.reason for row in newest} == {"restored version 3"}
        assert not TopicRefusal.objects.exists()

    def test_topics_that_rules_find_stay_with_the_rules(self, turn, editor):
        edit_everything(turn, editor)
        restore(editor, turn, 1, seen=2)
        with change(editor) as c:
            c.set(turn, text="Does the bucket leak?")
        assert said(turn)[3] == []

    def test_topics_that_came_with_other_words_do_not_stay(self, turn, editor):
        heron, tide = make.topic("Heron", labels=["heron"]), make.topic("Tide", labels=["tide"])
        with change(editor) as c:
            c.set(turn, text="Does the heron leak?")
        with change(editor) as c:
            c.set(turn, topics=[heron.public_id, tide.public_id])
        restore(editor, turn, 1, seen=3)
        assert said(turn)[3] == ["Sieve"]
        restore(editor, turn, 3, seen=4)
        assert said(turn)[3] == ["Heron", "Tide"]

    def test_topic_that_was_refused_then_is_refused_again(self, turn, editor):
        sieve = turn.topics.get()
        with change(editor) as c:
            c.set(turn, topics=[])
        with change(editor) as c:
            c.set(turn, topics=[sieve.public_id])
        restore(editor, turn, 2, seen=3)
        with change(editor) as c:
            c.set(turn, text="Does this sieve leak?")
        assert said(turn)[3] == []

    def test_what_was_withdrawn_comes_back(self, turn, editor):
        with change(editor) as c:
            c.retire(turn, "twice")
        restore(editor, turn, 1, seen=2)
        assert Turn.objects.visible_to(editor).get() == turn

    def test_talk_that_is_gone_keeps_the_turn_where_it_stands(self, turn, editor):
        old, new = turn.talk, make.talk("Tides")
        with change(editor) as c:
            exchange = c.create(type(turn.exchange), workshop=new.workshop, talk=new.public_id, n=1)
            c.set(turn, talk=new.public_id, exchange=exchange.public_id, text="Moved.")
        with change(editor) as c:
            c.retire(old, "not given")
        done = restore(editor, turn, 1, seen=2)
        turn.refresh_from_db()
        assert (turn.talk, turn.text) == (new, "Does the sieve leak?")
        assert len(done.left) == 1
        assert "no longer there" in done.left[0]

    def test_visibility_is_no_part_of_a_version(self, turn, editor):
        workshop = turn.workshop
        with change(editor) as c:
            c.set(workshop, visibility="draft", title="Renamed")
        done = restore(editor, workshop, 1, seen=2)
        workshop.refresh_from_db()
        assert (workshop.title, workshop.visibility) == ("Autumn workshop", "draft")
        assert done.left == ["Who may read it stays as it is now."]

    def test_version_that_says_the_same_is_refused(self, turn, editor):
        with pytest.raises(NotRestored, match="nothing was done"):
            restore(editor, turn, 1, seen=1)
        assert not Change.objects.exists()

    def test_version_that_never_was_is_told(self, turn, editor):
        with pytest.raises(NeverWas, match="only one version; there never was a version 7"):
            values_at(turn, 7)

    def test_title_that_another_topic_has_by_now_is_refused_whole(self, editor):
        one = make.topic("Sieve")
        with change(editor) as c:
            c.set(one, name="Sifter", description="It sifts.")
        make.topic("Sieve", slug="another")
        with pytest.raises(NotRestored, match="cannot come back as it was"):
            restore(editor, one, 1, seen=2)
        one.refresh_from_db()
        assert (one.name, one.description) == ("Sifter", "It sifts.")


@pytest.mark.django_db
class TestPages:
    def test_history_shows_readers_what_changed_and_not_who(self, client, turn, editor):
        edit_everything(turn, editor)
        page = client.get(f"{turn.permalink}/history").content.decode()
        assert '<ins><span class="vh">new: </span>Bo Marsh (Bo · exact)</ins>' in page
        assert "Sieve</del>" in page
        assert "by an editor" in page
        assert "by eve" not in page
        assert "heard wrongly" not in page
        assert "Restore" not in page
        client.force_login(editor)
        page = client.get(f"{turn.permalink}/history").content.decode()
        assert "by eve" in page
        assert "heard wrongly" in page
        assert "Restore version 1" in page

    def test_history_masks_addresses_and_escapes_words(self, client, turn, editor):
        with change(editor) as c:
            c.set(turn, text="<b>Write</b> to ada@example.org")
        page = client.get(f"{turn.permalink}/history").content.decode()
        assert "&lt;b&gt;Write&lt;/b&gt; to ada@…" in page
        assert "example.org" not in page

    def test_editor_restores_from_the_page(self, client, turn, editor):
        edit_everything(turn, editor)
        sent = {"version": 1, "seen": 2}
        assert client.post(f"{turn.permalink}/history", sent).status_code == 403
        client.force_login(editor)
        page = client.post(f"{turn.permalink}/history", sent, follow=True).content.decode()
        assert "Version 1 is back." in page
        assert said(turn)[0] == "Does the sieve leak?"
        page = client.post(f"{turn.permalink}/history", sent, follow=True).content.decode()
        assert "Somebody changed it since you opened this page" in page

    @pytest.mark.parametrize("edits", [1, 4])
    def test_history_costs_the_same_at_any_length(self, client, turn, editor, edits, django_assert_num_queries):
        for n in range(edits):
            with change(editor) as c:
                c.set(turn, text=f"Text {n}", voices=[{"person": None, "label": f"Label {n}"}])
        with django_assert_num_queries(8):
            client.get(f"{turn.permalink}/history")

    @pytest.mark.parametrize("address", ["/history", "/cite", "/cite.bib", "?v=1"])
    def test_pages_of_a_draft_are_not_found(self, client, turn, editor, address):
        with change(editor) as c:
            c.set(turn.workshop, visibility="draft")
        for record in (turn, turn.talk, turn.workshop):
            assert client.get(record.permalink + address).status_code == 404
        client.force_login(editor)
        assert client.get(turn.permalink + address).status_code == 200

    def test_history_of_a_name_is_for_those_who_curate(self, client, turn, editor):
        ada = turn.voices.get().person
        assert client.get(f"{ada.permalink}/history").status_code == 404
        client.force_login(User.objects.create_superuser("chief"))
        assert client.get(f"{ada.permalink}/history").status_code == 200

    def test_pinned_link_says_what_changed_since(self, client, turn, editor):
        page = client.get(f"{turn.permalink}?v=1").content.decode()
        assert "Unchanged since cited" in page
        edit_everything(turn, editor)
        page = client.get(f"{turn.permalink}?v=1").content.decode()
        assert "Changed since cited" in page
        assert "Does the sieve leak?</blockquote>" in page
        assert "heron leaks.</ins>" in page

    @pytest.mark.parametrize(("asked", "sentence"), [("9", "there never was a version 9"), ("x", "is no number")])
    def test_version_that_never_was_is_one_sentence(self, client, turn, asked, sentence):
        answer = client.get(f"{turn.permalink}?v={asked}")
        assert answer.status_code == 404
        assert sentence in answer.content.decode()

    def test_pinned_range_tells_which_turns_changed(self, client, turn, editor):
        ada = make.person("Ada Two")
        second, third = make.turn("Never.", by=ada, talk=turn.talk), make.turn("Once.", by=ada, talk=turn.talk)
        address = f"{turn.permalink}?v=1.1.1&to={third.public_id}"
        assert "Unchanged since cited" in client.get(address).content.decode()
        with change(editor) as c:
            c.set(second, text="Always.")
        assert "Always.</ins>" in client.get(address).content.decode()
        with change(editor) as c:
            c.retire(second)
        page = client.get(address).content.decode()
        assert "3 turns</del>" in page
        assert "2 turns</ins>" in page

    def test_talk_page_leads_to_history_and_citation_of_each_turn(self, client, turn):
        page = client.get(Talk.objects.get().get_absolute_url()).content.decode()
        assert f'href="{turn.permalink}/history"' in page
        assert f'href="{turn.permalink}/cite"' in page
