"""Importing for the first time and again: identity, corrections, retirement; on invented minutes."""

import pytest
from django.contrib.auth.models import User

from minutes import importing
from minutes.changes import change
from minutes.models import ActionItem, Change, Conflict, ImportRun, Source, Talk, Turn, Workshop
from people.models import Alias, Person
from records.models import PublicId

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MINUTES = """\
Workshop on Tides

4-5 May 2021

Participants

Ada Byron	Carl Diem
Bob Crane	Dora Engel

Tuesday 4 May 2021 (Day 1)

Morning

Convener: Bob Crane (Kelp Institute)

Waves at night

Speaker: Ada Byron (Moon Lab)

[Slides](#)

Q&A:

Carl: How high were the waves in the end?

Ada: About two metres, measured at the pier with the old gauge.

Dora: I will send you our own numbers next week.

Winds

Speaker: Dora Engel

Q&A:

Bob: Which model did you use for the coast?

Dora: The one that Carl wrote last year.
"""


def bring_in(text, name="tides.txt", **options):
    report = importing.read(name, text.encode(), **options)
    importing.write(report)
    return report


def rows():
    """Everything that an import writes, as values."""
    models = [*importing.applying.MODELS.values(), Change, Conflict, ImportRun, PublicId, Source]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.fixture
def editor():
    return User.objects.create_user("eve")


def turn(words):
    return Turn.objects.get(text__contains=words)


def test_import_makes_the_record():
    bring_in(MINUTES)
    workshop = Workshop.objects.get()
    assert (workshop.title, workshop.slug, str(workshop.start)) == (
        "Workshop on Tides",
        "workshop-on-tides",
        "2021-05-04",
    )
    assert [(t.title, str(t.session)) for t in Talk.objects.all()] == [
        ("Waves at night", "Morning"),
        ("Winds", "Morning"),
    ]
    assert [p.name for p in turn("pier").people.all()] == ["Ada Byron"]
    assert turn("pier").exchange == turn("How high").exchange
    assert [(s.person.name, s.affiliation) for s in Talk.objects.first().speakings.all()] == [("Ada Byron", "Moon Lab")]
    assert [(o.person.name, i.quote) for i in ActionItem.objects.all() for o in i.ownings.all()] == [
        ("Dora Engel", "I will send you our own numbers next week.")
    ]


def test_every_record_is_in_the_registry():
    bring_in(MINUTES)
    for kind, model in importing.applying.MODELS.items():
        registered = set(PublicId.objects.filter(kind=kind).values_list("value", flat=True))
        assert set(model.objects.values_list("public_id", flat=True)) == registered


def test_second_import_changes_no_row():
    bring_in(MINUTES)
    before = rows()
    report = bring_in(MINUTES)
    assert report.unchanged
    assert rows() == before


def test_reading_again_by_the_same_rules_changes_no_record():
    bring_in(MINUTES)
    before = rows()
    report = bring_in(MINUTES, again=True)
    assert report.plan.changes_nothing()
    after = rows()
    assert {k: v for k, v in after.items() if k != "ImportRun"} == {k: v for k, v in before.items() if k != "ImportRun"}


def test_same_words_under_another_name_are_refused():
    bring_in(MINUTES)
    with pytest.raises(importing.Refused, match=r"copy.txt holds the same words as tides.txt"):
        importing.read("copy.txt", MINUTES.encode())


def test_correction_of_the_source_arrives_and_keeps_the_id():
    bring_in(MINUTES)
    old = turn("two metres")
    bring_in(MINUTES.replace("two metres", "three metres"))
    new = turn("three metres")
    assert (new.pk, new.public_id, new.version) == (old.pk, old.public_id, 2)
    [entry] = Change.objects.all()
    assert (entry.field, entry.reason) == ("text", "import of tides.txt, version 2")


def test_corrections_by_people_survive_a_corrected_source(editor):
    bring_in(MINUTES)
    item, winds = ActionItem.objects.get(), Talk.objects.get(title="Winds")
    bob, gauge = Person.objects.get(name="Bob Crane"), turn("pier")
    with change(editor) as c:
        c.set(gauge, text="About two metres, measured at the new pier.", kind="comment")
        c.set(item, owners=[{"person": bob.public_id}], due="2021-06-01", status="open")
        c.set(bob, name="Robert Crane")
        c.retire(winds, "not given")
    bring_in(MINUTES.replace("How high were the waves", "How tall were the waves"))
    gauge.refresh_from_db(), item.refresh_from_db(), bob.refresh_from_db(), winds.refresh_from_db()
    assert (gauge.text, gauge.kind) == ("About two metres, measured at the new pier.", "comment")
    assert (list(item.owners.all()), str(item.due), item.status) == ([bob], "2021-06-01", "open")
    assert (bob.name, Person.objects.filter(name="Bob Crane").exists()) == ("Robert Crane", False)
    assert winds.retired_reason == "not given"
    assert not Turn.objects.visible_to(editor).filter(talk=winds).exists()
    assert turn("How tall").version == 2
    assert not Conflict.objects.exists()


def test_both_changed_keeps_the_correction_and_files_a_conflict(editor):
    bring_in(MINUTES)
    with change(editor) as c:
        c.set(turn("pier"), text="About two metres, at the pier.")
    bring_in(MINUTES.replace("About two metres", "About nine metres"))
    assert turn("at the pier").text == "About two metres, at the pier."
    [conflict] = Conflict.objects.all()
    assert (conflict.field, conflict.source) == ("text", "About nine metres, measured at the pier with the old gauge.")


def test_turn_gone_from_the_source_is_retired_and_returns():
    bring_in(MINUTES)
    gone = turn("two metres")
    without = MINUTES.replace("Ada: About two metres, measured at the pier with the old gauge.\n\n", "")
    bring_in(without)
    gone.refresh_from_db()
    assert (gone.retired_reason, gone.retired_by) == ("no longer in tides.txt", "rule")
    bring_in(MINUTES.replace("How high", "How tall"))
    gone.refresh_from_db()
    assert gone.retired_at is None
    assert Turn.objects.filter(text__contains="two metres").count() == 1


def test_new_turn_in_a_retired_talk_is_born_retired(editor):
    bring_in(MINUTES)
    with change(editor) as c:
        c.retire(Talk.objects.get(title="Winds"), "not given")
    bring_in(MINUTES + "\nBob: Is that model open to everybody here?\n")
    assert turn("open to everybody").retired_reason == "not given"


def test_turn_that_a_person_added_is_left_alone(editor):
    bring_in(MINUTES)
    place = turn("pier")
    with change(editor) as c:
        mine = c.create(
            Turn,
            workshop=place.workshop,
            talk=place.talk.public_id,
            exchange=place.exchange.public_id,
            n=9,
            text="Said in the corridor.",
        )
    bring_in(MINUTES.replace("two metres", "three metres"))
    mine.refresh_from_db()
    assert (mine.retired_at, mine.version) == (None, 1)


def test_edit_between_reading_and_writing_is_not_overwritten(editor):
    bring_in(MINUTES)
    report = importing.read("tides.txt", MINUTES.replace("two metres", "three metres").encode())
    with change(editor) as c:
        c.set(turn("pier"), text="Corrected meanwhile, at the pier.")
    importing.write(report)
    assert turn("at the pier").text == "Corrected meanwhile, at the pier."
    assert Conflict.objects.count() == 1


def test_person_is_the_same_across_documents_by_full_name_only():
    bring_in(MINUTES)
    bring_in(MINUTES.replace("Workshop on Tides", "Workshop on Sand").replace("Carl Diem", "Carl Voss"), "sand.txt")
    assert Person.objects.filter(name="Ada Byron").count() == 1
    assert {v.person.name for v in Turn.objects.last().voices.model.objects.filter(label="Carl")} == {
        "Carl Diem",
        "Carl Voss",
    }


def test_alias_by_a_person_decides_the_next_reading(editor):
    text = MINUTES.replace("Carl: How high", "Sparky: How high") + "\nSparky: And where is it kept?\n"
    bring_in(text)
    assert not turn("How high").people.exists()
    waiting = Alias.objects.get(label="Sparky")
    assert waiting.state == "waiting"
    with change(editor) as c:
        c.set(waiting, state="person", person=Person.objects.get(name="Carl Diem").public_id)
    bring_in(text, again=True)
    assert [p.name for p in turn("How high").people.all()] == ["Carl Diem"]


def test_failed_write_leaves_nothing(monkeypatch):
    report = importing.read("tides.txt", MINUTES.encode())
    before = rows()
    monkeypatch.setattr(importing.deriving, "derive", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        importing.write(report)
    assert rows() == before


def test_unsafe_address_is_not_kept():
    bring_in(MINUTES.replace("[Slides](#)", "[Slides](javascript:alert(1))"))
    link = Talk.objects.get(title="Waves at night").links.get()
    assert (link.label, link.url) == ("Slides", "")


def test_draft_workshop_stays_draft_on_the_next_import():
    report = importing.read("tides.txt", MINUTES.encode())
    importing.write(report, visibility="draft")
    bring_in(MINUTES.replace("two metres", "three metres"))
    assert Workshop.objects.get().visibility == "draft"
    assert not Turn.objects.visible_to(None).exists()
