"""The seed's site, as its readers get it, before two judges: the W3C's checker and Lighthouse.

    python -m bench.audit [--checker-only]

Starts the site as `make run` does, on a free port and in a folder of its own; visits one page of every kind, those of
editors signed in; asks the checker (npm `vnu-jar`, needs Java) for errors, and Lighthouse (npm, needs Chromium) for
its scores of the pages that are read most. Both come from the npm registry into `var/audit`, in the versions below.
Exits with 1 where the checker finds an error, or where accessibility, best practices or SEO have less than 100;
performance is told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.seed_site import ROOT, SignedIn, site
from tests.machine import find_chromium
from tests.pages import find_pages, pages_of_editors, read

TOOLS = ROOT / "var" / "audit"
PACKAGES = {"vnu-jar": "26.9.27", "lighthouse": "12.8.2"}
MUST = ("accessibility", "best-practices", "seo")
READ_MOST = ("home", "day", "talk", "person", "topic", "search", "results")
# Search engines are kept away from what is found: it repeats other pages, without end.
NOT_INDEXED = {"results": "seo"}


def main() -> int:
    install()
    with tempfile.TemporaryDirectory(prefix="rapporteur-audit-") as room, site(room) as address:
        pages = find_pages(address)
        texts = {kind: read(address + page) for kind, page in pages.items()}
        administrator = SignedIn(address)
        texts |= {kind: administrator.read(address + page) for kind, page in pages_of_editors(pages).items()}
        texts["talk, with marks"] = administrator.read(address + pages["talk"])
        faults = check(texts)
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


def check(texts: dict[str, str]) -> int:
    """Pages by their kind in, the number of errors out; each is printed with its page."""
    jar = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with tempfile.TemporaryDirectory(prefix="rapporteur-audit-") as room:
        files = []
        for kind, text in texts.items():
            files.append(Path(room) / f"{kind.replace(' ', '-')}.html")
            files[-1].write_text(text, encoding="utf-8")
        command = ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always", *map(str, files)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    messages = json.loads(told)["messages"]
    errors = [one for one in messages if one["type"] != "info"]
    for one in messages:
        kind = one.get("subType", one["type"])
        print(f"{kind}: {one['url'].rpartition('/')[2]}:{one.get('lastLine', 0)}: {one['message']}")
    print(f"W3C checker: {len(texts)} pages, {len(errors)} errors, {len(messages) - len(errors)} other messages")
    return len(errors)


def judge(address: str, pages: dict[str, str]) -> int:
    """How many scores are less than they must be."""
    program = TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js"
    chromium = find_chromium()
    if chromium is None:
        sys.exit("Lighthouse needs Chromium: apt-get install -y chromium")
    less = 0
    for kind in READ_MOST:
        report = json.loads(_lighthouse(program, address + pages[kind], chromium))
        scores = {name: round(100 * (one["score"] or 0)) for name, one in report["categories"].items()}
        print(f"{kind}: " + ", ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
        for name in MUST:
            if scores[name] < 100 and NOT_INDEXED.get(kind) != name:
                less += 1
                for ref in report["categories"][name]["auditRefs"]:
                    audit = report["audits"][ref["id"]]
                    if ref["weight"] and audit["score"] is not None and audit["score"] < 1:
                        print(f"  {name}: {audit['title']}")
    return less


def _lighthouse(program: Path, address: str, chromium: str, tries: int = 2) -> str:
    """Its report; asked a second time where its browser did not come up."""
    flags = "--headless --no-sandbox --disable-gpu --disable-background-networking"
    command = ["node", str(program), address, "--output=json", "--quiet", "--throttling-method=provided"]
    environment = os.environ | {"CHROME_PATH": str(chromium)}
    told = subprocess.run(
        [*command, f"--chrome-flags={flags}"], env=environment, capture_output=True, text=True, check=False
    )
    if told.returncode and tries > 1:
        return _lighthouse(program, address, chromium, tries - 1)
    if told.returncode:
        sys.exit(f"Lighthouse failed on {address}: {told.stderr.strip()[-500:]}")
    return told.stdout


if __name__ == "__main__":
    sys.exit(main())
