"""Lists of action items as tables, feeds and calendars; and tables that come back from a spreadsheet."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.contrib.auth.models import AnonymousUser, Permission, User
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import etree

from minutes import uploads
from minutes.actions_reading import read, write
from minutes.actions_telling import told_of
from minutes.changes import change
from minutes.exporting.action_items import COLUMNS, FORMULA, as_csv, guarded, unguarded
from minutes.models import ActionItem, Change
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.database]
VISITOR = AnonymousUser()
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def editor() -> User:
    user = User.objects.create_user("editor", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_actionitem"))
    return user


@pytest.fixture
def items() -> dict[str, ActionItem]:
    ada, bo = make.person("Ada Byron"), make.person("Bo Marsh")
    turn = make.turn("=I will; do it,\n“now”.", by=ada)
    full = make.action(
        "=cmd|'/c calc'!A1",
        quote="=I will; do it,\n“now”.",
        turn=turn,
        owners=[ada, bo],
        status="done",
        status_reason="+1 from all",
        due=date(2031, 7, 1),
        due_text="-by then",
        priority=1,
        everybody=True,
        links=["https://example.org/a,b;c the page", "https://example.org/2"],
        notes="@all:\n\n- one\n- “two”\n\n'quoted'",
    )
    make.topic("Relay", labels=["relay"])
    with change(None) as c:
        c.set(full, topics=[make.topic("Depot").public_id])
    return {"full": full, "bare": make.action("'Write to ada@example.org"), "ada": ada, "bo": bo}


def exported() -> str:
    return as_csv(told_of(ActionItem.objects.order_by("pk")))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline="")))


def table(rows: list[dict[str, str]]) -> bytes:
    written = StringIO()
    sheet = csv.DictWriter(written, list(rows[0]))
    sheet.writeheader()
    sheet.writerows(rows)
    return written.getvalue().encode()


def edited(user: User, n: int, **cells: str):
    rows = rows_of(exported())
    rows[n] |= {name.replace("_", " "): cell for name, cell in cells.items()}
    return read(table(rows), user)


# Formulas


@given(st.text())
def test_guard_of_a_cell_is_taken_off_again(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in FORMULA


def test_no_cell_of_a_table_begins_a_formula(items):
    text = exported()
    for row in csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")):
        assert [cell for cell in row if cell[:1] in FORMULA] == []
    assert "'=cmd|" in text


# Round trip


def test_table_that_was_only_opened_and_saved_changes_nothing(items, editor):
    for content in (exported().encode(), table(rows_of(exported())), exported().replace("\r\n", "\n").encode()):
        sheet = read(content, editor)
        assert (sheet.rows, sheet.unchanged, sheet.complaints, sheet.notices) == ([], 2, [], [])


def test_table_with_semicolons_is_read_as_well(items, editor):
    written = StringIO()
    sheet = csv.writer(written, delimiter=";")
    sheet.writerow(COLUMNS)
    sheet.writerows(row.values() for row in rows_of(exported()))
    assert read(written.getvalue().encode("utf-8-sig"), editor).unchanged == 2


def test_every_field_comes_back_to_an_item_that_had_none_of_it(items, editor):
    full, bare = rows_of(exported())
    kept = {name: bare[name] for name in ("id", "version", "quote", "workshop", "said at")}
    sheet = read(table([full | kept]), editor)
    assert sheet.complaints == []
    assert write(sheet, editor, "back.csv") == 1
    one, other = items["full"], items["bare"]
    one.refresh_from_db(), other.refresh_from_db()
    for name in ("title", "status", "status_reason", "due", "due_text", "priority", "everybody", "links", "notes"):
        assert getattr(one, name) == getattr(other, name), name
    assert [row.person for row in other.ownings.all()] == [items["ada"], items["bo"]]
    assert [topic.slug for topic in other.topics.all()] == ["depot"]
    assert {(row.by, row.reason) for row in Change.objects.filter(record=other.public_id)} == {
        (editor, "from the table back.csv")
    }


def test_masked_address_is_neither_told_nor_written_over(items, editor):
    assert "example.org\r" not in exported()
    assert "ada@example.org" not in exported()
    sheet = edited(editor, 1, title="Write to ada@… today")
    assert [one.sentence for one in sheet.complaints] == [
        "Row 3 holds a masked e-mail address in the column “title”; change that on the site."
    ]
    sheet = edited(editor, 1, status="done")
    write(sheet, editor, "x.csv")
    assert ActionItem.objects.get(pk=items["bare"].pk).title == "'Write to ada@example.org"


BAD = [
    ({"id": ""}, "has no permanent id"),
    ({"id": "zzzzzzzzzz"}, "no action item that you may read has it"),
    ({"status": "finished"}, "has “finished” as status; that is one of proposed, open, done and dropped."),
    ({"priority": "urgent"}, "has “urgent” as priority; that is one of high, normal and low."),
    ({"everybody": "maybe"}, "has “maybe” as everybody; that is one of yes and no."),
    ({"due": "1/7/31"}, "has “1/7/31” as due; a date is written as 2031-05-01."),
    ({"due": "2031-02-30"}, "has “2031-02-30” as due"),
    ({"owners": "Zoe Nobody"}, "has “Zoe Nobody” as an owner, and the site knows nobody of this name."),
    ({"owners": "Jo Twin"}, "has “Jo Twin” as an owner, and several are called so. Write “Jo Twin ["),
    ({"topics": "zzz"}, "has “zzz” as a topic"),
    ({"links": "javascript:alert(1)"}, "is no web address."),
    ({"title": " "}, "as title: This field cannot be blank."),
    ({"title": "x" * 301}, "as title: Ensure this value has at most 300 characters (it has 301)."),
    ({"version": "1", "status": "open"}, "which was changed on the site since the table was made (version 2"),
]


def test_each_bad_line_is_said_in_a_sentence_and_nothing_is_written(items, editor):
    make.person("Jo Twin"), make.person("Jo Twin")
    before = list(ActionItem.objects.order_by("pk").values())
    for cells, sentence in BAD:
        rows = rows_of(exported())
        rows[0] |= cells
        rows[1] |= {"status": "done"}
        sheet = read(table(rows), editor)
        assert [one.row for one in sheet.complaints] == [2], cells
        assert sheet.complaints[0].sentence.startswith("Row 2 "), cells
        assert sentence in sheet.complaints[0].sentence, cells
        with pytest.raises(ValueError, match="nothing of this table"):
            write(sheet, editor, "x.csv")
    assert list(ActionItem.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The first line must name the columns"),
        (b"title,status\nx,y\n", "The first line must name the columns, “id” among them."),
        (b"id,title,title\n", "There are two columns “title”."),
        ("id,title\nä,b\n".encode("latin-1"), "The file is not in UTF-8."),
        (b'id,title\n"a"b,c\n', "cannot be read as CSV"),
        (b"id,title\na,b,c\n", "Row 2 has more cells than there are columns."),
    ],
)
def test_what_is_no_such_table_is_said_in_a_sentence(content, sentence, editor):
    assert sentence in read(content, editor).complaints[0].sentence


def test_columns_for_reading_and_unknown_ones_are_left_out_with_a_word(items, editor):
    rows = [row | {"quote": "Other words", "my remark": "x"} for row in rows_of(exported())[:1]]
    sheet = read(table(rows), editor)
    assert (sheet.rows, sheet.complaints) == ([], [])
    assert [one.sentence for one in sheet.notices] == [
        "Nothing is read from what the site does not know: “my remark”.",
        "Row 2: the column “quote” is only for reading.",
    ]


def test_table_names_no_item_of_a_draft(items, editor):
    hidden = make.action("Hidden", workshop=make.workshop("Hidden", visibility="draft"))
    sheet = read(f"id,status\n{hidden.public_id},done\n".encode(), editor)
    assert "no action item that you may read has it" in sheet.complaints[0].sentence


@pytest.mark.parametrize("count", [1, 4])
def test_reading_and_writing_a_table_costs_the_same_queries_whatever_is_in_it(editor, django_assert_num_queries, count):
    for n in range(count):
        make.action(f"Do {n}", owners=[make.person(f"Owner {n}")])
    content = exported().replace('"normal"', '"high"').encode()
    with django_assert_num_queries(9):
        assert len(read(content, User.objects.get(pk=editor.pk)).rows) == count
    with django_assert_num_queries(4):
        exported()


# Pages


def test_editor_sends_a_table_looks_and_takes_it(client, items, editor):
    client.force_login(editor)
    rows = rows_of(client.get("/actions.csv").content.decode())
    rows = [row | {"status": "dropped", "status reason": "twice"} for row in rows]
    sent = BytesIO(table(rows))
    sent.name = "items.csv"
    page = client.post("/actions/table/", {"file": sent}, follow=True)
    assert "2 items would change" in page.content.decode()
    assert set(ActionItem.objects.values_list("status", flat=True)) == {"done", "open"}
    token = page.redirect_chain[-1][0].partition("of=")[2]
    page = client.post("/actions/table/", {"of": token}, follow=True)
    assert "2 action items were changed from items.csv." in page.content.decode()
    assert set(ActionItem.objects.values_list("status", "status_reason")) == {("dropped", "twice")}
    assert "previews last a day" in client.get(f"/actions/table/?of={token}", follow=True).content.decode()


def test_table_is_taken_from_editors_alone(client, items):
    assert client.get("/actions/table/").status_code == 302
    client.force_login(User.objects.create_user("reader"))
    assert client.get("/actions/table/").status_code == 403
    assert client.post("/actions/table/", {"of": "x"}).status_code == 403


def test_feed_tells_what_changed_last_first(client, items):
    root = etree.fromstring(client.get("/actions.atom?status=open").content)
    assert [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")] == ["'Write to ada@…"]
    with change(None) as c:
        c.set(items["bare"], priority=3)
    root = etree.fromstring(client.get("/actions.atom").content)
    first = next(root.iter(f"{ATOM}entry"))
    assert first.findtext(f"{ATOM}id") == f"http://testserver{items['bare'].permalink}"
    assert first.find(f"{ATOM}link").get("href") == f"http://testserver{items['bare'].permalink}"
    assert first.findtext(f"{ATOM}updated")


def test_calendar_holds_a_task_for_each_item(client, items):
    response = client.get("/actions.ics")
    calendar = Calendar.from_ical(response.content)
    full, bare = sorted(calendar.todos, key=lambda todo: todo["status"])
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert (full["uid"], full.decoded("due"), full["status"]) == (
        f"{items['full'].public_id}@testserver",
        date(2031, 7, 1),
        "COMPLETED",
    )
    assert (str(full["summary"]), full["priority"], str(full["url"])) == (
        items["full"].title,
        1,
        f"http://testserver{items['full'].permalink}",
    )
    assert [str(one) for one in full["categories"].cats] == ["depot"]
    assert ("due" in bare, bare["status"], str(bare["summary"])) == (False, "NEEDS-ACTION", "'Write to ada@…")
    assert not [error for todo in calendar.todos for error in todo.errors]


def test_files_hold_what_the_list_shows_and_nothing_where_it_makes_no_sense(client, items):
    make.action("Hidden", workshop=make.workshop("Hidden", visibility="draft"))
    address = f"?owner={items['bo'].public_id}&status=done"
    assert [row["id"] for row in rows_of(client.get(f"/actions.csv{address}").content.decode())] == [
        items["full"].public_id
    ]
    assert len(Calendar.from_ical(client.get(f"/actions.ics{address}").content).todos) == 1
    for form in ("csv", "atom", "ics"):
        assert "Hidden" not in client.get(f"/actions.{form}").content.decode()
        for nonsense in ("?owner=zzz", "?status=odd", "?owner=me"):
            assert client.get(f"/actions.{form}{nonsense}").status_code == 404


def test_what_xml_cannot_hold_is_left_out_of_feed_and_calendar(client):
    make.action("Measure\x08 the\x1b waves", quote="Bell\x07.", workshop=make.workshop("Tides\x02"))
    [entry] = etree.fromstring(client.get("/actions.atom").content).iter(f"{ATOM}entry")
    [todo] = Calendar.from_ical(client.get("/actions.ics").content).todos
    assert (entry.findtext(f"{ATOM}title"), str(todo["summary"])) == ("Measure the waves", "Measure the waves")


@pytest.mark.parametrize("count", [1, 4])
def test_files_cost_the_same_whatever_is_in_them(client, django_assert_num_queries, count):
    for n in range(count):
        make.action(f"Do {n}", owners=[make.person(f"Owner {n}")], turn=make.turn(f"I will, {n}."))
    for form in ("csv", "atom", "ics"):
        with django_assert_num_queries(4):
            client.get(f"/actions.{form}")


def test_token_of_other_files_is_no_table(client, editor):
    token = uploads.keep(editor, [uploads.Upload("a.txt", b"x"), uploads.Upload("b.txt", b"y")], "draft")
    client.force_login(editor)
    assert "Send it again" in client.get(f"/actions/table/?of={token}", follow=True).content.decode()
