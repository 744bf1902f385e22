"""How fast a search is answered: page and /search.json, beside a view that does nothing, the bare index and Datasette.

    python -m bench.search_speed [--turns 1000000] [--datasette PROGRAM] [--keep FOLDER] PATH...

Makes so many turns of the sentences of the minutes at PATH (files or folders; `bench/resampled.py`), serves them with
the project's own web server, and asks for words by how many turns have them. Every word is asked for once of each, in
turn, so that all see the same load of the machine, and none has it ready. Datasette (from PyPI, installed elsewhere)
searches the same rows with SQLite's FTS5 and English endings: as it comes, and with what it need not do turned off.
KEEP is a folder where what was made stays for another run.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

SEED = 6
SAMPLE = 40_000  # turns of which the words are counted
#: How many of a hundred thousand turns have the word, at least and at most; and how many such words are asked for.
CLASSES = {"rare": (5, 60, 24), "mid": (150, 800, 24), "common": (1500, 5000, 24), "very common": (2500, 100_000, 8)}
WARM = 4  # words of each class that are asked for before the clock starts
NAMES = ("nothing", "page", "json", "index", "datasette", "datasette as it comes")


def main() -> None:
    wanted = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    wanted.add_argument("paths", nargs="+", metavar="PATH")
    wanted.add_argument("--turns", type=int, default=1_000_000)
    wanted.add_argument("--datasette", default=shutil.which("datasette"))
    wanted.add_argument("--keep", type=Path)
    given = wanted.parse_args()
    if not given.datasette:
        sys.exit("Datasette is missing: install it in an environment of its own and name it by --datasette PROGRAM.")
    with ExitStack() as stack:
        room = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapporteur-bench-")))
        os.environ |= {"DATA_DIR": str(room), "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.pop("DATABASE_URL", None)
        prepare(room, given.turns, given.paths)
        words = choose(room / "rows.sqlite3")
        site = stack.enter_context(served(rapporteur(), "/nothing"))
        tuned = stack.enter_context(served(datasette(given.datasette, room, tuned=True), "/-/versions.json"))
        stock = stack.enter_context(served(datasette(given.datasette, room, tuned=False), "/-/versions.json"))
        measure(words, site, tuned, stock)


# What is searched


def prepare(room: Path, turns: int, paths: list[str]) -> None:
    """The site's database, its index, and the same rows for Datasette; what a kept folder has already is left."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench import resampled

    if not (room / "filled").exists():
        room.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        call_command("migrate", verbosity=0)
        call_command("load_seeds", stdout=sys.stderr)
        resampled.fill(turns, resampled.paths(paths), lambda done: print(f"\r{done} turns", end="", file=sys.stderr))
        print(f"\n{turns} turns written in {time.monotonic() - began:.0f} s", flush=True)
        began = time.monotonic()
        call_command("rebuild_search")
        print(f"indexed in {time.monotonic() - began:.0f} s", flush=True)
        copy_rows(room / "rows.sqlite3")
        call_command("collectstatic", interactive=False, verbosity=0)
        (room / "filled").touch()


def copy_rows(path: Path) -> None:
    """One table with what a search shows of a turn, and its full-text index: as Datasette's own tools would make it."""
    from minutes.models import Turn

    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as rows:
        rows.execute("create table turns (id integer primary key, label text, talk text, kind text, text text)")
        fields = ("pk", "voices__label", "talk__title", "kind", "text")
        found = Turn.objects.visible_to(None).order_by("pk").values_list(*fields)
        rows.executemany("insert or ignore into turns values (?, ?, ?, ?, ?)", found.iterator(chunk_size=5000))
        options = "content=turns, content_rowid=id, tokenize='porter unicode61'"
        rows.execute(f"create virtual table turns_fts using fts5 (text, {options})")
        rows.execute("insert into turns_fts(turns_fts) values ('rebuild')")
    rows.close()


def choose(path: Path) -> dict[str, list[str]]:
    """Words of each class, from a sample of the rows, always the same; first those that only warm up."""
    from minutes.search.sentences import is_weak

    with sqlite3.connect(path) as rows:
        (count,) = rows.execute("select max(id) from turns").fetchone()
        step = max(count // SAMPLE, 1)
        texts = [text for (text,) in rows.execute("select text from turns where id % ? = 0", (step,))]
    rows.close()
    having = Counter(word for text in texts for word in set(re.findall(r"[a-z]{4,}", text.lower())))
    chance = random.Random(SEED)
    chosen = {}
    for name, (least, most, size) in CLASSES.items():
        per = len(texts) / 100_000
        fitting = [w for w, n in having.most_common() if least * per <= n <= most * per and n > 1 and not is_weak([w])]
        # Of the very common ones the most common; of the others any.
        drawn = fitting[: size + WARM] if most * per >= len(texts) else fitting
        chosen[name] = chance.sample(sorted(drawn), min(size + WARM, len(drawn)))
        shares = sorted(having[word] / len(texts) for word in chosen[name])
        print(f"{name}: {len(chosen[name])} words, in {shares[0]:.2%} to {shares[-1]:.2%} of the turns")
    return chosen


# Who is asked


def rapporteur() -> Callable[[int], tuple[list[str], dict[str, str]]]:
    command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "bench.counted_wsgi"]
    return lambda port: (command, {"PORT": str(port)})


def datasette(program: str, room: Path, *, tuned: bool) -> Callable[[int], tuple[list[str], dict[str, str]]]:
    """Without the time limit, which would answer a common word with an error."""
    limits = ["--setting", "sql_time_limit_ms", "60000"]
    spared = ["--setting", "suggest_facets", "off"] if tuned else []
    return lambda port: ([program, "serve", str(room / "rows.sqlite3"), "--port", str(port), *limits, *spared], {})


@contextmanager
def served(
    command_for: Callable[[int], tuple[list[str], dict[str, str]]], ready: str
) -> Iterator[Callable[[str], float]]:
    """A server for the time of the run; what it gives back asks for one address and says the seconds it took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command, more = command_for(port)
    server = subprocess.Popen(command, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(address: str) -> float:
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("GET", address)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{address} was answered with {answer.status}")
        return time.perf_counter() - began

    try:
        for _ in range(300):
            try:
                ask(ready)
                break
            except OSError:
                time.sleep(0.2)
        yield ask
    finally:
        server.terminate()
        server.wait(timeout=30)


def bare_index() -> Callable[[str], float]:
    """The index in this process: exact count and the ten best by BM25 over the words of the turns; nothing is shown."""
    from tantivy import Occur, Query

    from minutes.search import schema, store

    searcher = store.reload().searcher

    def ask(word: str) -> float:
        began = time.perf_counter()
        [stem] = schema.stems(word)
        turns = (Occur.Must, store.term("what", schema.TURN))
        words = (Occur.Must, Query.term_query(schema.SCHEMA, "text", stem, index_option="freq"))
        found = searcher.search(Query.boolean_query([words, turns]), limit=10)
        for _, address in found.hits:
            searcher.doc(address)
        return time.perf_counter() - began

    return ask


# What is measured


def measure(
    words: dict[str, list[str]],
    site: Callable[[str], float],
    tuned: Callable[[str], float],
    stock: Callable[[str], float],
) -> None:
    index = bare_index()
    asked: dict[str, Callable[[str], float]] = {
        "nothing": lambda word: site("/nothing"),
        "page": lambda word: site(f"/search/?q={quote(word)}"),
        "json": lambda word: site(f"/search.json?q={quote(word)}"),
        "index": index,
        "datasette": lambda word: tuned(f"/rows/turns?_search={quote(word)}&_size=10"),
        "datasette as it comes": lambda word: stock(f"/rows/turns?_search={quote(word)}"),
    }
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    chance = random.Random(SEED)
    queue = [(name, word) for name in words for word in words[name][WARM:]]
    for name in words:
        for word in words[name][:WARM]:
            for ask in asked.values():
                for _ in range(int(os.environ.get("WEB_WORKERS", "2"))):
                    ask(word)
    chance.shuffle(queue)
    for name, word in queue:
        for who, ask in asked.items():
            times[who, name].append(ask(word))
    tell({who: {name: times[who, name] for name in words} for who in NAMES})


def tell(times: dict[str, dict[str, list[float]]]) -> None:
    """Milliseconds (median, 95th percentile), then the ratios that are aimed at."""
    mix = {who: [one for name in ("rare", "mid", "common") for one in times[who][name]] for who in times}
    classes = {name: {who: times[who][name] for who in times} for name in CLASSES} | {"mix": mix}
    for name, of in classes.items():
        print(f"{name} ({len(of['page'])} words)")
        for who, seconds in of.items():
            print(
                f"  {who:24} {1e3 * statistics.median(seconds):9.2f} ms, 95 of 100 under {1e3 * high(seconds):9.2f} ms"
            )
    for name, of, goals in (("mix", mix, (8, 10)), ("very common", classes["very common"], (5, 10))):
        for who, goal in zip(("page", "json"), goals, strict=True):
            for other in ("datasette", "datasette as it comes"):
                ratios = [theirs / ours for ours, theirs in zip(of[who], of[other], strict=True)]
                times_as_fast = statistics.median(of[other]) / statistics.median(of[who])
                print(
                    f"{name}: {who} {times_as_fast:.1f} times as fast as {other} (word by word {min(ratios):.1f} to "
                    f"{max(ratios):.1f}, median {statistics.median(ratios):.1f}; aim {goal})"
                )
    every = {who: [one for name in CLASSES for one in times[who][name]] for who in times}
    slow = high(every["page"]) / statistics.median(every["nothing"])
    print(
        f"page: 95 of 100 under {slow:.1f} times the median of the view that does nothing, "
        f"{high(every['page']) / high(every['nothing']):.1f} times its 95th percentile (aim 10)"
    )


def high(seconds: list[float]) -> float:
    """The 95th percentile."""
    return sorted(seconds)[min(int(0.95 * len(seconds)), len(seconds) - 1)]


if __name__ == "__main__":
    main()
