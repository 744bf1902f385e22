"""Where a re-import could go wrong: coupled fields, races, names that change hands, things that go and come back."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from minutes import importing, seeding
from minutes.changes import Stale, change
from minutes.models import Change, Conflict, Day, Note, Talk, Turn, Workshop
from people.models import Alias, Person
from records.door import WrittenElsewhere
from records.models import PublicId
from tests import make
from tests.test_importing import MINUTES, bring_in, turn
from tests.test_seeding import TOPICS, rewrite
from tests.test_seeding import seeds as seeds  # a fixture
from themes.models import Topic

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ANSWER = "Ada: About two metres, measured at the pier with the old gauge.\n\n"
NICKED = MINUTES.replace("Carl: How high", "Sparky: How high") + "\nSparky: And where is it kept?\n"


@pytest.fixture
def editor():
    return User.objects.create_user("eve")


def test_two_reports_of_one_file_make_its_records_once():
    bring_in(MINUTES)
    longer = (MINUTES + "\nBob: Is that model open to everybody here?\n").encode()
    one, other = importing.read("tides.txt", longer), importing.read("tides.txt", longer)
    importing.write(one)
    assert importing.write(other) is None
    assert Turn.objects.filter(text__contains="open to everybody").count() == 1


def test_two_first_reports_make_one_workshop():
    one, other = importing.read("tides.txt", MINUTES.encode()), importing.read("tides.txt", MINUTES.encode())
    importing.write(one)
    importing.write(other)
    assert Workshop.objects.count() == 1


def test_two_links_of_one_name_keep_their_addresses():
    two = MINUTES.replace("[Slides](#)", "[Slides](https://example.org/1) [Slides](https://example.org/2)")
    bring_in(two)
    assert bring_in(two, again=True).plan.changes_nothing()


def test_address_mended_in_the_source_arrives_on_the_same_link():
    bring_in(MINUTES)
    link = Talk.objects.get(title="Waves at night").links.get()
    bring_in(MINUTES.replace("[Slides](#)", "[Slides](https://example.org/1)"))
    link.refresh_from_db()
    assert (link.url, link.version) == ("https://example.org/1", 2)


def test_corrected_date_is_the_same_day(editor):
    bring_in(MINUTES)
    day = Day.objects.get()
    with change(editor) as c:
        c.set(day, label="Opening day")
    bring_in(MINUTES.replace("Tuesday 4 May 2021 (Day 1)", "Thursday 6 May 2021 (Day 1)").replace("4-5 May", "6-7 May"))
    day.refresh_from_db()
    assert (Day.objects.count(), str(day.date), day.label) == (1, "2021-05-06", "Opening day")


def test_label_that_is_nobody_stays_nobody_when_a_person_of_that_name_comes(editor):
    bring_in(NICKED)
    alias = Alias.objects.get(label="Sparky")
    with change(editor) as c:
        c.set(alias, state="nobody")
    bring_in(NICKED.replace("Carl Diem", "Sparky Diem"))
    alias.refresh_from_db()
    assert (alias.state, alias.person) == ("nobody", None)


def test_place_of_a_turn_is_merged_as_one(editor):
    bring_in(MINUTES)
    asked, winds = turn("How high were"), Talk.objects.get(title="Winds")
    with change(editor) as c:
        c.set(asked, talk=winds.public_id)
    line = "Carl: How high were the waves in the end?\n\n"
    bring_in(MINUTES.replace(line, "").replace("Waves at night\n", f"{line}Waves at night\n", 1))
    asked.refresh_from_db()
    assert (asked.talk, asked.session) == (winds, None)
    assert [conflict.field for conflict in Conflict.objects.all()] == ["talk+session+exchange"]


def test_what_comes_back_into_a_retired_talk_stays_out_of_the_lists(editor):
    bring_in(MINUTES)
    bring_in(MINUTES.replace(ANSWER, ""))
    talk = Talk.objects.get(title="Waves at night")
    with change(editor) as c:
        c.retire(talk, "withdrawn")
    bring_in(MINUTES + "\n")
    assert not Turn.objects.living().filter(talk=talk).exists()


def test_what_moves_into_a_retired_talk_leaves_the_lists(editor):
    bring_in(MINUTES)
    winds = Talk.objects.get(title="Winds")
    with change(editor) as c:
        c.retire(winds, "withdrawn")
    bring_in(MINUTES.replace(ANSWER, "") + "\n" + ANSWER)
    assert not Turn.objects.living().filter(talk=winds).exists()


def test_what_a_person_brought_back_alone_stays_in_the_lists_when_its_words_change(editor):
    bring_in(MINUTES)
    said = turn("two metres")
    with change(editor) as c:
        c.retire(said.talk, "withdrawn")
        c.bring_back(said)
    bring_in(MINUTES.replace("two metres", "three metres"))
    said.refresh_from_db()
    assert (said.retired_at, said.version, "three metres" in said.text) == (None, 4, True)


def test_talk_in_which_people_added_something_is_not_retired(editor):
    bring_in(MINUTES)
    winds = Talk.objects.get(title="Winds")
    with change(editor) as c:
        note = c.create(Note, workshop=winds.workshop, talk=winds.public_id, text="Recorded on tape.")
    bring_in(MINUTES[: MINUTES.index("Winds\n")])
    winds.refresh_from_db()
    note.refresh_from_db()
    assert (winds.retired_at, note.retired_at) == (None, None)


def test_talk_into_which_people_moved_a_turn_is_not_retired(editor):
    bring_in(MINUTES)
    moved, winds = turn("pier"), Talk.objects.get(title="Winds")
    with change(editor) as c:
        c.set(moved, talk=winds.public_id, exchange=turn("The one that").exchange.public_id)
    bring_in(MINUTES[: MINUTES.index("Winds\n")])
    moved.refresh_from_db()
    assert (moved.retired_at, moved.talk.retired_at, moved.exchange.retired_at) == (None, None, None)


def test_similar_title_by_other_people_is_another_talk():
    bring_in(MINUTES.replace("Winds", "Status report of LHCb"))
    old = Talk.objects.get(title="Status report of LHCb").public_id
    bring_in(MINUTES.replace("Winds", "Status report of ALICE").replace("Speaker: Dora Engel", "Speaker: Carl Diem"))
    assert Talk.objects.get(title="Status report of ALICE").public_id != old


def test_renamed_person_who_was_away_for_a_version_is_still_the_same(editor):
    bring_in(MINUTES)
    bob = Person.objects.get(name="Bob Crane")
    with change(editor) as c:
        c.set(bob, name="Robert Krane")
    without = MINUTES.replace("Bob Crane\tDora Engel", "Dora Engel").replace("Bob Crane", "Dora Engel")
    bring_in(without.replace("Bob: Which", "Ada: Which"))
    bring_in(MINUTES + "\n")
    assert Person.objects.count() == 4


def test_merged_name_in_a_new_document_is_the_person_it_was_merged_into(editor):
    bring_in(MINUTES)
    ada = Person.objects.get(name="Ada Byron")
    misspelt = make.person("Adda Byron")
    with change(editor) as c:
        c.set(misspelt, merged_into=ada.public_id)
    bring_in(MINUTES.replace("Ada Byron", "Adda Byron").replace("on Tides", "on Sand"), "sand.txt")
    assert Person.objects.filter(name="Adda Byron").count() == 1
    assert ada.talks.count() == 2


def test_source_that_goes_to_and_fro_leaves_one_conflict_at_most(editor):
    bring_in(MINUTES)
    with change(editor) as c:
        c.set(turn("pier"), text="Mine at the pier")
    other = MINUTES.replace("two metres", "nine metres")
    for source in (other, MINUTES, other, MINUTES):
        bring_in(source)
        assert Conflict.objects.filter(settled_at=None).count() == (source is other)


def test_there_and_back_restores_every_field():
    bring_in(MINUTES)

    def shown():
        return {
            model.__name__: [
                {name: value for name, value in row.items() if name not in ("version", "retired_at")}
                for row in model.objects.filter(retired_at=None).order_by("pk").values()
            ]
            for model in importing.applying.MODELS.values()
        }

    before = shown()
    changed = MINUTES.replace("Winds", "Storms and winds").replace("Convener: Bob Crane", "Convener: Dora Engel")
    changed = changed.replace("two metres", "three metres").replace("Ada Byron (Moon Lab)", "Ada Byron (Mars Lab)")
    bring_in(changed)
    assert bring_in(changed, again=True).plan.changes_nothing()
    bring_in(MINUTES)
    assert shown() == before


def test_document_that_lost_everything_gets_it_back(editor):
    bring_in(MINUTES)
    with change(editor) as c:
        c.set(turn("pier"), text="Mine at the pier")
    bring_in("Nothing here.\n")
    bring_in(MINUTES)
    assert (turn("pier").text, turn("pier").retired_at) == ("Mine at the pier", None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Winds", "W" * 700),
        ("Workshop on Tides", "Workshop on Tides " + "x" * 400),
        ("Moon Lab", "Moon " * 100),
        ("Carl: How", "+".join(["Carl"] * 90) + ": How"),
        ("(Day 1)", "(Day 1) " + "d" * 300),
        ("Speaker: Dora Engel", "Speaker: Dora Engel, Dora Engel, Dora"),
        ("Ada Byron\tCarl Diem", "Ada Byron\tAda Byron\tCarl Diem"),
        ("How high", "How \ue000 high \uffff"),
    ],
)
def test_odd_input_is_imported_once(old, new):
    text = MINUTES.replace(old, new)
    bring_in(text)
    assert bring_in(text, again=True).plan.changes_nothing()


def test_same_bytes_as_another_known_file_are_refused():
    bring_in(MINUTES)
    bring_in(MINUTES.replace("Tides", "Sand"), "sand.txt")
    with pytest.raises(importing.Refused, match=r"sand\.txt holds the same words as tides\.txt"):
        bring_in(MINUTES, "sand.txt")


def test_topic_gone_from_the_seeds_comes_back(seeds):
    seeding.load_seeds(seeds)
    rewrite(seeds, TOPICS[TOPICS.index('[[topic]]\nkey = "kelp"') :], "")
    seeding.load_seeds(seeds)
    (seeds / "topics.toml").write_text(TOPICS)
    seeding.load_seeds(seeds)
    assert Topic.objects.get(slug="kelp").retired_at is None


def test_name_that_people_gave_to_another_topic_is_a_conflict(seeds, editor):
    seeding.load_seeds(seeds)
    with change(editor) as c:
        c.set(Topic.objects.get(slug="moonsat"), name="Seaweed")
    rewrite(seeds, 'name = "Kelp"', 'name = "Seaweed"')
    seeding.load_seeds(seeds)
    assert [(x.field, x.source) for x in Conflict.objects.all()] == [("name", "Seaweed")]
    assert Topic.objects.get(slug="kelp").name == "Kelp"


def test_new_topic_of_the_seeds_does_not_take_over_a_renamed_one(seeds, editor):
    seeding.load_seeds(seeds)
    with change(editor) as c:
        c.set(Topic.objects.get(slug="kelp"), name="Seaweed")
    new = '\n[[topic]]\nkey = "seaweed"\nname = "Seaweed"\nkind = "project"\nlabels = ["sea weed"]\n'
    (seeds / "topics.toml").write_text(TOPICS + new)
    seeding.load_seeds(seeds)
    assert Topic.objects.get(slug="kelp").kind == "technology"
    assert Topic.objects.get(slug="seaweed").name == "Seaweed (project, seaweed)"


def test_mentions_of_a_retired_topic_go_with_it(seeds, editor):
    seeding.load_seeds(seeds)
    said = make.turn("x")
    with change(editor) as c:
        c.set(said, text="MoonSat is great")
    assert said.topic_items.count() == 1
    with change(editor) as c:
        c.retire(Topic.objects.get(slug="moonsat"))
    assert said.topic_items.count() == 0


def test_label_made_weak_is_logged_on_both_sides(editor):
    topic = make.topic("Kelp", labels=["kelp"])
    with change(editor) as c:
        c.set(topic, weak_labels=["kelp"])
    assert {(x.field, str(x.before), str(x.after)) for x in Change.objects.all()} == {
        ("labels", "['kelp']", "[]"),
        ("weak_labels", "[]", "['kelp']"),
    }


def test_record_read_long_ago_is_read_anew_before_it_changes(editor):
    said, other = make.turn("old words"), make.talk("Other")
    stale = Turn.objects.get(pk=said.pk)
    with change(editor) as c:
        c.set(said, text="new words")
        c.set(stale, talk=other.public_id)
    said.refresh_from_db()
    assert (said.text, said.html, said.folded, said.talk) == ("new words", "<p>new words</p>", "new words", other)


def test_retiring_what_somebody_else_changed_is_stale(editor):
    talk = make.talk("Tides")
    with change(editor) as c:
        c.set(talk, title="Winds")
    with pytest.raises(Stale), change(editor) as c:
        c.retire(talk, seen=1)


def test_rows_without_their_columns_change_nothing(editor):
    talk = make.talk("Tides", speakers=[make.person("Ada Byron")])
    [speaking] = talk.speakings.all()
    with change(editor) as c:
        assert not c.set(talk, speakers=[{"person": speaking.person.public_id}])


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": None},
        {"title": "x" * 600},
        {"title": "a\0b"},
        {"title": {"a": 1}},
        {"status": "nonsense"},
        {"order": -1},
        {"day": None},
        {"day": "nosuchid22"},
        {"speakers": "abc"},
        {"speakers": [{"person": "nosuchid22"}]},
    ],
    ids=str,
)
def test_value_that_a_field_does_not_take_is_refused(editor, values):
    talk = make.talk("Tides")
    with pytest.raises(ValidationError), change(editor) as c:
        c.set(talk, **values)
    assert not Change.objects.exists()


def test_registry_of_ids_is_guarded_too():
    make.talk("Tides")
    with pytest.raises(WrittenElsewhere):
        PublicId.objects.all().delete()


def test_label_decided_for_an_outsider_or_a_renamed_person_is_read_so(editor):
    bring_in(NICKED)
    with change(editor) as c:
        zed = c.create(Person, name="Zed Zorn")
        c.set(Alias.objects.get(label="Sparky"), state="person", person=zed.public_id)
    bring_in(NICKED, again=True)
    assert list(turn("How high").people.all()) == [zed]
    carl = Person.objects.get(name="Carl Diem")
    with change(editor) as c:
        c.set(carl, name="Karl Otto Diem")
        c.set(Alias.objects.get(label="Sparky"), person=carl.public_id)
    bring_in(NICKED, again=True)
    assert list(turn("How high").people.all()) == [carl]
    assert Person.objects.count() == 5


def test_label_decided_to_be_nobody_speaks_no_more(editor):
    bring_in(NICKED)
    with change(editor) as c:
        c.set(Alias.objects.get(label="Sparky"), state="nobody")
    bring_in(NICKED, again=True)
    assert not Turn.objects.living().filter(voices__label="Sparky").exists()
