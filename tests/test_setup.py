"""Setting up: what `make` says where Python is missing or too old, what is pinned, and what tests take from others."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import psycopg
import pytest

from tests import machine, run

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("make", "sh", "dirname", "touch", "rm", "date", "sed", "mktemp")


def make(target: str, room: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """`make` in a copy of what it needs, on a machine with only a few tools and these `programs`."""
    shutil.copytree(ROOT / "bin", room / "site" / "bin")
    shutil.copytree(ROOT / "requirements", room / "site" / "requirements")
    shutil.copy(ROOT / "Makefile", room / "site")
    path = room / "path"
    path.mkdir()
    for tool in TOOLS:
        (path / tool).symlink_to(str(shutil.which(tool)))
    for name, script in programs.items():
        (path / name).write_text("#!/bin/sh\n" + script)
        (path / name).chmod(0o755)
    command = [str(path / "make"), "SHELL=" + str(path / "sh"), target]
    return subprocess.run(
        command, cwd=room / "site", env={"PATH": str(path)}, text=True, capture_output=True, check=False, timeout=60
    )


OLD = 'case "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac\n'
BARE = 'case "$2" in *ensurepip*) exit 1;; *) exit 0;; esac\n'


@pytest.mark.parametrize(
    ("programs", "sentence"),
    [
        ({}, "Python is missing: install Python 3.11 or newer"),
        ({"python3": OLD}, "Python 3.9.2 is too old: install Python 3.11 or newer"),
        ({"python3": BARE}, "This Python has no venv and ensurepip modules: install them"),
    ],
)
@pytest.mark.parametrize("target", ["setup", "run"])
def test_make_says_in_one_sentence_what_python_lacks(tmp_path, target, programs, sentence) -> None:
    result = make(target, tmp_path, **programs)
    said = [line for line in result.stderr.splitlines() if not line.startswith("make")]
    assert result.returncode == 2
    assert len(said) == 1
    assert said[0].startswith(sentence)
    assert not (tmp_path / "site" / ".venv").exists()


def test_make_setup_done_before_does_nothing(tmp_path) -> None:
    make_room = tmp_path / "site" / ".venv" / "bin"
    make_room.mkdir(parents=True)
    # A Python that fails: setup would call it, had it anything to do.
    (make_room / "python").write_text("#!/bin/sh\nexit 1\n")
    (make_room / "python").chmod(0o755)
    stamp = tmp_path / "site" / ".venv" / ".base"
    stamp.write_text("")
    shutil.copy(ROOT / "Makefile", tmp_path / "site")
    for folder in ("bin", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / "site" / folder)
    os.utime(stamp)
    result = subprocess.run(["make", "setup"], cwd=tmp_path / "site", text=True, capture_output=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_make_help_lists_what_people_call(tmp_path) -> None:
    listed = [line.split()[1] for line in make("help", tmp_path).stdout.splitlines()]
    assert listed[:6] == ["help", "setup", "run", "test", "lint", "bench"]


def test_run_refuses_a_port_that_is_taken(tmp_path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": port}
        command = [sys.executable, "-m", "config.serve"]
        result = subprocess.run(
            command, cwd=ROOT, env=environment, text=True, capture_output=True, check=False, timeout=60
        )
    assert result.returncode == 1
    assert re.fullmatch(rf"Port {port} cannot be used \(.+\): stop what uses it, or .+\n", result.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("name", ["base", "postgres", "test"])
def test_requirements_are_hashed_and_name_no_place(name) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-", re.sub(r"^\s+--hash=sha256:[0-9a-f]{64}( \\)?$", "", text, flags=re.M), re.M)
    pins = re.findall(r"^([a-z0-9-]+)(?:\[[a-z]+\])?==\S+(?: ; .+?)? \\$", text, re.M)
    assert len(pins) == len(re.findall(r"^[a-z]", text, re.M)) > 15


def test_requirements_pin_all_that_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for name, declared in (
        ("base", project["dependencies"]),
        ("postgres", project["dependencies"] + extras["postgres"]),
        ("test", project["dependencies"] + extras["postgres"] + extras["test"]),
    ):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pinned = set(re.findall(r"^([a-z0-9-]+)", text, re.M))
        assert {re.split(r"[^\w-]", entry)[0].lower() for entry in declared} <= pinned


@pytest.mark.parametrize("folder", [ROOT / "static" / "vendor", ROOT / "tests" / "vendor"], ids=["site", "tests"])
def test_vendored_files_are_as_they_were_published(folder) -> None:
    files = tomllib.loads((folder / "manifest.toml").read_text())["file"]
    for file in files:
        assert hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest() == file["sha256"]
        assert (folder / file["licence_file"]).exists()
    described = {file["name"] for file in files} | {file["licence_file"] for file in files} | {"manifest.toml"}
    assert {path.name for path in folder.iterdir()} == described


@pytest.mark.parametrize(("require_all", "code"), [("", 0), ("1", 1)])
def test_run_names_the_tests_that_the_machine_left_out(monkeypatch, capsys, require_all, code) -> None:
    monkeypatch.setenv("REQUIRE_ALL", require_all)
    monkeypatch.setattr(run, "find_chromium", lambda: None)
    monkeypatch.setattr(run, "postgresql", lambda: contextlib.nullcontext(None))
    monkeypatch.setattr(run, "run", lambda *args, **options: 0)
    assert run.main(["tests/test_setup.py", "tests/browser/test_page_fixtures.py", "-k", "cluster or axe"]) == code
    said = capsys.readouterr().out
    assert [line for line in said.splitlines() if line and "REQUIRE_ALL" not in line] == [
        "PostgreSQL is missing: 1 test did not run on it. To bring it: apt-get install -y postgresql",
        "  tests/test_setup.py::test_temporary_cluster_lets_databases_be_made",
        "Chromium is missing: 1 test did not run in it. To bring it: apt-get install -y chromium",
        "  tests/browser/test_page_fixtures.py::test_axe_finds_a_picture_without_words",
    ]
    assert ("REQUIRE_ALL is set, so this is a failure." in said) == bool(require_all)


@pytest.mark.postgres
def test_temporary_cluster_lets_databases_be_made() -> None:
    programs = machine.find_postgresql_programs()
    if programs is None:
        pytest.skip("a server is named or runs elsewhere; its programs are not on this machine")
    with machine.temporary_cluster(programs) as address:
        assert machine.may_create_databases(address)
        with psycopg.connect(address) as connection:
            row = connection.execute("SHOW server_encoding").fetchone()
        assert row == ("UTF8",)
    assert not machine.may_create_databases(address)


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_run_has_a_database_of_its_own() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone()[0].startswith("rapporteur_test_")
