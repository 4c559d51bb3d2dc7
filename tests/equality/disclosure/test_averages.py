from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.disclosure.averages import ToldPay, safe_gaps
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.safe import Status
from equality.measures.pay import Pay, mean_gap_interval, summarise


def pay(people: int, mean: int = 20, error: float | None = 1.0) -> Pay:
    return Pay(people, Fraction(mean), Fraction(mean), error)


def gaps(groups, *, special=False, shown=None, **more):
    numbers = {code: group.people if (group := groups[code]) else 0 for code in (groups if shown is None else shown)}
    return safe_gaps(groups, "ref", PUBLISHED, special=special, people=exactly(numbers), **more)


def exactly(numbers):
    return {code: exactly_one(number) for code, number in numbers.items()}


def exactly_one(number):
    return number, number


def down(number):
    """What the multiple of 5 below says that tables add up with."""
    multiple = number // 5 * 5
    return max(0, multiple - 4), multiple + 4


def up(number):
    multiple = -(-number // 5) * 5
    return max(0, multiple - 4), multiple + 4


class TestNumbersBehindAnAverage:
    @pytest.mark.parametrize(("people", "shown"), [(9, False), (10, True)])
    def test_ten_people_are_enough(self, people, shown):
        found = gaps({"ref": pay(50, 25), "g": pay(people)})["g"]

        assert (found.mean == 20.0) == shown
        assert (found.status is Status.TOO_FEW) == (not shown)

    @pytest.mark.parametrize(("people", "shown"), [(29, False), (30, True)])
    def test_special_category_groups_need_thirty(self, people, shown):
        assert (gaps({"ref": pay(50, 25), "g": pay(people)}, special=True)["g"].mean is not None) == shown

    def test_the_comparator_needs_them_too(self):
        assert gaps({"ref": pay(9), "g": pay(40)})["g"].status is Status.TOO_FEW

    @pytest.mark.parametrize("group", [None, pay(9), pay(40)])
    def test_that_a_group_has_too_few_is_not_said_where_its_count_is_hidden(self, group):
        assert gaps({"ref": pay(50), "g": group}, shown={"ref"})["g"].status is Status.CONFIDENTIAL

    def test_a_group_of_nobody_does_not_apply(self):
        assert gaps({"ref": pay(50), "g": None})["g"].status is Status.NOT_APPLICABLE


class TestDominance:
    @pytest.mark.parametrize(("best", "shown"), [(1_780, False), (1_720, True)])
    def test_an_average_that_one_person_earns_nearly_alone_is_hidden(self, best, shown):
        """All but the two best paid earn 176: less than a tenth of 1,780, more than a tenth of 1,720."""
        group = summarise(np.array([best, 100, *[16] * 11]))

        assert (gaps({"ref": pay(50, 25), "g": group})["g"].mean is not None) == shown


class TestCountsBehindAGap:
    def test_a_gap_with_a_hidden_count_is_hidden(self):
        assert gaps({"ref": pay(50), "g": pay(40)}, shown={"ref"})["g"].status is Status.CONFIDENTIAL

    def test_a_gap_with_a_hidden_comparator_is_hidden(self):
        assert gaps({"ref": pay(50), "g": pay(40)}, shown={"g"})["g"].status is Status.CONFIDENTIAL


class TestWholeAndParts:
    def shown(self, groups, **more):
        found = gaps({"ref": pay(90), **groups}, whole="whole", **more)
        return {code for code, gap in found.items() if gap.mean is not None}

    def test_the_smallest_part_is_hidden_where_the_rest_is_a_few_people(self):
        """All less the parts shown would be the pay of the four that are left."""
        groups = {"big": pay(40), "middle": pay(30), "few": pay(4), "whole": pay(74)}

        assert self.shown(groups) == {"big", "whole"}

    def test_as_many_parts_are_hidden_as_are_enough_people_together(self):
        groups = {"big": pay(40), "a": pay(30), "b": pay(35), "few": pay(4), "whole": pay(109)}

        assert self.shown(groups, special=True) == {"big", "b", "whole"}

    def test_no_part_is_hidden_where_nobody_is_left(self):
        assert self.shown({"big": pay(40), "none": None, "whole": pay(40)}) == {"big", "whole"}

    def test_no_part_is_hidden_where_enough_people_are_left(self):
        assert self.shown({"big": pay(40), "a": pay(6), "b": pay(6), "whole": pay(52)}) == {"big", "whole"}

    @pytest.mark.parametrize("few", [None, pay(4), pay(12)])
    def test_what_is_hidden_does_not_depend_on_a_number_that_is(self, few):
        """Were it hidden for somebody and shown for nobody, the hidden number would be told."""
        groups = {"big": pay(40), "middle": pay(30), "few": few, "whole": pay(70 + (few.people if few else 0))}

        assert self.shown(groups, shown={"ref", "big", "middle", "whole"}) == {"big", "whole"}

    def test_a_part_that_one_person_earns_nearly_alone_does_not_follow_from_the_whole(self):
        dominated = summarise(np.array([5_000, 100, *[16] * 11]))
        groups = {"big": pay(40), "middle": pay(30), "odd": dominated, "whole": pay(83)}

        assert self.shown(groups) == {"big", "whole"}

    def test_the_whole_is_shown_where_by_its_own_number_enough_people_are_left(self):
        """Rounded, its parts are 24 people at least, but the whole is 36."""
        groups = {"a": pay(10), "b": pay(14), "c": pay(10), "d": pay(6), "whole": pay(40)}
        people = {code: down(one.people) for code, one in groups.items()}

        found = safe_gaps(
            {"ref": pay(90), **groups}, "ref", PUBLISHED,
            special=True, people={"ref": (90, 90), **people}, whole="whole",
        )  # fmt: skip

        assert {code for code, gap in found.items() if gap.mean is not None} == {"whole"}

    def test_the_whole_is_shown_where_it_has_one_part(self):
        assert self.shown({"big": pay(40), "few": pay(4), "whole": pay(44)}) == {"whole"}


class TestEarlierVersions:
    """Groups of a first version, and what a later one shows beside what it told."""

    GROUPS: ClassVar = {"big": pay(40), "middle": pay(30), "few": pay(4), "whole": pay(74)}

    def shown(self, told, *, groups=None, **more):
        found = gaps({"ref": pay(90), **(groups or self.GROUPS)}, whole="whole", told=told, **more)
        return {code for code, gap in found.items() if gap.mean is not None}

    def told(self, *averages, **people):
        numbers = {code: one.people for code, one in self.GROUPS.items()} | people
        shown = {code: number for code, number in numbers.items() if number is not None}
        return ToldPay(exactly(shown), frozenset(averages))

    def test_the_whole_is_kept_back_where_parts_were_told_that_leave_a_few(self):
        assert self.shown([self.told("big", "middle")]) == {"big", "middle"}

    def test_a_part_is_kept_back_where_the_whole_was_told(self):
        assert self.shown([self.told("whole", "big")], shown={"ref", "big", "middle", "few"}) == {"big"}

    def test_what_was_told_of_both_is_told_again(self):
        assert self.shown([self.told("whole", "big")]) == {"whole", "big"}

    def test_another_part_is_kept_back_than_the_smallest_where_that_was_told(self):
        assert self.shown([self.told("whole", "middle")]) == {"whole", "middle"}

    def test_a_part_of_other_people_is_not_taken_for_what_was_told(self):
        """Then 52 people, now 40: 12 are enough for an average of their own."""
        assert self.shown([self.told("big", "middle", big=52)]) == {"whole", "middle"}

    def test_a_part_with_a_few_people_more_is_known_nearly(self):
        """A whole less a part of 39 people that was told as one of 40."""
        assert self.shown([self.told("big", "middle", big=39)]) == {"big", "middle"}

    def test_a_part_whose_number_was_hidden_may_be_the_same_people(self):
        told = self.told("whole", "big", middle=None)

        assert self.shown([told], shown={"ref", "big", "middle", "few"}) == {"big"}

    def test_each_version_counts(self):
        assert self.shown([self.told("big"), self.told("middle")]) == {"big", "middle"}

    @given(sizes=st.lists(st.sampled_from((0, 4, 8, 10, 12, 30)), min_size=3, max_size=4), data=st.data())
    def test_no_version_tells_with_others_what_a_few_are_paid(self, sizes, data):
        """People come and go between versions; in each, other numbers are hidden, and rounded or not."""
        told, truth = [], []
        for _ in range(data.draw(st.integers(2, 3))):
            sizes = [max(0, size + data.draw(st.sampled_from((0, 0, 0, -2, 2)))) for size in sizes]
            parts = {str(part): size for part, size in enumerate(sizes)}
            people = {**parts, "whole": sum(sizes)}
            groups = {code: pay(size) if size else None for code, size in people.items()}
            numbers = set(people) - data.draw(st.sets(st.sampled_from(sorted(people)), max_size=2))
            ways = st.sampled_from((exactly_one, down, up))
            printed = {code: data.draw(ways)(people[code]) for code in sorted(numbers)}
            found = safe_gaps(
                {"ref": pay(90), **groups}, "ref", PUBLISHED,
                special=False, people={"ref": (90, 90), **printed}, whole="whole", told=told,
            )  # fmt: skip
            averages = frozenset(code for code, gap in found.items() if gap.mean is not None)
            told.append(ToldPay(printed, averages))
            truth.append(parts)
            for version, then in zip(told, truth, strict=True):
                known = {
                    p
                    for p in parts
                    if any(p in t.averages and was[p] == then[p] for t, was in zip(told, truth, strict=True))
                }
                left = sum(size for part, size in then.items() if part not in known)
                assert left == 0 or left >= PUBLISHED.pay or "whole" not in version.averages


class TestRounding:
    @pytest.mark.parametrize(("people", "step"), [(10, 5), (29, 5), (30, 1), (299, 1), (300, 0.1)])
    def test_is_as_coarse_as_the_smaller_group_asks(self, people, step):
        assert gaps({"ref": pay(400), "g": pay(people)})["g"].step == step
        assert gaps({"ref": pay(people), "g": pay(400)})["g"].step == step

    def test_gaps_and_limits_are_multiples_of_the_step(self):
        """A gap of 7.6923%."""
        found = gaps({"ref": pay(40, 26), "g": pay(40, 24)})["g"]
        coarse = gaps({"ref": pay(20, 26), "g": pay(20, 24)})["g"]

        assert (found.mean, found.median) == (8, 8)
        assert (coarse.mean, coarse.median) == (10, 10)
        assert all(limit % 1 == 0 for limit in (found.low, found.high))
        assert all(limit % 5 == 0 for limit in (coarse.low, coarse.high))

    @given(
        people=st.integers(10, 700),
        mean=st.integers(100, 400),
        joins=st.integers(1, 600),
    )
    def test_one_person_more_is_not_told_within_a_tenth(self, people, mean, joins):
        """Pay of up to three times the comparator's, of whoever joins, while nothing else changes: what two gaps leave
        open is a tenth of it at least."""
        before = gaps({"ref": pay(2_000, 200), "g": pay(people, mean)})["g"]
        after = gaps(
            {"ref": pay(2_000, 200), "g": Pay(people + 1, Fraction(people * mean + joins, people + 1), 0, 1.0)}
        )

        open_to = people * before.step + (people + 1) * after["g"].step  # percent of the comparator's pay

        assert open_to >= 10 * joins / 200

    @given(people=st.integers(10, 700), mean=st.integers(100, 400), error=st.floats(0.01, 40))
    def test_limits_hold_those_of_the_exact_gap(self, people, mean, error):
        group, comparator = pay(people, mean, error), pay(2_000, 200)
        found = gaps({"ref": comparator, "g": group})["g"]
        low, high = mean_gap_interval(group, comparator)

        assert found.low <= low + 1e-9
        assert high - 1e-9 <= found.high

    @given(people=st.integers(10, 700), means=st.tuples(st.integers(100, 400), st.integers(100, 400)))
    def test_limits_tell_no_more_of_the_gap_than_the_gap_does(self, people, means):
        """Groups whose gaps are printed alike have the same limits where pay is spread alike."""
        one, other = (gaps({"ref": pay(2_000, 200), "g": pay(people, mean, mean / 50)})["g"] for mean in means)

        assert one.mean != other.mean or (one.low, one.high) == (other.low, other.high)


class TestIntervals:
    def test_a_gap_that_is_shown_has_the_limits_of_the_mean(self):
        """Errors of 1 in 20 and in 25: 0.064031 together, with 79.1 degrees of freedom, for which t is 1.9904. The
        exponential of their product is 1.1359. Of a gap printed as 20, at most 0.805 times that is 0.9144, and at least
        0.795 over it is 0.6999: 8.56 and 30.01, outwards to whole percent."""
        found = gaps({"ref": pay(50, 25), "g": pay(40)})["g"]

        assert (found.mean, found.low, found.high) == (20.0, 8.0, 31.0)

    @pytest.mark.parametrize(
        ("groups", "shown"),
        [
            ({"ref": pay(50), "g": pay(9)}, None),
            ({"ref": pay(9), "g": pay(50)}, None),
            ({"ref": pay(50), "g": pay(50)}, {"ref"}),
            ({"ref": pay(50), "g": pay(50)}, {"g"}),
            ({"ref": pay(50), "g": None}, None),
        ],
    )
    def test_a_gap_that_is_hidden_has_none(self, groups, shown):
        found = gaps(groups, shown=shown)["g"]

        assert (found.mean, found.median, found.low, found.high) == (None, None, None, None)

    def test_a_part_that_would_tell_of_a_few_has_none(self):
        found = gaps({"ref": pay(90), "big": pay(40), "few": pay(4), "whole": pay(44)}, whole="whole")

        assert found["whole"].low is not None
        assert found["big"].low is None

    def test_without_standard_errors_the_gap_stands_alone(self):
        found = gaps({"ref": pay(50, 25), "g": pay(40, error=None)})["g"]

        assert (found.mean, found.low, found.high) == (20.0, None, None)
