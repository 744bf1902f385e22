"""Whatever happens to a document, the parser reads it, places every line once and refers to nobody unknown."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import mutated

SOURCES = mutated.sources()
WORDS = ("Ada", "Ada King", "Present", "Topic", "ACTION", "<ada>", "[Ada]", "(AK)", "**Ada**", "1.", "- ", ": ", ", ")


@pytest.mark.parametrize("seed", range(10))
def test_mutated_document_is_accounted_for(seed):
    chance = random.Random(seed)
    for _ in range(15):
        name, content = chance.choice(SOURCES)
        assert not mutated.faults(name, mutated.mutate(chance, content))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12), st.sampled_from(("\n", "\n\n"))), max_size=40))
def test_any_text_is_accounted_for(words):
    for name in ("minutes.txt", "minutes.md"):
        assert not mutated.faults(name, " ".join(words).encode("utf-8", "replace"))


@pytest.mark.parametrize(
    "text",
    [
        "word " * 40_000,
        "Ada: yes. " * 20_000,
        "| Ada King | hello |\n" * 3_000,
        "[a](http://example.org/b) " * 5_000,
        "[" * 20_000 + "(" * 20_000 + "]" * 20_000,
        "a" + " " * 200_000 + "b: c",
        "\n".join("  " * depth + "- x" for depth in range(500)),
        ">" * 10_000 + " x",
        "- " * 10_000 + "x",
        "** a\n" * 3_000,
    ],
    ids=lambda text: text[:12].strip(),
)
def test_extreme_document_is_accounted_for(text):
    for name in ("minutes.txt", "minutes.md"):
        assert mutated.faults(name, text.encode()) == []
