"""Half-remembered words of the seed minutes looked for among many turns of other minutes: how often they are found.

    python -m bench.haystack [--turns 83000] [--keep FOLDER] PATH...

Makes so many turns of the sentences of the minutes at PATH (`bench/resampled.py`), imports the seed minutes among them,
and asks for each turn of the seed by three of its words, drawn with a fixed seed. Beside it, BM25 over the turns' own
words in the same index. KEEP is a folder where what was made stays for another run.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

SEED = 8
WORDS = 3
LETTERS = 4  # of a word that one remembers, at least
DEPTHS = (1, 3, 10)


def main() -> None:
    wanted = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    wanted.add_argument("paths", nargs="+", metavar="PATH")
    wanted.add_argument("--turns", type=int, default=83_000)
    wanted.add_argument("--keep", type=Path)
    given = wanted.parse_args()
    with ExitStack() as stack:
        room = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rapporteur-bench-")))
        os.environ |= {"DATA_DIR": str(room), "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.pop("DATABASE_URL", None)
        prepare(room, given.turns, given.paths)
        measure()


def prepare(room: Path, turns: int, paths: list[str]) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from bench import resampled

    if (room / "filled").exists():
        return
    room.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("load_seeds", stdout=sys.stderr)
    resampled.fill(turns, resampled.paths(paths))
    seeds = sorted((settings.BASE_DIR / "seeds" / "minutes").iterdir())
    call_command("import_minutes", *map(str, seeds), visibility="public", no_series=True, stdout=sys.stderr)
    call_command("rebuild_search", stdout=sys.stderr)
    (room / "filled").touch()


def measure() -> None:
    from minutes.models import Turn
    from minutes.search.finding import find

    chance = random.Random(SEED)
    sources = Turn.objects.visible_to(None).filter(source__isnull=False).order_by("pk")
    asked = [(turn.pk, query) for turn in sources if (query := remembered(turn.text, chance))]
    print(f"{len(asked)} turns, each asked for by {WORDS} of its words, among {Turn.objects.living().count()}")
    for name, search in (("Rapporteur", lambda text: find(text, None).hits(0, max(DEPTHS))), ("BM25", bare())):
        places = [place_of(pk, [hit.pk for hit in search(query)]) for pk, query in asked]
        shares = ", ".join(f"{sum(0 < place <= d for place in places) / len(places):.2f} at {d}" for d in DEPTHS)
        print(f"  {name:12} {shares}")


def remembered(text: str, chance: random.Random) -> str:
    """Three of its words that mean something, in any order; nothing where it has fewer."""
    from minutes.search.sentences import is_weak

    words = sorted({word for word in re.findall(r"[^\W\d_]+", text.lower()) if len(word) >= LETTERS})
    telling = [word for word in words if not is_weak([word])]
    return " ".join(chance.sample(telling, WORDS)) if len(telling) >= WORDS else ""


def place_of(wanted: int, found: list[int]) -> int:
    """Counted from 1; 0 where it is not there."""
    return found.index(wanted) + 1 if wanted in found else 0


def bare() -> Any:
    """BM25 over the words of the turns, stemmed, any of them: what the index gives by itself."""
    from tantivy import Occur, Query

    from minutes.search import schema, store
    from minutes.search.finding import Hit

    searcher = store.reload().searcher

    def search(text: str) -> list[Hit]:
        words = [Query.term_query(schema.SCHEMA, "text", stem, index_option="freq") for stem in schema.stems(text)]
        either = Query.boolean_query([(Occur.Should, word) for word in words])
        turns = [(Occur.Must, either), (Occur.Must, store.term("what", schema.TURN))]
        hits = searcher.search(Query.boolean_query(turns), limit=max(DEPTHS)).hits
        keys = searcher.fast_field_values("pk", [address for _, address in hits])
        return [Hit(score, int(key), None, address) for (score, address), key in zip(hits, keys, strict=True)]

    return search


if __name__ == "__main__":
    main()
