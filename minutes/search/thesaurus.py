"""Words that mean nearly the same, from `seeds/thesaurus.txt`: general words of the field, no names."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from . import schema

Phrase = tuple[str, ...]  # stems, one or more


@lru_cache(maxsize=1)
def _near() -> dict[Phrase, tuple[Phrase, ...]]:
    near: dict[Phrase, dict[Phrase, None]] = defaultdict(dict)
    path = Path(settings.BASE_DIR) / "seeds" / "thesaurus.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        group = [tuple(schema.stems(words)) for words in line.partition("#")[0].split(",")]
        for phrase in filter(None, group):
            near[phrase] |= {other: None for other in group if other and other != phrase}
    return {phrase: tuple(others) for phrase, others in near.items()}


def near(phrase: Phrase) -> tuple[Phrase, ...]:
    """What else may be said for these words, in the order of the file."""
    return _near().get(phrase, ())


@lru_cache(maxsize=1)
def longest() -> int:
    """Words in the longest phrase."""
    return max(map(len, _near()), default=1)
