"""The three-way merge, on plain entries: no database, no parser."""

from minutes.matching import Entry, Ref, match
from minutes.merging import Current, Disagreement, Rules, next_base, plan

RULES = Rules(sets={"topic": frozenset({"labels"}), "workshop": frozenset({"participants"})}, positional=frozenset("n"))


def turn(ref, text, n=1, talk="talk1", became="", **fields):
    return Entry(ref, "turn", {"talk": talk, "exchange": "ex", "n": n, "text": text, **fields}, (n, n), became)


def current(entry, **edits):
    return Current({**entry.fields, **edits}, entry.lines)


def plan_of(base, source, now=None):
    return plan(base, source, now or {entry.became: current(entry) for entry in base}, RULES)


OLD = turn("q1", "Does the rate include what was tried again?", became="id1")


def test_same_source_changes_nothing():
    assert plan_of([OLD], [turn("q1", OLD.fields["text"])]).changes_nothing()


def test_source_alone_changed_is_taken():
    done = plan_of([OLD], [turn("q1", "Does the rate include what was retried?")])
    assert [u.fields for u in done.updates] == [
        {"text": (OLD.fields["text"], "Does the rate include what was retried?")}
    ]
    assert done.conflicts == ()


def test_correction_is_kept_where_the_source_is_unchanged():
    done = plan_of([OLD], [turn("q1", OLD.fields["text"])], {"id1": current(OLD, text="corrected")})
    assert (done.updates, done.conflicts, done.kept) == ((), (), (("id1", "text"),))


def test_both_changed_keeps_the_correction_and_names_the_conflict():
    done = plan_of([OLD], [turn("q1", "Does the rate include retries?")], {"id1": current(OLD, text="corrected")})
    assert done.updates == ()
    assert done.conflicts == (
        Disagreement("id1", "turn", "text", OLD.fields["text"], "Does the rate include retries?", "corrected"),
    )


def test_same_correction_on_both_sides_is_no_conflict():
    done = plan_of(
        [OLD],
        [turn("q1", "Does the rate include retries?")],
        {"id1": current(OLD, text="Does the rate include retries?")},
    )
    assert done.changes_nothing()


def test_conflict_is_named_once():
    source = [turn("q1", "Does the rate include retries?")]
    done = plan_of([OLD], source, {"id1": current(OLD, text="corrected")})
    base = next_base([OLD], source, done, {})
    again = plan_of(base, source, {"id1": current(OLD, text="corrected")})
    assert (again.conflicts, again.kept) == ((), (("id1", "text"),))


def test_record_is_matched_by_content_when_others_come_before_it():
    base = [OLD, turn("q2", "Yes.", n=2, became="id2")]
    source = [
        turn("q1", "Good morning to everybody here.", n=1),
        turn("q2", OLD.fields["text"], n=2),
        turn("q3", "Yes.", n=3),
    ]
    done = plan_of(base, source)
    assert done.names == {"q1": "new:q1", "q2": "id1", "q3": "id2"}
    assert [u.fields for u in done.updates] == [{}, {}]
    assert [dict(u.moved) for u in done.updates] == [{"n": 2}, {"n": 3}]


def test_equal_words_are_paired_in_order():
    base = [turn("q1", "Yes.", 1, became="a"), turn("q2", "Yes.", 2, became="b")]
    assert {ref: e.became for ref, e in match(base, [turn("x", "Yes.", 1), turn("y", "Yes.", 2)]).items()} == {
        "x": "a",
        "y": "b",
    }


def test_record_gone_from_the_source_is_retired_and_comes_back_under_its_id():
    gone = plan_of([OLD], [])
    assert gone.retires == (("turn", "id1"),)
    base = next_base([OLD], [], gone, {})
    assert [(e.became, e.gone) for e in base] == [("id1", True)]
    retired = {"id1": Current(OLD.fields, OLD.lines, "rule")}
    back = plan_of(base, [turn("q9", OLD.fields["text"])], retired)
    assert (back.revives, back.creates, back.names) == ((("turn", "id1"),), (), {"q9": "id1"})


def test_what_a_person_retired_stays_retired():
    retired = {"id1": Current(OLD.fields, OLD.lines, "person")}
    assert plan_of([OLD], [turn("q1", OLD.fields["text"])], retired).changes_nothing()


def test_people_are_never_retired_by_one_document():
    person = Entry("p:ada", "person", {"name": "Ada Byron"}, None, "id9")
    assert plan_of([person], []).retires == ()


def test_turn_moves_with_its_text_to_another_talk():
    base = [
        Entry("t1", "talk", {"day": "d", "session": None, "title": "Tides"}, None, "talk1"),
        Entry("t2", "talk", {"day": "d", "session": None, "title": "Winds"}, None, "talk2"),
        OLD,
    ]
    source = [
        Entry("t1", "talk", {"day": "d", "session": None, "title": "Tides"}),
        Entry("t2", "talk", {"day": "d", "session": None, "title": "Winds"}),
        turn("q1", OLD.fields["text"], talk=Ref("t2")),
    ]
    done = plan_of(base, source)
    assert [(u.public_id, u.fields) for u in done.updates] == [("id1", {"talk": ("talk1", "talk2")})]


def test_short_words_in_another_talk_are_another_turn():
    base = [turn("q1", "Yes.", became="id1")]
    assert match(base, [turn("q1", "Yes.", talk="talk2")]) == {}


def test_sets_merge_element_by_element():
    old = Entry("k", "topic", {"labels": ["a", "b"]}, None, "id1")
    new = Entry("k", "topic", {"labels": ["b", "c"]}, None, "id1")
    done = plan([old], [new], {"id1": Current({"labels": ["a", "b", "mine"]})}, RULES)
    assert [u.fields for u in done.updates] == [{"labels": (["a", "b", "mine"], ["b", "c", "mine"])}]


def test_affiliation_that_both_changed_is_a_conflict_and_one_row():
    def rows(affiliation):
        return [{"person": "ada", "affiliation": affiliation}]

    old = Entry("workshop", "workshop", {"participants": rows("A")}, None, "w")
    new = Entry("workshop", "workshop", {"participants": rows("B")}, None, "w")
    done = plan([old], [new], {"w": Current({"participants": rows("C")})}, RULES)
    assert done.updates == ()
    assert [(c.base, c.source, c.current) for c in done.conflicts] == [(rows("A")[0], rows("B")[0], rows("C")[0])]
