"""minutes.parsing.exchanges: who asks, who answers, and what belongs together."""

import time

import pytest

from minutes.document import Turn, Voice
from minutes.parsing import wording
from minutes.parsing.exchanges import thread

NAMES = ("uma", "igor", "lena", "otto", "vera")


def called(form):
    return [key for key in NAMES if form in (key, f"{key} test")]


def talk(*lines):
    """Turns from "name: words" lines; "a+b: words" has two voices, a name not in NAMES is nobody known."""
    turns = []
    for n, line in enumerate(lines, start=1):
        label, text = line.split(": ", 1)
        voices = tuple(Voice(part, part if part in NAMES else None, "exact") for part in label.split("+"))
        turns.append(Turn(f"q{n}", "t1", n, label, voices, text, (n, n)))
    return turns


def read(*lines, speakers=("uma",)):
    """Each turn in short: first letter of its kind and its exchange."""
    return " ".join(f"{turn.kind[0]}{turn.exchange}" for turn in thread(talk(*lines), speakers, called))


def addressed(*lines, speakers=("uma",)):
    return [turn.addressed_to for turn in thread(talk(*lines), speakers, called)]


def test_thread_of_nothing_is_nothing():
    assert thread((), ("uma",), called) == ()


def test_thread_changes_nothing_else():
    turns = talk("igor: Is the beam stable?", "uma: Mostly.")
    out = thread(turns, ("uma",), called)
    assert [(one.id, one.text, one.voices, one.lines) for one in out] == [
        (one.id, one.text, one.voices, one.lines) for one in turns
    ]


def test_question_and_answer_are_one_exchange_and_the_next_question_another():
    assert (
        read(
            "igor: How long did the calibration take?",
            "uma: Three weeks.",
            "lena: Which magnets were replaced?",
            "uma: The ones in sector four.",
        )
        == "q1 a1 q2 a2"
    )


def test_the_same_asker_with_a_new_question_begins_anew():
    assert (
        read("igor: Are spare pumps available?", "uma: Two.", "igor: What does the vacuum look like?", "uma: Fine.")
        == "q1 a1 q2 a2"
    )


def test_a_follow_up_stays():
    assert read("igor: Are spare pumps available?", "uma: Two.", "igor: Why?", "uma: Money.") == "q1 a1 q1 a1"
    assert (
        read("igor: Are spares there?", "uma: Two.", "igor: So you mean one failure stops us?", "uma: Yes.")
        == "q1 a1 q1 a1"
    )


def test_two_questions_in_a_row_by_one_person_are_one():
    assert read("igor: Is the roof tight?", "igor: And who pays for the repair?", "uma: It is. The city.") == "q1 q1 a1"


def test_all_speakers_of_the_talk_answer():
    assert (
        read("igor: Do you see leaks?", "uma: Rarely.", "lena: We see some at night.", speakers=("uma", "lena"))
        == "q1 a1 a1"
    )


def test_anybody_may_be_the_first_to_answer():
    assert read("igor: Where is the key kept?", "otto: At the gate house.") == "q1 a1"


def test_a_third_person_does_not_answer_for_you():
    assert (
        read(
            "igor: What do you mean by drift tube?",
            "uma: A long hollow electrode.",
            "otto: Drift tubes hide the particles from the field, our tubes do the same.",
        )
        == "q1 a1 c1"
    )


def test_a_third_person_may_answer_what_was_put_to_all():
    assert (
        read(
            "igor: Is bicycle parking still planned?",
            "uma: I believe there was a budget.",
            "otto: Works begin in spring.",
        )
        == "q1 a1 a1"
    )


def test_advice_of_a_third_person_is_a_comment():
    assert (
        read(
            "igor: Which pump do you use?", "uma: An old one.", "otto: You can borrow our spare pump for that as well."
        )
        == "q1 a1 c1"
    )


def test_a_speaker_answers_but_only_comments_on_a_comment():
    assert (
        read(
            "igor: Who feeds the fish tank?",
            "uma: The night shift.",
            "igor: It worries me, the fish look thin.",
            "uma: Fish always look thin.",
        )
        == "q1 a1 c1 c1"
    )


def test_a_statement_and_its_reply_are_comments():
    assert read("igor: The new lamps are far too bright.", "uma: Agreed, we dim them.") == "c1 c1"


def test_a_statement_on_something_else_begins_anew():
    assert (
        read(
            "igor: Do you keep the old logbooks?",
            "uma: All of them, in the cellar.",
            "otto: Cafeteria prices deserve more attention.",
            "lena: Prices went up for everybody.",
        )
        == "q1 a1 c2 c2"
    )


def test_who_takes_up_another_point_of_the_talk_begins_anew():
    assert (
        read(
            "igor: Do you use steam?",
            "uma: No steam.",
            "otto: You mentioned steam turbines on slide 4, ours are for sale.",
        )
        == "q1 a1 c2"
    )


def test_a_comment_on_something_goes_back_to_it():
    assert (
        read(
            "igor: How was the turbine tested?",
            "uma: In water.",
            "lena: Is lunch included?",
            "uma: Yes.",
            "otto: Comment on the turbine: ours broke twice.",
        )
        == "q1 a1 q2 a2 c1"
    )


def test_a_call_to_everybody_begins_anew():
    assert (
        read(
            "igor: Where do we meet?", "uma: Hall two.", "otto: For whoever wants to meet for dinner: seven, hall two."
        )
        == "q1 a1 c2"
    )


def test_a_speaker_may_ask_back_and_is_answered():
    assert (
        read("igor: The numbers on the door are wrong.", "uma: The inner or the outer door?", "igor: The inner.")
        == "c1 q1 a1"
    )


def test_a_speaker_who_asked_back_still_answers():
    assert (
        read(
            "igor: Which door squeaks?", "uma: Do you mean outside?", "igor: Inside.", "uma: The third.", "igor: Good."
        )
        == "q1 q1 a1 a1 c1"
    )


def test_a_thousand_turns_in_one_talk_take_no_time():
    lines = [
        f"{who}: Thing{n % 40} and part{n % 7} break often in winter" for n in range(500) for who in ("igor", "otto")
    ]
    began = time.perf_counter()
    read(*lines)
    assert time.perf_counter() - began < 2


def test_an_answer_that_asks_in_passing_is_an_answer():
    assert read("igor: What went wrong?", "uma: Why did it fail? The cable was cut. We replaced it.") == "q1 a1"


def test_somebody_who_is_invited_to_speak_stays():
    assert (
        read(
            "igor: What do you do about frost?",
            "uma: Little. Maybe the gardeners can comment.",
            "otto: Fleece blankets, since 1990.",
        )
        == "q1 a1 c1"
    )


def test_two_voices_answer_together():
    assert addressed("igor: Do you share a lathe?", "uma+lena: We do.", speakers=("uma",)) == [("uma", "lena"), ()]


def test_a_question_is_addressed_to_those_who_answer_it():
    lines = ("igor: Is the ice thick enough?", "uma: Today.", "otto: It is ten centimetres.")
    assert addressed(*lines) == [("uma", "otto"), (), ()]


def test_a_question_without_answer_is_addressed_to_the_one_it_names():
    assert addressed("igor: Lena, could you look at the gate?") == [("lena",)]
    assert addressed("igor: Could somebody look at the gate?") == [()]


def test_a_comment_is_addressed_to_the_speaker_who_replies():
    assert addressed("igor: The gate squeaks.", "uma: Thanks, we oil it.") == [("uma",), ()]


def test_unknown_people_are_told_apart_by_their_labels():
    assert read("Guest A: Is it open?", "Guest B: Since Monday.", speakers=()) == "q1 a1"


def test_turns_without_speakers_still_thread():
    assert read("igor: Shall we vote?", "otto: Yes.", "lena: Agreed.", speakers=()) == "q1 a1 a1"


@pytest.mark.parametrize(
    "sentence",
    [
        "Is it on?",
        "I wanted to know how the lid closes.",
        "Can you explain the second plot.",
        "It is still unclear to me where the water goes.",
        "I have a question about the budget.",
        "What is the plan for winter.",
        "How many chairs are there.",
        "Are there any spare chairs.",
        "asks whether the lid can stay open",
        "Question: the lid again.",
        "(and is it safe) who checks it?",
    ],
)
def test_wording_hears_a_question(sentence):
    assert wording.asks(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "What we did was to close the lid.",
        "Which is the case here.",
        "When we have chairs, we will sit.",
        "Could be very interesting.",
        "Will check the lid.",
        "Right?",
        "The lid closes by itself.",
        "Have a look at the lid.",
    ],
)
def test_wording_hears_no_question(sentence):
    assert not wording.asks(sentence)


@pytest.mark.parametrize(
    "text", ["I think the lid (?) is shut.", 'He said "who?" and left.', "See https://lid.example/?a=1 there."]
)
def test_asides_do_not_ask(text):
    assert wording.questions(text) == []


def test_content_words_leave_out_common_words_and_endings():
    assert wording.content_words("The scheduled lids were closing") == wording.content_words(
        "close a lid, schedule this"
    )
