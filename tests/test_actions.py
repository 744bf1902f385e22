"""What people do with action items, what a re-import leaves alone, and what the next workshop takes over."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from minutes import actions_doing as doing
from minutes.changes import Stale, change
from minutes.models import ActionItem, Change, Conflict, ImportRun, Series
from records.door import writing
from tests import make
from tests.test_importing import MINUTES, bring_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def editor():
    return User.objects.create_user("editor")


def state(item: ActionItem) -> tuple[str, str]:
    item.refresh_from_db()
    return item.status, item.status_reason


# What is imported


def test_import_proposes_a_title_of_owner_deed_and_talk_beside_the_words():
    bring_in(MINUTES)
    item = ActionItem.objects.get()
    assert item.title == f"Dora Engel: send you our own numbers next week ({item.turn.where})"
    assert (item.quote, item.due, item.due_text) == ("I will send you our own numbers next week.", None, "next week")
    assert (item.status, item.reason) == ("proposed", "promises: I will send")


def test_rejected_item_stays_rejected_after_a_re_import(editor):
    bring_in(MINUTES)
    item = ActionItem.objects.get()
    with change(editor) as c:
        doing.reject(c, item, "a courtesy, no promise")
    bring_in(MINUTES, again=True)
    assert state(item) == ("dropped", "a courtesy, no promise")
    bring_in(MINUTES.replace("our own numbers next week", "our own numbers on the next week"))
    assert state(item) == ("dropped", "a courtesy, no promise")
    assert item.quote.endswith("on the next week.")
    bring_in(MINUTES.replace("I will send you our own numbers next week.", "We measured too."))
    bring_in(MINUTES)
    assert [(one.pk, one.status) for one in ActionItem.objects.living()] == [(item.pk, "dropped")]


def test_field_that_older_readings_did_not_know_is_filled_and_asks_nobody(editor):
    bring_in(MINUTES)
    item = ActionItem.objects.get()
    with writing():
        for entries in ImportRun.objects.all():
            for entry in entries.entries:
                entry["fields"].pop("due_text", None)
                entry["fields"].pop("everybody", None)
            entries.save()
        ActionItem.objects.update(due_text="")
    bring_in(MINUTES, again=True)
    item.refresh_from_db()
    assert (item.due_text, Conflict.objects.count()) == ("next week", 0)


def test_due_words_that_people_wrote_before_readings_knew_them_stay(editor):
    bring_in(MINUTES)
    item = ActionItem.objects.get()
    with writing():
        for run in ImportRun.objects.all():
            for entry in run.entries:
                entry["fields"].pop("due_text", None)
            run.save()
    with change(editor) as c:
        c.set(item, due_text="in spring")
    bring_in(MINUTES, again=True)
    item.refresh_from_db()
    assert (item.due_text, Conflict.objects.count()) == ("in spring", 0)


# Verbs


def test_verbs_change_the_status_with_its_reason_and_stand_in_the_log(editor):
    item = make.action("Measure", status="proposed")
    for verb, reason, after in (
        (doing.accept, (), ("open", "")),
        (doing.complete, ("measured at the pier",), ("done", "measured at the pier")),
        (doing.reopen, (), ("open", "")),
        (doing.reject, ("twice",), ("dropped", "twice")),
        (doing.accept, (), ("open", "")),
    ):
        with change(editor) as c:
            assert verb(c, item, *reason)
        assert state(item) == after
    assert [row.by for row in Change.objects.filter(field="status")] == [editor] * 5
    assert item.version == 6


def test_verb_that_changes_nothing_says_so_and_writes_nothing(editor):
    item = make.action("Measure", status="open")
    with change(editor) as c:
        assert not doing.accept(c, item)
    assert not Change.objects.exists()


def test_item_is_not_dropped_without_a_reason(editor):
    item = make.action("Measure")
    with pytest.raises(ValidationError), change(editor) as c:
        doing.reject(c, item, "  ")
    assert state(item) == ("open", "")


def test_verb_on_what_somebody_else_changed_writes_nothing(editor):
    item = make.action("Measure")
    with change(editor) as c:
        doing.complete(c, item)
    with pytest.raises(Stale), change(editor) as c:
        doing.reject(c, item, "no", seen=1)
    assert state(item) == ("done", "")


def test_turn_becomes_an_item_whose_title_is_proposed_from_its_words(editor):
    ada = make.person("Ada Byron")
    turn = make.turn("I will send the numbers.", by=ada, talk=make.talk("Tides"))
    with change(editor) as c:
        item = doing.make(c, turn, owners=[ada], due=date(2031, 7, 1))
    item = ActionItem.objects.get(pk=item.pk)
    assert (item.title, item.quote) == ("Ada Byron: send the numbers (Tides)", "I will send the numbers.")
    assert (item.turn, item.status, item.due, list(item.owners.all())) == (turn, "open", date(2031, 7, 1), [ada])
    assert item.origin == "person"


def test_talk_and_theme_become_items_as_well_without_owner_or_date(editor):
    talk, theme = make.talk("Tides"), make.theme("Money")
    with change(editor) as c:
        made = [doing.make(c, talk, title="Write the report"), doing.make(c, theme, everybody=True)]
    assert [(one.title, one.cause, one.due, one.everybody) for one in made] == [
        ("Write the report", talk, None, False),
        ("Money", theme, None, True),
    ]
    assert not any(one.owners.exists() for one in made)


# Fields


def test_notes_are_rendered_safely_and_links_must_be_addresses(client, editor):
    item = make.action("Measure")
    with change(editor) as c:
        c.set(item, notes="See **this** <script>x</script>", links=["https://example.org/x the page"])
    page = client.get(item.get_absolute_url()).content.decode()
    assert "<strong>this</strong>" in page
    assert "<script>x" not in page
    assert '<a href="https://example.org/x" rel="nofollow noopener">the page</a>' in page
    for bad in ("javascript:alert(1)", "example.org", "mailto:ada@example.org"):
        with pytest.raises(ValidationError), change(editor) as c:
            c.set(item, links=[bad])


def test_topics_of_an_item_follow_its_words_and_what_people_say_of_them(editor):
    relay = make.topic("Relay", labels=["relay"])
    with change(editor) as c:
        item = c.create(ActionItem, workshop=make.workshop(), title="Mend the relay")
    assert list(item.topics.all()) == [relay]
    with change(editor) as c:
        c.set(item, topics=[])
        c.set(item, title="Mend the relay soon")
    assert list(item.topics.all()) == []


# Pages


def test_page_of_an_item_shows_its_words_its_people_and_where_they_stand(client):
    ada, bo = make.person("Ada Byron"), make.person("Bo Marsh")
    asked = make.turn("Who measures?", by=ada, kind="question")
    turn = make.turn("I will.", by=bo, kind="answer", exchange=asked.exchange, talk=asked.talk)
    item = make.action(
        "Bo Marsh: measure", quote="I will.", turn=turn, owners=[bo], due=date(2020, 1, 1), due_text="soon"
    )
    page = client.get(item.permalink, follow=True).content.decode()
    assert f'<a href="{turn.get_absolute_url()}">Said in {turn.where.title}</a>' in page
    for words in ("I will.", "Bo Marsh", "due 1 January 2020", "overdue", f"{item.permalink}/history", "Asked by"):
        assert words in page
    assert ada.get_absolute_url() in page.split("Asked by", 1)[1]


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_an_item_costs_the_same_whatever_it_holds(client, django_assert_num_queries, count):
    people = [make.person(f"Owner {n}") for n in range(count)]
    asked = make.turn("Who?", by=[make.person(f"Asker {n}") for n in range(count)], kind="question")
    item = make.action("Measure", owners=people, turn=asked)
    with django_assert_num_queries(4):
        client.get(item.get_absolute_url())


def test_open_items_are_carried_to_the_next_workshop_of_the_series(client):
    with writing():
        tides = Series.objects.create(slug="tides", title="Tides")
    first = make.workshop("Spring", series=tides, start=date(2030, 5, 1))
    second = make.workshop("Autumn", series=tides, start=date(2031, 5, 1))
    other = make.workshop("Elsewhere", start=date(2029, 5, 1))
    kept = make.action("Mend the gauge", workshop=first)
    make.action("Proposed alone", workshop=first, status="proposed")
    make.action("Done by now", workshop=first, status="done")
    make.action("Of no series", workshop=other)
    page = client.get(second.get_absolute_url()).content.decode()
    carried = page.split('id="carried"', 1)[1].split("</section>", 1)[0]
    assert kept.title in carried
    assert first.get_absolute_url() in carried
    assert not [words for words in ("Proposed alone", "Done by now", "Of no series") if words in page]
    assert 'id="carried"' not in client.get(first.get_absolute_url()).content.decode()
