"""Merging people: pages read the one who lives on, rows stay where they are, and undoing leaves no trace on them."""

from __future__ import annotations

from contextlib import nullcontext
from itertools import pairwise
from random import Random

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from minutes.changes import change
from minutes.directory.people import everybody, profile
from minutes.models import Change
from people import steps
from people.models import NameStep, Person, PersonMerge
from records.door import writing
from records.models import Guarded
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]
VISITOR = AnonymousUser()


@pytest.fixture
def curator():
    return User.objects.create_user("cora")


def all_rows() -> dict[str, list[dict]]:
    """Every row of the record, in every column; what the merges themselves and the log write is left out."""
    told = (Change, NameStep, PersonMerge)
    models = [model for model in apps.get_models() if issubclass(model, Guarded) and model not in told]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def merge(user, gone, kept, **choices):
    with change(user) as c:
        return c.merge(gone, kept, choices)


def undo(user, merge):
    with change(user) as c:
        c.undo_merge(merge)


def three_people():
    """Three records of one person, each with words, a talk, an action and a place in a list."""
    people = [make.person(name) for name in ("Ada Quill", "A. Quill", "Quill")]
    make.workshop("Open summit", people=people)
    for one in people:
        talk = make.talk(f"Talk of {one}", speakers=[one])
        asked = make.turn("Is it on?", by=make.person(f"Asker of {one}"), talk=talk, kind="question")
        answer = make.turn("It is.", by=one, talk=talk, kind="answer", exchange=asked.exchange)
        make.action(f"Task of {one}", owners=[one], turn=answer)
    return people


def test_everything_is_read_through_the_one_who_lives_on(client, curator):
    ada, short, shortest = three_people()
    merge(curator, shortest, short)
    merge(curator, short, ada)
    page = profile(Person.objects.get(pk=ada.pk), VISITOR)
    assert [len(page.speakings), len(page.answered), len(page.actions)] == [3, 3, 3]
    assert len(page.partners) == 3
    assert [said.said for said in everybody(VISITOR) if "Asker" not in said.person.name] == [3]
    for one in (short, shortest):  # links from before the merge
        page = client.get(f"/actions/?owner={one.public_id}").content.decode()
        assert (f'value="{ada.public_id}" selected' in page, "complaint" in page) == (True, False)
        assert client.get(f"/search/?answered_by={one.public_id}").content.decode().count('class="turn answer') == 3
        assert (client.get(one.permalink).status_code, client.get(one.permalink)["Location"]) == (301, ada.permalink)
        assert client.get(one.get_absolute_url())["Location"] == ada.get_absolute_url()
    assert 'data-total="3"' in client.get(f"/actions/?owner={ada.public_id}").content.decode()
    assert client.get(f"/search/?answered_by={ada.public_id}").content.decode().count('class="turn answer') == 3


def test_person_with_two_records_on_one_thing_is_named_once(client, curator):
    ada, short, _ = three_people()
    talk = make.talk("Both", speakers=[ada, short])
    turn = make.turn("Aye.", by=[ada, short], talk=talk)
    make.action("Do it", owners=[ada, short], turn=turn)
    merge(curator, short, ada)
    for address, times in ((talk.get_absolute_url(), 3), ("/actions/?status=open", 3)):
        page = client.get(address).content.decode()
        names = page.count(f'<a class="person" href="{Person.objects.get(pk=ada.pk).get_absolute_url()}">')
        assert names == times, address


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_undone_merges_leave_every_row_as_it_was_in_any_order(curator, order):
    ada, short, shortest = three_people()
    other = make.person("Ada M. Quill")
    before = all_rows()
    merges = [
        merge(curator, shortest, short, name="Q. Quill"),
        merge(curator, short, ada, name="A. Quill"),
        merge(curator, ada, other, name="Ada Quill"),
    ]
    assert {one.lives_on.pk for one in Person.objects.filter(pk__in=[shortest.pk, short.pk, ada.pk])} == {other.pk}
    for n in order:
        undo(curator, merges[n])
    assert all_rows() == before


def test_edit_made_between_stays_on_its_record_and_nothing_else_differs(curator):
    ada, short, _ = three_people()
    turn = short.turns.get()
    before = all_rows()
    made = merge(curator, short, ada)
    with change(curator) as c:
        c.set(turn, text="It was.")
    undo(curator, made)
    after = all_rows()
    [old], [new] = ([row for row in rows["Turn"] if row["id"] == turn.pk] for rows in (before, after))
    assert (old["text"], new["text"], new["version"]) == ("It is.", "It was.", 2)
    assert [row for row in after["Turn"] if row != new] == [row for row in before["Turn"] if row != old]
    assert after | {"Turn": []} == before | {"Turn": []}
    assert [one.name for one in turn.people.all()] == ["A. Quill"]


def test_chain_follows_when_its_middle_is_undone(curator):
    ada, short, shortest = three_people()
    merge(curator, shortest, short)
    second = merge(curator, short, ada)
    undo(curator, second)
    assert Person.objects.get(pk=shortest.pk).lives_on == short
    assert Person.objects.get(pk=short.pk).lives_on == short


def test_longest_chain_is_read_at_one_join(curator, django_assert_num_queries):
    people = [make.person(f"Name Nr{n}") for n in range(9)]
    make.turn("Said.", by=people[0])
    for gone, kept in pairwise(people):
        merge(curator, gone, kept)
    last = Person.objects.get(pk=people[-1].pk)
    assert len(profile(last, VISITOR).said) == 1
    assert {one.canonical for one in Person.objects.filter(pk__in=[one.pk for one in people[:-1]])} == {last}


def test_chosen_name_is_shown_until_somebody_edits_the_name(client, curator):
    ada, short, _ = three_people()
    made = merge(curator, short, ada, name="Ada B. Quill")
    ada.refresh_from_db()
    assert (ada.name, ada.shown_name, ada.slug) == ("Ada Quill", "Ada B. Quill", "ada-b-quill")
    assert made.choices == {"name": {"shown": "Ada B. Quill", "instead_of": "Ada Quill"}}
    assert "<h1>Ada B. Quill</h1>" in client.get(ada.get_absolute_url()).content.decode()
    assert client.get(f"/people/{ada.public_id}/ada-quill/")["Location"] == ada.get_absolute_url()
    with change(curator) as c:
        c.set(ada, name="Ada Quilland")
    assert Person.objects.get(pk=ada.pk).shown_name == "Ada Quilland"
    undo(curator, made)
    assert Person.objects.get(pk=ada.pk).shown_name == "Ada Quilland"


def test_what_cannot_be_merged_is_said_in_a_sentence(curator):
    ada, short, shortest = three_people()
    merge(curator, short, ada)
    retired = make.person("Rob Tarn")
    with change(curator) as c:
        c.retire(retired)
    for gone, kept, words in (
        (ada, ada, "one record already"),
        (ada, short, "are one person already"),
        (short, shortest, "merged into Ada Quill already: undo that first"),
        (shortest, short, "merged into Ada Quill already: merge with Ada Quill instead"),
        (retired, ada, "is retired"),
    ):
        with pytest.raises(ValidationError, match=words):
            merge(curator, gone, kept)
    assert PersonMerge.objects.count() == 1


def test_pointer_set_as_a_field_is_a_merge_and_taken_away_an_undo(curator):
    ada, short, _ = three_people()
    before = all_rows()
    with change(curator) as c:
        assert c.set(short, merged_into=ada.public_id)
        assert not c.set(short, merged_into=ada.public_id)
    assert PersonMerge.objects.get(undone_at=None).gone == short
    with change(curator) as c:
        assert c.set(short, merged_into=None)
    assert not PersonMerge.objects.filter(undone_at=None).exists()
    assert all_rows() == before


def test_circle_of_pointers_cannot_be_saved():
    ada, ben = make.person("Ada Quill"), make.person("Ben Marlow")
    with writing():
        ada.merged_into = ben
        ada.save()
        ben.merged_into = ada
        with pytest.raises(ValidationError, match="leads back"):
            ben.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=ben.pk).update(merged_into=ben)


def test_merge_is_in_the_history_of_the_record_that_points_on(curator):
    ada, short, _ = three_people()
    undo(curator, merge(curator, short, ada))
    log = Change.objects.filter(record=short.public_id).order_by("pk").values_list("field", "before", "after", "by")
    assert list(log) == [
        ("merged_into", None, ada.public_id, curator.pk),
        ("merged_into", ada.public_id, None, curator.pk),
    ]


def test_merge_at_the_desk_is_a_step_that_can_be_undone_once(curator):
    ada, short, _ = three_people()
    before = all_rows()
    step = steps.merge_people(curator, short, ada)
    assert (steps.last_to_undo(curator), step.told) == (step, "A. Quill and Ada Quill are one person.")
    steps.undo_step(curator, step)
    assert all_rows() == before
    with pytest.raises(ValidationError, match="undone already"):
        steps.undo_step(curator, step)
    assert steps.last_to_undo(curator) is None


def test_name_that_only_a_draft_holds_is_not_written_on_the_page(curator):
    ada = make.person("Ada Quill")
    make.turn("Yes.", by=ada)
    secret = make.person("Zyx Quill")
    hidden = make.workshop("Hidden summit", visibility="draft")
    make.turn("No.", by=secret, talk=make.talk("Hidden talk", workshop=hidden), label="Zyxie")
    merge(curator, secret, ada)
    ada.refresh_from_db()
    assert profile(ada, VISITOR).written == []
    editor = User.objects.create_superuser("eve")
    assert {form.label for form in profile(ada, editor).written} == {"Zyx Quill", "Zyxie"}


def test_affiliations_of_both_records_are_shown_the_kept_ones_first(curator):
    ada, short, _ = three_people()
    for one, place in ((short, "Harbour Works"), (ada, "Rope Museum")):
        with writing():
            one.participations.update(affiliation=place)
    merge(curator, short, ada)
    [(workshop, told), *_] = profile(ada, VISITOR).workshops
    assert (workshop.title, told) == ("Open summit", ["Rope Museum", "Harbour Works", "Institute"])


@pytest.mark.parametrize("seed", range(2))
def test_any_order_of_merges_and_undos_follows_the_pointers_and_ends_as_it_began(curator, seed):
    """Forty steps among eight records: what is allowed is allowed, and every row comes back."""
    chance = Random(seed)
    people = [make.person(f"Ada{n} Quill{n}") for n in range(8)]
    for one in people:
        make.turn("Said.", by=one)
    before, living, into = all_rows(), [], {}

    def end(pk):
        while pk in into:
            pk = into[pk]
        return pk

    for _ in range(40):
        if living and chance.random() < 0.4:
            undone = living.pop(chance.randrange(len(living)))
            undo(curator, undone)
            del into[undone.gone_id]
        else:
            gone, kept = chance.sample(people, 2)
            fine = gone.pk not in into and kept.pk not in into
            with nullcontext() if fine else pytest.raises(ValidationError):
                living.append(merge(curator, gone, kept, name=chance.choice([gone.name, kept.name])))
                into[gone.pk] = kept.pk
        assert {one.pk: one.lives_on.pk for one in Person.objects.all()} == {one.pk: end(one.pk) for one in people}
    while living:
        undo(curator, living.pop(chance.randrange(len(living))))
    assert all_rows() == before
