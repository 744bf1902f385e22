"""minutes.parsing.followups: promises, requests, marked actions and decisions, and what is none of them."""

from datetime import date

import pytest

from minutes.document import Turn, Voice
from minutes.parsing.followups import find_followups
from people.resolve import Candidate

PEOPLE = (Candidate("uma", "Uma Vale"), Candidate("igor", "Igor Stone"))


def turn(text, person="uma", n=1, **rest):
    return Turn(f"q{n}", "t1", n, person, (Voice(person, person, "exact"),), text, (n, n), **rest)


def actions(text):
    return find_followups([turn(text)], [], PEOPLE)[0]


def decisions(text):
    return [one.text for one in find_followups([turn(text)], [], PEOPLE)[1]]


@pytest.mark.parametrize(
    "text",
    [
        "I will send the list.",
        "I'll check the valve tomorrow.",
        "We will circulate the draft.",
        "Will upload the slides tonight.",
        "Will do that.",
        "I can share the recording.",
        "We are happy to help with the move.",
        "Good plan, happy helping.",
        "I am keen to join.",
        "Glad to contribute.",
        "Our side will support it.",
        "I would keep in touch with the museum.",
    ],
)
def test_a_promise_belongs_to_who_makes_it(text):
    (action,) = actions(text)
    assert (action.text, action.owner, action.explicit, action.due) == (text, ("uma",), False, None)
    assert action.reason


@pytest.mark.parametrize(
    "text",
    [
        "Please fill in the form by tonight.",
        "If anybody has spare pots, please bring them.",
        "Let me know who comes.",
        "All are invited to send photos.",
        "(to be further discussed next week)",
        "Let's discuss it offline.",
    ],
)
def test_a_request_to_all_belongs_to_nobody(text):
    (action,) = actions(text)
    assert (action.text, action.owner, action.explicit) == (text, (), False)


@pytest.mark.parametrize(
    "text",
    [
        "We should find a better name.",
        "It would be nice to have a lift.",
        "The pumps will be replaced by new ones.",
        "The services will implement the standard.",
        "Igor, as acting director, will ask for money.",
        "I am happy to hear that.",
        "Happy to see so many people.",
        "People are happy to use it.",
        "I would agree with that.",
        "I would check the logs first.",
        "I would send it if I had it.",
        "It is unclear if we would be willing to pay.",
        "Could you explain this please?",
        "Please note that the lift is broken.",
        "I shared the link yesterday.",
        "We can provide up to ten litres.",
        'He said "I will send it" and left.',
        "We took action on leaks.",
        "It is said to be discussed a lot.",
        "Many want to follow.",
    ],
)
def test_what_nobody_takes_on_is_no_action(text):
    assert actions(text) == ()


def test_only_the_sentence_is_quoted():
    (action,) = actions("The pump is loud, e.g. at night. I will check it. It was always loud.")
    assert action.text == "I will check it."


def test_a_request_to_you_belongs_to_who_asked():
    turns = [
        turn("How hot is it?", "igor", 1, kind="question", exchange=1),
        turn("Very. If you have a thermometer that would be useful.", "uma", 2, kind="answer", exchange=1),
    ]
    (action,) = find_followups(turns, [], PEOPLE)[0]
    assert (action.where, action.owner, action.text) == (
        "q2",
        ("igor",),
        "If you have a thermometer that would be useful.",
    )


def test_a_request_may_name_who_is_asked():
    (action,) = actions("Igor: please bring the ladder.")
    assert action.owner == ("igor",)


@pytest.mark.parametrize(
    ("text", "what", "owner"),
    [
        ("ACTION: Igor to write the report", "Igor to write the report", ("igor",)),
        ("Action item: order chairs", "order chairs", ()),
        ("ACTION Igor: order chairs", "order chairs", ("igor",)),
        ("Action on Uma Vale: order chairs", "order chairs", ("uma",)),
        ("AI 3: order chairs (Igor)", "order chairs (Igor)", ("igor",)),
        ("**TODO:** order chairs", "order chairs", ()),
        ("- [ ] @igor order chairs", "@igor order chairs", ("igor",)),
        ("ACTION-12: Igor and Uma to order chairs", "Igor and Uma to order chairs", ("igor", "uma")),
    ],
)
def test_a_marked_action_is_explicit(text, what, owner):
    (action,) = actions(text)
    assert (action.text, action.owner, action.explicit) == (what, owner, True)


@pytest.mark.parametrize(
    "text", ["(let's take an action to order chairs)", "Igor took an action item to order chairs."]
)
def test_an_action_taken_in_talk_is_explicit(text):
    (action,) = actions(text)
    assert (action.text, action.explicit) == (text, True)


def test_a_ticked_box_is_done():
    assert actions("- [x] @igor order chairs") == ()


def test_somebody_named_to_do_it_owns_it():
    (action,) = actions("Igor to send the keys.")
    assert (action.owner, action.explicit) == (("igor",), False)
    assert actions("Nobody to send the keys.") == ()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("I will send it by 4 May 2031.", date(2031, 5, 4)),
        ("Please reply before 2031-05-04!", date(2031, 5, 4)),
        ("I will send it by May.", None),
        ("I will send the list of 4 May 2031.", None),
    ],
)
def test_due_only_where_a_day_is_said(text, due):
    (action,) = actions(text)
    assert action.due == due


def test_actions_are_numbered_in_document_order():
    turns = [turn("I will send it.", n=9), turn("I will check it.", n=3)]
    found, _ = find_followups(turns, [("th1", "(let's take an action to order chairs)", (5, 5))], PEOPLE)
    assert [(one.id, one.where, one.lines) for one in found] == [
        ("a1", "q3", (3, 3)),
        ("a2", "th1", (5, 5)),
        ("a3", "q9", (9, 9)),
    ]
    assert found[1].owner == ()


def test_wrapped_lines_are_one_sentence_and_list_items_are_not():
    assert [one.text for one in actions("I will send\nthe list.\n- I will check it\n- I will fix it")] == [
        "I will send the list.",
        "- I will check it",
        "- I will fix it",
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("RESOLVED: Close the old gate.", "Close the old gate."),
        ("**Resolution 2: Close the gate**", "Close the gate"),
        ("DECISION: close it", "close it"),
        ("Conclusion: leave it open", "leave it open"),
        ("Consensus: leave it open", "leave it open"),
        ("It was agreed to close the gate.", "It was agreed to close the gate."),
        ("The committee decided to close the gate.", "The committee decided to close the gate."),
    ],
)
def test_a_decision_is_one_that_says_so(text, what):
    assert decisions(text) == [what]


@pytest.mark.parametrize(
    "text",
    [
        "Agreed, the gate is old.",
        "For now we decided to keep our own gate.",
        "Last year it was decided to close the gate.",
        "Consensus: does anybody object?",
        "There was no resolution: nothing.",
        "We need a decision.",
    ],
)
def test_what_was_settled_elsewhere_is_no_decision(text):
    assert decisions(text) == []


def test_nothing_in_nothing_out():
    assert find_followups([], []) == ((), ())
    assert find_followups([turn("")], [("th1", "\n\n", (1, 1))]) == ((), ())
