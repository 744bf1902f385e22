"""Single lines: credits, dates, titles and marks."""

from __future__ import annotations

from datetime import date

import pytest

from minutes.parsing.credits import Credit, fits, looks_like_name, read_credits
from minutes.parsing.dates import is_range, read_day
from minutes.parsing.marks import Mark, read_mark
from minutes.parsing.titles import Title, is_credit_line, read_title


@pytest.mark.parametrize(
    ("text", "credits"),
    [
        ("Ada King (Port Lab)", [("Ada King", "Port Lab")]),
        ("Ada King (Port Lab), Bob Roe", [("Ada King", "Port Lab"), ("Bob Roe", None)]),
        ("Ada King, Bob Roe (Lab, the Old Port)", [("Ada King", None), ("Bob Roe", "Lab, the Old Port")]),
        ("Ada King (Port) Bob Roe (Mill (West))", [("Ada King", "Port"), ("Bob Roe", "Mill (West)")]),
        ("Ada King and Bob Roe", [("Ada King", None), ("Bob Roe", None)]),
        ("Ada King - Port Lab", [("Ada King", "Port Lab")]),
        ("Ada King (partly)", [("Ada King", None)]),
        ("", []),
    ],
)
def test_credits_keep_each_affiliation_with_its_name(text, credits):
    assert [(credit.name, credit.affiliation) for credit in read_credits(text)] == credits


def test_credits_tell_initials_from_affiliations():
    assert read_credits("Ada King (AK), Bob Roe (ABC)") == (
        Credit("Ada King", None, "AK"),
        Credit("Bob Roe", "ABC", None),
    )


@pytest.mark.parametrize(
    ("initials", "name", "wanted"),
    [
        ("AK", "Ada King", True),
        ("AKG", "Ada King", True),
        ("AXK", "Ada King", True),
        ("KA", "Ada King", False),
        ("AX", "Ada King", False),
        ("ak", "Ada King", False),
    ],
)
def test_initials_fit_a_name_whose_letters_they_are_in_order(initials, name, wanted):
    assert fits(initials, name) is wanted


def test_name_has_the_shape_of_a_full_name():
    shaped = ["Ada King", "A.B. King", "Ada van der King", "João Ólafsson", "Ada-Lena O'King", "Ada KING"]
    others = ["Ada", "the King", "Ada king", "Ada 2", "Ada:", "ada king", "Ada King sang and danced all night long"]
    assert [text for text in shaped + others if looks_like_name(text)] == shaped


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Monday 4 May 2020 (Day 1)", (date(2020, 5, 4), 1)),
        ("May 4th, 2020", (date(2020, 5, 4), None)),
        ("2020-05-04", (date(2020, 5, 4), None)),
        ("Morning 2020-05-04", (date(2020, 5, 4), None)),
        ("Day 2", (None, 2)),
        ("Meeting of 4 May 2020", None),
        ("4-5 May 2020", None),
        ("31 February 2020", None),
        ("04/05/2020", None),
    ],
)
def test_day_is_a_line_of_a_date_alone(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize("text", ["4-6 May 2020", "May 4-6, 2020", "4 – 6 May 2020"])
def test_range_has_both_ends(text):
    assert is_range(text) == (date(2020, 5, 4), date(2020, 5, 6))


def test_range_may_cross_months():
    assert is_range("30 April - 2 May 2020") == (date(2020, 4, 30), date(2020, 5, 2))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Kites", Title("Kites")),
        ("Kites (*)", Title("Kites")),
        ("Kites - absent", Title("Kites", "absent", "absent")),
        ("Kites - cancelled, moved to May (?)", Title("Kites", "absent", "cancelled, moved to May (?)")),
        ("Kites (*) (excused)", Title("Kites", "excused", "excused")),
        ("Absent friends: what we miss", Title("Absent friends: what we miss")),
        ("How to find missing kites", Title("How to find missing kites")),
    ],
)
def test_title_gives_up_its_status(text, title):
    assert read_title(text) == title


def test_credit_line_holds_full_names_with_an_affiliation_and_nothing_else():
    assert is_credit_line("Ada King (Port Lab), Bob Roe")
    assert not is_credit_line("Ada King")
    assert not is_credit_line("Kites (second part)")
    assert not is_credit_line("Ada King (ada@example.org)")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Speaker: Ada King", Mark("speakers", "Ada King")),
        ("Session chair: Ada King", Mark("conveners", "Ada King")),
        ("Present (remote): Ada, Bob", Mark("participants", "Ada, Bob")),
        ("List of participants", Mark("participants")),
        ("Apologies: Ada King", Mark("absent", "Ada King")),
        ("Q&A:", Mark("discussion")),
        ("Questions and answers", Mark("discussion")),
        ("ACTION 3: mend it", Mark("action", "mend it")),
        ("[ ] mend it", Mark("action", "mend it")),
        ("Action items:", Mark("actions")),
        ("Conclusion/Resolution", Mark("decisions")),
        ("**Consensus: mend it**", Mark("decision", "mend it")),
        ("Common themes noted: (add yours)", Mark("themes", "noted: (add yours)")),
        ("Presented were three kites.", Mark("plain")),
        ("Present company excepted", Mark("plain")),
    ],
)
def test_mark_is_told_by_words_alone(text, mark):
    assert read_mark(text) == mark
