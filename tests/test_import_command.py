"""`import_minutes`: folders as series, a bad file among good ones, dry runs, and the bar on a terminal."""

import io
import os

import pytest
from django.core.management import call_command

from minutes.changes import change
from minutes.models import FailedImport, Series, Turn, Workshop
from people.models import Alias, Person
from tests.test_import_pages import MINUTES
from tests.test_importing import rows

pytestmark = [pytest.mark.django_db, pytest.mark.database]

SECOND = (
    MINUTES.replace("Lanterns", "Sails")
    .replace("7-8 June 2029", "3-4 July 2030")
    .replace("Thursday 7 June 2029", "Wednesday 3 July 2030")
    .replace("brass lamp", "tall mast")
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments, err=None):
    """What it said on both streams, and its exit status."""
    out, err, status = io.StringIO(), err or io.StringIO(), 0
    try:
        call_command("import_minutes", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as stop:
        status = stop.code
    return out.getvalue(), err.getvalue(), status


@pytest.fixture
def folder(tmp_path):
    room = tmp_path / "evening-meetings"
    (room / "2030").mkdir(parents=True)
    (room / "first.txt").write_text(MINUTES)
    (room / "2030" / "second.txt").write_text(SECOND)
    (room / ".hidden").write_text("not minutes")
    return room


def test_folder_is_a_series_of_named_files(folder):
    out, err, status = run(folder)
    assert (err, status) == ("", 0)
    series = Series.objects.get()
    assert (series.slug, series.title) == ("evening-meetings", "Evening meetings")
    assert sorted((w.minutes.name, w.series) for w in Workshop.objects.all()) == [
        ("2030/second.txt", series),
        ("first.txt", series),
    ]
    total = out.splitlines()[-1]
    assert total.startswith(
        "2 documents, 12 turns, 4 people new and 4 matched, 2 unresolved labels, 0 unplaced lines; "
    )
    assert total.endswith(" s")
    assert Person.objects.filter(name="Ida Marlow").count() == 1


def test_folder_without_series_and_single_file_have_none(folder):
    run(folder / "first.txt")
    run("--no-series", folder)
    assert not Series.objects.exists()
    assert Workshop.objects.count() == 2


def test_series_is_found_again_under_the_title_that_people_gave_it(folder, django_user_model):
    (folder / "2030" / "second.txt").rename(folder / "later")
    (folder / "later").rename(folder.parent / "later")
    run(folder)
    with change(django_user_model.objects.create_user("eve"), "nicer") as c:
        c.create(Alias, label="Zed", scope="series", scope_id=Series.objects.get().public_id, state="person",
                 person=Person.objects.get(name="Nils Quist").public_id)  # fmt: skip
    (folder.parent / "later").rename(folder / "second.txt")
    run(folder)
    assert Series.objects.count() == 1
    zed = Turn.objects.get(workshop__title="Workshop on Sails", text="Was it dear?")
    assert [voice.person.name for voice in zed.voices.all()] == ["Nils Quist"]


def test_bad_files_fail_alone(folder, settings):
    settings.MINUTES_SIZE_LIMIT = 2000
    (folder / "a-picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (folder / "enormous.txt").write_text("Words. " * 1000)
    out, err, status = run(folder, folder / "missing.txt")
    assert status == 2
    assert len(err.splitlines()) == 3
    assert "a-picture.txt is a picture, not text" in err
    assert "enormous.txt is larger than the limit of 0.00191 MB" in err
    assert "missing.txt: cannot be opened (No such file or directory)" in err
    assert "3 failed, see above" in out.splitlines()[-1]
    assert Workshop.objects.count() == 2


@pytest.mark.parametrize("content", [b"", b"\0\1\2" * 50, b"%PDF-1.7", b"PK\3\4 no archive", b"Words. " * 400])
def test_what_is_no_minutes_writes_no_row(tmp_path, settings, content):
    settings.MINUTES_SIZE_LIMIT = 2000
    (tmp_path / "odd.txt").write_bytes(content)
    before = rows()
    _, err, status = run(tmp_path / "odd.txt")
    assert (status, len(err.splitlines()), err[:8]) == (2, 1, "odd.txt ")
    assert rows() == before
    assert not Series.objects.exists()


def test_two_files_of_one_name_are_not_taken_for_one(folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "first.txt").write_text(SECOND)
    (folder / "2030" / "second.txt").unlink()
    _, err, status = run(folder, other)
    assert status == 2
    assert "has the same name, first.txt" in err
    assert Workshop.objects.get().title == "Workshop on Lanterns"


def test_empty_folder_says_so(tmp_path):
    assert run(tmp_path)[1:] == ("There is no file in these folders; nothing was done.\n", 2)


def test_dry_run_of_new_files_writes_nothing(folder):
    before = rows()
    out, _, status = run("--dry-run", folder)
    assert status == 0
    assert rows() == before
    assert not Series.objects.exists()
    assert "new      talk, line 16: Wicks and oil (with 3 turns" in out
    assert "4 people new" in out.splitlines()[-1]


def test_dry_run_shows_old_words_and_new_ones(folder, django_user_model):
    file = folder / "first.txt"
    run(file)
    with change(django_user_model.objects.create_user("eve"), "heard it") as c:
        c.set(Turn.objects.get(text__contains="brass"), text="About eight hours.")
    file.write_text(MINUTES.replace("two times", "three times").replace("nine hours", "ten hours"))
    before = rows()
    out, _, _ = run("--dry-run", file)
    assert rows() == before
    assert "\n  Wicks and oil\n    conflict turn, line 26: Ida\n" in out
    assert "text: About [-nine-] {+ten+} hours, measured on the long table with the …" in out
    assert "a person’s correction stays: About eight hours." in out
    assert "\n  Glass\n    changed  turn, line 38: Rhea\n" in out
    assert "washed [-two-] {+three+} times." in out


def test_second_run_has_nothing_to_do(folder):
    run(folder)
    before = rows()
    out, _, status = run(folder)
    assert (status, out.count("nothing to do"), "2 unchanged" in out) == (0, 2, True)
    assert rows() == before


def test_failed_file_waits_for_curators_until_it_goes_in(folder):
    bad = folder / "2030" / "scan.pdf"
    bad.write_bytes(b"%PDF-1.7 \x00\x01")
    run("--dry-run", folder)
    assert not FailedImport.objects.exists()
    run(folder)
    run(folder)
    failed = FailedImport.objects.get()
    assert failed.name == "2030/scan.pdf"
    assert "scan.pdf" in failed.reason
    bad.write_text("# Evening\n\nAda Quill: It is text now.\n")
    assert run(folder)[2] == 0
    assert not FailedImport.objects.exists()


def test_bar_is_for_terminals(folder):
    assert "\r" not in run(folder)[1]
    shown = run("--again", folder, err=Terminal())[1]
    assert "0 of 2 files" in shown
    assert "1 of 2 files, 0 s left" in shown or "1 of 2 files, 1 s left" in shown
    assert shown.endswith("\r\x1b[K")


def test_what_lies_beside_minutes_is_noted_and_left_out(folder):
    (folder / "labels.json").write_text('{"Ada": "asked"}')
    (folder / "2030" / "room.png").write_bytes(b"\x89PNG")
    _, err, status = run(folder)
    assert status == 0
    assert Workshop.objects.count() == 2
    assert "labels.json is a file of another kind (application/json) and is left out" in err
    assert "room.png is a file of another kind (image/png) and is left out" in err
    # Who names the file itself means it.
    assert run(folder / "labels.json")[2] == 0
    assert Workshop.objects.count() == 3


def test_what_is_no_readable_file_is_named_and_the_rest_goes_in(folder):
    (folder / "loop").symlink_to(folder)
    (folder / "2030" / "self").symlink_to("self")
    (folder / "nowhere.txt").symlink_to(folder / "gone.txt")
    (folder / "broken.txt").symlink_to("/proc/self/mem")  # opens, and then cannot be read
    os.mkfifo(folder / "pipe")
    out, err, status = run(folder)
    assert status == 2
    assert Workshop.objects.count() == 2
    assert err.splitlines() == [
        f"{folder}/loop is a link to a folder and is not followed; give that folder itself.",
        f"{folder}/pipe is no file but a device or a pipe; it is left out.",
        f"{folder}/2030/self is a link that leads nowhere; mend it or take it away.",
        f"{folder}/broken.txt: cannot be opened (Input/output error). Check the path and try again.",
        f"{folder}/nowhere.txt is a link that leads nowhere; mend it or take it away.",
    ]
    assert "3 failed, see above" in out.splitlines()[-1]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to the superuser")
def test_closed_folder_is_named(folder):
    (folder / "2030").chmod(0)
    _, err, status = run(folder)
    (folder / "2030").chmod(0o700)
    assert (status, err) == (2, f"{folder}/2030 is a folder that cannot be opened; check its permissions.\n")


def test_what_is_said_of_several_lines_is_said_once(folder):
    (folder / "log.txt").write_text("".join(f"17:0{n} <{nick}> hello\n" for n, nick in enumerate("abcabc")))
    out, _, _ = run(folder / "log.txt")
    assert "log.txt:2: unresolved label: b (lines 2 and 5)\n" in out
    assert "log.txt: 1 talk, 6 turns, 0 people (0 new), 6 unresolved labels; " in out


def test_first_name_of_another_document_of_the_series_is_nobody(folder):
    (folder / "third.txt").write_text(
        "Hall\n\n5 May 2031\n\nTower\n\nDiscussion:\nIda: Is it high?\nRhea: Yes.\nIda: Good.\n"
    )
    run(folder)
    third = Turn.objects.filter(workshop__minutes__name="third.txt")
    assert [(voice.label, voice.person) for turn in third for voice in turn.voices.all()] == [
        ("Ida", None),
        ("Rhea", None),
        ("Ida", None),
    ]
