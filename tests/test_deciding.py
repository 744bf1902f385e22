"""What a label means, by a person's word: at once on its turns, in every later import, and back again."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from minutes import importing
from minutes.changes import change
from minutes.deciding import Place
from minutes.models import Change, Series, Turn, Voice, Workshop
from people import steps
from people.models import Alias, Person
from people.parting import split, state_affiliation
from people.steps import Said, decide_labels, undo_step
from records.door import writing
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MINUTES = """Rope makers' day

Present: Ada King, Bob Roe

Topic: Hemp
Speaker: Ada King

Zed: Is it strong?

Ada: It is.

Zed: I doubt it.

Topic: Tar
Speaker: Bob Roe

Ada: Who tars?

Zed: We do.
"""


@pytest.fixture
def curator():
    return User.objects.create_user("cora")


def bring_in(text=MINUTES, name="rope.txt", series=""):
    importing.write(importing.read(name, text.encode(), series=series))
    return Workshop.objects.get(minutes__name=name)


def says(user, label, place, person=None, state="person", new=""):
    return decide_labels(user, [Said(label, place, state, person, new)])


def here(workshop):
    return Place("workshop", workshop.public_id)


def speakers(label="Zed"):
    rows = Voice.objects.filter(label=label, turn__retired_at=None).order_by("turn")
    return [row.person.name if row.person else row.certainty for row in rows]


def voices():
    return list(Voice.objects.order_by("turn", "position").values("turn", "label", "person", "certainty", "origin"))


def test_decision_names_the_speaker_of_every_turn_and_of_later_imports(curator):
    workshop = bring_in()
    bob = Person.objects.get(name="Bob Roe")
    assert speakers() == ["unknown"] * 3
    step = says(curator, "Zed", here(workshop), bob)
    assert step.told == "“Zed” is Bob Roe here: 3 turns changed."
    assert speakers() == ["Bob Roe"] * 3
    assert set(Change.objects.values_list("field", "by")) == {
        ("voices", curator.pk),
        ("state", curator.pk),
        ("person", curator.pk),
    }
    bring_in(MINUTES + "\nAda: Really?\n\nZed: Really.\n")
    assert speakers() == ["Bob Roe"] * 4
    assert Alias.objects.get(label="Zed").person == bob


def test_label_that_is_nobody_loses_its_person_and_is_not_called_unidentified(client, curator):
    workshop = bring_in()
    says(curator, "Ada", here(workshop), state="nobody")
    assert speakers("Ada") == ["exact"] * 2
    page = client.get(Turn.objects.get(text="Who tars?").talk.get_absolute_url()).content.decode()
    assert page.count("not identified") == 1  # that of Zed


def test_decision_about_nobody_outlives_the_label(curator):
    workshop = bring_in()
    says(curator, "Zed", here(workshop), state="nobody")
    bring_in(MINUTES.replace("Zed: We do.", "Bob: We do."))
    bring_in(MINUTES + "\nAda: Really?\n")
    assert "Zed: We do." in Turn.objects.living().get(text__startswith="Who tars?").text


def test_undone_decision_leaves_voices_as_they_were(curator):
    workshop = bring_in()
    before = voices()
    bob = Person.objects.get(name="Bob Roe")
    for _ in range(2):
        step = says(curator, "Zed", here(workshop), bob)
        assert undo_step(curator, step) == ""
        assert voices() == before
    assert Alias.objects.get(label="Zed").state == "waiting"
    bring_in(MINUTES + "\n")
    assert speakers() == ["unknown"] * 3


def test_new_person_of_an_undone_decision_leaves_the_lists(curator):
    workshop = bring_in()
    step = says(curator, "Zed", here(workshop), new="Zdenka Moravec")
    assert speakers() == ["Zdenka Moravec"] * 3
    undo_step(curator, step)
    assert not Person.objects.living().filter(name="Zdenka Moravec").exists()
    again = says(curator, "Zed", here(workshop), new="Zdenka Moravec")
    says(curator, "Zee", here(workshop), Person.objects.living().get(name="Zdenka Moravec"))
    assert undo_step(curator, again) == "1 record changed since stay as they are now."
    assert Person.objects.living().filter(name="Zdenka Moravec").exists()


def test_turn_edited_since_stays_when_the_decision_is_undone(curator):
    workshop = bring_in()
    ada, bob = Person.objects.get(name="Ada King"), Person.objects.get(name="Bob Roe")
    step = says(curator, "Zed", here(workshop), bob)
    turn = Turn.objects.get(text="I doubt it.")
    with change(curator) as c:
        c.set(turn, voices=[{"person": ada.public_id, "label": "Zed", "certainty": "exact"}])
    assert undo_step(curator, step) == "1 record changed since stay as they are now."
    assert speakers() == ["unknown", "Ada King", "unknown"]


def test_decision_leaves_a_turn_alone_that_somebody_set_by_hand(curator):
    workshop = bring_in()
    ada, bob = Person.objects.get(name="Ada King"), Person.objects.get(name="Bob Roe")
    with change(curator) as c:
        c.set(
            Turn.objects.get(text="I doubt it."),
            voices=[{"person": ada.public_id, "label": "Zed", "certainty": "exact"}],
        )
    says(curator, "Zed", here(workshop), bob)
    assert speakers() == ["Bob Roe", "Ada King", "Bob Roe"]
    says(curator, "Zed", here(workshop), make.person("Zdenka Moravec"))
    assert speakers() == ["Zdenka Moravec", "Ada King", "Zdenka Moravec"]


def test_decisions_about_two_labels_of_one_turn_are_undone_in_any_order(curator):
    turn = make.turn("We agree.", by=["Zed", "Zoe"])
    bob = make.person("Bob Roe")
    first, second = (says(curator, label, here(turn.workshop), bob) for label in ("Zed", "Zoe"))
    assert undo_step(curator, first) == ""
    assert (speakers("Zed"), speakers("Zoe")) == (["unknown"], ["Bob Roe"])
    undo_step(curator, second)
    assert (speakers("Zed"), speakers("Zoe")) == (["unknown"], ["unknown"])


def test_neighbour_in_a_decided_turn_is_still_the_guess_of_a_rule(curator):
    ada = make.person("Ada King")
    turn = make.turn("We agree.", by=["Zed", ada])
    with writing():
        turn.voices.filter(person=ada).update(certainty="fuzzy", label="Adda")
    says(curator, "Zed", here(turn.workshop), make.person("Bob Roe"))
    assert list(turn.voices.values_list("label", "origin")) == [("Zed", "person"), ("Adda", "rule")]


def two_workshops():
    """Two of one series and one outside of it, each with a turn of Zed's."""
    with writing():
        series = Series.objects.create(slug="ropes", title="Ropes")
    inside = [make.workshop(title, series=series) for title in ("Spring", "Autumn")]
    outside = make.workshop("Elsewhere")
    for workshop in (*inside, outside):
        make.turn(f"Said in {workshop}.", by="Zed", talk=make.talk(f"Talk in {workshop}", workshop=workshop))
    return series, inside, outside


def test_scope_says_in_which_turns_a_decision_holds(curator):
    series, (spring, _), _ = two_workshops()
    ada, bob, cid = (make.person(name) for name in ("Ada King", "Bob Roe", "Cid Orr"))
    says(curator, "Zed", here(spring), ada)
    assert speakers() == ["Ada King", "unknown", "unknown"]
    says(curator, "Zed", Place("series", series.public_id), bob)
    assert speakers() == ["Ada King", "Bob Roe", "unknown"]
    says(curator, "Zed", Place("everywhere"), cid)
    assert speakers() == ["Ada King", "Bob Roe", "Cid Orr"]


def test_wider_decision_settles_what_waits_in_narrower_places(curator):
    workshop = bring_in()
    step = says(curator, "Zed", Place("everywhere"), Person.objects.get(name="Bob Roe"))
    assert {alias.state for alias in Alias.objects.filter(label="Zed")} == {"person"}
    undo_step(curator, step)
    assert [(a.scope, a.state) for a in Alias.objects.living().filter(label="Zed")] == [("workshop", "waiting")]
    assert workshop.public_id == Alias.objects.living().get(label="Zed").scope_id


def test_decision_everywhere_is_read_in_a_new_document(curator):
    bring_in()
    says(curator, "Zed", Place("everywhere"), Person.objects.get(name="Bob Roe"))
    bring_in(MINUTES.replace("day", "night").replace("Is it strong?", "Does it last?"), "night.txt")
    assert speakers() == ["Bob Roe"] * 6


def test_label_of_a_namesake_is_not_the_participant(curator):
    workshop = bring_in()
    listed = Person.objects.get(name="Ada King")
    with change(curator) as c:
        namesake = c.create(Person, name="Ada King")
    says(curator, "Zed", here(workshop), namesake)
    bring_in(MINUTES + "\nBob: Really?\n\nZed: Really.\n")
    by_label = {label: {row.person_id for row in Voice.objects.filter(label=label)} for label in ("Ada", "Zed")}
    assert by_label == {"Ada": {listed.pk}, "Zed": {namesake.pk}}
    assert list(workshop.participations.filter(person__name="Ada King").values_list("person", flat=True)) == [listed.pk]


def test_namesake_by_a_decision_everywhere_is_not_a_participant_of_a_first_import(curator):
    with change(curator) as c:
        listed, namesake = (c.create(Person, name="Ada King") for _ in range(2))
    make.talk("Elsewhere", speakers=[listed])
    says(curator, "Zed", Place("everywhere"), namesake)
    workshop = bring_in()
    assert set(Voice.objects.filter(label="Zed").values_list("person", flat=True)) == {namesake.pk}
    assert namesake.pk not in workshop.participations.values_list("person", flat=True)


def test_guess_that_an_import_changed_is_not_taken_for_a_decision(curator):
    workshop = bring_in(MINUTES.replace("Zed", "Boob"))
    bring_in(MINUTES.replace("Zed", "Boob").replace("Bob Roe", "Boob Roe"))
    run = importing.read("rope.txt", MINUTES.encode())
    assert all(voice.reason != "decided by a person" for turn in run.document.turns for voice in turn.voices)
    assert workshop


def test_impossible_decisions_are_refused_in_a_sentence_and_write_nothing(curator):
    workshop = bring_in()
    before = voices()
    bob = Person.objects.get(name="Bob Roe")
    for said, words in (
        (Said("Zed", here(workshop), "person"), "Choose the person"),
        (Said("—", here(workshop), "nobody"), "at least one letter"),
        (Said("Zed", Place("series", "x"), "nobody"), "not there any more"),
        (Said("Zed", here(workshop), "person", new="?"), "name with at least one letter"),
    ):
        with pytest.raises(ValidationError, match=words):
            decide_labels(curator, [Said("Ada", here(workshop), "person", bob), said])
    assert voices() == before
    assert steps.recent() == []


def test_what_was_split_and_where_people_were_from_survive_a_re_import(curator):
    workshop = bring_in()
    ada, bob = Person.objects.get(name="Ada King"), Person.objects.get(name="Bob Roe")
    turn = Turn.objects.get(text="It is.")
    step = split(curator, ada, "Ada Kingsley", turns=[f"{turn.public_id} Ada"], groups=[], others=[])
    assert step.told == "1 turn and 0 other things of Ada King given to Ada Kingsley."
    with change(curator) as c:
        state_affiliation(c, bob, workshop, "", "Rope Museum")
    bring_in(MINUTES + "\nAda: Really?\n")
    assert speakers("Ada") == ["Ada Kingsley", "Ada King", "Ada King"]
    assert bob.participations.get().affiliation == "Rope Museum"
    undo_step(curator, step)
    assert speakers("Ada") == ["Ada King"] * 3


def test_merge_survives_a_re_import_and_its_undo_leaves_what_that_brought(curator):
    bring_in()
    ada, bob = Person.objects.get(name="Ada King"), Person.objects.get(name="Bob Roe")
    merged = steps.merge_people(curator, bob, ada)
    bring_in(MINUTES + "\nBob: Really?\n")
    assert {turn.people.get().lives_on for turn in Turn.objects.filter(text__in=["Really?", "It is."])} == {ada}
    undo_step(curator, merged)
    assert Turn.objects.get(text="Really?").people.get().lives_on == bob
