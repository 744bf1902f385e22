"""The last import of a document taken back: rows, links, corrections, and the base of the next import."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.urls import reverse

from minutes import importing, undoing
from minutes.changes import change
from minutes.models import ActionItem, Change, Conflict, ImportRun, Note, Source, Talk, Turn, Workshop
from people.models import Alias, Person
from records.models import PublicId
from tests.test_admin import member
from tests.test_importing import MINUTES, bring_in, rows, turn
from tests.test_splits import PARTED, WHOLE

pytestmark = [pytest.mark.django_db, pytest.mark.database]

CHANGED = (
    MINUTES.replace("two metres", "three metres")
    .replace("Dora: The one that Carl wrote last year.", "Bob: Nobody knows by now, I am afraid.")
    .replace("Winds\n", "Storms and winds\n")
    .replace("Carl: How high", "Good evening to everybody.\n\nCarl: How high")
    .replace("Dora Engel\n", "Dora Engel\nEdda Frost\n", 1)
)


@pytest.fixture
def editor():
    return User.objects.create_user("eve")


def take_back(name="tides.txt", **options):
    return undoing.undo(Source.objects.get(name=name), **options)


def shown():
    """What lists show, field by field."""
    apart = ("version", "retired_at")
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name not in apart}
            for row in model.objects.filter(retired_at=None).order_by("pk").values()
        ]
        for model in importing.applying.MODELS.values()
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [(MINUTES, CHANGED), (WHOLE, PARTED), (PARTED, WHOLE), (MINUTES, "Lost.\n")],
)
def test_undo_restores_every_field_and_the_same_file_brings_back_the_same_ids(first, second):
    bring_in(first)
    before = shown()
    bring_in(second)
    after, moved = shown(), set(PublicId.objects.values_list("value", "moved_to"))
    take_back()
    assert shown() == before
    assert not PublicId.objects.filter(moved_to__isnull=False).exists()
    assert bring_in(first).unchanged
    bring_in(second)
    assert shown() == after
    assert set(PublicId.objects.values_list("value", "moved_to")) == moved
    take_back()
    assert shown() == before
    assert bring_in(first, again=True).plan.changes_nothing()


def test_undo_puts_what_people_held_back_to_its_place(editor):
    bring_in(MINUTES)
    asked = turn("How high")
    with change(editor) as c:
        c.create(ActionItem, workshop=asked.workshop, title="Measure it", turn=asked.public_id)
    take_back()
    place = Turn.objects.living().get(pk=asked.pk).n
    bring_in(MINUTES.replace("Carl: How high", "Bob: Good evening to everybody here.\n\nCarl: How high"))
    assert Turn.objects.get(pk=asked.pk).n != place
    take_back()
    assert Turn.objects.living().get(pk=asked.pk).n == place
    bring_in(MINUTES)
    take_back()
    assert Turn.objects.living().get(pk=asked.pk).n == place


def test_undo_of_the_first_import_leaves_nothing_in_the_lists(client):
    bring_in(MINUTES)
    before = shown()
    take_back()
    assert not any(shown().values())
    for public_id in PublicId.objects.filter(kind__in=["workshop", "talk", "turn"]):
        assert client.get(f"/r/{public_id}").status_code == 410
    bring_in(MINUTES)
    assert shown() == before


def test_turn_brought_back_out_of_an_undone_import_is_read_where_it_was_said_and_stays_so(client, editor):
    bring_in(MINUTES)
    take_back()
    said = turn("two metres")
    with change(editor) as c:
        c.bring_back(said)
    stood = shown()
    assert client.get(said.permalink, follow=True).status_code == 200
    bring_in(MINUTES)
    take_back()
    assert shown() == stood


def test_what_people_edited_since_stays_and_is_told(editor):
    bring_in(MINUTES)
    bring_in(CHANGED)
    with change(editor) as c:
        c.set(turn("three metres"), text="Four metres, by the recording.")
    undone = take_back()
    gauge = turn("Four metres")
    assert (gauge.public_id, "text") in undone.kept
    assert undone.counts["kept"] == 1


def test_what_people_added_inside_what_the_run_made_stays(editor):
    bring_in(MINUTES)
    more = MINUTES + "\nTides at noon\n\nSpeaker: Carl Diem\n\nQ&A:\n\nBob: Is the moon to blame for that?\n"
    bring_in(more)
    talk = Talk.objects.get(title="Tides at noon")
    with change(editor) as c:
        note = c.create(Note, workshop=talk.workshop, talk=talk.public_id, text="Recorded on tape.")
    undone = take_back()
    talk.refresh_from_db(), note.refresh_from_db()
    assert (talk.retired_at, note.retired_at) == (None, None)
    assert (talk.public_id, "retired") in undone.kept
    assert turn("moon").retired_at is not None


def test_corrections_on_what_leaves_come_back_with_it(editor):
    bring_in(MINUTES)
    bring_in(CHANGED)
    with change(editor) as c:
        c.set(turn("Nobody knows"), text="Nobody knows.")
    take_back()
    bring_in(CHANGED)
    assert turn("Nobody knows").text == "Nobody knows."
    assert turn("Nobody knows").retired_at is None


def test_conflicts_of_the_run_are_closed_and_those_that_it_closed_are_open_again(editor):
    bring_in(MINUTES)
    with change(editor) as c:
        c.set(turn("pier"), text="Mine at the pier.")
    bring_in(MINUTES.replace("two metres", "three metres"))
    bring_in(MINUTES.replace("two metres", "nine metres"))
    older, newer = Conflict.objects.order_by("pk")
    take_back()
    older.refresh_from_db(), newer.refresh_from_db()
    assert (older.settled_at, newer.settled_at is None) == (None, False)
    assert turn("pier").text == "Mine at the pier."


def test_undo_stands_in_the_log_and_a_second_one_goes_further_back(editor):
    bring_in(MINUTES)
    bring_in(MINUTES.replace("two metres", "three metres"))
    bring_in(MINUTES.replace("two metres", "nine metres"))
    take_back(user=editor)
    entry = Change.objects.first()
    assert (entry.reason, entry.by, entry.after[:18]) == (
        "undo of the import of tides.txt, version 3",
        editor,
        "About three metres",
    )
    take_back()
    assert turn("two metres").version == 5
    take_back()
    assert Workshop.objects.get().retired_at is not None
    with pytest.raises(importing.Refused, match=r"No import of tides\.txt stands"):
        take_back()


def test_person_whom_another_document_names_stays():
    bring_in(MINUTES)
    bring_in(MINUTES.replace("Workshop on Tides", "Workshop on Sand").replace("Carl Diem", "Carl Voss"), "sand.txt")
    take_back()
    living = set(Person.objects.living().values_list("name", flat=True))
    assert living == {"Ada Byron", "Bob Crane", "Dora Engel", "Carl Voss"}
    bring_in(MINUTES.replace("Workshop on Tides", "Workshop on Mud"), "mud.txt")
    assert Person.objects.filter(name="Carl Diem").count() == 1
    assert Person.objects.get(name="Carl Diem").retired_at is None


def test_what_people_decided_about_a_label_outlives_the_undo(editor):
    nicked = MINUTES.replace("Carl: How high", "Sparky: How high") + "\nSparky: And where is it kept?\n"
    bring_in(nicked)
    with change(editor) as c:
        c.set(Alias.objects.get(label="Sparky"), state="person", person=Person.objects.get(name="Carl Diem").public_id)
    take_back()
    bring_in(nicked)
    assert [p.name for p in turn("How high").people.all()] == ["Carl Diem"]


def test_action_of_a_person_keeps_the_turn_on_which_it_hangs(editor):
    bring_in(MINUTES)
    bring_in(CHANGED)
    new = turn("Nobody knows")
    with change(editor) as c:
        c.create(ActionItem, workshop=new.workshop, turn=new.public_id, title="Find out", status="open")
    take_back()
    new.refresh_from_db()
    assert new.retired_at is None


def test_rehearsal_tells_the_same_and_writes_nothing():
    bring_in(MINUTES)
    bring_in(CHANGED)
    before = rows()
    told = take_back(rehearse=True)
    assert rows() == before
    assert take_back().counts == told.counts


def test_undo_of_an_import_that_is_not_the_last_is_refused():
    bring_in(MINUTES)
    looked_at = ImportRun.objects.get().pk
    bring_in(CHANGED)
    with pytest.raises(importing.Refused, match="since you looked"):
        take_back(run=looked_at)


def test_failed_undo_leaves_nothing(monkeypatch):
    bring_in(MINUTES)
    bring_in(CHANGED)
    before = rows()
    monkeypatch.setattr(undoing.deriving, "derive", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_back()
    assert rows() == before


def test_words_of_an_undone_import_may_come_under_another_name():
    bring_in(MINUTES)
    take_back()
    bring_in(MINUTES, "sea.txt")
    assert Turn.objects.living().filter(text__contains="two metres").count() == 1


# The command and the button


def test_command_says_what_it_did_and_what_stays(capsys, editor):
    bring_in(MINUTES)
    bring_in(CHANGED)
    with change(editor) as c:
        c.set(turn("three metres"), text="Four metres.")
    call_command("undo_import", "tides.txt", "--dry-run")
    assert "would be undone (version 1" in capsys.readouterr().out
    assert turn("Nobody knows").retired_at is None
    call_command("undo_import", "tides.txt")
    said = capsys.readouterr().out
    assert "The import of tides.txt, version 2 is undone" in said
    assert "stays: turn “Four metres.”: people edited its text since" in said
    assert turn("Nobody knows").retired_at is not None


def test_command_names_the_files_that_it_knows():
    bring_in(MINUTES)
    with pytest.raises(CommandError, match=r"Those that were: tides\.txt"):
        call_command("undo_import", "winds.txt")


def test_curator_undoes_the_last_import_with_a_button(client):
    bring_in(MINUTES)
    bring_in(CHANGED)
    first, last = ImportRun.objects.order_by("pk")
    client.force_login(member("cora", "curator"))
    form, undo = (reverse(f"admin:minutes_importrun_{name}", args=[last.pk]) for name in ("change", "undo"))
    assert undo in client.get(form).content.decode()
    assert undo not in client.get(reverse("admin:minutes_importrun_change", args=[first.pk])).content.decode()
    assert "version 1, imported on" in client.get(undo).content.decode()
    assert turn("Nobody knows").retired_at is None
    page = client.post(undo, follow=True).content.decode()
    assert "The import of tides.txt, version 2 is undone" in page
    assert "undo of the import on" in page
    assert turn("Nobody knows").retired_at is not None
    assert "imported again or undone since you looked" in client.post(undo, follow=True).content.decode()


def test_editor_may_not_undo_an_import(client):
    bring_in(MINUTES)
    client.force_login(member("edna", "editor"))
    assert client.post(reverse("admin:minutes_importrun_undo", args=[ImportRun.objects.get().pk])).status_code == 403
    assert Workshop.objects.get().retired_at is None
