"""The process that indexes is killed at random moments; the next start must make the index whole again, every time.

    python -m bench.crash_search [COUNT]      in a folder of its own; the index is compared with a fresh one each time

One process changes records and follows, rebuilds now and then, and is killed without warning (SIGKILL); this one then
opens the index, brings it up to date, and compares all that it holds with an index made anew from the database.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    if sys.argv[1:2] == ["--write"]:
        write(int(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with tempfile.TemporaryDirectory() as room:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": room, "LOG_LEVEL": "ERROR"}
        os.environ.pop("DATABASE_URL", None)
        crash(count)
    print(f"{count} times killed, {count} times the index was whole again")


def crash(count: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from minutes.search import following, store
    from tests.indexed import contents

    call_command("prepare_site", stdout=sys.stderr)
    chance = random.Random(1)
    for n in range(1, count + 1):
        writer = subprocess.Popen(
            [sys.executable, "-m", "bench.crash_search", "--write", str(n)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        time.sleep(chance.uniform(0, 0.7))
        writer.kill()
        writer.wait()
        store.forget()
        opened, behind = following.up_to_date()
        assert behind == 0
        found = contents(opened)
        following.rebuild()
        fresh = contents(store.current())
        if found != fresh:
            raise SystemExit(f"{n}: {len(set(found) ^ set(fresh))} differences: {sorted(set(found) ^ set(fresh))[:4]}")
        if n % 10 == 0:
            print(f"{n} of {count}", flush=True)


def write(seed: int) -> None:
    """Changes texts, names and labels until it is killed."""
    import django

    django.setup()
    from minutes.changes import change
    from minutes.models import Talk, Turn
    from minutes.search import following
    from people.models import Person

    chance = random.Random(seed)
    turns, talks, people = (list(model.objects.all()) for model in (Turn, Talk, Person))
    print("writing", flush=True)
    while True:
        with change(None) as c:
            for turn in chance.sample(turns, chance.choice((1, 1, 1, 20))):
                c.set(turn, text=f"{turn.text} {chance.randrange(10**6)}")
            if chance.random() < 0.3:
                c.set(chance.choice(talks), title=f"Title {chance.randrange(10**6)}")
            if chance.random() < 0.3:
                c.set(chance.choice(people), name=f"Name {chance.choice('abcdefgh')}{chance.randrange(10**6)}")
        if chance.random() < 0.1:
            following.rebuild()


if __name__ == "__main__":
    main()
