"""The seed's site, as its readers get it, before two judges: the W3C's checker and Lighthouse.

    python -m bench.audit [--checker-only]

Starts the site as `make run` does, on a free port and in a folder of its own; visits one page of every kind; asks the
checker (npm `vnu-jar`, needs Java) for errors, and Lighthouse (npm, needs Chromium) for its scores of the pages that
are read most. Both come from the npm registry into `var/audit`, in the versions below. Exits with 1 where the checker
finds an error, or where accessibility, best practices or SEO have less than 100; performance is told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.machine import find_chromium, free_port
from tests.pages import find_pages, read

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "var" / "audit"
PACKAGES = {"vnu-jar": "26.9.27", "lighthouse": "12.8.2"}
MUST = ("accessibility", "best-practices", "seo")
READ_MOST = ("home", "day", "talk", "person", "topic", "results")


def main() -> int:
    install()
    with tempfile.TemporaryDirectory(prefix="rapporteur-audit-") as room, site(room) as address:
        pages = find_pages(address)
        faults = check(address, pages)
        if "--checker-only" not in sys.argv:
            faults += judge(address, pages)
    return int(faults > 0)


def install() -> None:
    """Into a folder that is not the project's; what is there already is left."""
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items() if not _installed(name, version)]
    if wanted:
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([*command, "--prefix", str(TOOLS), *wanted], check=True)


def _installed(name: str, version: str) -> bool:
    described = TOOLS / "node_modules" / name / "package.json"
    return described.exists() and json.loads(described.read_text())["version"] == version


@contextmanager
def site(room: str) -> Iterator[str]:
    """The address of a site with the seed minutes, served as `make run` does it, with its files in `room`."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": room, "PORT": str(port)}
    with (Path(room) / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "config.serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                read(f"{address}/")
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def check(address: str, pages: dict[str, str]) -> int:
    """The number of errors; each is printed with its page. The checker reads files: it asks no server here."""
    jar = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with tempfile.TemporaryDirectory(prefix="rapporteur-audit-") as room:
        files = []
        for kind, page in pages.items():
            files.append(Path(room) / f"{kind.replace(' ', '-')}.html")
            files[-1].write_text(read(address + page), encoding="utf-8")
        command = ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, files)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    messages = json.loads(told)["messages"]
    errors = [one for one in messages if one["type"] != "info"]
    for one in messages:
        kind = one.get("subType", one["type"])
        print(f"{kind}: {one['url'].rpartition('/')[2]}:{one.get('lastLine', 0)}: {one['message']}")
    print(f"W3C checker: {len(pages)} pages, {len(errors)} errors, {len(messages) - len(errors)} other messages")
    return len(errors)


def judge(address: str, pages: dict[str, str]) -> int:
    """How many scores are less than they must be."""
    program = TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js"
    chromium = find_chromium()
    if chromium is None:
        sys.exit("Lighthouse needs Chromium: apt-get install -y chromium")
    less = 0
    for kind in READ_MOST:
        told = subprocess.run(
            ["node", str(program), address + pages[kind], "--output=json", "--quiet", "--throttling-method=provided",
             "--chrome-flags=--headless --no-sandbox --disable-gpu --disable-background-networking"],
            env=os.environ | {"CHROME_PATH": str(chromium)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout  # fmt: skip
        report = json.loads(told)
        scores = {name: round(100 * (one["score"] or 0)) for name, one in report["categories"].items()}
        print(f"{kind}: " + ", ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
        for name in MUST:
            if scores[name] < 100:
                less += 1
                for ref in report["categories"][name]["auditRefs"]:
                    audit = report["audits"][ref["id"]]
                    if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                        print(f"  {name}: {audit['title']}")
    return less


if __name__ == "__main__":
    sys.exit(main())
