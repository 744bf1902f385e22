"""How often the right turn is found: questions over the seed, per kind, beside plain BM25 over the turns' words.

    python -m bench.search_eval [FILE...]     both parts; a site with the seed minutes must be set up (make run)
    python -m bench.search_eval --ideas       and what is left without each idea of the ranking

A question is answered at k if one of its right turns is among the first k results. A result is a right turn if its
label is printed the same and its words begin the same.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import django

QUESTIONS = Path(__file__).parent / "search"
DEPTHS = (1, 3, 10)
Results = list[tuple[str, str]]  # label and words, best first


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    arguments = [one for one in sys.argv[1:] if not one.startswith("--")]
    parts = ["tuning"] if "--tuning" in sys.argv else ["tuning", "held"]
    plain = Plain()
    for path in map(Path, arguments or sorted(map(str, QUESTIONS.glob("*.json")))):
        questions = json.loads(path.read_text(encoding="utf-8"))
        for part in parts:
            asked = [question for question in questions if question["part"] == part]
            if asked:
                print(f"{path.stem}, {part}: {len(asked)} questions")
                _print(asked, {"Rapporteur": rapporteur, "plain BM25": plain.search}, "--misses" in sys.argv)
            if asked and "--ideas" in sys.argv:
                _without_ideas(asked)


def _without_ideas(asked: list[dict[str, Any]]) -> None:
    for idea, apart in IDEAS.items():
        with apart():
            ranks = [_rank(rapporteur(one["query"]), one["right"]) for one in asked]
        print(f"  without {idea:22} {'  '.join(f'{_recall(ranks, depth):.2f}' for depth in DEPTHS)}")


def _print(asked: list[dict[str, Any]], engines: dict[str, Callable[[str], Results]], misses: bool) -> None:
    kinds = sorted({question["kind"] for question in asked})
    print(f"  {'':12} {'':>3}" + "".join(f"  {name:>12} MRR    @1    @3   @10" for name in engines))
    ranks: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in engines}
    for name, search in engines.items():
        for question in asked:
            rank = _rank(search(question["query"]), question["right"])
            ranks[name][question["kind"]].append(rank)
            ranks[name]["all"].append(rank)
            if misses and name == "Rapporteur" and rank != 1:
                print(f"    {question['kind']:10} at {rank or '-'}: {question['query']}")
    for kind in [*kinds, "all"]:
        line = f"  {kind:12} {len(ranks['Rapporteur'][kind]):>3}"
        for name in engines:
            some = ranks[name][kind]
            reciprocal = sum(1 / rank for rank in some if rank) / len(some)
            recalls = [_recall(some, depth) for depth in DEPTHS]
            line += f"  {'':>12} {reciprocal:.2f}  " + "  ".join(f"{one:.2f}" for one in recalls)
        print(line)


def _recall(ranks: list[int], depth: int) -> float:
    return sum(0 < rank <= depth for rank in ranks) / len(ranks)


@contextmanager
def _replaced(module: str, name: str, value: Any) -> Iterator[None]:
    with mock.patch(f"minutes.search.{module}.{name}", value):
        yield


def _fields_without(*names: str) -> dict[str, float]:
    from minutes.search.weighing import FIELDS

    return {name: weight for name, weight in FIELDS.items() if name not in names}


#: Each idea of the ranking, taken away.
IDEAS: dict[str, Callable[[], AbstractContextManager[None]]] = {
    "people in sentences": lambda: _replaced("book.Book", "called", lambda book, words: []),
    "labels of topics": lambda: _replaced("book.Book", "named", lambda book, words: []),
    "the thesaurus": lambda: _replaced("thesaurus", "near", lambda phrase: ()),
    "the exchange around": lambda: mock.patch.dict(
        "minutes.search.weighing.FIELDS", _fields_without("around"), clear=True
    ),
    "titles": lambda: mock.patch.dict("minutes.search.weighing.FIELDS", _fields_without("title", "where"), clear=True),
    "help with spelling": lambda: _replaced("slots", "near_words", lambda word, known: []),
    "most words where few": lambda: _replaced("meaning", "LITTLE", 0),
    "weak question words": lambda: _replaced("slots", "is_weak", lambda words: False),
    "what sentences ask for": lambda: _replaced("sentences", "wanted", lambda typed: {}),
    "initials": lambda: _replaced("sentences", "shorts", lambda typed: ()),
}


def _rank(results: Results, right: list[dict[str, str]]) -> int:
    """The place of the first right turn, or 0."""
    for place, (label, text) in enumerate(results, 1):
        for one in right:
            if _names(label) == _names(one["label"]) and _same(text).startswith(_same(one["text"])):
                return place
    return 0


def _names(label: str) -> list[str]:
    """Those who spoke together, however they are joined."""
    return re.split(r"\s*[+,&/]\s*", label)


def _same(text: str) -> str:
    return " ".join(text.split())


def rapporteur(query: str) -> Results:
    from minutes.search.finding import find

    hits = find(query, None).hits(0, 10, shown=True)
    return [(hit.shown["label"], hit.shown["text"]) for hit in hits]


class Plain:
    """BM25 over the words of the turns: no stemming, no names, no operators."""

    def __init__(self) -> None:
        from minutes.models import Turn

        self.turns = [
            (", ".join(voice.label for voice in turn.voices.all()), turn.text)
            for turn in Turn.objects.visible_to(None).prefetch_related("voices")
        ]
        self.words = [Counter(re.findall(r"\w+", text.lower())) for _, text in self.turns]
        self.lengths = [sum(words.values()) for words in self.words]
        self.having = Counter(word for words in self.words for word in words)

    def search(self, query: str) -> Results:
        usual = sum(self.lengths) / len(self.lengths)
        scores: Counter[int] = Counter()
        for word in set(re.findall(r"\w+", query.lower())):
            rarity = math.log(1 + (len(self.turns) - self.having[word] + 0.5) / (self.having[word] + 0.5))
            for n, words in enumerate(self.words):
                if times := words[word]:
                    scores[n] += rarity * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * self.lengths[n] / usual))
        return [self.turns[n] for n, _ in sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:10]]


if __name__ == "__main__":
    main()
