"""`make test`: all tests on SQLite, those of the database again on PostgreSQL, those of the browser in Chromium.

Words after it go to pytest, as in `make test ARGS="-k merge"`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.machine import find_chromium, postgresql  # noqa: E402

ON_POSTGRESQL = "(database or postgres) and not browser"
BRING_POSTGRESQL = "apt-get install -y postgresql"
BRING_CHROMIUM = "apt-get install -y chromium"
NO_TESTS = 5


def main(words: list[str]) -> int:
    missing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="rapporteur-tests-") as room:
        # Nothing that the environment says about a real site may reach a test.
        names = ("DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "SECURE", "PORT")
        names += ("TRUST_PROXY", "MAIL_FROM", "OIDC_SERVER", "SIGN_IN_TRIES", "SIGN_IN_PAUSE", "INVITATION_DAYS")
        environment = {name: value for name, value in os.environ.items() if name not in names} | {"DATA_DIR": room}
        codes = [run("on SQLite", "not browser and not postgres", environment, words)]
        with postgresql() as address:
            if address is None:
                missing.append(tell("PostgreSQL", BRING_POSTGRESQL, ON_POSTGRESQL, environment, words))
            else:
                on_postgresql = environment | {"DATABASE_URL": address}
                codes.append(run("on PostgreSQL", ON_POSTGRESQL, on_postgresql, words))
        if find_chromium() is None:
            missing.append(tell("Chromium", BRING_CHROMIUM, "browser", environment, words))
        else:
            codes.append(run("in Chromium", "browser", environment, words))
    print("\n\n".join(missing))
    if missing and os.environ.get("REQUIRE_ALL", "").lower() in ("1", "true", "yes"):
        print("\nREQUIRE_ALL is set, so this is a failure.")
        codes.append(1)
    # A part may well be empty where a person asked for some tests only, but not all parts.
    if words and set(codes) != {NO_TESTS}:
        codes = [0 if code == NO_TESTS else code for code in codes]
    return max(codes)


def run(where: str, marks: str, environment: dict[str, str], words: list[str]) -> int:
    print(f"\nTests {where}", flush=True)
    started = time.monotonic()
    # Each worker has a database, a browser and a site of its own.
    workers = ["-n", str(min(2, os.cpu_count() or 1)), "--dist", "loadfile"]
    code = pytest(["-q", "-m", marks, *workers, *words], environment).returncode
    print(f"Tests {where} took {time.monotonic() - started:.0f} s.", flush=True)
    return code


def tell(what: str, bring: str, marks: str, environment: dict[str, str], words: list[str]) -> str:
    """The sentence for tests that could not run, with their names."""
    listed = pytest(["-q", "--collect-only", "--no-header", "-m", marks, *words], environment, capture=True).stdout
    names = [line for line in listed.splitlines() if "::" in line]
    count = f"{len(names)} test{'s' * (len(names) != 1)} did not run {'in' if what == 'Chromium' else 'on'} it"
    head = f"{what} is missing: {count}. To bring it: {bring}"
    return "\n  ".join([head, *names])


def pytest(words: list[str], environment: dict[str, str], capture: bool = False) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, check=False, capture_output=capture)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
