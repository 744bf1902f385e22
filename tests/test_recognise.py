from pathlib import Path
from time import perf_counter

import pytest

from minutes.document import Contact, Document, Entity, Link, Mention, Note, Session, Talk, Theme, Turn
from themes.recognise import Found, Recogniser, Topic, load_vocabulary, pieces_of, recognise

SEEDS = Path(__file__).parent.parent / "seeds" / "topics.toml"

VOCABULARY = (
    Topic("zephyr", "ZEPHYR", "project", ("ZEPHYR",)),
    Topic("zephyr-next", "Zephyr Next", "project", ("zephyr next",)),
    Topic("quillon", "Quillon", "technology", ("quillon",)),
    Topic("quillon-plugin", "Quillon plugin", "technology", ("quillon plugin",), includes=("quillon",)),
    Topic("mud-pond", "Mud pond", "technology", ("mud pond",), weak=("MP",), context=("zephyr",)),
    Topic("q-77", "Q.77", "technology", ("q.77",)),
    Topic("brd", "BRD", "technology", ("BRD",)),
    Topic("shore-lab", "Côte Lab", "organisation", ("CÔTE", "institute of shores")),
    Topic("heron", "HERON", "experiment", ("HERON",)),
    Topic("heron-queue", "HeRon", "technology", ("HeRon",)),
    Topic("gate-in", "Gate-in", "technology", ("Gate-in",)),
    Topic("dee", "D", "technology", ("D",)),
    Topic("dee-plus", "D++", "technology", ("d++",)),
)


def found(text: str, *named: str) -> list[tuple[str, str]]:
    return [(one.key, one.label) for one in Recogniser(VOCABULARY).find(text, named)]


def test_find_gives_places_of_the_text_as_given():
    text = "Éric says Quillon and CÔTE"
    assert Recogniser(VOCABULARY).find(text) == (
        Found("quillon", "Quillon", 10, 17),
        Found("shore-lab", "CÔTE", 22, 26),
    )


@pytest.mark.parametrize("label", ["quillon", "Quillon", "QUILLON", "quILLon"])
def test_label_in_small_letters_matches_any_case(label):
    assert found(f"we run {label} here") == [("quillon", label)]


@pytest.mark.parametrize("text", ["a zephyr blew", "Zephyr winds", "the heron flew", "gate-in closes", "a Brd"])
def test_label_with_capitals_matches_only_as_written(text):
    assert found(text) == []


def test_label_of_several_words_matches_any_case():
    vocabulary = [Topic("shore-lab", "Shores", "organisation", ("Institute of Shores",))]
    assert [one.label for one in Recogniser(vocabulary).find("INSTITUTE of shores")] == ["INSTITUTE of shores"]


def test_homonyms_differ_by_capitals():
    assert found("HERON sends jobs to HeRon") == [("heron", "HERON"), ("heron-queue", "HeRon")]


@pytest.mark.parametrize(
    "label", ["mud pond", "Mud-Pond", "MudPond", "mudpond", "mud\npond", "mud  ponds", "Mud\u2011pond"]
)
def test_words_of_a_label_may_be_joined(label):
    assert found(f"into the {label}, then") == [("mud-pond", label)]


@pytest.mark.parametrize("text", ["mud, pond", "mud\n\npond", "mud/pond", "mud and pond", "mud <a@b.example> pond"])
def test_words_of_a_label_must_stand_together(text):
    assert found(text) == []


@pytest.mark.parametrize("label", ["Q.77", "q77", "Q 77", "Q-77"])
def test_dots_and_digits_fold(label):
    assert found(f"a {label}.") == [("q-77", label)]


@pytest.mark.parametrize(("text", "label"), [("three BRDs", "BRDs"), ("BRD's cost", "BRD"), ("the BRD’s", "BRD")])
def test_plural_and_possessive_match(text, label):
    assert found(text) == [("brd", label)]


@pytest.mark.parametrize("text", ["BRDX", "XBRD", "BRD2", "BRD_x", "BRDS"])
def test_label_matches_whole_words_only(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["a/BRD", "BRD+Bob", "pre-BRD", "(BRD)", "'BRD'", "=BRD;", "BRD...", "_BRD_", "**BRD**"]
)
def test_punctuation_ends_a_word(text):
    assert found(text) == [("brd", "BRD")]


def test_signs_after_a_letter_make_another_name():
    assert found("D, D++ and D#") == [("dee", "D"), ("dee-plus", "D++")]


def test_longest_label_wins():
    assert found("ZEPHYR-Next after ZEPHYR") == [("zephyr-next", "ZEPHYR-Next"), ("zephyr", "ZEPHYR")]


def test_included_topic_counts_inside_a_longer_label():
    assert found("the Quillon plugin") == [("quillon-plugin", "Quillon plugin"), ("quillon", "Quillon")]


def test_compound_of_two_labels_names_both():
    assert found("ZEPHYR/HERON and BRD-Quillon") == [
        ("zephyr", "ZEPHYR"),
        ("heron", "HERON"),
        ("brd", "BRD"),
        ("quillon", "Quillon"),
    ]


def test_weak_label_needs_its_context():
    assert found("the MP is full") == []
    assert found("the MP is full", "quillon") == []
    assert found("the MP is full", "zephyr") == [("mud-pond", "MP")]
    assert found("the MP is full", "mud-pond") == [("mud-pond", "MP")]
    assert found("the MP of ZEPHYR") == [("mud-pond", "MP"), ("zephyr", "ZEPHYR")]


def test_texts_of_one_document_are_each_others_context():
    recogniser = Recogniser(VOCABULARY)
    assert [[one.key for one in each] for each in recogniser.find_all(["MP", "ZEPHYR"])] == [["mud-pond"], ["zephyr"]]
    assert recogniser.find_all(["MP", "Quillon"])[0] == ()


def test_words_of_an_email_address_name_nothing():
    assert found("write to quillon-help@quillon.example, or quillon") == [("quillon", "quillon")]


def test_link_label_counts_and_its_target_does_not():
    assert found("see [the quillon docs](https://q77.example/mud-pond) (BRD)") == [
        ("quillon", "quillon"),
        ("brd", "BRD"),
    ]


def test_address_names_what_fills_a_part_of_it():
    text = "<https://quillon.example.org/it-quillon/mud-pond/run.py?q77#q77> BRD"
    assert found(text) == [("quillon", "quillon"), ("mud-pond", "mud-pond"), ("brd", "BRD")]
    one = Recogniser(VOCABULARY).find(text)[1]
    assert text[one.start : one.end] == "mud-pond"


def test_address_without_path_ends_with_the_sentence():
    assert found("at http://quillon.") == [("quillon", "quillon")]


def test_recognise_counts_a_topic_once_per_record():
    pieces = [("t1", "Quillon for ZEPHYR"), ("t1", "QUILLON again"), (None, "BRD"), ("q1", "quillon")]
    assert recognise(pieces, Recogniser(VOCABULARY)) == (
        (
            Entity("quillon", "Quillon", "technology", ("Quillon", "QUILLON", "quillon")),
            Entity("zephyr", "ZEPHYR", "project", ("ZEPHYR",)),
            Entity("brd", "BRD", "technology", ("BRD",)),
        ),
        (
            Mention("t1", "quillon", "Quillon"),
            Mention("t1", "zephyr", "ZEPHYR"),
            Mention("q1", "quillon", "quillon"),
        ),
    )


def test_pieces_stand_in_the_order_of_the_document():
    document = Document(
        name="x.txt", sha256="", media_type="text/plain", line_count=12, title="Title", start=None, end=None,
        sessions=(Session("s1", 1, "Session", ("ann",), "Opening", (2, 2), convener_affiliations=(("ann", "Lab"),)),),
        talks=(
            Talk("t1", "s1", 1, "Talk", ("bo",), (("bo", "Home"),), "given", (5, 5),
                 links=(Link("Slides", None, (6, 6)),), notes=(Note("Note", "note", (9, 9)),)),
        ),
        turns=(Turn("q1", "t1", 1, "Bo", (), "Said", (8, 8)),),
        themes=(Theme("th1", 1, "Theme", (11, 11)),),
        contacts=(Contact("bo", None, "Institute", True, (12, 12)), Contact("ann", None, None, True, (12, 12))),
        links=(Link("Event", None, (1, 1)),),
    )  # fmt: skip
    assert pieces_of(document) == [
        (None, "Title"), (None, "Event"), ("s1", "Session"), ("s1", "Lab"), ("s1", "Opening"), ("t1", "Talk"),
        ("t1", "Home"), ("t1", "Slides"), ("q1", "Said"), ("t1", "Note"), ("th1", "Theme"), (None, "Institute"),
    ]  # fmt: skip


def test_pieces_leave_an_opening_to_its_turn():
    document = Document(
        name="x.txt", sha256="", media_type="text/plain", line_count=3, title="Title", start=None, end=None,
        sessions=(Session("s1", 1, "Session", ("ann",), "Welcome", (2, 2)),),
        turns=(Turn("q1", "s1", 1, "Ann", (), "Welcome", (3, 3)),),
    )  # fmt: skip
    assert pieces_of(document) == [(None, "Title"), ("s1", "Session"), ("q1", "Welcome")]


def entry(**changes: str) -> str:
    lines = {"key": '"ab"', "name": '"Ab"', "kind": '"technology"', "labels": '["ab"]'} | changes
    return "[[topic]]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items() if value)


def test_vocabulary_is_read_from_toml(tmp_path):
    path = tmp_path / "words.toml"
    path.write_text(entry(url='"https://ab.example/"', description='"What it is."', weak='["A"]', context='["ab"]'))
    topic = Topic("ab", "Ab", "technology", ("ab",), "What it is.", "https://ab.example/", ("A",), ("ab",))
    assert load_vocabulary(path) == (topic,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "words.toml: not a TOML file in UTF-8: "),
        ("[other]\n", "words.toml: expected [[topic]] tables and nothing else, found ['other']"),
        (entry(key=""), "words.toml: topic 1 (without key): key must be a text"),
        (entry(key='"A b"'), "words.toml: topic 1 (A b): key must be small letters, digits and hyphens"),
        (entry(name='" "'), "words.toml: topic 1 (ab): name must be a text"),
        (entry(kind='"thing"'), "words.toml: topic 1 (ab): kind 'thing' is none of experiment, technology, project, "),
        (entry(labels=""), "words.toml: topic 1 (ab): has no labels"),
        (entry(labels='"ab"'), "words.toml: topic 1 (ab): labels must be a list of texts"),
        (entry(labels='["--"]'), "words.toml: topic 1 (ab): label '--' must have 1 to 8 words"),
        (entry(labels='["a/b"]'), "words.toml: topic 1 (ab): label 'a/b' can match nothing: only a space, hyphen, "),
        (entry(url='"ab.example"'), "words.toml: topic 1 (ab): url 'ab.example' is not a web address"),
        (entry(colour='"red"'), "words.toml: topic 1 (ab): unknown field 'colour'"),
        (entry(context='["cd"]'), "words.toml: topic 1 (ab): context names 'cd', which is no topic"),
        (entry() + entry(labels='["cd"]'), "words.toml: topic 2 (ab): the key 'ab' is taken by an earlier topic"),
        (entry() + entry(key='"cd"'), "words.toml: topic 2 (cd): label 'ab' matches the same words as 'ab' of 'ab'"),
        (entry() + entry(key='"cd"', labels='["a b"]'), "words.toml: topic 2 (cd): label 'a b' matches the same words"),
        (entry() + entry(key='"cd"', labels='["AB"]'), "words.toml: topic 2 (cd): label 'AB' matches the same words"),
    ],
)
def test_malformed_vocabulary_is_refused_with_its_entry(tmp_path, text, message):
    path = tmp_path / "words.toml"
    path.write_text(text)
    with pytest.raises(ValueError) as error:
        load_vocabulary(path)
    assert str(error.value).startswith(message)


def test_labels_that_differ_in_capitals_are_two(tmp_path):
    path = tmp_path / "words.toml"
    path.write_text(entry(labels='["HERON"]') + entry(key='"cd"', labels='["HeRon"]'))
    assert [topic.key for topic in load_vocabulary(path)] == ["ab", "cd"]


def test_seeds_are_a_vocabulary():
    topics = load_vocabulary(SEEDS)
    assert len(topics) >= 200
    assert [topic.key for topic in topics if not topic.description] == []


@pytest.mark.parametrize(
    "text",
    [
        "It was magic how he did escape the dunes and came to the atlas of fair docks, slack and ego in his binder.",
        "The lexer emits a token; the parser spins a root, swan, spark, rivet and casa on the horizon.",
        "Check-in is at nine. He asked for a pic of an arc; did it compass all? I am on DL and HE on RSE.",
    ],
)
def test_seeds_take_no_common_word_for_a_topic(text):
    assert Recogniser(load_vocabulary(SEEDS)).find(text) == ()


def test_seeds_tell_homonyms_apart():
    text = "PANDA jobs go through PanDA; CTA reads from EOSCTA; DIRAC runs at DiRAC; FAIR data at GSI and FAIR"
    assert [one.key for one in Recogniser(load_vocabulary(SEEDS)).find(text)] == [
        "panda-experiment", "panda-wms", "cta", "cern-tape-archive", "dirac", "dirac-hpc", "fair-data", "gsi", "fair",
    ]  # fmt: skip


def test_odd_labels_of_a_site_do_no_harm():
    long = " ".join(f"w{n}" for n in range(60))
    recogniser = Recogniser([Topic("odd", "Odd", "project", ("--", "", long))])
    assert [one.key for one in recogniser.find(f"-- {long} w1w2")] == ["odd"]


def test_odd_text_is_read_in_linear_time():
    recogniser = Recogniser(VOCABULARY)
    started = perf_counter()
    for odd in ("mud" + " " * 100_000 + "* pond", "a@" + "b." * 50_000, "[x](" * 50_000, "x" * 200_000 + "@"):
        assert recogniser.find(odd) == ()
    assert perf_counter() - started < 5
