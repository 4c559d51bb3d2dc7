from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.measures.pay_quarters import QUARTERS, share_out, sizes, women_by_quarter

people = st.lists(st.tuples(st.integers(10, 14).map(Fraction), st.booleans()), max_size=60)
slots = st.dictionaries(st.sampled_from(QUARTERS), st.integers(1, 30), min_size=1)


class TestSizes:
    @pytest.mark.parametrize(
        ("people", "expected"),
        [(4, (1, 1, 1, 1)), (5, (2, 1, 1, 1)), (6, (2, 1, 2, 1)), (7, (2, 2, 2, 1)), (0, (0,) * 4)],
    )
    def test_left_over_go_lower_then_upper_middle_then_lower_middle(self, people, expected):
        assert tuple(sizes(people).values()) == expected

    @given(st.integers(0, 10_000))
    def test_hold_everybody_as_evenly_as_can_be(self, people):
        found = sizes(people).values()

        assert sum(found) == people
        assert max(found) - min(found) <= 1


class TestSharingOut:
    @given(slots=slots, data=st.data())
    def test_keeps_everybody_and_stays_within_one_of_the_proportion(self, slots, data):
        women = data.draw(st.integers(0, sum(slots.values())))
        found = share_out(women, slots)

        assert sum(found.values()) == women
        assert all(0 <= found[quarter] <= size for quarter, size in slots.items())
        for quarter, size in slots.items():
            assert abs(found[quarter] - Fraction(women * size, sum(slots.values()))) < 1

    def test_gives_equal_remainders_to_the_lower_quarter(self):
        assert share_out(1, {"lower": 2, "lower_middle": 2}) == {"lower": 1, "lower_middle": 0}

    def test_gives_the_larger_remainder_first(self):
        assert share_out(1, {"lower": 1, "lower_middle": 3}) == {"lower": 0, "lower_middle": 1}


class TestWomenByQuarter:
    @given(people)
    def test_counts_every_woman_once(self, people):
        found = women_by_quarter(people)

        assert sum(found.values()) == sum(is_woman for _, is_woman in people)
        assert all(0 <= found[quarter] <= size for quarter, size in sizes(len(people)).items())

    @given(people, st.randoms())
    def test_does_not_depend_on_the_order_of_the_list(self, people, random):
        shuffled = list(people)
        random.shuffle(shuffled)

        assert women_by_quarter(shuffled) == women_by_quarter(people)

    def test_ranks_by_pay(self):
        people = [(Fraction(pay), pay > 4) for pay in range(1, 9)]

        assert tuple(women_by_quarter(people).values()) == (0, 0, 2, 2)

    def test_divides_ties_over_all_four_quarters(self):
        people = [(Fraction(15), number < 4) for number in range(8)]

        assert tuple(women_by_quarter(people).values()) == (1, 1, 1, 1)
