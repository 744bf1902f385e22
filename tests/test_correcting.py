"""A turn put right on its page by an editor, undone in one step; what others may not do; what every import keeps."""

import pytest
from django.contrib.auth.models import Group, User

from minutes.correcting import NotTakenBack, put_right, state, take_back
from minutes.models import Change, Exchange, Statement, Turn
from tests import make
from tests.test_importing import bring_in, turn
from tests.test_splits import PARTED, WHOLE

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def editor(client):
    user = User.objects.create_user("eve")
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    return user


@pytest.fixture
def asked():
    ada, bo = make.person("Ada Byron"), make.person("Bo Carter")
    talk = make.talk("Sieves", speakers=[ada])
    asked = make.turn("Why the sieve?", by=bo, talk=talk, kind="comment")
    make.turn("So that it is fine.", by=ada, talk=talk, kind="answer")
    return asked


def form_of(turn: Turn, **changed) -> dict:
    """What a browser sends of the form as it is shown, with these fields changed."""
    turn = Turn.objects.get(pk=turn.pk)
    standing = {
        "text": turn.text.replace("\n", "\r\n"),
        "kind": turn.kind,
        "exchange": turn.exchange.public_id,
        "topics": [row.tag.public_id for row in turn.topic_items.all()],
        "seen": turn.version,
        "also": "",
        "more_topics": "",
        "why": "",
    }
    for n, voice in enumerate(turn.voices.all()):
        standing[f"who_{n}"] = voice.person.shown_name if voice.person else ""
    return standing | changed


def send(client, turn: Turn, **changed):
    return client.post(f"{turn.permalink}/put-right", form_of(turn, **changed), follow=True)


def test_form_sent_as_it_was_shown_changes_nothing(client, editor, asked):
    page = send(client, asked).content.decode()
    assert "Nothing differed" in page
    assert not Change.objects.exists()


def test_words_kind_and_speaker_are_put_right_and_undone_in_one_step(client, editor, asked):
    page = send(client, asked, kind="question", text="Why the fine sieve?", who_0="ada byron", why="heard it")
    asked.refresh_from_db()
    assert (asked.kind, asked.text) == ("question", "Why the fine sieve?")
    [voice] = asked.voices.all()
    assert (voice.person.name, voice.label, voice.certainty) == ("Ada Byron", "Bo Carter", "exact")
    assert "Put right: text, kind and who spoke." in page.content.decode()
    assert {change.reason for change in Change.objects.all()} == {"heard it"}

    group = Change.objects.values_list("group", flat=True).distinct().get()
    client.post(f"/undo/{group}", {"next": "/"})
    asked.refresh_from_db()
    assert (asked.kind, asked.text) == ("comment", "Why the sieve?")
    assert asked.voices.get().person.name == "Bo Carter"


def test_speaker_taken_away_is_unknown_and_another_is_added(client, editor, asked):
    send(client, asked, who_0="", also="Ada Byron")
    rows = [(row.label, row.person and row.person.name, row.certainty) for row in asked.voices.order_by("position")]
    assert rows == [("Bo Carter", None, "unknown"), ("Ada Byron", "Ada Byron", "exact")]


def test_unknown_name_and_unknown_topic_are_said_beside_their_fields_and_nothing_is_written(client, editor, asked):
    page = send(client, asked, kind="question", who_0="Nemo", more_topics="Sextants").content.decode()
    assert "Nobody here is called “Nemo”" in page
    assert "There is no topic “Sextants”" in page
    assert 'value="Nemo"' in page
    assert not Change.objects.exists()


def test_topics_are_given_by_label_and_what_is_taken_away_stays_away(client, editor, asked):
    sieve, mill = make.topic("Sieves"), make.topic("Mills", labels=["grinder"])
    send(client, asked, more_topics="sieves, GRINDER")
    assert {row.tag for row in asked.topic_items.all()} == {sieve, mill}
    send(client, asked, topics=[mill.public_id])
    assert {row.tag for row in asked.topic_items.all()} == {mill}


def test_turn_joins_another_thread_and_gets_one_of_its_own(client, editor, asked):
    other = Exchange.objects.exclude(pk=asked.exchange_id).get()
    send(client, asked, exchange=other.public_id)
    asked.refresh_from_db()
    assert asked.exchange == other
    send(client, asked, exchange="apart")
    asked.refresh_from_db()
    assert asked.exchange.n > other.n
    assert (asked.exchange.talk, asked.exchange.session) == (asked.talk, None)


def test_thread_of_another_talk_is_no_choice(client, editor, asked):
    elsewhere = make.turn("Elsewhere.", by="X", talk=make.talk("Another talk")).exchange
    page = send(client, asked, exchange=elsewhere.public_id)
    assert "Select a valid choice" in page.content.decode()
    assert Turn.objects.get(pk=asked.pk).exchange == asked.exchange


def test_own_thread_is_undone_with_the_exchange_that_it_made(client, editor, asked):
    before = asked.exchange
    step = put_right(editor, asked, {}, seen=asked.version, apart=True)
    assert take_back(editor, step.group) == "Undone."
    asked.refresh_from_db()
    assert asked.exchange == before
    assert not Exchange.objects.living().filter(n__gt=2).exists()


def test_one_key_sets_the_kind_and_leads_back_to_where_it_was_pressed(client, editor, asked):
    sent = {"quick": "question", "seen": asked.version, "next": "/topics/?x=1"}
    response = client.post(f"{asked.permalink}/put-right", sent)
    assert response["Location"] == f"/topics/?x=1#{asked.public_id}"
    asked.refresh_from_db()
    assert asked.kind == "question"
    client.post(f"{asked.permalink}/put-right", sent | {"quick": "shout"})
    asked.refresh_from_db()
    assert asked.kind == "question"


def test_who_was_faster_is_named_and_what_was_typed_is_kept(client, editor, asked):
    sent = form_of(asked, text="My version.")
    put_right(User.objects.create_user("carol"), asked, {"text": "Her version."}, seen=asked.version)
    page = client.post(f"{asked.permalink}/put-right", sent).content.decode()
    assert "carol changed this since you opened it" in page
    assert ">\nMy version.</textarea>" in page
    asked.refresh_from_db()
    assert asked.text == "Her version."
    client.post(f"{asked.permalink}/put-right", sent | {"seen": asked.version})
    asked.refresh_from_db()
    assert asked.text == "My version."


def test_stale_key_says_so_and_changes_nothing(client, editor, asked):
    put_right(editor, asked, {"text": "Newer."}, seen=asked.version)
    page = client.post(f"{asked.permalink}/put-right", {"quick": "question", "seen": 1}, follow=True).content.decode()
    assert "Somebody changed these words" in page
    asked.refresh_from_db()
    assert asked.kind == "comment"


def test_undo_is_for_who_did_it_and_says_what_was_changed_since(client, editor, asked):
    step = put_right(editor, asked, {"kind": "question", "text": "Why?"}, seen=asked.version)
    with pytest.raises(NotTakenBack, match="nothing of yours"):
        take_back(User.objects.create_user("mallory"), step.group)
    put_right(editor, asked, {"text": "Why, then?"}, seen=asked.version)
    assert take_back(editor, step.group) == "Undone, but for what was changed since: Why, then?."
    asked.refresh_from_db()
    assert (asked.kind, asked.text) == ("comment", "Why, then?")


def test_undo_of_who_lost_the_right_is_refused(editor, asked):
    step = put_right(editor, asked, {"kind": "question"}, seen=asked.version)
    editor.groups.clear()
    with pytest.raises(NotTakenBack, match="may not change"):
        take_back(User.objects.get(pk=editor.pk), step.group)


def test_turn_of_a_draft_is_not_there_for_who_may_not_read_it(client, editor):
    hidden = make.turn("Secret.", by="X", talk=make.talk("T", workshop=make.workshop("Draft", visibility="draft")))
    assert client.get(f"{hidden.permalink}/put-right").status_code == 200
    client.logout()
    assert client.get(f"{hidden.permalink}/report").status_code == 404


@pytest.mark.parametrize("signed_in", [False, True])
def test_readers_see_no_mark_and_the_address_refuses(client, asked, signed_in):
    if signed_in:
        client.force_login(User.objects.create_user("reader"))
    page = client.get(asked.talk.get_absolute_url()).content.decode()
    assert "put-right" not in page
    assert "data-version" not in page
    assert "edit.js" not in page
    refused = client.post(f"{asked.permalink}/put-right", {"quick": "question", "seen": 1})
    assert refused.status_code == (403 if signed_in else 302)
    asked.refresh_from_db()
    assert asked.kind == "comment"


def test_statement_stands_beside_the_words_and_the_words_stay(client, editor, asked):
    ada = asked.talk.speakers.get()
    state(editor, asked, ada, "I said <b>coarse</b>, write to ada@example.org.")
    client.logout()
    page = client.get(asked.talk.get_absolute_url()).content.decode()
    assert "Why the sieve?" in page
    assert "I said &lt;b&gt;coarse&lt;/b&gt;" in page
    assert "ada@example.org" not in page


def test_words_that_carry_a_statement_stay_where_the_source_joins_them_with_others(client, editor):
    bring_in(PARTED)
    part = turn("old gauge")
    state(editor, part, part.people.get(), "It was the new gauge.")
    report = bring_in(WHOLE)
    assert (part.public_id, "retired") in report.plan.kept
    assert Statement.objects.get().turn.retired_at is None
    assert "It was the new gauge." in client.get(part.permalink, follow=True).content.decode()


def test_corrections_survive_the_next_import(client, editor):
    bring_in(WHOLE)
    words = turn("half")
    put_right(editor, words, {"kind": "comment"}, seen=words.version, apart=True)
    bring_in(WHOLE + "\nBob Crane: One more thing about the boats.\n")
    words.refresh_from_db()
    assert words.kind == "comment"
    assert words.exchange.turns.living().count() == 1
