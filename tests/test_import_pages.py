"""Importing in the browser: who may, how much, what the preview shows, and that it writes nothing; invented minutes."""

import re
import time
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minutes import importing, previewing, uploads
from minutes.changes import change
from minutes.comparing import Words, compare
from minutes.forecast import forecast
from minutes.models import Conflict, ImportRun, Talk, Turn, Workshop
from minutes.previewing import preview_of
from tests import mutated
from tests.test_importing import rows

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MINUTES = """\
Workshop on Lanterns

7-8 June 2029

Participants

Ida Marlow	Otto Finch
Rhea Solberg	Nils Quist

Thursday 7 June 2029 (Day 1)

Evening

Convener: Otto Finch (Glass House)

Wicks and oil

Speaker: Ida Marlow (Lamp Works)

[Slides](#)

Q&A:

Otto: How long does one filling burn in still air?

Ida: About nine hours, measured on the long table with the brass lamp.

Rhea: I will send you the figures of the second trial next week.

Glass

Speaker: Rhea Solberg

Q&A:

Nils: Which sand did you melt for the blue panes?

Rhea: The one from the river mouth, washed two times.

Zed: Was it dear?
"""


@pytest.fixture
def curator(client):
    user = User.objects.create_user("cora")
    wanted = Permission.objects.filter(codename__in=("add_workshop", "read_drafts"))
    user.user_permissions.set(wanted)
    client.force_login(user)
    return user


@pytest.fixture
def editor():
    return User.objects.create_user("eve")


def bring_in(text=MINUTES, name="lanterns.txt"):
    importing.write(importing.read(name, text.encode()))


def send(client, *files, text="", name="", visibility="draft", follow=True):
    """`files` are pairs of name and content."""
    sent = [
        SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content) for name, content in files
    ]
    fields = {"files": sent, "text": text, "name": name, "visibility": visibility}
    return client.post("/import/", fields, follow=follow)


def words_of(response) -> str:
    page = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(unescape(page).split())


def do_import(client, preview, **fields):
    stated = dict(re.findall(r'<input type="hidden" name="(of|file|seen)" value="([^"]*)"', preview.content.decode()))
    return client.post(
        "/import/preview/", {key: unescape(value) for key, value in stated.items()} | fields, follow=True
    )


def test_visitor_is_asked_to_sign_in(client):
    for address in ("/import/", "/import/preview/"):
        assert client.get(address).headers["location"] == f"/account/sign-in/?next={address}"


def test_member_without_permission_is_told_so(client):
    client.force_login(User.objects.create_user("mo"))
    for address in ("/import/", "/import/preview/"):
        assert client.get(address).status_code == 403
        assert client.post(address).status_code == 403


def test_link_to_the_import_is_for_curators(client, curator):
    assert 'href="/import/"' in client.get("/workshops/").content.decode()
    client.logout()
    assert 'href="/import/"' not in client.get("/workshops/").content.decode()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([(f"{n}.txt", "Words") for n in range(21)], "That is 21 files of 0.0 MB in all"),
        ([("big.txt", "a" * 5_500_000)], "That is 1 file of 5.2 MB in all"),
    ],
)
def test_too_much_is_refused_with_the_command(client, curator, files, said):
    response = send(client, *files)
    assert response.status_code == 400
    assert said in words_of(response)
    assert "manage.py import_minutes FOLDER" in words_of(response)


@pytest.mark.parametrize(
    "sent", [{"files": [(f"{n}.txt", "Words") for n in range(101)]}, {"text": "a" * 7_000_000, "name": "long.txt"}]
)
def test_what_the_server_does_not_even_open_has_the_command_too(client, curator, sent):
    response = send(client, *sent.pop("files", ()), **sent)
    assert (response.status_code, "manage.py import_minutes FOLDER" in words_of(response)) == (400, True)


def test_pasted_text_may_be_as_large_as_files(client, curator):
    response = send(client, text="word " * 900_000 + "end", name="long.txt", follow=False)
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose a file, or paste the text of the minutes."),
        ({"text": "Words"}, "Give the text a name"),
    ],
)
def test_form_says_what_is_missing(client, curator, fields, said):
    response = send(client, **fields)
    assert (response.status_code, said in words_of(response)) == (400, True)


def test_two_files_of_one_name_are_refused(client, curator):
    assert "Two of these are called a.txt" in words_of(send(client, ("a.txt", "One"), ("a.txt", "Two")))


def test_visibility_starts_as_draft(client, curator):
    page = client.get("/import/").content.decode()
    assert '<option value="draft" selected>' in page


def test_preview_of_a_first_import_writes_nothing(client, curator):
    before = rows()
    response = send(client, text=MINUTES, name="lanterns.txt")
    said = words_of(response)
    assert rows() == before
    for words in (
        "2 talks, 6 turns, 4 people (4 new); 1 unknown name",
        "Makes a new workshop, a draft that only editors read.",
        "Workshop on Lanterns 7 June 2029 to 8 June 2029",
        "4 people, 0 of them known to this site",
        "Wicks and oil line 16 Ida Marlow (Lamp Works)",
        "Otto Finch asks Ida Marlow, Rhea Solberg line 24",
        "Ida Marlow answers",
        "Names that nobody could be given Zed : nobody of that name is known here",
        "action line 28",
    ):
        assert words in said
    assert "What will happen" not in said


def test_every_turn_links_to_its_line_and_back(client, curator):
    page = send(client, text=MINUTES, name="lanterns.txt").content.decode()
    ids, links = set(re.findall(r'\bid="([^"]+)"', page)), set(re.findall(r'href="#([^"]+)"', page))
    assert links - ids == set()
    assert {"L24", "r-q1", "r-t1", "r-s1"} <= links & ids


def test_legend_adds_up_to_the_lines_that_are_not_blank():
    report = importing.read("lanterns.txt", MINUTES.encode())
    shown = preview_of(report)
    written = [line for line in MINUTES.splitlines() if line.strip()]
    assert sum(part.lines for part in shown.legend) == shown.account.line_count == len(written)
    assert [line.text for line in shown.lines] == MINUTES.splitlines()
    assert all(bool(line.place) == bool(line.text.strip()) for line in shown.lines)


def test_page_of_a_very_long_document_is_cut_and_says_so(client, curator, monkeypatch):
    monkeypatch.setattr(previewing, "SHOWN", 25)
    response = send(client, text=MINUTES, name="lanterns.txt")
    page, said = response.content.decode(), words_of(response)
    assert ("L25" in page, "L26" in page.replace('href="#L26"', ""), "brass" in page) == (True, False, False)
    assert "Only the first 25 of 40 lines are shown" in said
    assert "of 21 lines" in said


def test_lines_without_a_place_are_named():
    text = MINUTES + "\n\n".join(f"\n\n%% {n} %% ???" for n in range(4))
    shown = preview_of(importing.read("lanterns.txt", text.encode()))
    assert [line for line, _ in shown.unplaced] == [line.number for line in shown.lines if line.place == "unplaced"]


def test_import_after_the_preview_lands_on_the_workshop(client, curator):
    response = do_import(client, send(client, text=MINUTES, name="lanterns.txt"))
    assert response.redirect_chain == [("/workshops/workshop-on-lanterns/", 302)]
    assert "lanterns.txt is imported: 2 talks, 6 turns, 4 people" in words_of(response)
    workshop = Workshop.objects.get()
    assert (workshop.visibility, ImportRun.objects.get().by) == ("draft", curator)
    assert Turn.objects.count() == 6


def test_kept_files_are_gone_once_imported(client, curator):
    preview = send(client, text=MINUTES, name="lanterns.txt")
    do_import(client, preview)
    again = do_import(client, preview)
    assert "These files are not kept any more" in words_of(again)


def corrected(editor):
    """A second version of the minutes, and corrections of what the first one made."""
    bring_in()
    brass, sand = Turn.objects.get(text__contains="brass"), Turn.objects.get(text__contains="sand")
    with change(editor, "heard it otherwise") as c:
        c.set(brass, text="About eight hours, measured on the long table with the brass lamp.")
        c.set(sand, text="Which sand did you melt for the green panes?")
        c.set(Talk.objects.get(title="Glass"), title="Coloured glass")
    return (
        MINUTES.replace("About nine hours", "About ten hours")
        .replace("washed two times", "washed three times")
        .replace("Otto: How long does one filling burn in still air?\n\n", "")
        .replace("Zed: Was it dear?", "Zed: Was it dear?\n\nOtto: I came late, what did I miss of the panes?")
    )


def test_forecast_of_a_re_import_says_exactly_what_will_happen(editor):
    text = corrected(editor)
    shown = forecast(importing.read("lanterns.txt", text.encode()))
    assert [group.title for group in shown.groups][-2:] == ["Wicks and oil", "Glass"]
    steps = {(step.verb, step.kind, step.field): step for group in shown.groups for step in group.steps}
    [conflict] = [step for step in steps.values() if step.verb == "conflict"]
    assert (conflict.title, conflict.stands[:18]) == ("Ida", "About eight hours,")
    assert [w for w in conflict.words if w.change != "same"] == [Words("nine", "gone"), Words("ten", "new")]
    changed = steps["changed", "turn", "text"]
    assert [w for w in changed.words if w.change != "same"] == [Words("two", "gone"), Words("three", "new")]
    assert steps["kept", "talk", "title"].words == (Words("Glass", "gone"), Words("Coloured glass", "new"))
    assert Words("green", "new") in steps["kept", "turn", "text"].words
    assert steps["retired", "turn", ""].title == "Otto: How long does one filling burn in still air?"
    assert steps["new", "turn", ""].title == "Otto: I came late, what did I miss of the panes?"


def test_preview_of_a_re_import_and_what_it_brings(client, curator, editor):
    text = corrected(editor)
    before = rows()
    preview = send(client, text=text, name="lanterns.txt")
    assert rows() == before
    said = words_of(preview)
    assert re.search(r"Updates Workshop on Lanterns : 1 new, .*1 retired, 2 kept by correction, 1 conflict\.", said)
    assert "<del>nine</del> <ins>ten</ins>" in preview.content.decode()
    do_import(client, preview)
    assert Conflict.objects.get().field == "text"
    assert Turn.objects.get(text__contains="river mouth").text.endswith("washed three times.")
    assert Turn.objects.get(text__contains="brass").text.startswith("About eight")


def test_record_that_comes_back_is_said_to(editor):
    bring_in()
    bring_in(MINUTES.replace("Zed: Was it dear?\n", ""))
    shown = forecast(importing.read("lanterns.txt", (MINUTES + "\n").encode()))
    back = [step.title for group in shown.groups for step in group.steps if step.verb == "back" and step.kind == "turn"]
    assert back == ["Zed: Was it dear?"]


def test_turn_in_another_talk_is_said_to_move():
    bring_in()
    words = "Ida: About nine hours, measured on the long table with the brass lamp.\n\n"
    text = MINUTES.replace(words, "").replace("Zed: Was", f"{words}Zed: Was")
    shown = forecast(importing.read("lanterns.txt", text.encode()))
    moved = [step for group in shown.groups for step in group.steps if step.verb == "moved" and step.words]
    assert [step.words for step in moved] == [(Words("Wicks and oil", "gone"), Words("Glass", "new"))]


def test_preview_that_became_stale_is_planned_anew(client, curator, editor):
    bring_in()
    preview = send(client, text=MINUTES.replace("washed two times", "washed often"), name="lanterns.txt")
    mouth = Turn.objects.get(text__contains="river mouth")
    with change(editor, "meanwhile") as c:
        c.set(mouth, text="The one from the estuary, washed two times.")
    response = do_import(client, preview)
    mouth.refresh_from_db()
    assert mouth.text == "The one from the estuary, washed two times."
    assert Conflict.objects.get().source == "The one from the river mouth, washed often."
    assert "Something was changed on the site since the preview" in words_of(response)


def test_same_file_again_has_nothing_to_do(client, curator):
    bring_in()
    response = send(client, text=MINUTES, name="lanterns.txt")
    assert "Imported as it is already: there is nothing to do." in words_of(response)
    assert ">Import</button>" not in response.content.decode()


def test_one_bad_file_leaves_the_others(client, curator):
    other = MINUTES.replace("Lanterns", "Sails").replace("7-8 June", "9-10 June")
    preview = send(client, ("good.txt", MINUTES), ("bad.txt", b"%PDF-1.4 \0"), ("other.txt", other))
    said = words_of(preview)
    assert "bad.txt is a PDF, not text" in said
    assert "Import the 2 that can be" in said
    done = do_import(client, preview)
    assert sorted(Workshop.objects.values_list("title", flat=True)) == ["Workshop on Lanterns", "Workshop on Sails"]
    assert done.redirect_chain[-1][0].startswith("/import/preview/?of=")
    assert "good.txt is imported" in words_of(done)


def test_subtitles_logs_and_zipped_pages_are_taken_too(client, curator):
    files = Path(__file__).parent / "files"
    packed = mutated.zipped({"Harbour.html": (files / "google-docs.html").read_bytes()})
    sent = [(name, (files / name).read_bytes()) for name in ("voices.vtt", "names.srt", "kites.irssi.log")]
    preview = send(client, *sent, ("harbour.zip", packed))
    assert "Import the 4 that can be" in words_of(preview) or "Import all 4" in words_of(preview)
    do_import(client, preview)
    assert Workshop.objects.count() == 4


def test_what_begins_on_no_line_has_no_link_to_one(client, curator):
    content = (Path(__file__).parent / "files" / "voices.vtt").read_bytes()
    page = send(client, ("voices.vtt", content)).content.decode()
    assert 'href="#L0"' not in page
    assert 'title="number or time of a subtitle"' in page


def test_one_of_several_files_is_imported_by_its_own_button(client, curator):
    preview = send(client, ("good.txt", MINUTES), ("other.txt", MINUTES.replace("Lanterns", "Sails")))
    do_import(client, preview, file="1")
    assert [workshop.title for workshop in Workshop.objects.all()] == ["Workshop on Sails"]


def test_kept_files_are_for_their_sender_and_for_a_day(client, curator, editor, monkeypatch):
    token = uploads.keep(curator, [uploads.Upload("a.txt", b"Words")], "draft")
    assert uploads.find(editor, token) is None
    assert uploads.find(curator, "../" * 7 + "a") is None
    assert uploads.find(curator, token).uploads == (uploads.Upload("a.txt", b"Words"),)
    day_later = time.time() + uploads.KEPT + 1
    monkeypatch.setattr(uploads.time, "time", lambda: day_later)
    assert uploads.find(curator, token) is None
    uploads.keep(curator, [uploads.Upload("b.txt", b"Words")], "draft")
    assert not (settings.DATA_DIR / "uploads" / str(curator.pk) / token).exists()


def test_workshop_that_the_curator_may_not_read_is_not_shown(client):
    importing.write(importing.read("lanterns.txt", MINUTES.encode()), visibility="draft")
    user = User.objects.create_user("half")
    user.user_permissions.add(Permission.objects.get(codename="add_workshop"))
    client.force_login(user)
    preview = send(client, text=MINUTES + "\nMore: words.\n", name="lanterns.txt", visibility="public")
    assert "lanterns.txt belongs to a workshop that you may not read" in words_of(preview)
    assert "Wicks" not in words_of(preview)


def test_namesake_is_pointed_out(client, curator):
    bring_in()
    said = words_of(send(client, text=MINUTES.replace("Was it dear", "Was it cheap"), name="copy.txt"))
    assert "already; to update that one, send the file under the name lanterns.txt" in said


def many_turns(count: int, word: str) -> str:
    turns = "\n\n".join(f"Otto: Remark {n} on the {word} lamp that hangs in hall {n}." for n in range(count))
    return MINUTES.replace("Zed: Was it dear?", turns)


def test_queries_of_a_preview_do_not_grow_with_the_turns(client, curator):
    def cost(name, text):
        token = send(client, text=text, name=name, follow=False).headers["location"]
        with CaptureQueriesContext(connection) as queries:
            assert client.get(token).status_code == 200
        return len(queries)

    first = [cost(f"{n}.txt", many_turns(n, "old")) for n in (3, 60)]
    for n in (3, 60):
        importing.write(importing.read(f"{n}.txt", many_turns(n, "old").encode()))
    again = [cost(f"{n}.txt", many_turns(n, "new")) for n in (3, 60)]
    assert first[0] == first[1] <= 25
    assert again[0] == again[1] <= 60


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a b c", "a x c", [("a", "same"), ("b", "gone"), ("x", "new"), ("c", "same")]),
        ("", "all new", [("all new", "new")]),
        ("all gone", "", [("all gone", "gone")]),
        (
            "1 2 3 4 5 6 7 8 9 10 11 x",
            "1 2 3 4 5 6 7 8 9 10 11 y",
            [("… 4 5 6 7 8 9 10 11", "same"), ("x", "gone"), ("y", "new")],
        ),
    ],
)
def test_compare_shows_words_that_differ(before, after, shown):
    assert [(words.text, words.change) for words in compare(before.split(), after.split())] == shown
