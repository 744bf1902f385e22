"""Topics and their labels edited on the page, with a preview of the turns that a label would touch."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission, User

from minutes.changes import change
from minutes.models import Turn
from minutes.reach import reach
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def editor(client):
    user = User.objects.create_user("mia", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    client.force_login(user)
    return user


@pytest.fixture
def sieve():
    return make.topic("Sieve", labels=["sieve"], description="It sifts.")


def said(*texts: str) -> list[Turn]:
    talk = make.talk("Kitchen")
    turns = [make.turn(text, by=make.person(f"Cook {n}"), talk=talk) for n, text in enumerate(texts)]
    with change(None, "as an import derives") as c:  # topics are found by rule where words change
        for turn, text in zip(turns, texts, strict=True):
            c.set(turn, text=f"{text} ")
            c.set(turn, text=text)
    return turns


def named(topic) -> set[str]:
    return {turn.text for turn in Turn.objects.filter(topic_items__tag=topic)}


def given(topic, **fields) -> dict:
    topic.refresh_from_db()
    labels = [row.label for row in topic.labels.all() if not row.weak]
    weak = [row.label for row in topic.labels.all() if row.weak]
    standing = {
        **{name: getattr(topic, name) for name in ("name", "kind", "description", "url")},
        **{"labels": "\n".join(labels), "weak_labels": "\n".join(weak), "seen": topic.version},
    }
    return standing | fields


def looked_at(page: str) -> str:
    return re.search(r'<textarea name="looked_at" hidden>\n(.*?)</textarea>', page, re.S)[1]


def post(client, topic, **fields):
    return client.post(f"/topics/{topic.slug}/edit", given(topic, **fields))


def save(client, topic, **fields):
    """Looks at the preview, and then saves what was looked at."""
    preview = post(client, topic, **fields).content.decode()
    return post(client, topic, **fields, looked_at=looked_at(preview).replace("\n", "\r\n"), save="")


# What labels touch


def test_reach_tells_turns_gained_and_lost(sieve):
    said("The sieve holds.", "A colander holds.", "Nothing holds.")
    found = reach(sieve, ["colander"], [], Turn.objects.all())
    assert [(one.turn.text, one.label) for one in found.gained] == [("A colander holds.", "colander")]
    assert [one.turn.text for one in found.lost] == ["The sieve holds."]
    assert named(sieve) == {"The sieve holds."}


def test_reach_is_what_saving_does(client, editor, sieve):
    said("The sieve holds.", "A colander holds.", "Colanders and SIEVE-like things.", "X1 and X.1 alike.")
    labels = ["colander", "colanders", "X.1"]
    found = reach(sieve, labels, [], Turn.objects.all())
    before = named(sieve)
    save(client, sieve, labels="\n".join(labels))
    assert named(sieve) - before == {one.turn.text for one in found.gained}
    assert before - named(sieve) == {one.turn.text for one in found.lost}
    assert len(found.gained) > 1


def test_what_people_set_and_took_away_is_not_touched(client, editor, sieve):
    holds, colander, other = said("The sieve holds.", "A colander holds.", "Something holds.")
    with change(editor) as c:
        c.set(other, topics=[sieve.public_id])
        c.set(holds, topics=[])
    found = reach(sieve, ["sieve", "colander"], [], Turn.objects.all())
    assert [one.turn for one in found.gained] == [colander]
    assert reach(sieve, [], [], Turn.objects.all()).lost == []
    save(client, sieve, labels="sieve\ncolander")
    assert named(sieve) == {"A colander holds.", "Something holds."}


def test_weak_label_counts_beside_what_goes_with_the_topic(client, editor, sieve):
    with change(editor) as c:
        c.set(sieve, context=[make.topic("Kitchen", labels=["ladle"]).slug])
    said("The net holds.")
    assert reach(sieve, ["sieve"], ["net"], Turn.objects.all()).gained == []
    said("A ladle.")
    found = reach(sieve, ["sieve"], ["net"], Turn.objects.all())
    assert [one.turn.text for one in found.gained] == ["The net holds."]


# The page


def test_new_label_is_shown_before_it_is_saved(client, editor, sieve):
    said("The sieve holds.", "A colander holds.")
    first = post(client, sieve, labels="sieve\ncolander", save="")
    page = first.content.decode()
    assert first.status_code == 200
    assert 'data-gained="1" data-lost="0"' in page
    assert "A colander holds." in page
    assert named(sieve) == {"The sieve holds."}
    # Other labels than those that were looked at are shown anew.
    other = post(client, sieve, labels="sieve\nholds", looked_at=looked_at(page), save="")
    assert 'data-gained="1"' in other.content.decode()
    assert named(sieve) == {"The sieve holds."}
    done = post(client, sieve, labels="sieve\ncolander", looked_at=looked_at(page), save="")
    assert done.status_code == 302
    assert named(sieve) == {"The sieve holds.", "A colander holds."}


def test_fields_without_labels_are_saved_at_once_and_taken_back(client, editor, sieve):
    done = post(client, sieve, name="Fine sieve", description="It sifts well.", kind="project")
    sieve.refresh_from_db()
    assert (sieve.name, sieve.description, sieve.kind) == ("Fine sieve", "It sifts well.", "project")
    page = client.get(done["location"]).content.decode()
    undo = re.search(r'action="(/undo/[\w-]+)"', page)[1]
    client.post(undo)
    sieve.refresh_from_db()
    assert (sieve.name, sieve.description, sieve.kind) == ("Sieve", "It sifts.", "technology")


def test_labels_taken_back_take_their_turns_back(client, editor, sieve):
    said("The sieve holds.", "A colander holds.")
    done = save(client, sieve, labels="colander")
    assert named(sieve) == {"A colander holds."}
    client.post(re.search(r'action="(/undo/[\w-]+)"', client.get(done["location"]).content.decode())[1])
    assert named(sieve) == {"The sieve holds."}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"labels": "sieve\nGrate"}, "“Grate” names Hearth already, as “grate”: take it away there first."),
        ({"labels": "sieve", "weak_labels": "sieve"}, "“sieve” stands in both lists: keep it in one."),
        ({"labels": "sieve\n—"}, "“—” has no letter or figure, so nothing could be found by it."),
        ({"labels": "x" * 101}, "is longer than 100 letters: a label is a name."),
        ({"labels": "\n".join(f"label {n}" for n in range(101))}, "These are 101 labels; a topic has 100 at most."),
        ({"kind": "animal"}, "Select a valid choice."),
        ({"name": ""}, "This field is required."),
        ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
    ],
)
def test_what_cannot_stand_is_told_and_nothing_is_saved(client, editor, sieve, fields, told):
    make.topic("Hearth", labels=["grate"])
    answer = post(client, sieve, **fields)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert sieve.version == type(sieve).objects.get(pk=sieve.pk).version


def test_form_that_is_too_old_overwrites_nothing(client, editor, sieve):
    old = given(sieve, description="Mine.")
    with change(User.objects.create_user("bo")) as c:
        c.set(sieve, description="Theirs.")
    answer = client.post("/topics/sieve/edit", old)
    page = answer.content.decode()
    assert "bo changed this since you opened it" in page
    assert 'value="Mine."' in page
    sieve.refresh_from_db()
    assert sieve.description == "Theirs."
    post(client, sieve, description="Mine.")
    sieve.refresh_from_db()
    assert sieve.description == "Mine."


def test_preview_shows_no_turn_that_the_user_may_not_read(client, sieve):
    user = User.objects.create_user("ann")
    for name in ("change_topic", "change_topiclabel"):
        user.user_permissions.add(Permission.objects.get(codename=name))
    client.force_login(user)
    make.workshop("Open kitchen")
    draft = make.workshop("Draft kitchen", visibility="draft")
    make.turn("A shrouded colander.", by=make.person("Hidden Hand"), talk=make.talk("Shut", workshop=draft))
    said("A colander holds.")
    page = post(client, sieve, labels="sieve\ncolander").content.decode()
    assert 'data-gained="1"' in page
    assert "shrouded" not in page


def test_readers_see_no_way_to_edit_and_the_address_refuses(client, sieve):
    said("The sieve holds.")
    assert "/topics/sieve/edit" not in client.get("/topics/sieve/").content.decode()
    assert client.get("/topics/sieve/edit").status_code == 302
    client.force_login(User.objects.create_user("eve"))
    assert client.get("/topics/sieve/edit").status_code == 403
    assert post(client, sieve, name="Mine").status_code == 403


@pytest.mark.parametrize("count", [3, 30])
def test_preview_costs_the_same_whatever_it_shows(client, editor, sieve, django_assert_max_num_queries, count):
    said(*(f"A colander holds {n}." for n in range(count)))
    with django_assert_max_num_queries(24):
        page = post(client, sieve, labels="sieve\ncolander").content.decode()
    assert f'data-gained="{count}"' in page
