"""The words that made an action item, and the title that is proposed from them."""

from __future__ import annotations

import pytest

from minutes.proposing import asks_everybody, bare, due_words, propose_title

ADA = ("Ada Byron",)

TITLES = [
    ("I will send you our own numbers.", ADA, "Tides", "Ada Byron: send you our own numbers (Tides)"),
    ("Will follow this offline.", ADA, "Tides", "Ada Byron: follow this offline (Tides)"),
    ("(to be further discussed on Wednesday)", (), "Tides", "To be further discussed on Wednesday (Tides)"),
    ('(‹span style="x">I will send it</span>.)', ADA, "Tides", "Ada Byron: send it (Tides)"),
    ('(<span style="color:red">will do</span> it', ADA, "", "Ada Byron: do it"),
    ("(‹span class=x› to be seen", (), "", "To be seen"),
    ("- [ ] check &amp; mend the **gauge**", (), "", "Check & mend the gauge"),
    ("3. Ada to write the report", ADA, "", "Ada Byron: write the report"),
    ("(let's take an action to make a channel for boats)", (), "", "Make a channel for boats"),
    ("Please send us the numbers.", (), "Tides", "Send us the numbers (Tides)"),
    ("It is hard, but we are happy to help.", ADA, "", "Ada Byron: it is hard, but we are happy to help"),
    ("Ada writes the report of all the tides seen by the group last year at the pier", ADA, "Tides",
     "Ada writes the report of all the tides seen by the group last year at the pier"),
    ("FTS needs a channel; I will open it.", ADA, "", "Ada Byron: FTS needs a channel; I will open it"),
    ("I will ask.", ("Ada Byron", "Bo Marsh", "Cleo Ruiz"), "", "Ada Byron, Bo Marsh and 1 more: ask"),
    ("Ada: write the report", ADA, "Tides:", "Ada Byron: write the report (Tides)"),
    ("(AB): write the report", ADA, "", "Ada Byron: write the report"),
    ("[ ] @ada write the report", ADA, "", "Ada Byron: write the report"),
    ("write the report (Ada)", ADA, "", "Ada Byron: write the report"),
    ("[zed] open a vote", (), "", "Zed: open a vote"),
    ("Vesna Horvat - invite both", (), "", "Vesna Horvat: invite both"),
    ("TODO Bo: ask the **office**", (), "", "Bo: ask the office"),
    ("I would say - we can share them", (), "", "I would say - we can share them"),
    ("***", ADA, "Tides", ""),
    ("", (), "Tides", ""),
]  # fmt: skip


def test_title_says_who_does_what_and_where_it_was_said_if_the_words_alone_do_not_tell():
    assert [(quote, who, at, propose_title(quote, who, at)) for quote, who, at, _ in TITLES] == TITLES


def test_title_fits_its_column_whatever_it_is_made_of():
    title = propose_title("word " * 500, ["N" * 100] * 2, "place " * 100)
    assert len(title) <= 300
    assert "…" in title


def test_title_discloses_no_address():
    assert "example.org" not in propose_title("I will write to ada@example.org", ADA, "Talk of bo@example.org")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("<b>bold</b> and *soft*", "bold and soft"),
        ("a < b and c > d", "a < b and c > d"),
        ("see [the page](https://example.org/x)", "see the page"),
        ("Half a tag <span", "Half a tag"),
        ("(both)", "both"),
        ("send (both)", "send (both)"),
    ],
)
def test_bare_words_keep_what_was_said(words, said):
    assert bare(words) == said


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("I will send it before the next workshop.", "before the next workshop"),
        ("We will share the notes by the end of the month.", "by the end of the month"),
        ("Will do it as soon as possible", "as soon as possible"),
        ("Bo to write it by Friday", "by Friday"),
        ("I will send it next week.", "next week"),
        ("I will stand by you, and write before I go.", ""),
        ("Send it.", ""),
    ],
)
def test_due_words_are_those_of_the_minutes(words, due):
    assert due_words(words) == due


def test_words_put_to_everybody_are_told_from_those_put_to_one():
    to_all = ["for whoever is interested, please add your names", "Everybody please check the list"]
    to_all += ["(all): read it", "[Everyone] read it", "all: read it"]
    to_one = ["Please check the list", "I will tell everybody", "Ada to write to all of them"]
    assert ([asks_everybody(one) for one in to_all], [asks_everybody(one) for one in to_one]) == (
        [True] * 5,
        [False, False, False],
    )
