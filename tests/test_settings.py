"""Settings as the environment asks for them, in processes of their own; and what the pages' headers promise."""

from __future__ import annotations

import http.client
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.machine import free_port

ROOT = Path(__file__).resolve().parent.parent
NAMES = [
    "DEBUG",
    "SECURE",
    "PORT",
    "ALLOWED_HOSTS",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_PRELOAD",
]


def python(code: str, room: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(room)}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=environment | variables, text=True, capture_output=True, check=False, timeout=60
    )


def read_settings(room: Path, **variables: str) -> dict[str, object]:
    code = "import json; from django.conf import settings as s; "
    code += f"print(json.dumps({{name: getattr(s, name) for name in {NAMES}}}))"
    result = python(code, room, **variables)
    assert result.stderr == ""
    return dict(json.loads(result.stdout))


def test_settings_without_environment_are_those_of_make_run(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == {
        "DEBUG": False,
        "SECURE": False,
        "PORT": 8000,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]"],
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "SECURE_HSTS_PRELOAD": False,
    }


def test_settings_follow_the_environment(tmp_path: Path) -> None:
    given = {"SECURE": "true", "HSTS_PRELOAD": "1", "PORT": "8123", "ALLOWED_HOSTS": "a.example.org, b.example.org"}
    assert read_settings(tmp_path, **given) == {
        "DEBUG": False,
        "SECURE": True,
        "PORT": 8123,
        "ALLOWED_HOSTS": ["a.example.org", "b.example.org"],
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_HSTS_PRELOAD": True,
    }


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "abc", "PORT is “abc”, but must be a whole number from 1 to 65535."),
        ("PORT", "70000", "PORT is “70000”, but must be a whole number from 1 to 65535."),
        ("MINUTES_SIZE_LIMIT", "0", "MINUTES_SIZE_LIMIT is “0”, but must be a whole number from 1 to 1000."),
        ("DEBUG", "maybe", "DEBUG is “maybe”, but must be true or false."),
        (
            "DATABASE_URL",
            "mysql://a:secret@b/c",
            "DATABASE_URL must name SQLite or PostgreSQL; other databases are not",
        ),
        ("DATABASE_URL", "nonsense", "DATABASE_URL cannot be read; it looks like sqlite:///folder/file.sqlite3 or"),
        ("DATABASE_URL", "postgres://a:secret@b:port/c", "DATABASE_URL cannot be read; it looks like sqlite:///folder"),
        ("CSRF_TRUSTED_ORIGINS", "a.org", "CSRF_TRUSTED_ORIGINS holds “a.org”, but every entry must begin with https"),
        ("SITE_ADDRESS", "a.org", "SITE_ADDRESS is “a.org”, but must begin with https:// or http://."),
        ("MAIL_FROM", "minutes", "MAIL_FROM is “minutes”, but must be an e-mail address."),
        ("SITE_LANGUAGE", "tlh", "SITE_LANGUAGE is “tlh”, but must be one of en."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL is “loud”, but must be one of CRITICAL, ERROR, WARNING, INFO, DEBUG."),
    ],
)
def test_settings_malformed_value_gives_one_sentence(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    code = "import sys; sys.argv = ['manage.py', 'migrate']; import manage; manage.main()"
    result = python(code, tmp_path, **{name: value})
    assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
    assert result.stderr.startswith(sentence)
    assert "secret" not in result.stderr


def test_settings_data_dir_that_is_a_file_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = python("import sys; sys.argv = ['manage.py', 'check']; import manage; manage.main()", tmp_path / "file")
    assert result.stderr == f"DATA_DIR is “{tmp_path}/file”, which is no folder and cannot be made one: File exists.\n"


def test_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    together = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path / "new")},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    keys = {process.communicate(timeout=60)[0] for process in together}
    assert keys == {(tmp_path / "new" / "secret_key").read_text()}
    assert len(keys.pop()) > 80
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600


def test_sqlite_is_set_for_safety(tmp_path: Path) -> None:
    code = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
        print(pragma, cursor.execute(f"PRAGMA {pragma}").fetchone()[0])
print(connection.transaction_mode)
"""
    result = python(code, tmp_path)
    assert result.stdout.splitlines() == [
        "journal_mode wal",
        "synchronous 2",
        "foreign_keys 1",
        "busy_timeout 20000",
        "IMMEDIATE",
    ]


@pytest.mark.parametrize(("trust", "answer"), [("false", 301), ("true", 200)])
def test_proxy_is_believed_only_where_the_settings_say_so(tmp_path: Path, trust: str, answer: int) -> None:
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "PORT": str(port), "WEB_WORKERS": "1"}
    environment |= {"SECURE": "true", "TRUST_PROXY": trust, "DEBUG": "true"}
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                connection.request("GET", "/account/sign-in/", headers={"X-Forwarded-Proto": "https"})
                status = connection.getresponse().status
            except ConnectionRefusedError:
                time.sleep(0.1)
            else:
                break
            finally:
                connection.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
    assert status == answer


def test_pages_carry_the_strict_policy(client) -> None:
    page = client.get("/account/sign-in/")
    policy = {
        directive.split(maxsplit=1)[0]: directive.split(maxsplit=1)[1]
        for directive in page.headers["Content-Security-Policy"].split("; ")
    }
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
