"""The search index follows the database: whatever was written is found, in its order, and survives every damage."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from minutes.changes import change
from minutes.models import TurnTopic, Voice
from minutes.search import following, store
from minutes.search.finding import find
from minutes.search.suggesting import suggest
from records.door import writing
from records.models import Outbox
from tests import make
from tests.indexed import contents

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def texts(query: str, user=VISITOR) -> list[str]:
    return [hit.shown["text"] for hit in find(query, user).hits(0, 50, shown=True)]


@pytest.fixture
def on_disk(tmp_path):
    """An index in files, as a site has it."""
    with override_settings(SEARCH_IN_MEMORY=False, DATA_DIR=tmp_path):
        store.forget()
        yield tmp_path / "search"
        store.forget()


# What changes is found


@pytest.mark.database
def test_change_of_a_text_is_found_at_once():
    turn = make.turn("The lamp is lit.")
    assert texts("lamp") == ["The lamp is lit."]
    with change(None) as c:
        c.set(turn, text="The buoy is lit.")
    assert (texts("buoy"), texts("lamp")) == (["The buoy is lit."], [])


@pytest.mark.database
def test_new_name_of_a_person_reaches_the_turns_that_show_it():
    ada, bo = make.person("Ada Quill"), make.person("Bo Marsh")
    asked = make.turn("Why so?", by=ada, kind="question", to=[bo])
    make.turn("It is.", by=bo, kind="answer", exchange=asked.exchange)
    assert texts("asked-by:quill") == ["Why so?"]
    with change(None) as c:
        c.set(ada, name="Ada Zephyr")
    assert (texts("asked-by:zephyr"), texts("said-by:zephyr kind:question")) == (["Why so?"], ["Why so?"])
    assert find("asked-by:quill", VISITOR).complaints != []
    with change(None) as c:
        c.set(ada, merged_into=bo.public_id)
    assert texts("asked-by:marsh") == ["Why so?"]
    assert find("in:people zephyr", VISITOR).total == 0
    with change(None) as c:
        c.set(ada, merged_into=None)
    assert texts("asked-by:zephyr") == ["Why so?"]


def test_new_label_of_a_topic_reaches_the_turns_that_name_it():
    relay = make.topic("Relay", labels=["relay"])
    make.turn("The relay is old.", topics=[relay])
    assert texts("nightboat") == []
    with change(None) as c:
        c.set(relay, labels=["relay", "nightboat"])
    assert texts("nightboat") == ["The relay is old."]
    with change(None) as c:
        c.set(relay, name="Ferry", labels=["ferry"])
    assert (texts("topic:ferry"), texts("nightboat")) == (["The relay is old."], [])


def test_title_and_day_reach_the_turns_of_a_talk():
    talk = make.talk("Night ferries")
    make.turn("Yes.", talk=talk)
    assert texts("talk:ferries") == ["Yes."]
    with change(None) as c:
        c.set(talk, title="Morning buses")
    assert (texts("talk:buses"), texts("day:1")) == (["Yes."], ["Yes."])
    with change(None) as c:
        c.set(talk, day=make.day(2).public_id)
    assert texts("day:2") == ["Yes."]


def test_what_is_retired_leaves_and_comes_back():
    talk = make.talk("Night ferries", speakers=[make.person("Ada Quill")])
    turn = make.turn("The lamp is lit.", talk=talk, by=make.person("Bo Marsh"))
    assert find("in:people marsh", VISITOR).total == 1
    with change(None) as c:
        c.retire(turn)
    assert (texts("lamp"), find("in:people marsh", VISITOR).total) == ([], 0)
    with change(None) as c:
        c.bring_back(turn)
    assert (texts("lamp"), find("in:people marsh", VISITOR).total) == (["The lamp is lit."], 1)


@pytest.mark.database
def test_turn_that_moves_to_another_exchange_changes_both():
    ada, bo = make.person("Ada Quill"), make.person("Bo Marsh")
    one = make.turn("First?", by=ada, kind="question")
    two = make.turn("Second?", by=ada, kind="question", talk=one.talk)
    answer = make.turn("So.", by=bo, kind="answer", exchange=one.exchange, talk=one.talk)
    assert texts("is:unanswered") == ["Second?"]
    with change(None) as c:
        c.set(answer, exchange=two.exchange.public_id)
    assert (texts("is:unanswered"), texts("is:answered")) == (["First?"], ["Second?"])
    assert find("kind:answer", VISITOR).total == 1


def test_actions_and_decisions_follow_as_well():
    turn = make.turn("I will look.")
    item = make.action("Look at the tide", turn=turn, owners=[make.person("Ada Quill")])
    assert (texts("in:turns is:open"), texts("owner:quill is:open")) == (["I will look."], ["Look at the tide"])
    with change(None) as c:
        c.set(item, status="done")
    assert (texts("is:open"), texts("in:turns is:open"), texts("is:done")) == ([], [], ["Look at the tide"])
    assert texts("is:action") == ["I will look."]


@pytest.mark.database
def test_rows_written_in_any_way_are_noted():
    ada, bo, cleo = (make.person(name) for name in ("Ada Quill", "Bo Marsh", "Cleo Ruiz"))
    turn, topic = make.turn("So.", by=ada), make.topic("Relay")
    last = following.newest()[0]

    def noted() -> set[tuple[str, int]]:
        nonlocal last
        rows = set(Outbox.objects.filter(n__gt=last).values_list("kind", "key"))
        last = following.newest()[0]
        return rows

    with writing():
        Voice.objects.filter(turn=turn).update(person=bo)
    assert noted() == {("turn", turn.pk), ("person", ada.pk), ("person", bo.pk)}
    with writing():
        voice = Voice.objects.get(turn=turn)
        voice.person = cleo
        voice.save()
    assert noted() == {("turn", turn.pk), ("person", bo.pk), ("person", cleo.pk)}
    with writing():
        voice.person = ada
        Voice.objects.bulk_update([voice], ["person"])
    assert noted() == {("turn", turn.pk), ("person", cleo.pk), ("person", ada.pk)}
    with writing():
        TurnTopic.objects.bulk_create([TurnTopic(content_object=turn, tag=topic)])
    assert noted() == {("turn", turn.pk), ("topic", topic.pk)}
    with writing():
        TurnTopic.objects.filter(tag=topic).delete()
    assert noted() == {("turn", turn.pk), ("topic", topic.pk)}
    with writing():
        voice.delete()
    assert noted() == {("turn", turn.pk), ("person", ada.pk)}


@pytest.mark.database
def test_what_was_rolled_back_is_in_no_outbox():
    before = Outbox.objects.count()
    with transaction.atomic():
        make.turn("The lamp is lit.")
        assert Outbox.objects.count() > before
        transaction.set_rollback(True)
    assert Outbox.objects.count() == before


def test_followed_index_is_the_rebuilt_one():
    """Whatever was done, the index is the same as one that is made of the database in the end."""
    ada, bo, relay = make.person("Ada Quill"), make.person("Bo Marsh"), make.topic("Relay", labels=["relay"])
    talk = make.talk("Night ferries", speakers=[ada], topics=[relay])
    asked = make.turn("Why the relay?", by=bo, kind="question", talk=talk, topics=[relay], to=[ada])
    find("relay", VISITOR)
    answer = make.turn("So.", by=ada, kind="answer", exchange=asked.exchange, talk=talk)
    theme = make.theme("Relays are old", evidence=[asked], topics=[relay])
    item = make.action("Mend the relay", turn=asked, owners=[bo])
    find("relay", VISITOR)
    steps = (
        lambda c: c.set(ada, name="Ada Zephyr"),
        lambda c: c.set(talk, title="Day ferries"),
        lambda c: c.set(item, status="done"),
        lambda c: c.set(theme, text="Relays are new"),
        lambda c: c.set(answer, kind="comment"),
        lambda c: c.set(bo, merged_into=ada.public_id),
        lambda c: c.set(relay, labels=["relay", "boat"]),
        lambda c: c.set(talk.workshop, visibility="members"),
        lambda c: c.retire(talk),
        lambda c: c.bring_back(talk),
    )
    for step in steps:
        with change(None) as c:
            step(c)
        followed = contents(following.up_to_date()[0])
        following.rebuild()
        assert followed == contents(store.current())


# Visibility


def test_draft_is_found_by_its_editors_alone():
    hidden = make.workshop("Hidden", visibility="draft")
    talk = make.talk("Secret lamp", day=make.day(workshop=hidden))
    zed = make.person("Zed Zimmer")
    asked = make.turn("The zyzzyva lamp?", by=zed, talk=talk, kind="question", topics=[make.topic("Zeppelin")])
    make.action("Light the zyzzyva", turn=asked, owners=[zed])
    editor = User.objects.create_user("editor")
    editor.user_permissions.add(Permission.objects.get(codename="read_drafts"))
    queries = ("zyzzyva", "lamp", "kind:question", "in:talks lamp", "in:people zimmer", "in:topics zeppelin")
    for query in (
        *queries,
        "in:actions zyzzyva",
        "zyzz*",
        '"zyzzyva lamp"',
        "-nothing",
        "said-by:zimmer",
        "talk:secret",
    ):
        assert find(query, VISITOR).total == 0, query
        assert find(query, editor).total > 0, query
    assert find("zyzzyvaa", VISITOR).meaning.corrected == []
    assert find("zyzzyvaa", editor).meaning.corrected == [("zyzzyvaa", "zyzzyva")]
    for typed in ("zim", "zep", "secr", "zyzz"):
        assert (suggest(typed, VISITOR), bool(suggest(typed, editor))) == ([], True), typed
    with change(None) as c:
        c.set(hidden, visibility="public")
    assert (texts("zyzzyva"), bool(suggest("zim", VISITOR))) == (["The zyzzyva lamp?"], True)


def test_name_that_only_a_draft_prints_is_known_to_its_editors_alone():
    ada = make.person("Ada Quill")
    make.turn("Open.", by=ada, kind="question")
    talk = make.talk("Hidden", day=make.day(workshop=make.workshop("Hidden", visibility="draft")))
    make.turn("Hidden.", by=ada, label="Zephyrine", talk=talk)
    assert find("asked-by:zephyrine", VISITOR).meaning.conditions[0][1].query is None


def test_addresses_are_masked_in_what_is_indexed():
    make.turn("Write to harbour@example.org or to [me](mailto:ada@example.org).", by="ada@example.org")
    shown = "".join(contents(following.up_to_date()[0]))
    assert ("example" in shown, "mailto" in shown) == (False, True)
    assert [find(f"in:{what} example", VISITOR).total for what in ("turns", "people")] == [0, 0]


# Files


def test_index_in_files_is_built_by_the_first_search_and_follows(on_disk):
    make.turn("The lamp is lit.")
    assert texts("lamp") == ["The lamp is lit."]
    make.turn("The lamp is out.")
    assert len(texts("lamp")) == 2
    assert (on_disk / "current").is_symlink()
    assert len(list(on_disk.glob("index-*"))) == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda index: shutil.rmtree(index),
        lambda index: (index / "meta.json").unlink(),
        lambda index: (index / "meta.json").write_text("{"),
        lambda index: [path.unlink() for path in index.iterdir() if path.suffix == ".store"],
        lambda index: (index.parent / "current").unlink(),
    ],
)
def test_damaged_index_is_rebuilt(on_disk, damage):
    make.turn("The lamp is lit.")
    assert texts("lamp") == ["The lamp is lit."]
    damage((on_disk / "current").resolve())
    store.forget()
    assert texts("lamp") == ["The lamp is lit."]


def test_index_of_another_state_of_the_database_is_rebuilt(on_disk):
    make.turn("The lamp is lit.")
    assert texts("lamp") == ["The lamp is lit."]
    make.turn("The buoy is lit.")
    assert len(texts("lit")) == 2
    newest = Outbox.objects.order_by("-n").first()
    Outbox.objects.filter(n=newest.n).update(stamp=1)  # as in a database restored from a copy and written to again
    first = os.readlink(on_disk / "current")
    assert len(texts("lit")) == 2
    assert os.readlink(on_disk / "current") != first


def test_index_older_than_the_oldest_kept_row_is_rebuilt(on_disk):
    make.turn("The lamp is lit.")
    assert texts("lamp") == ["The lamp is lit."]
    make.turn("The lamp is out.")
    Outbox.objects.filter(n__lte=following.newest()[0] - 1).delete()
    assert len(texts("lamp")) == 2


def test_old_rows_of_the_outbox_are_pruned(monkeypatch):
    monkeypatch.setattr(Outbox, "KEPT", 5)
    make.turn("The lamp is lit.")
    find("lamp", VISITOR)
    for n in range(9):
        make.turn(f"Lamp {n}.")
    find("lamp", VISITOR)
    assert 5 <= Outbox.objects.count() <= 10
    make.turn("The buoy is lit.")
    assert texts("buoy") == ["The buoy is lit."]


def test_much_is_taken_up_in_small_commits(on_disk, monkeypatch):
    monkeypatch.setattr(store, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(following, "CHUNK", 2)
    make.turn("The lamp is lit.")
    find("lamp", VISITOR)
    for n in range(9):
        make.turn(f"Lamp {n}?", kind="question")
    assert len(texts("lamp")) == 10
    assert contents(store.current()) == (following.rebuild(), contents(store.current()))[1]


def test_search_goes_on_while_another_process_writes(on_disk):
    make.turn("The lamp is lit.")
    find("lamp", VISITOR)
    make.turn("The lamp is out.")
    with store.writing(1):
        opened, behind = following.up_to_date(wait=0)
        assert (opened.marker.count, behind > 0) == (store.current().marker.count, True)
    assert len(texts("lamp")) == 2


def test_page_says_that_the_index_is_being_made(on_disk, client):
    make.turn("The lamp is lit.")
    with store.writing(1):
        assert find("lamp", VISITOR, wait=0).building
    assert texts("lamp") == ["The lamp is lit."]


def test_much_is_left_to_a_thread_and_a_command_waits_for_it(on_disk, monkeypatch):
    left = []
    monkeypatch.setattr(following, "MANY", 2)
    monkeypatch.setattr(following, "_leave_to_thread", lambda: left.append(True))
    for n in range(3):
        make.turn(f"Lamp {n}.")
    assert find("lamp", VISITOR).building
    call_command("rebuild_search", if_needed=True)
    assert len(texts("lamp")) == 3
    monkeypatch.setattr(following, "MANY", 0)
    make.turn("Lamp 3?", by="Ada")
    assert (len(texts("lamp")), find("lamp", VISITOR).behind > 0, len(left) > 1) == (3, True, True)
    call_command("search", "lamp", json=True)
    assert len(texts("lamp")) == 4


def test_another_process_reads_what_this_one_wrote(on_disk):
    make.turn("The lamp is lit.")
    find("lamp", VISITOR)
    code = f"""
import django; django.setup()
from minutes.search import store
from django.conf import settings
settings.DATA_DIR = {str(on_disk.parent)!r}
opened = store.current()
print(opened.marker.count, opened.searcher.search(store.term("text", "lamp")).count)
"""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(on_disk.parent)}
    root = Path(__file__).resolve().parent.parent
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == [str(store.current().marker.count), "1"]


WRITER = """
import django; django.setup()
from minutes.search import store
with store.writing(5):
    for n in range(10**6):
        fields = {"key": f"turn:{n % 7}", "what": "turn", "vis": "public", "text": f"lamp {n}", "shown": {}}
        store.replace([store.term("key", fields["key"])], [fields], store.Marker(n, 1, 0, 1))
        if n == 7:
            print("writing", flush=True)
"""


def test_killed_writer_leaves_an_index_that_is_whole(on_disk):
    """Many such deaths, with the database beside it: bench/crash_search.py."""
    make.turn("The lamp is lit.")
    find("lamp", VISITOR)
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(on_disk.parent)}
    root = Path(__file__).resolve().parent.parent
    writer = subprocess.Popen([sys.executable, "-c", WRITER], cwd=root, env=environment, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"writing\n"
    writer.kill()
    writer.wait()
    left = store.reload()  # raises where the marker does not fit
    assert left.marker.n >= 7
    assert texts("lamp") == ["The lamp is lit."]  # rebuilt, as the outbox has no such row


def test_files_that_a_killed_writer_left_in_the_way_do_not_stop_the_index(on_disk):
    turn = make.turn("The lamp is lit.")
    assert texts("lamp") == ["The lamp is lit."]
    [meta] = {path.resolve() for path in on_disk.glob("*/meta.json")}
    state = json.loads(meta.read_text())
    for segment in state["segments"]:
        for later in range(1, 40):
            name = f"{segment['segment_id'].replace('-', '')}.{state['opstamp'] + later}.del"
            (meta.parent / name).touch()
    with change(None) as c:
        c.set(turn, text="The buoy is lit.")
    assert (texts("buoy"), texts("lamp")) == (["The buoy is lit."], [])
