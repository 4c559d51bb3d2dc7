import json

import numpy as np
import pytest

from equality.measures import differences, midp, proportions, ratios
from equality.measures.answers import Status
from equality.measures.comparison import (
    CHI_SQUARE,
    KOOPMAN,
    MID_P,
    NEWCOMBE,
    Group,
    Outcome,
    Sense,
    compare,
    compare_all,
    compare_with,
)
from equality.measures.faults import CannotMeasure
from equality.measures.several import benjamini_hochberg
from equality.measures.whole_tables import compare_table
from tests.factories.measures import many_tables

ADVERSE = Outcome("enter formal disciplinary action", Sense.ADVERSE)
FAVOURABLE = Outcome("be appointed", Sense.FAVOURABLE)
NEUTRAL = Outcome("work part time", Sense.NEUTRAL)


def made(events1, base1, events2, base2, outcome=ADVERSE):
    return compare(Group("Black staff", events1, base1), Group("White staff", events2, base2), outcome)


class TestComparison:
    def test_carries_counts_names_estimates_test_and_methods(self):
        found = made(26, 304, 645, 11111)

        assert (found.first.name, found.first.events, found.second.base) == ("Black staff", 26, 11111)
        assert (found.difference.method, found.ratio.method, found.test.method) == (NEWCOMBE, KOOPMAN, CHI_SQUARE)
        assert (found.difference.low, found.difference.high) == tuple(differences.newcombe(26, 304, 645, 11111))
        assert (found.ratio.low, found.ratio.high) == tuple(ratios.koopman(26, 304, 645, 11111))
        assert found.status == "estimated"

    def test_can_be_sent_as_json(self):
        assert json.loads(json.dumps(made(1, 9, 0, 0).as_dict(), allow_nan=False))["status"] == "undefined"

    def test_takes_mid_p_where_fewer_than_five_are_expected(self):
        found = made(7, 34, 1, 34)

        assert found.test.method == MID_P
        assert found.test.p == pytest.approx(float(midp.minlike(7, 34, 1, 34)))

    @pytest.mark.parametrize(
        ("counts", "status"),
        [
            ((3, 10, 3, 10), "estimated"),
            ((3, 9, 3, 10), "too few to say"),
            ((3, 10, 3, 9), "too few to say"),
            ((2, 10, 3, 10), "estimated"),
            ((2, 10, 2, 10), "too few to say"),
            ((0, 0, 9, 10), "undefined"),
        ],
    )
    def test_says_too_few_by_one_rule(self, counts, status):
        found = made(*counts)

        assert found.status == status
        assert (found.test.p is None) == (status != "estimated")
        assert bool(found.reason) == (status != "estimated")

    def test_without_events_in_the_second_group_has_a_difference_and_no_ratio(self):
        found = made(12, 60, 0, 60)

        assert (found.status, found.ratio.value, found.ratio.high) == ("estimated", None, None)
        assert found.reason
        assert found.shows_a_difference

    def test_shows_no_difference_because_of_the_band_alone(self):
        """0.67 is outside 0.8 to 1.25, and twenty people cannot tell."""
        found = made(8, 20, 48, 80)

        assert found.ratio.value < 0.8
        assert not found.shows_a_difference

    def test_shows_a_difference_inside_the_band_where_there_are_enough_people(self):
        found = made(5_500, 10_000, 5_000, 10_000)

        assert found.ratio.value == pytest.approx(1.1)
        assert found.shows_a_difference

    @pytest.mark.parametrize(("outcome", "favours"), [(ADVERSE, -1), (FAVOURABLE, 1), (NEUTRAL, 0)])
    def test_favours_by_the_sense_of_the_outcome(self, outcome, favours):
        more = made(60, 100, 40, 100, outcome)
        less = made(40, 100, 60, 100, outcome)

        assert (more.favours, less.favours) == (favours, -favours)

    def test_refuses_counts_that_nobody_can_have_counted(self):
        with pytest.raises(CannotMeasure, match="PART_OVER_WHOLE"):
            made(5, 4, 1, 9)


class TestTogether:
    GROUPS = [Group("Black staff", 45, 100), Group("Asian staff", 22, 100), Group("Mixed", 2, 8)]  # noqa: RUF012

    def test_are_adjusted_over_those_that_were_tested(self):
        found = compare_with(Group("White staff", 60, 200), self.GROUPS, ADVERSE)
        plain = [comparison.test.p for comparison in found[:2]]

        assert [comparison.test.p_adjusted for comparison in found[:2]] == pytest.approx(
            list(benjamini_hochberg(plain))
        )
        assert {comparison.test.together for comparison in found} == {2}
        assert found[2].test.p_adjusted is None

    def test_may_have_outcomes_of_their_own(self):
        first, second = Group("women", 60, 100), Group("men", 40, 100)
        found = compare_all([(first, second, ADVERSE), (first, second, FAVOURABLE)])

        assert [comparison.favours for comparison in found] == [-1, 1]

    def test_of_none_are_none(self):
        assert compare_all([]) == ()


class TestWholeTables:
    def test_are_what_each_comparison_is(self):
        some = tuple(part[::9] for part in many_tables())
        table = compare_table(*some)

        alone = [made(*counts) for counts in zip(*map(np.ndarray.tolist, some), strict=True)]

        def numbers(name, part):
            return [np.nan if (value := getattr(getattr(one, name), part)) is None else value for one in alone]

        np.testing.assert_allclose(table.ratio, numbers("ratio", "value"))
        np.testing.assert_allclose(table.ratio_limits, [numbers("ratio", end) for end in ("low", "high")])
        np.testing.assert_allclose(table.difference, numbers("difference", "value"))
        np.testing.assert_allclose(table.difference_limits, [numbers("difference", end) for end in ("low", "high")])
        np.testing.assert_allclose(table.p, numbers("test", "p"), rtol=1e-9)
        assert table.too_few.tolist() == [one.status == Status.TOO_FEW for one in alone]

    def test_keep_the_shape_of_groups_by_strata(self):
        table = compare_table([[8, 9], [10, 11]], 40, [5, 12], 60)

        assert table.p_adjusted.shape == table.ratio_limits.low.shape == table.too_few.shape == (2, 2)

    def test_adjust_over_the_whole_table(self):
        table = compare_table([[8, 30], [10, 11]], 40, [5, 12], 60)

        np.testing.assert_allclose(table.p_adjusted.ravel(), benjamini_hochberg(table.p.ravel()))

    def test_leave_hidden_comparisons_untested(self):
        table = compare_table([8, 30], 40, [5, 12], 60, hidden=[False, True])

        assert np.isnan(table.p[1])
        assert table.p_adjusted[0] == table.p[0]

    def test_have_wilson_for_their_shares(self):
        assert proportions.wilson([[8, 9], [10, 11]], 40).low.shape == (2, 2)
