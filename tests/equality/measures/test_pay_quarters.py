from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.measures.pay_quarters import (
    QUARTERS,
    beyond_a_quarter,
    quarter_of_each,
    share_out,
    sizes,
    women_by_quarter,
)

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

    @given(st.integers(0, 10_000))
    def test_are_a_fourth_and_what_is_left_over(self, people):
        for quarter, (less, more) in beyond_a_quarter().items():
            assert less <= sizes(people)[quarter] - Fraction(people, 4) <= more

    def test_no_other_numbers_of_whole_people_are_as_near_to_a_fourth(self):
        """So that whoever knows this, and how many people there are, knows every quarter."""
        for people in range(20, 24):
            for quarter, (less, more) in beyond_a_quarter().items():
                near = [size for size in range(10) if less <= size - Fraction(people, 4) <= more]
                assert near == [sizes(people)[quarter]]


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


@st.composite
def staff(draw):
    """Pay, whether a woman, and one of three groups, an array each: few different pays, so that many are tied."""
    rows = draw(st.lists(st.tuples(st.integers(10, 13), st.booleans(), st.integers(0, 2)), max_size=60))
    pay, women, groups = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return pay, women.astype(bool), groups


class TestTheQuarterOfEach:
    @given(staff())
    def test_holds_as_many_as_its_size(self, people):
        pay, women, groups = people
        found = np.bincount(quarter_of_each(pay, ~women, groups), minlength=4)

        assert dict(zip(QUARTERS, found.tolist(), strict=True)) == sizes(pay.size)

    @given(staff())
    def test_never_pays_more_than_the_next(self, people):
        pay, women, groups = people
        found = quarter_of_each(pay, ~women, groups)

        for quarter in range(3):
            assert pay[found == quarter].max(initial=0) <= pay[found > quarter].min(initial=99)

    @given(staff())
    def test_has_the_women_that_the_regulation_gives_it(self, people):
        pay, women, _ = people
        found = quarter_of_each(pay, ~women)

        counted = {quarter: int(women[found == at].sum()) for at, quarter in enumerate(QUARTERS)}
        assert counted == women_by_quarter(
            [(Fraction(int(hour)), bool(is_her)) for hour, is_her in zip(pay, women, strict=True)]
        )

    @given(staff())
    def test_of_a_second_characteristic_keeps_the_first(self, people):
        pay, women, groups = people
        alone, both = quarter_of_each(pay, ~women), quarter_of_each(pay, ~women, groups)

        for quarter in range(4):
            assert women[alone == quarter].sum() == women[both == quarter].sum()

    def test_shares_the_second_characteristic_out_among_equals(self):
        """Forty people of one pay, twenty of each sex and ten of each group in it: none is left to one quarter."""
        women, groups = np.arange(40) < 20, np.arange(40) % 2
        found = quarter_of_each(np.full(40, 12), ~women, groups)

        counts = np.zeros((4, 2, 2), dtype=int)
        np.add.at(counts, (found, women.astype(int), groups), 1)
        assert counts.min() >= 2
        assert counts.max() <= 3
