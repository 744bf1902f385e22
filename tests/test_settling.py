"""Conflicts between a correction and a corrected source: shown in plain words, settled by one click, undone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User

from minutes import importing
from minutes.changes import change
from minutes.models import Change, Conflict, Participation, Turn, Workshop
from minutes.settling import NotSettled, reopen, settle
from minutes.telling import tell
from records.door import writing
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MINUTES = """Tide workshop
Monday 5 May 2031
Participants: Ada Quill, Bo Marsh

Session 1
Tides of the north (Ada Quill)
Bo: How high does it get at the old pier in spring?
Ada: About eight metres, measured at the pier with the old gauge.
"""
HERE = "About nine metres, measured at the pier with the old gauge."
THERE = "About ten metres, measured at the pier with the old gauge."


@pytest.fixture
def editor():
    user = User.objects.create_user("eve", is_staff=True)
    user.groups.set(Group.objects.filter(name="editor"))
    return user


def imported(text: str):
    return importing.write(importing.read("tides.txt", text.encode()))


@pytest.fixture
def conflict(editor) -> Conflict:
    imported(MINUTES)
    turn = Turn.objects.get(text__startswith="About")
    with change(editor) as c:
        c.set(turn, text=HERE)
    imported(MINUTES.replace("eight", "ten"))
    return Conflict.objects.get()


def answer() -> Turn:
    return Turn.objects.get(text__startswith="About")


def test_keeping_mine_changes_nothing_and_is_not_asked_again(conflict, editor):
    settle(editor, conflict, "mine", seen=2)
    assert answer().text == HERE
    assert (conflict.outcome, conflict.settled_by) == ("mine", editor)
    report = importing.read("tides.txt", MINUTES.replace("eight", "ten").encode(), again=True)
    assert report.plan.changes_nothing()
    imported(MINUTES.replace("eight", "ten").replace("spring", "autumn"))
    assert Conflict.objects.count() == 1
    assert answer().text == HERE


def test_taking_theirs_is_one_change_after_which_the_source_says_nothing_new(conflict, editor):
    settle(editor, conflict, "theirs", seen=2)
    assert (answer().text, answer().version) == (THERE, 3)
    newest = Change.objects.filter(record=conflict.record_id).first()
    assert (newest.before, newest.after, newest.by) == (HERE, THERE, editor)
    assert newest.reason == "conflict settled: took what tides.txt says"
    report = importing.read("tides.txt", MINUTES.replace("eight", "ten").encode(), again=True)
    assert report.plan.changes_nothing()
    assert report.plan.kept == ()


def test_third_text_stands_and_undo_brings_back_what_stood(conflict, editor):
    settle(editor, conflict, "edited", seen=2, text="About nine or ten metres.")
    assert answer().text == "About nine or ten metres."
    reopen(editor, conflict)
    conflict.refresh_from_db()
    assert (answer().text, conflict.settled_at, conflict.outcome) == (HERE, None, "")


def test_undo_stands_back_where_somebody_edited_since(conflict, editor):
    settle(editor, conflict, "theirs", seen=2)
    with change(editor) as c:
        c.set(answer(), text="About a dozen metres.")
    with pytest.raises(NotSettled, match="changed since it was settled"):
        reopen(editor, conflict)
    assert answer().text == "About a dozen metres."


def test_undo_stands_back_where_a_newer_import_disagrees(conflict, editor):
    settle(editor, conflict, "mine", seen=2)
    imported(MINUTES.replace("eight", "twelve"))
    with pytest.raises(NotSettled, match="newer import"):
        reopen(editor, conflict)


def test_settling_what_changed_meanwhile_writes_nothing(conflict, editor):
    with change(editor) as c:
        c.set(answer(), text="About nine metres.")
    with pytest.raises(NotSettled, match="look again"):
        settle(editor, conflict, "theirs", seen=2)
    conflict.refresh_from_db()
    assert (answer().text, conflict.settled_at) == ("About nine metres.", None)


def test_settling_twice_is_refused(conflict, editor):
    settle(editor, conflict, "mine", seen=2)
    with pytest.raises(NotSettled, match="in the meantime"):
        settle(editor, conflict, "theirs", seen=2)


def filed(record, field: str, base, source, current) -> Conflict:
    run = importing.ImportRun.objects.first() or imported(MINUTES)
    with writing():
        return Conflict.objects.create(
            run=run, record_id=record.public_id, field=field, base=base, source=source, current=current
        )


def test_one_participant_of_many_is_settled_alone(editor):
    imported(MINUTES)
    workshop = Workshop.objects.get()
    row = Participation.objects.select_related("person").order_by("pk").first()
    others = workshop.participations.count() - 1

    def at(affiliation):
        return {"person": row.person.public_id, "affiliation": affiliation}

    conflict = filed(workshop, "participants", at("A"), at("B"), at(""))
    settle(editor, conflict, "theirs", seen=1)
    row = Participation.objects.get(person=row.person)
    assert (row.affiliation, workshop.participations.count() - 1) == ("B", others)
    reopen(editor, conflict)
    assert Participation.objects.get(person=row.person).affiliation == ""


def test_fields_that_go_together_are_settled_together(editor):
    imported(MINUTES)
    turn, talk = answer(), make.talk("Elsewhere", workshop=Workshop.objects.get())
    elsewhere = make.turn("Here.", talk=talk)
    now = {"talk": turn.talk.public_id, "session": None, "exchange": turn.exchange.public_id}
    there = {"talk": talk.public_id, "session": None, "exchange": elsewhere.exchange.public_id}
    conflict = filed(turn, "talk+session+exchange", now, there, now)
    settle(editor, conflict, "theirs", seen=1)
    assert answer().talk == talk


def test_values_are_told_in_plain_words():
    ada = make.person("Ada Quill")
    talk, workshop = make.talk("Tides"), make.some_workshop()
    person, place = ada.public_id, talk.public_id
    rows = [
        ("workshop", "participants", ({"person": person, "affiliation": "Lund"}, None)),
        ("turn", "talk+session+exchange", ({"talk": place, "session": None, "exchange": None}, None)),
        ("alias", "state+person", ({"state": "person", "person": person}, {"state": "nobody", "person": None})),
        ("alias", "scope_id", (workshop.public_id, "")),
        ("actionitem", "explicit", (True, False)),
        ("turn", "voices", ([{"person": person, "label": "Adi", "certainty": "context"}], [])),
    ]
    assert tell(rows) == [
        ["Ada Quill (Lund)", "empty"],
        ["talk: Tides", "empty"],
        ["Ada Quill", "state: nobody"],
        ["Autumn workshop", "empty"],
        ["yes", "no"],
        ["Ada Quill (Adi · from context)", "empty"],
    ]


class TestPage:
    def test_shows_three_texts_and_settles_by_one_click(self, client, conflict, editor):
        assert client.get("/conflicts/").status_code == 302
        client.force_login(editor)
        page = client.get("/conflicts/").content.decode()
        for words in ("eight</del>", "ten</ins>", "nine</ins>", "Keep mine", "Take theirs", "A third text"):
            assert words in page
        sent = {"conflict": conflict.pk, "seen": 2, "do": "theirs"}
        page = client.post("/conflicts/", sent, follow=True).content.decode()
        assert "Took what the source says." in page
        assert "Nothing waits" in page
        assert "the source was taken, by eve" in page
        page = client.post("/conflicts/", {"conflict": conflict.pk, "do": "undo"}, follow=True).content.decode()
        assert "Open again" in page
        assert answer().text == HERE

    def test_home_of_the_admin_says_how_many_wait(self, client, conflict, editor):
        client.force_login(editor)
        page = client.get("/admin/").content.decode()
        assert '<a href="/conflicts/"><b>1</b> conflicts with a source</a>' in page

    def test_readers_and_kinds_that_one_may_not_change_stay_out(self, client, conflict, editor):
        client.force_login(User.objects.create_user("reader"))
        assert client.get("/conflicts/").status_code == 403
        other = filed(Workshop.objects.get(), "place", "a", "b", "c")
        client.force_login(editor)
        page = client.get("/conflicts/").content.decode()
        assert f'id="c{conflict.pk}"' in page
        assert f'id="c{other.pk}"' not in page
        sent = {"conflict": other.pk, "seen": 1, "do": "theirs"}
        assert client.post("/conflicts/", sent).status_code == 404

    @pytest.mark.parametrize("more", [1, 3])
    def test_costs_the_same_for_one_and_for_many(self, client, conflict, editor, more, django_assert_num_queries):
        for n in range(more):
            filed(make.turn(f"Text {n}", talk=answer().talk), "text", "a", "b", "c")
        client.force_login(editor)
        with django_assert_num_queries(8):
            client.get("/conflicts/")
