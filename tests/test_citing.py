"""Citations: five formats that their own readers accept, whatever the words hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import bibtexparser
import pytest
import rispy
from django.utils.http import urlencode

from minutes.changes import change
from minutes.exporting.citing import FORMS, Author, Citation, as_bibtex, as_csl, as_markdown, as_ris, as_text, author_of
from tests import make

NASTY = r"50 % of {braces} & $cost_x^2 ~ #1 \ back" + "\nslash* [x] <b> é ß"
TURN = Citation(
    id="abc",
    kind="turn",
    title="Does it leak?",
    address="https://site.example/r/abc?v=2",
    authors=(Author("Quill", "Ada"), Author("van Dijk", "Bo")),
    part="question on “Sieves”",
    occasion="Ink summit",
    place="Lund",
    first=date(2031, 5, 6),
    licence="CC BY 4.0",
)


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("Ada Quill", Author("Quill", "Ada")),
        ("Ada van Dijk", Author("van Dijk", "Ada")),
        ("van Dijk, Ada", Author("van Dijk", "Ada")),
        ("DIJK Ada", Author("DIJK", "Ada")),
        ("Ada Quill-Marsh", Author("Quill-Marsh", "Ada")),
        ("J. P. Ångström", Author("Ångström", "J. P.")),
        ("Audience", Author(literal="Audience")),
    ],
)
def test_name_has_two_parts_where_they_can_be_told(name, author):
    assert author_of(name) == author


def test_plain_text_reads_like_a_reference():
    assert as_text(TURN) == (
        "Ada Quill and Bo van Dijk: “Does it leak?”, question on “Sieves”. Ink summit, Lund, 6 May 2031. "
        "https://site.example/r/abc?v=2 (CC BY 4.0)"
    )


def test_markdown_keeps_the_marks_of_the_words_as_words():
    made = as_markdown(Citation("abc", "workshop", "A *bold* [plan]", "https://site.example/r/abc?v=1"))
    assert made == r"*A \*bold\* \[plan\]*. <https://site.example/r/abc?v=1>"


def cited(**changes) -> Citation:
    return replace(TURN, **changes)


@pytest.mark.parametrize("title", ["Does it leak?", NASTY, "}}} {", "\\", "%", "a @book{x, b}", "“quoted” and “so”"])
def test_bibtex_is_one_entry_for_its_parser(title):
    library = bibtexparser.parse_string(as_bibtex(cited(title=title, part=title, occasion=title)))
    assert library.failed_blocks == []
    [entry] = library.entries
    assert entry.entry_type == "inproceedings"
    assert set(entry.fields_dict) == {
        *("title", "author", "booktitle", "note", "address", "year", "month", "url", "copyright")
    }
    assert entry["author"] == "Quill, Ada and van Dijk, Bo"
    assert (entry["url"], entry["year"]) == ("https://site.example/r/abc?v=2", "2031")


def test_bibtex_escapes_what_tex_would_read():
    entry = bibtexparser.parse_string(as_bibtex(cited(title="5 % of $a_b & {c} ~^\\"))).entries[0]
    assert entry["title"] == (
        r"{5 \% of \$a\_b \& {\textbraceleft}c{\textbraceright} {\textasciitilde}{\textasciicircum}{\textbackslash}}"
    )


def test_bibtex_names_with_and_in_them_stay_one():
    made = as_bibtex(cited(authors=(Author(literal="Sand and Sea Institute"), Author("Quill", "Ada"))))
    parsed = bibtexparser.parse_string(made, append_middleware=[bibtexparser.middlewares.SeparateCoAuthors()])
    assert parsed.entries[0]["author"] == ["{Sand and Sea Institute}", "Quill, Ada"]


@pytest.mark.parametrize("title", ["Does it leak?", NASTY, "ER  - \nTY  - BOOK"])
def test_ris_is_one_record_for_its_parser(title):
    [record] = rispy.loads(as_ris(cited(title=title)))
    assert record["type_of_reference"] == "CPAPER"
    assert record["authors"] == ["Quill, Ada", "van Dijk, Bo"]
    assert record["title"] == " ".join(title.split())
    assert record["secondary_title"] == "Ink summit"
    assert (record["year"], record["date"]) == ("2031", "2031/05/06")
    assert record["urls"] == ["https://site.example/r/abc?v=2"]


@pytest.mark.parametrize("kind", ["turn", "talk", "workshop"])
def test_csl_has_what_its_schema_requires(kind):
    [item] = json.loads(as_csl(cited(kind=kind, title=NASTY, last=date(2031, 5, 8))))
    assert item["id"] == "abc"
    assert item["type"] in {"speech", "report"}  # of the types of CSL 1.0
    assert item["author"] == [{"family": "Quill", "given": "Ada"}, {"family": "van Dijk", "given": "Bo"}]
    assert item["issued"] == {"date-parts": [[2031, 5, 6], [2031, 5, 8]]}
    assert all(isinstance(item[name], str) for name in item.keys() - {"author", "issued"})


def test_nothing_known_but_a_title_is_still_a_citation():
    bare = Citation("abc", "talk", "Tides", "https://site.example/r/abc?v=1")
    assert as_text(bare) == "“Tides”. https://site.example/r/abc?v=1"
    assert bibtexparser.parse_string(as_bibtex(bare)).failed_blocks == []
    assert rispy.loads(as_ris(bare))[0]["title"] == "Tides"
    assert json.loads(as_csl(bare))[0]["URL"] == "https://site.example/r/abc?v=1"


@pytest.mark.django_db
class TestPages:
    @pytest.fixture
    def turns(self):
        ada, bo = make.person("Ada Quill"), make.person("Bo Marsh")
        workshop = make.workshop("Ink summit", place="Lund", licence="CC BY 4.0", organiser="Ink society")
        talk = make.talk("Sieves", speakers=[ada], workshop=workshop)
        first = make.turn("Does it leak?", by=[bo, "Guest"], talk=talk, kind="question")
        return [first, make.turn("Write to ada@example.org.", by=ada, talk=talk), make.turn("So.", by=bo, talk=talk)]

    def test_each_kind_offers_all_formats_to_copy_and_as_files(self, client, turns):
        first = turns[0]
        for record in (first, first.talk, first.workshop):
            page = client.get(f"{record.permalink}/cite").content.decode()
            for form in FORMS.values():
                assert f'href="{record.permalink}/cite.{form.slug}"' in page
                answer = client.get(f"{record.permalink}/cite.{form.slug}")
                assert answer["Content-Type"] == f"{form.media_type}; charset=utf-8"
                assert f'filename="{record.public_id}.{form.slug}"' in answer["Content-Disposition"]
                assert f"http://testserver{record.permalink}?v=1" in answer.content.decode()

    def test_turn_is_cited_with_who_spoke_and_where(self, client, turns):
        made = client.get(f"{turns[0].permalink}/cite.txt").content.decode()
        assert made == (
            "Bo Marsh and Guest: “Does it leak?”, question on “Sieves”. Ink summit, Lund, 5 May 2031. "
            f"http://testserver{turns[0].permalink}?v=1 (CC BY 4.0)"
        )

    def test_range_pins_every_turn_and_names_all_who_spoke(self, client, turns):
        first, second, last = turns
        with change(None) as c:
            c.set(second, text="Write to ada@example.org!")
        asked = {"to": last.public_id}
        made = client.get(f"{first.permalink}/cite.txt", asked).content.decode()
        assert made.startswith("Bo Marsh, Guest and Ada Quill: “Does it leak?”, and what followed (3 turns)")
        address = f"{first.permalink}?v=1.2.1&to={last.public_id}"
        assert address in made
        assert "Unchanged since cited" in client.get(address).content.decode()
        assert "these 3 turns" in client.get(f"{first.permalink}/cite?{urlencode(asked)}").content.decode()
        back = client.get(f"{last.permalink}/cite.txt", {"to": first.public_id}).content.decode()
        assert address in back

    def test_turn_of_another_talk_ends_no_range(self, client, turns):
        other = make.turn("Elsewhere.", talk=make.talk("Winds"))
        answer = client.get(f"{turns[0].permalink}/cite", {"to": other.public_id})
        assert answer.status_code == 404
        assert "does not stand in the same talk" in answer.content.decode()

    def test_address_in_words_is_masked_in_every_format(self, client, turns):
        for form in FORMS:
            assert "ada@example" not in client.get(f"{turns[1].permalink}/cite.{form}").content.decode()

    def test_other_records_and_formats_are_not_found(self, client, turns):
        assert client.get(f"{turns[0].permalink}/cite.doc").status_code == 404
        assert client.get(f"{make.theme('A theme').permalink}/cite").status_code == 404

    @pytest.mark.parametrize("more", [0, 5])
    def test_page_costs_the_same_at_any_length(self, client, turns, more, django_assert_num_queries):
        for n in range(more):
            make.turn(f"More {n}", talk=turns[0].talk)
        with django_assert_num_queries(16):
            client.get(f"{turns[0].permalink}/cite")
