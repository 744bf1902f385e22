"""Whom a human should look at first for a label, and why: a table of labels and of people."""

from __future__ import annotations

import pytest

from people.suggesting import Index, Known, doubles, rank

ROOM = [
    Known("rosa", "Rosa di Marco", participant=True, speaks_here=True),
    Known("alex", "Alexander Quill", participant=True, gives_talk=True),
    Known("mira", "Mira Tanaka-Holt", participant=True),
    Known("hugo", "Hugo Brandt", in_series=True),
    Known("hedda", "Hedda Brandt"),
    Known("ines", "Inés Olmedo", forms=("Nina",), participant=True),
]


@pytest.mark.parametrize(
    ("label", "key", "reason"),
    [
        ("RdM", "rosa", "initials match, speaks in this talk, in the participants' list"),
        ("Rosa", "rosa", "same first name, speaks in this talk, in the participants' list"),
        ("di Marco", "rosa", "same surname, another first name, speaks in this talk, in the participants' list"),
        ("Alex", "alex", "short form of the first name, gives this talk, in the participants' list"),
        ("A. Quill", "alex", "first name and surname fit, gives this talk, in the participants' list"),
        ("Quil", "alex", "surname spelt much alike, gives this talk, in the participants' list"),
        ("Quill Alexander", "alex", "the same words in another order, gives this talk, in the participants' list"),
        ("Mira T", "mira", "first name fits, the surname begins so, in the participants' list"),
        ("Mirra Tanaka-Holt", "mira", "nearly the same first name and surname, in the participants' list"),
        ("Ines Olmedo", "ines", "the same name, in the participants' list"),
        ("nina", "ines", "known by this label elsewhere, in the participants' list"),
        ("Brandt", "hugo", "same surname, was at another workshop of this series"),
        ("Brand", "hugo", "surname spelt much alike, was at another workshop of this series"),
        ("Hugo Stein", "hugo", "same first name, another surname, was at another workshop of this series"),
        ("Speaker", "alex", "gives this talk, in the participants' list"),
        ("M.", "rosa", "begins with the same letter, speaks in this talk, in the participants' list"),
    ],
)
def test_first_suggestion_and_its_reason(label, key, reason):
    first = rank(label, ROOM)[0]
    assert (first.key, first.reason) == (key, reason)


def test_who_answered_to_the_label_elsewhere_goes_before_a_likeness():
    people = [Known("a", "Xaver Roe", participant=True), Known("b", "Xavier Lund", answered=2)]
    found = rank("Xavi", people)
    assert [one.key for one in found] == ["b", "a"]
    assert found[0].reason == "short form of the first name, answered to this label in 2 other talks"
    assert rank("Zed", [Known("c", "Bo Marsh", answered=1)])[0].reason == "answered to this label in 1 other talk"


def test_nobody_is_suggested_for_being_on_the_list_alone():
    assert rank("Zed", [Known("a", "Bo Marsh", participant=True), Known("b", "Ada King")]) == []


def test_people_of_the_place_fill_up_what_names_leave():
    here = [Known(f"k{n}", f"Person Nr{n}", speaks_here=True) for n in range(8)]
    assert len(rank("Zed", here)) == 4
    assert rank("Ada", [Known("ada", "Ada King"), *here])[0].key == "ada"
    assert "one of these talks" in rank("Zed", here, talks=2)[0].reason


def test_equal_suggestions_stand_in_the_order_of_names():
    people = [Known("2", "Jon Bell"), Known("1", "Jon Abel")]
    assert [one.name for one in rank("Jon", people)] == ["Jon Abel", "Jon Bell"]


@pytest.mark.parametrize(
    ("name", "other", "reason"),
    [
        ("Ada King", "ADA KING", "the same name"),
        ("Ada King", "King Ada", "the same words in another order"),
        ("Ada King", "A. King", "same surname, and first names that agree"),
        ("Ada King", "Adda King", "same surname, first name spelt much alike"),
        ("Ada Kingsley", "Ada Kingsly", "first name fits, surname spelt much alike"),
        ("Ada Kingsley", "Ada King", "same first name, one surname begins the other"),
        ("Ada King", "AK", "initials match"),
        ("Ada King", "King", "same surname"),
        ("Ada", "Ada King", "same first name"),
    ],
)
def test_likely_doubles(name, other, reason):
    [found] = doubles(name, [("x", other), ("y", "Bo Marsh")])
    assert (found.key, found.reason) == ("x", reason)


def test_other_people_are_no_doubles():
    assert doubles("Ada King", [("a", "Bo King"), ("b", "Ada Marsh"), ("c", "Bo")]) == []


def test_index_finds_whoever_the_ranking_would_suggest():
    """On the whole table of labels: nobody is lost for being looked up instead of looked through."""
    people = [*ROOM, *(Known(f"k{n}", f"Wulf{n} Yurt{n}") for n in range(50))]
    index = Index((n, (known.name, *known.forms)) for n, known in enumerate(people))
    for label in ("RdM", "Alex", "Quil", "Mira T", "Mirra Tanaka-Holt", "nina", "Brand", "Hugo Stein", "Olmedo Ines"):
        away = [Known(known.key, known.name, known.forms) for known in people]
        near = index.near(label)
        assert rank(label, away) == rank(label, [away[n] for n in near]), label
        assert len(near) < 12, label
