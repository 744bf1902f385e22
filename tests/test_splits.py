"""Turns that the source splits in two or joins into one: ids, links, and corrections on the parts."""

import pytest
from django.contrib.auth.models import User

from minutes import importing
from minutes.changes import change
from minutes.forecast import forecast
from minutes.matching import PLACE
from minutes.models import ActionItem, Change, Conflict, Turn
from people.models import Person
from records.models import PublicId
from tests import make
from tests.test_importing import MINUTES, bring_in, turn

pytestmark = [pytest.mark.django_db, pytest.mark.database]

LONGER = "It was about two metres and a half, which we measured at the pier."
SHORTER = "The old gauge was used, as always."
WHOLE = MINUTES.replace("About two metres, measured at the pier with the old gauge.", f"{LONGER} {SHORTER}")
PARTED = WHOLE.replace(f"{LONGER} {SHORTER}", f"{LONGER}\n\nAda: {SHORTER}")
SHORT_FIRST = WHOLE.replace(f"{LONGER} {SHORTER}", f"{SHORTER}\n\nAda: {LONGER}")


@pytest.fixture
def editor():
    return User.objects.create_user("eve")


def test_longer_part_of_a_split_keeps_the_id_and_the_other_remembers():
    bring_in(WHOLE)
    whole = turn("old gauge")
    report = bring_in(PARTED)
    longer, shorter = turn("half"), turn("old gauge")
    assert (longer.public_id, longer.text) == (whole.public_id, LONGER)
    assert (shorter.text, shorter.split_from_id) == (SHORTER, whole.public_id)
    assert (report.counts()["split"], report.counts()["created"]) == (1, 0)


def test_what_was_split_is_the_same_again_when_joined_and_split_once_more():
    bring_in(WHOLE)
    bring_in(PARTED)
    ids = {t.public_id: t.text for t in Turn.objects.living()}
    bring_in(WHOLE)
    bring_in(PARTED)
    assert {t.public_id: t.text for t in Turn.objects.living()} == ids
    assert not PublicId.objects.filter(moved_to__isnull=False).exists()


def test_first_id_of_a_join_lives_and_the_others_lead_to_it(client):
    bring_in(SHORT_FIRST)
    first, other = turn("old gauge"), turn("half")
    report = bring_in(SHORT_FIRST.replace(f"{SHORTER}\n\nAda: {LONGER}", f"{SHORTER} {LONGER}"))
    first.refresh_from_db()
    assert first.text == f"{SHORTER} {LONGER}"
    assert report.plan.joins == (("turn", other.public_id, first.public_id),)
    response = client.get(other.permalink)
    assert (response.status_code, response["Location"]) == (301, first.permalink)
    assert client.get(first.permalink).status_code == 302


def test_correction_on_a_part_stays_in_the_joined_text(editor):
    bring_in(PARTED)
    with change(editor) as c:
        c.set(turn("old gauge"), text="The new gauge was used.")
    bring_in(WHOLE)
    assert turn("half").text == f"{LONGER} The new gauge was used."
    assert not Conflict.objects.exists()
    assert bring_in(WHOLE, again=True).plan.changes_nothing()


def test_correction_on_a_part_and_another_text_in_the_source_are_a_conflict(editor):
    bring_in(PARTED)
    with change(editor) as c:
        c.set(turn("old gauge"), text="The new gauge was used.")
    bring_in(WHOLE.replace("two metres and a half", "three metres and a half"))
    [conflict] = Conflict.objects.all()
    survivor = turn("half")
    assert (conflict.record_id, conflict.field) == (survivor.public_id, "text")
    assert survivor.text == conflict.current == f"{LONGER} The new gauge was used."
    assert "three metres" in conflict.source


def test_what_people_set_on_a_part_is_filed_with_the_one_that_lives(editor):
    bring_in(PARTED)
    bob, gauge, topic = Person.objects.get(name="Bob Crane"), turn("old gauge"), make.topic("Gauges")
    with change(editor) as c:
        c.set(gauge, voices=[{"person": bob.public_id, "label": "Bob"}], kind="comment", topics=[topic.public_id])
    bring_in(WHOLE)
    survivor = turn("half")
    filed = {row.field: row.current for row in Conflict.objects.filter(record=survivor.public_id)}
    assert [row["person"] for row in filed["voices"]] == [bob.public_id]
    assert list(survivor.topics.all()) == [topic]
    assert Change.objects.filter(record=survivor.public_id, field="topics").exists()


def test_correction_on_the_whole_holds_for_its_parts(editor):
    bring_in(WHOLE)
    bob = Person.objects.get(name="Bob Crane")
    with change(editor) as c:
        c.set(turn("old gauge"), voices=[{"person": bob.public_id, "label": "Bob"}])
    bring_in(PARTED)
    assert [list(turn(words).people.all()) for words in ("half", "old gauge")] == [[bob], [bob]]
    assert bring_in(PARTED, again=True).plan.changes_nothing()


def test_corrected_whole_that_is_split_is_a_conflict(editor):
    bring_in(WHOLE)
    with change(editor) as c:
        c.set(turn("old gauge"), text="Two and a half metres.")
    bring_in(PARTED)
    [conflict] = Conflict.objects.all()
    assert (conflict.source, conflict.current) == (LONGER, "Two and a half metres.")
    assert turn("old gauge").text == SHORTER


def test_parts_of_what_people_withdrew_stay_out_of_the_lists(editor):
    bring_in(WHOLE)
    with change(editor) as c:
        c.retire(turn("old gauge"), "said in private")
    bring_in(PARTED)
    assert not Turn.objects.living().filter(text__in=[LONGER, SHORTER]).exists()


def test_withdrawn_part_takes_no_other_with_it(editor):
    bring_in(SHORT_FIRST)
    with change(editor) as c:
        c.retire(turn("old gauge"), "said in private")
    bring_in(SHORT_FIRST.replace(f"{SHORTER}\n\nAda: {LONGER}", f"{SHORTER} {LONGER}"))
    assert Turn.objects.living().filter(text__contains=LONGER).exists()


def test_part_on_which_people_hung_something_stays(editor):
    bring_in(PARTED)
    part = turn("old gauge")
    with change(editor) as c:
        c.create(ActionItem, workshop=part.workshop, turn=part.public_id, title="Calibrate it", status="open")
    bring_in(WHOLE)
    part.refresh_from_db()
    assert part.retired_at is None
    assert not PublicId.objects.filter(moved_to__isnull=False).exists()


def test_joined_turn_that_a_person_brings_back_stands_under_its_own_link(client, editor):
    bring_in(PARTED)
    part = turn("old gauge")
    bring_in(WHOLE)
    part.refresh_from_db()
    with change(editor) as c:
        c.bring_back(part)
    assert client.get(part.permalink).status_code == 302


def test_retired_turn_names_the_one_that_says_nearly_the_same(client):
    bring_in(MINUTES)
    gone = turn("two metres")
    retyped = "Roughly two metres or so, which was measured at the far end of the pier with a new gauge."
    make.turn("About nothing at all.", talk=gone.talk)
    bring_in(MINUTES.replace("Ada: About two metres, measured at the pier with the old gauge.\n\n", ""))
    heir = make.turn(retyped, talk=gone.talk)
    page = client.get(gone.permalink)
    assert page.status_code == 410
    assert f'<a href="{heir.permalink}">{retyped}</a>' in page.content.decode()


def test_forecast_names_splits_and_joins():
    bring_in(WHOLE)
    shown = forecast(importing.read("tides.txt", PARTED.encode()))
    [step] = [step for group in shown.groups for step in group.steps if step.verb == "split"]
    assert (step.title, step.words[0].text[:20]) == (f"Ada: {SHORTER}", "from Ada: It was abo")
    bring_in(PARTED)
    shown = forecast(importing.read("tides.txt", WHOLE.encode()))
    assert [s.title for group in shown.groups for s in group.steps if s.verb == "joined"] == [f"Ada: {SHORTER}"]


def test_forecast_is_what_the_import_then_does(editor):
    """Every number of a dry run, beside what stands in the database afterwards."""
    bring_in(PARTED)
    kept, both = turn("half"), turn("How high")
    with change(editor) as c:
        c.set(kept, kind="comment" if kept.kind != "comment" else "answer")
        c.set(both, text="How high were they, in metres?")
    text = WHOLE.replace("How high were the waves in the end?", "How high were the waves at night?")
    text = text.replace("Dora: The one that Carl wrote last year.\n", "")
    text = text.replace("Bob: Which model", "Bob: Which numerical model")
    text = text.replace("Winds\n", "Carl: Is there any tea left in this room?\n\nWinds\n", 1)
    report = importing.read("tides.txt", text.encode())
    told, shown = report.counts(), forecast(report)
    ids, runs = set(PublicId.objects.values_list("value", flat=True)), Change.objects.count()
    importing.write(report)
    log = Change.objects.all()[: Change.objects.count() - runs]
    retired = {row.record_id for row in log if row.field == "retired" and row.after}
    joined = set(PublicId.objects.filter(moved_to__isnull=False).values_list("value", flat=True))
    edited = {row.record_id for row in log if row.field not in ("retired", *PLACE)}
    moved = {row.record_id for row in log if row.field in PLACE}
    did = {
        "created": PublicId.objects.exclude(value__in=ids).count(),
        "split": Turn.objects.filter(split_from__isnull=False).exclude(public_id__in=ids).count(),
        "updated": len(edited),
        "moved": len(moved),
        "joined": len(joined),
        "retired": len(retired - joined),
        "revived": 0,
        "conflicts": Conflict.objects.count(),
    }
    assert {name: told[name] for name in did} == did
    assert min(did[name] for name in ("created", "updated", "joined", "retired", "conflicts")) > 0
    unseen = PublicId.objects.filter(kind="exchange")
    seen = {
        "joined": len(joined),
        "retired": len(retired - joined - set(unseen.values_list("value", flat=True))),
        "conflict": did["conflicts"],
        "kept": told["kept"],
    }
    assert {verb: shown.counts[verb] for verb in seen} == seen
