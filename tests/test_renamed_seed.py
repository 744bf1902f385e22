"""Nothing depends on the seed's words: with all names invented and the talks shuffled, no figure moves."""

from __future__ import annotations

import pytest

from tests import renamed, scored


@pytest.fixture(scope="module")
def world():
    text, gold, topics = scored.SEED.read_text(encoding="utf-8"), scored.gold(), scored.vocabulary()
    return text, gold, topics, renamed.make_renaming(text, gold, topics)


def test_renaming_leaves_no_name_title_or_institute(world):
    text, gold, _, renaming = world
    new, order = renamed.rename_text(text, gold, renaming)
    old = [label for person in gold["people"] for label in person["labels"] if len(label) > 3]
    assert [words for words in old if words.casefold() in new.casefold()] == []
    assert {talk["title"] for talk in gold["talks"]} & set(new.split("\n")) == set()
    assert sorted(order) == sorted(talk["id"] for talk in gold["talks"])
    assert order != [talk["id"] for talk in gold["talks"]]


def test_renamed_seed_scores_as_the_seed_does(world):
    text, gold, topics, renaming = world
    new, order = renamed.rename_text(text, gold, renaming)
    wanted = renamed.reorder(renamed.rename_gold(gold, renaming), order)
    people = scored.curated()
    before = scored.figures(gold, scored.predicted(text, people, topics))
    found = scored.predicted(new, renamed.rename_people(people, renaming), renamed.rename_topics(topics, renaming))
    after = scored.figures(wanted, found)
    assert found["unplaced"] == []
    assert {name: (before[name], after[name]) for name in before if abs(before[name] - after[name]) > 0.01} == {}
