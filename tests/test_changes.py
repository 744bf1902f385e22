"""What people change: one door, one log, one version, and nothing past it."""

import pytest
from django.contrib.auth.models import User

from minutes.changes import Stale, change
from minutes.models import Change, Note, Talk, TopicRefusal, Turn
from minutes.reverting import undo
from records.door import WrittenElsewhere
from records.models import PublicId
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def editor():
    return User.objects.create_user("ada")


def log():
    return [(c.record_id, c.field, c.before, c.after, c.version) for c in Change.objects.order_by("pk")]


def test_change_writes_row_log_and_version_together(editor):
    talk = make.talk("Tydes")
    with change(editor, "misspelt") as c:
        assert c.set(talk, title="Tides")
    talk.refresh_from_db()
    assert (talk.title, talk.version) == ("Tides", 2)
    assert log() == [(talk.public_id, "title", "Tydes", "Tides", 2)]
    [entry] = Change.objects.all()
    assert (entry.by, entry.reason) == (editor, "misspelt")


def test_change_to_the_same_value_is_none(editor):
    talk = make.talk("Tides")
    with change(editor) as c:
        assert not c.set(talk, title="Tides")
    assert log() == []


def test_speakers_topics_and_owners_are_fields_too(editor):
    ada, bob = make.person("Ada Byron"), make.person("Bob Crane")
    talk = make.talk("Tides", speakers=[ada])
    topic = make.topic("Rucio")
    with change(editor) as c:
        c.set(talk, speakers=[{"person": bob.public_id, "affiliation": "X"}], topics=[topic.public_id])
    assert list(talk.speakers.all()) == [bob]
    assert list(talk.topics.all()) == [topic]
    assert log() == [
        (
            talk.public_id,
            "speakers",
            [{"person": ada.public_id, "affiliation": "Institute"}],
            [{"person": bob.public_id, "affiliation": "X"}],
            2,
        ),
        (talk.public_id, "topics", [], [topic.public_id], 2),
    ]


def test_topic_that_a_person_removed_stays_removed(editor):
    topic = make.topic("Rucio", labels=["Rucio"])
    turn = make.turn("We tried Rucio once.")
    with change(editor) as c:
        c.set(turn, text="We tried Rucio twice.")
    assert list(turn.topics.all()) == [topic]
    with change(editor) as c:
        c.set(turn, topics=[])
    with change(editor) as c:
        c.set(turn, text="We tried Rucio three times.")
    assert list(Turn.objects.get(pk=turn.pk).topics.all()) == []
    assert TopicRefusal.objects.get().record_id == turn.public_id
    with change(editor) as c:
        c.set(turn, topics=[topic.public_id])
    assert not TopicRefusal.objects.exists()


def test_changed_text_is_rendered_anew(editor):
    turn = make.turn("plain")
    with change(editor) as c:
        c.set(turn, text="write to ada@example.org, *please*")
    turn.refresh_from_db()
    assert turn.html == "<p>write to ada@…, <em>please</em></p>"
    assert turn.folded == "write to ada@example.org, *please*"


def test_stale_version_writes_nothing(editor):
    talk = make.talk("Tides")
    seen = talk.version
    with change(editor) as c:
        c.set(talk, title="Winds")
    with pytest.raises(Stale, match="changed by somebody else"), change(editor) as c:
        c.set(talk, seen=seen, title="Waves")
    assert Talk.objects.get(pk=talk.pk).title == "Winds"


def test_change_is_whole_or_not_at_all(editor):
    talk = make.talk("Tides")

    def two_changes():
        with change(editor) as c:
            c.set(talk, title="Winds")
            c.set(talk, colour="blue")

    with pytest.raises(ValueError, match="no field 'colour'"):
        two_changes()
    assert Talk.objects.get(pk=talk.pk).title == "Tides"
    assert log() == []


def test_retired_talk_takes_its_turns_along_and_brings_them_back(editor):
    talk = make.talk("Tides", turns=2)
    with change(editor) as c:
        c.retire(talk, "given elsewhere")
    assert not Turn.objects.visible_to(editor).exists()
    assert {t.retired_reason for t in Turn.objects.all()} == {"given elsewhere"}
    talk.refresh_from_db()
    with change(editor) as c:
        c.bring_back(talk)
    assert Turn.objects.visible_to(editor).count() == 2


def test_turn_that_comes_back_brings_its_talk_along_but_not_what_else_was_said_there(editor):
    talk = make.talk("Tides", turns=2)
    first = Turn.objects.get(n=1)
    with change(editor) as c:
        c.retire(talk, "given elsewhere")
    with change(editor) as c:
        c.bring_back(first)
    assert list(Turn.objects.visible_to(editor)) == [first]
    assert list(Talk.objects.visible_to(editor)) == [talk]
    with change(editor) as other:
        assert undo(other, c.group) == []
    assert not Talk.objects.visible_to(editor).exists()
    assert not Turn.objects.visible_to(editor).exists()


def test_undoing_what_brought_a_talk_back_spares_it_where_somebody_added_to_it_since(editor):
    talk = make.talk("Tides", turns=1)
    with change(editor) as c:
        c.retire(talk)
    with change(editor) as c:
        c.bring_back(talk)
    with change(editor) as since:
        since.create(Note, workshop=talk.workshop, talk=talk.public_id, text="Recorded on tape.")
    with change(editor) as other:
        assert undo(other, c.group) == [talk]
    assert list(Talk.objects.visible_to(editor)) == [talk]


def test_record_that_a_person_adds_has_an_id_and_a_log(editor):
    talk = make.talk("Tides")
    with change(editor) as c:
        link = c.create(type(make.link(talk, "Slides")), workshop=talk.workshop, talk=talk.public_id, label="Poster")
    assert PublicId.objects.get(value=link.public_id).kind == "link"
    assert link.origin == "person"
    assert (link.public_id, "label", None, "Poster", 1) in log()


@pytest.mark.parametrize(
    "write",
    [
        lambda talk: talk.save(),
        lambda talk: talk.delete(),
        lambda talk: Talk.objects.filter(pk=talk.pk).update(title="x"),
        lambda talk: Talk.objects.all().delete(),
        lambda talk: Talk.objects.create(day=talk.day, workshop=talk.workshop, title="x"),
        lambda talk: talk.speakings.update(affiliation="x"),
        lambda talk: talk.turns.all().delete(),
    ],
)
def test_writing_past_the_doors_raises(write):
    talk = make.talk("Tides", speakers=[make.person("Ada Byron")], turns=1)
    with pytest.raises(WrittenElsewhere):
        write(talk)


def test_two_labels_of_one_person_are_two_voices(editor):
    ada = make.person("Ada Byron")
    turn = make.turn("Both of us agree.", by=[ada, "Ann"])
    voices = [{"person": ada.public_id, "label": label, "certainty": "exact"} for label in ("Ada Byron", "Ann")]
    with change(editor) as c:
        c.set(turn, voices=voices)
    assert [(voice.person, voice.label) for voice in turn.voices.all()] == [(ada, "Ada Byron"), (ada, "Ann")]
