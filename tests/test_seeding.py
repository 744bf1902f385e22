"""Seeds are one more source: loading them again keeps what people made of them."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from minutes import seeding
from minutes.changes import change
from minutes.models import Change, Conflict, ImportRun, Turn
from people.models import Alias, Person
from records.models import PublicId
from tests import make
from themes.models import Topic, TopicLabel

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TOPICS = """\
[[topic]]
key = "moonsat"
name = "MoonSat"
kind = "experiment"
labels = ["MoonSat"]
description = "A satellite around the Moon."

[[topic]]
key = "kelp"
name = "Kelp"
kind = "technology"
labels = ["kelp store"]
"""
PEOPLE = """\
[[person]]
name = "Ada Byron"
labels = ["A. King"]
"""


@pytest.fixture
def seeds(tmp_path):
    (tmp_path / "topics.toml").write_text(TOPICS)
    (tmp_path / "people.toml").write_text(PEOPLE)
    return tmp_path


def rewrite(seeds, old, new):
    path = seeds / "topics.toml"
    path.write_text(path.read_text().replace(old, new))


def rows():
    models = (Topic, TopicLabel, Person, Alias, Change, Conflict, ImportRun, PublicId)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@pytest.fixture
def editor():
    return User.objects.create_user("eve")


def test_seeds_make_topics_and_people(seeds):
    seeding.load_seeds(seeds)
    topic = Topic.objects.get(slug="moonsat")
    assert (topic.name, topic.kind, topic.description) == ("MoonSat", "experiment", "A satellite around the Moon.")
    assert [row.label for row in topic.labels.all()] == ["MoonSat"]
    assert {a.label for a in Person.objects.get(name="Ada Byron").aliases.all()} == {"Ada Byron", "A. King"}


def test_loading_again_changes_no_row(seeds):
    seeding.load_seeds(seeds)
    before = rows()
    assert [one.plan for one in seeding.load_seeds(seeds)] == [None, None]
    assert rows() == before


def test_renamed_topic_stays_renamed_and_new_description_arrives(seeds, editor):
    seeding.load_seeds(seeds)
    topic = Topic.objects.get(slug="moonsat")
    with change(editor) as c:
        c.set(topic, name="Lunar Satellite", labels=["MoonSat", "LunaSat"])
    rewrite(seeds, "A satellite around the Moon.", "A satellite, lost in 2030.")
    rewrite(seeds, '["MoonSat"]', '["MoonSat", "MSAT"]')
    seeding.load_seeds(seeds)
    topic.refresh_from_db()
    assert (topic.name, topic.slug, topic.description) == ("Lunar Satellite", "moonsat", "A satellite, lost in 2030.")
    assert {row.label for row in topic.labels.all()} == {"MoonSat", "LunaSat", "MSAT"}


def test_label_that_a_person_removed_stays_removed(seeds, editor):
    seeding.load_seeds(seeds)
    topic = Topic.objects.get(slug="kelp")
    with change(editor) as c:
        c.set(topic, labels=["kelp forest"])
    rewrite(seeds, 'name = "Kelp"', 'name = "Kelp"\ndescription = "It holds much."')
    seeding.load_seeds(seeds)
    assert {row.label for row in topic.labels.all()} == {"kelp forest"}


def test_topic_that_a_person_made_is_adopted_not_doubled(seeds):
    mine = make.topic("moonsat", slug="my-moonsat")
    seeding.load_seeds(seeds)
    assert Topic.objects.filter(name__iexact="moonsat").get() == mine


def test_topic_gone_from_the_seeds_is_retired_with_its_id(seeds):
    seeding.load_seeds(seeds)
    rewrite(seeds, TOPICS[TOPICS.index('[[topic]]\nkey = "kelp"') :], "")
    seeding.load_seeds(seeds)
    assert Topic.objects.get(slug="kelp").retired_reason == "no longer in topics.toml"


def test_new_label_is_found_in_turns_that_were_there_before(seeds):
    seeding.load_seeds(seeds)
    turn = make.turn("We put it into the seaweed box.")
    rewrite(seeds, '["kelp store"]', '["kelp store", "seaweed box"]')
    seeding.load_seeds(seeds)
    assert [t.slug for t in Turn.objects.get(pk=turn.pk).topics.all()] == ["kelp"]


def test_malformed_seeds_are_one_sentence_and_nothing_written(seeds):
    rewrite(seeds, 'kind = "experiment"', 'kind = "toy"')
    with pytest.raises(CommandError, match=r"topics.toml: topic 1 \(moonsat\): kind 'toy' is none of"):
        call_command("load_seeds", seeds)
    assert not Topic.objects.exists()
