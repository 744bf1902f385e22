"""Which texts are parts of which."""

import random
import time

from minutes.parting import find_parts

WHOLE = "How high were the waves in the end? I mean those at the old pier, not those outside."


def test_a_text_in_two_is_made_of_both():
    assert find_parts([WHOLE], [WHOLE[:35], WHOLE[36:]]) == {0: (0, 1)}


def test_parts_may_be_retyped_and_others_may_stand_between():
    pieces = ["Good morning.", "How hihg were the waves in the end?", "About two metres.", WHOLE[36:]]
    assert find_parts([WHOLE], pieces) == {0: (1, 3)}


def test_short_part_counts_beside_another():
    assert find_parts(["Yes. We measured it at the pier."], ["Yes.", "We measured it at the pier."]) == {0: (0, 1)}


def test_one_part_alone_is_no_split():
    assert find_parts([WHOLE], [WHOLE[:60], "Something else was said then."]) == {}


def test_parts_in_another_order_are_no_split():
    assert find_parts([WHOLE], [WHOLE[36:], WHOLE[:35]]) == {}


def test_half_of_a_text_in_two_is_no_split():
    long = WHOLE + " And then there was a great deal more that nobody has written down so far in any of the minutes."
    assert find_parts([long], [WHOLE[:35], WHOLE[36:]]) == {}


def test_each_part_belongs_to_one_whole():
    found = find_parts([WHOLE, WHOLE + " Yes?"], [WHOLE[:35], WHOLE[36:]])
    assert found == {0: (0, 1)}


def test_time_grows_with_the_number_of_texts_not_with_its_square():
    chance = random.Random(1)

    def taken(count: int) -> float:
        texts = [" ".join(str(chance.randrange(5000)) for _ in range(20)) for _ in range(count)]
        halves = [half for text in texts for half in (text[:50], text[50:])]
        started = time.process_time()
        assert len(find_parts(texts, halves)) > 0.95 * count
        return time.process_time() - started

    taken(100)
    # Ten times as many take about ten times as long; a square would be a hundred. The best of three, as others run too.
    few, many = (min(taken(count) for _ in range(3)) for count in (400, 4000))
    assert many < 50 * few
