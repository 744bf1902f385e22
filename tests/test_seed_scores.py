"""The seed minutes score what they must against labels by two annotators."""

from __future__ import annotations

import pytest

from tests import scored

LEAST = {
    **dict.fromkeys(
        "turns turns_whole who where participants talks speakers status sessions conveners themes contacts".split(), 1.0
    ),
    **dict.fromkeys("people entities mentions".split(), 0.98),
    "kind": 0.95,
    "exchanges": 0.95,
    "actions": 0.80,
}


@pytest.fixture(scope="module")
def found():
    return scored.predicted(scored.SEED.read_text(encoding="utf-8"), scored.curated(), scored.vocabulary())


def test_seed_reaches_every_figure(found):
    figures = scored.figures(scored.gold(), found)
    assert {name: figures[name] for name, least in LEAST.items() if figures[name] < least} == {}


def test_seed_leaves_no_line_unplaced(found):
    lines = scored.SEED.read_text(encoding="utf-8").splitlines()
    assert found["unplaced"] == []
    assert sum(found["lines"].values()) == sum(bool(line.strip()) for line in lines)


def test_seed_has_dates_and_days(found):
    gold = scored.gold()
    assert {key: found["workshop"][key] for key in ("title", "start", "end")} == gold["workshop"]
    assert [{key: day[key] for key in ("n", "date", "label")} for day in found["days"]] == gold["days"]


def test_seed_reads_the_same_twice(found):
    again = scored.predicted(scored.SEED.read_text(encoding="utf-8"), scored.curated(), scored.vocabulary())
    assert again == found


def test_seed_keeps_links_without_target_notes_and_sessions_of_talks(found):
    gold = scored.gold()
    titles = {session["id"]: (session["day"], session["title"]) for session in found["sessions"]}
    gold_titles = {session["id"]: (session["day"], session["title"]) for session in gold["sessions"]}
    assert [[link["label"] for link in talk["links"]] for talk in found["talks"]] == [t["links"] for t in gold["talks"]]
    assert [link["url"] for talk in found["talks"] for link in talk["links"] if link["url"]] == []
    assert [titles.get(talk["session"]) for talk in found["talks"]] == [
        gold_titles.get(talk["session"]) for talk in gold["talks"]
    ]
    assert [t["speaker_affiliations"] for t in found["talks"]] == [t["speaker_affiliations"] for t in gold["talks"]]
    given = [(t["notes"], g["notes"]) for t, g in zip(found["talks"], gold["talks"], strict=True)]
    assert [pair for pair in given if pair[1] and pair[0] != pair[1]] == []
