"""The site with the seed minutes, served as `make run` does it, for what looks at pages from outside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

from tests.machine import free_port
from tests.pages import read

ROOT = Path(__file__).resolve().parent.parent
NAME, PASSWORD = "administrator", "a secret of benches"
SIGN_IN = "/account/sign-in/"


@contextmanager
def site(room: str) -> Iterator[str]:
    """Its address, on a free port, with its files in `room` and an administrator of that NAME and PASSWORD."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": room, "PORT": str(port)}
    with (Path(room) / "log").open("w") as log:
        command = [sys.executable, "-m", "config.serve"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                read(f"{address}/")
                break
            except OSError:
                time.sleep(0.2)
        _make_administrator(environment)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _make_administrator(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "createsuperuser", "--noinput"]
    given = {
        "DJANGO_SUPERUSER_USERNAME": NAME,
        "DJANGO_SUPERUSER_EMAIL": "administrator@example.org",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }
    subprocess.run(command, cwd=ROOT, check=True, env=environment | given, capture_output=True)


class SignedIn:
    """The administrator, who reads pages as `tests.pages.read` does for visitors."""

    def __init__(self, address: str) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = self.read(address + SIGN_IN)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token, f"{SIGN_IN} has no form to sign in with."
        given = {"csrfmiddlewaretoken": token[1], "username": NAME, "password": PASSWORD}
        asked = urllib.request.Request(address + SIGN_IN, urllib.parse.urlencode(given).encode())
        asked.add_header("Referer", address + SIGN_IN)
        self.opener.open(asked, timeout=20).close()

    def read(self, address: str) -> str:
        with self.opener.open(address, timeout=20) as answer:
            return answer.read().decode()
