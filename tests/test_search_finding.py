"""What operators narrow to, how words are understood, what comes first, and what facets count."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from bench.fuzz_search import fuzz
from minutes.search import facets
from minutes.search.finding import find
from minutes.search.operators import dates_of
from minutes.search.page import search
from minutes.search.tree import show
from tests import make

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()
TODAY = date(2031, 6, 1)


def texts(query: str) -> list[str]:
    return [hit.shown["text"] for hit in find(query, VISITOR, today=TODAY).hits(0, 50, shown=True)]


def complaints(query: str) -> list[str]:
    return find(query, VISITOR, today=TODAY).complaints


@pytest.fixture
def harbour(db):
    """Two days of talks about a harbour."""
    ada, ben, cleo = make.person("Ada Quill"), make.person("Benjamin Marlow"), make.person("Cleo Ruiz")
    relay = make.topic("Relay (night relay)", labels=["Relay", "night boat"])
    depot = make.topic("Depot", kind="organisation", labels=["depot"])
    morning = make.session("Morning tides")
    ferries = make.talk("Night ferries", speakers=[ben], session=morning)
    crossing = make.turn("Does the crossing include waiting?", by=ada, talk=ferries, kind="question", to=[ben])
    make.turn(
        "Only with the tide, by the relay.", by=ben, talk=ferries, kind="answer", exchange=crossing.exchange,
        topics=[relay], label="Benny",
    )  # fmt: skip
    lamps = make.talk("Lamps", speakers=[cleo], day=make.day(2))
    who = make.turn("Who lights the lamps?", by=cleo, talk=lamps, kind="question")
    kelp = make.turn("Kelp-drying needs a depot.", by=ada, talk=lamps, topics=[depot])
    make.action("Build the depot", turn=kelp, owners=[cleo], due=date(2031, 5, 20))
    make.decision("Lamps stay lit", turn=who)
    make.theme("Light at night", evidence=[who])
    return {"ada": ada, "ben": ben, "ferries": ferries, "workshop": ferries.workshop}


CROSSING, TIDE = "Does the crossing include waiting?", "Only with the tide, by the relay."
LAMPS, KELP = "Who lights the lamps?", "Kelp-drying needs a depot."


QUERIES = [
    ("asked-by:ada", [CROSSING]),
    ('asked-by:"Ada Quill"', [CROSSING]),
    ("asked-by:ada kind:answer", [TIDE]),
    ("answered-by:ben", [TIDE]),
    ("answered-by:benny", [TIDE]),  # as the minutes print him
    ("asked-by:ada answered-by:marlow", [CROSSING, TIDE]),
    ("asked-by:ada tide", [CROSSING]),
    ("said-by:ada", [CROSSING, KELP]),
    ("to:ben", [CROSSING]),
    ("speaker:cleo", [LAMPS, KELP]),
    ("owner:cleo", ["Build the depot"]),
    ("in:turns owner:cleo", [KELP]),
    ("owner:none", []),
    ("due:2031-05", ["Build the depot"]),
    ("due:<2031-05-21 due:>=2031-05-20", ["Build the depot"]),
    ("due:>2031-05-20", []),
    ("due:none", []),
    ("date:>2031-05-05 kind:question", [LAMPS]),
    ("topic:relay", [TIDE, CROSSING]),
    ("technology:relay", [TIDE, CROSSING]),
    ("org:depot", [KELP]),
    ('topic:"night boat"', [TIDE, CROSSING]),
    ("day:2", [LAMPS, KELP]),
    ("day:1..2 kind:question", [CROSSING, LAMPS]),
    ("date:2031-05-06", [LAMPS, KELP]),
    ("date:2031-05-05..2031-05-06 is:unanswered", [LAMPS]),
    ("session:morning", [CROSSING, TIDE]),
    ("talk:lamps", [LAMPS, KELP]),
    ("workshop:autumn kind:answer", [TIDE]),
    ("theme:light", [LAMPS]),
    ("is:answered", [CROSSING]),
    ("is:action", [KELP]),
    ("is:decision", [LAMPS]),
    ("is:overdue", ["Build the depot"]),
    ("is:open", ["Build the depot"]),
    ("is:waiting depot", ["Build the depot"]),
    ("is:open kind:comment", [KELP]),
    ("is:done", []),
    ("kind:question|answer", [CROSSING, TIDE, LAMPS]),
    ("in:talks ferries", ["Night ferries"]),
    ("in:people quill", ["Ada Quill"]),
    ("in:topics night", ["Relay (night relay)"]),
    ("in:themes", ["Light at night"]),
    ("in:actions is:open", ["Build the depot"]),
    ("in:decisions lit", ["Lamps stay lit"]),
    ("kind:question -crossing", [LAMPS]),
    ("crossing OR kelp", [CROSSING, KELP]),
    ("(crossing OR lamps) -day:2", [CROSSING]),
    ("-kind:question -kind:answer", [KELP]),
    ("kel*", [KELP]),
    ("kelpdrying", [KELP]),
    ("kelp-dry", [KELP]),
    ('"the crossing"', [CROSSING]),
    ('"crossing the"', []),
]


def test_queries_find(harbour):
    assert [(query, texts(query)) for query, _ in QUERIES] == QUERIES
    assert {query: complaints(query) for query, _ in QUERIES if complaints(query)} == {}


SENSELESS = [
    ("asked-by:zorro lamps", "Nobody of the name “zorro” asked a question here; the rest was searched without it."),
    ("asked-by:qill crossing", "Nobody of the name “qill” asked a question here; this was searched for Ada Quill."),
    ("topic:dept kelp", "No topic “dept” came up here (did you mean Depot?); the rest was searched without it."),
    ("talk:lmps lamps", "No talk “lmps” is here (did you mean “Lamps”?); the rest was searched without it."),
    ("day:x lamps", "“day:x” is no number of a day, as in “day:2”; the rest was searched without it."),
    ("day:9 lamps", "No workshop here has a day 9; the rest was searched without it."),
    ("date:soon lamps", "“date:soon” is no date, as in “date:2024-05-01” or “date:2024-05..2024-06”; the rest was"),
    ("kind:questoin lamps", "Nothing here is of the kind “questoin” (did you mean “kind:question”?); the rest was"),
    (
        "is:answerd lamps",
        "“is:answerd” is none of unanswered, answered, action, decision, proposed, open, waiting, done, dropped and",
    ),
    ('lamps "the', "The quotation mark before “the” has no partner, so the words there were read one by one."),
]


def test_what_makes_no_sense_is_said_beside_the_best_results(harbour):
    said = [(query, " | ".join(complaints(query))[: len(begins)]) for query, begins in SENSELESS]
    assert said == SENSELESS
    assert [query for query, _ in SENSELESS if not texts(query)] == []


def test_nothing_is_found_where_nothing_is_left_of_a_query(harbour):
    assert (texts("asked-by:zorro"), texts("asked-by:zorro OR kelp"), texts("topic:zzz day:77")) == ([], [KELP], [])


def test_name_that_several_bear_finds_all_of_them_and_says_so(harbour):
    make.turn("Why the kelp?", by=make.person("Ada Brook"), kind="question")
    found = find("asked-by:ada", VISITOR)
    assert found.complaints == ["“ada” may be Ada Quill or Ada Brook; all of them were searched for."]
    assert found.total == 2


def test_minutes_that_print_an_answer_as_a_remark_are_searched_as_well(harbour):
    one = make.turn("One?", by=harbour["ben"], kind="question")
    make.turn("Two.", by=harbour["ada"], kind="answer", exchange=one.exchange)
    assert texts("answered-by:ada") == ["Two."]
    assert texts("answered-by:ada kelp") == [KELP]
    assert complaints("answered-by:ada kelp") == [
        "Nothing here was asked or answered so; shown is what they said about it."
    ]


PLAIN = [
    ("what did Ada want to know about the tide", CROSSING),
    ("what did Benjamin Marlow answer about the crossing", TIDE),
    ("benny tide", TIDE),
    ("who lighted a lamp?", LAMPS),
    ("crosing", CROSSING),
    ("ferries waiting", CROSSING),
    ("night-boats", TIDE),
    ("lamp zebra", LAMPS),
    ("DEPÔT", KELP),
]


def test_plain_words_find_first(harbour):
    assert [(query, texts(query)[0]) for query, _ in PLAIN] == PLAIN


def test_name_that_is_more_often_a_word_is_one_but_where_the_sentence_tells(db):
    make.turn("The kelp is dear.", by=make.person("Mark Price"))
    for n in range(3):
        make.turn(f"The price of kelp {n}.", by="Ada")
    assert texts("price kelp")[0].startswith("The price of kelp")
    assert texts("what did Price say about kelp")[0] == "The kelp is dear."
    assert texts("Mark Price kelp")[0] == "The kelp is dear."


def test_words_that_only_the_title_has_find_what_was_said_there(harbour):
    assert texts("ferries") == [CROSSING, TIDE]


def test_misspelt_word_is_said_to_be_taken_for_another(harbour, client):
    page = client.get("/search/?q=crosing").content.decode()
    assert "Nothing here has <i>crosing</i>; this is what was found for <i>crossing</i>." in page
    assert ">Does the <mark>crossing</mark> include waiting?" in page


def test_asked_and_answered_comes_before_a_passing_word(db):
    make.turn("The buoy is red.")
    asked = make.turn("The buoy is red?", by="Ada", kind="question", talk=make.talk("Buoys"))
    make.turn("So it is.", by="Ben", kind="answer", exchange=asked.exchange, talk=asked.talk)
    assert texts("red buoy")[0] == "The buoy is red?"


def test_order_is_by_relevance_by_date_or_by_talk(db):
    old = make.talk("Old", workshop=make.workshop("Old", start=date(2030, 1, 1), end=date(2030, 1, 1)))
    make.turn("The buoy, the buoy!", talk=old)
    new = make.talk("New", workshop=make.workshop("New", start=date(2032, 1, 1), end=date(2032, 1, 1)))
    make.turn("Of all that floats and rings in this harbour, the buoy is what we see least of.", talk=new)
    found = find("buoy", VISITOR)
    first = {sort: found.hits(0, 1, sort, shown=True)[0].shown["talk"] for sort in ("relevance", "date", "talk")}
    assert first == {"relevance": "Old", "date": "New", "talk": "New"}


# Facets and chips


def test_facets_count_what_they_lead_to(harbour):
    for query in ("the", "kind:question", "said-by:ada", "asked-by:ada kind:answer", "day:1..2", "lamps OR crossing"):
        results = search({"q": query}, VISITOR)
        counted = {value.query: value.count for facet in results.facets for value in facet.values}
        assert counted or results.total == 1, query
        assert {narrowed: search({"q": narrowed}, VISITOR).total for narrowed in counted} == counted


def test_other_kinds_count_what_they_lead_to(harbour):
    others = search({"q": "depot"}, VISITOR).elsewhere
    assert [(other.count, other.words) for other in others] == [(1, "topic"), (1, "action item")]
    for other in others:
        assert search({"q": other.query}, VISITOR).total == other.count


def test_chips_tell_how_it_was_understood(harbour):
    chips = search({"q": "what did ada say of the night boat crosing asked-by:ben -lamps"}, VISITOR).chips
    assert [(chip.words, chip.meaning, chip.kind) for chip in chips] == [
        ("ada", "Ada Quill", "person"),
        ("night", "Relay (night relay)", "topic"),
        ("boat", "Relay (night relay)", "topic"),
        ("crosing", "crossing", "word"),
        ("asked-by:ben", "", "operator"),
        ("-lamps", "", "word"),
    ]
    assert chips[3].rest == "what did ada say of the night boat asked-by:ben -lamps"


def test_form_of_names_and_slugs_becomes_one_query(harbour):
    results = search({"q": "tide", "asked_by": harbour["ada"].public_id, "topic": "relay-night-relay"}, VISITOR)
    assert (results.q, results.total) == ('tide asked-by:"Ada Quill" topic:relay-night-relay', 1)
    assert show(results.found.meaning.tree) != results.q  # there the id stands


def test_long_conversation_is_cut_to_what_opens_it_and_what_was_found(client):
    one = make.turn("First?", kind="question")
    for n in range(12):
        make.turn(f"Word {n}" + (" buoy" if n == 6 else ""), exchange=one.exchange, talk=one.talk)
    [answer] = search({"q": "buoy"}, VISITOR).answers
    assert [turn.text for turn in answer.turns] == ["First?", "Word 6 buoy"]
    assert answer.skipped == 11
    assert "11 more in this conversation" in client.get("/search/?q=buoy").content.decode()


def test_no_query_raises(harbour):
    """Fifty thousand of them: make fuzz-search."""
    assert len(fuzz(250, seed=2)) == 250


# Dates and commands


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("2031-05-05", ("2031-05-05", "2031-05-05")),
        ("2031-05", ("2031-05-01", "2031-05-31")),
        ("2031-12", ("2031-12-01", "2031-12-31")),
        ("2031", ("2031-01-01", "2031-12-31")),
        ("2031-05-05..2031-06", ("2031-05-05", "2031-06-30")),
        ("..2031-05", ("0001-01-01", "2031-05-31")),
        ("2031..", ("2031-01-01", "9999-12-31")),
        ("9999-12", ("9999-12-01", "9999-12-31")),
    ],
)
def test_dates_are_days_months_years_and_spans(value, span):
    assert tuple(day.isoformat() for day in dates_of(value)) == span


@pytest.mark.parametrize("value", ["", "..", "soon", "2031-13", "2031-02-30", "0000", "31-05-05"])
def test_what_is_no_date_is_none(value):
    assert dates_of(value) is None


def test_batch_answers_line_by_line(harbour, tmp_path, capsys):
    queries = tmp_path / "queries.txt"
    queries.write_text("asked-by:ada\n\nzebra\nlamps\n", encoding="utf-8")
    call_command("search", batch=str(queries), limit=1)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [[hit["text"] for hit in line] for line in lines] == [[CROSSING], [], [], [LAMPS]]


def test_batch_says_what_it_cannot_read(tmp_path):
    with pytest.raises(CommandError, match="cannot be read as a file of queries"):
        call_command("search", batch=str(tmp_path / "none.txt"))


def test_rebuild_says_how_many_documents_there_are(harbour, capsys):
    call_command("rebuild_search")
    assert capsys.readouterr().out == "The search index has 14 documents.\n"
    call_command("rebuild_search", if_needed=True)
    assert capsys.readouterr().out == "The search index is up to date.\n"


def test_common_word_has_the_same_best_hits_count_and_facets_and_every_hit_on_one_page(db, monkeypatch):
    for n in range(12):
        talk = make.talk(f"Buoy {n}" if n % 3 else f"Tide {n}")
        asked = make.turn(f"Is a buoy {'red ' * n}?", by="Ada", talk=talk, kind="question")
        make.turn("A buoy it is.", by="Ben", talk=talk, kind="answer", exchange=asked.exchange)
    full = search({"q": "buoy"}, VISITOR)
    wanted = [hit.pk for hit in find("buoy", VISITOR).hits(0, 30)]
    monkeypatch.setattr("minutes.search.finding.MANY", 3)
    quick = find("buoy", VISITOR)
    assert quick.query is quick.meaning.quick
    assert (quick.total, [hit.pk for hit in quick.hits(0, 30)]) == (24, wanted)
    monkeypatch.setattr("minutes.search.finding.BEST", 8)
    quick = find("buoy", VISITOR)
    paged = [hit.pk for start in range(0, 24, 5) for hit in quick.hits(start, 5)]
    assert sorted(paged) == sorted(wanted)
    narrowed = search({"q": "buoy"}, VISITOR)
    assert [facet.values for facet in narrowed.facets] == [facet.values for facet in full.facets]
    assert find("buoy", VISITOR).hits(24, 5) == []


def test_counts_of_facets_are_kept_until_something_changes(harbour, monkeypatch):
    counted = []
    count = facets.count
    monkeypatch.setattr(facets, "count", lambda found, names: counted.append(names) or count(found, names))
    before = search({"q": "kelp"}, VISITOR)
    search({"q": "kelp", "sort": "date"}, VISITOR)
    assert len(counted) == 1
    make.turn("More kelp.", by=harbour["ben"])
    after = search({"q": "kelp"}, VISITOR)
    assert (before.total, after.total, len(counted)) == (1, 2, 2)
    said = next(facet for facet in after.facets if facet.name == "said-by")
    assert {value.words for value in said.values} == {"Ada Quill", "Benjamin Marlow"}
