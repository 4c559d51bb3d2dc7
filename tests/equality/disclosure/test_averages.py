from fractions import Fraction

import numpy as np
import pytest

from equality.disclosure.averages import safe_gaps
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.safe import Status
from equality.measures.pay import Pay, summarise


def pay(people: int, mean: int = 20, error: float | None = 1.0) -> Pay:
    return Pay(people, Fraction(mean), Fraction(mean), error)


def gaps(groups, *, special=False, shown=None, whole=None):
    codes = set(groups) if shown is None else shown
    return safe_gaps(groups, "ref", PUBLISHED, special=special, counts_shown=codes, whole=whole)


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

    def test_the_whole_is_shown_where_it_has_one_part(self):
        assert self.shown({"big": pay(40), "few": pay(4), "whole": pay(44)}) == {"whole"}


class TestIntervals:
    def test_a_gap_that_is_shown_has_the_limits_of_the_mean(self):
        """Errors of 1 in 20 and in 25: 0.064031 together, with 79.1 degrees of freedom, for which t is 1.9904. The
        exponential of their product is 1.1359; 0.8 times that, or over it, is 0.9087 or 0.7043."""
        found = gaps({"ref": pay(50, 25), "g": pay(40)})["g"]

        assert (found.mean, found.low, found.high) == (20.0, 9.1, 29.6)

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
