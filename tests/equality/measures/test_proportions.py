import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from equality.measures.arrays import Interval
from equality.measures.faults import CannotMeasure
from equality.measures.proportions import clopper_pearson, mid_p, wilson
from tests.factories.measures import many_groups

INTERVALS = (wilson, clopper_pearson, mid_p)
EVENTS, BASE = many_groups()


def coverage(interval, base, chance):
    """How often the interval holds the truth: summed over all outcomes, not simulated."""
    outcomes = np.arange(base + 1)
    low, high = interval(outcomes, base)
    return (binom.pmf(outcomes, base, chance) * ((low <= chance) & (chance <= high))).sum()


class TestIntervalOfAProportion:
    @pytest.mark.parametrize("interval", INTERVALS)
    def test_holds_the_proportion_within_0_and_1(self, interval):
        low, high = interval(EVENTS, BASE)

        assert ((low >= 0) & (low <= EVENTS / BASE) & (high >= EVENTS / BASE) & (high <= 1)).all()

    @pytest.mark.parametrize("interval", INTERVALS)
    def test_of_those_without_the_outcome_is_its_mirror_image(self, interval):
        here, there = interval(EVENTS, BASE), interval(BASE - EVENTS, BASE)

        np.testing.assert_allclose(here, (1 - there.high, 1 - there.low), atol=1e-12)

    @pytest.mark.parametrize("interval", INTERVALS)
    def test_rises_with_the_events(self, interval):
        low, high = interval(np.arange(51), 50)

        assert (np.diff(low) > 0).all()
        assert (np.diff(high) > 0).all()

    @pytest.mark.parametrize("interval", INTERVALS)
    def test_narrows_with_the_base(self, interval):
        low, high = interval([4, 8, 40, 400], [10, 20, 100, 1000])

        assert (np.diff(high - low) < 0).all()

    @pytest.mark.parametrize("interval", INTERVALS)
    def test_widens_with_the_confidence(self, interval):
        narrow, wide = interval(8, 20, 0.9), interval(8, 20, 0.99)

        assert wide.low < narrow.low < narrow.high < wide.high

    @pytest.mark.parametrize("interval", INTERVALS)
    def test_of_nobody_does_not_exist(self, interval):
        assert np.isnan(interval(0, 0)).all()

    @pytest.mark.parametrize("interval", INTERVALS)
    def test_of_none_and_of_all_ends_exactly(self, interval):
        assert interval(0, 20).low == 0
        assert interval(20, 20).high == 1

    @pytest.mark.parametrize(("interval", "method"), [(wilson, "wilson"), (clopper_pearson, "beta")])
    def test_agrees_with_statsmodels(self, interval, method):
        expected = proportion_confint(EVENTS, BASE, method=method)

        np.testing.assert_allclose(interval(EVENTS, BASE), expected, atol=1e-12)

    @pytest.mark.parametrize(
        ("interval", "least", "mean"), [(wilson, 0.92, 0.95), (clopper_pearson, 0.95, 0.96), (mid_p, 0.93, 0.95)]
    )
    @pytest.mark.parametrize("base", [20, 51, 150])
    def test_holds_the_truth_as_often_as_it_says(self, interval, least, mean, base):
        found = [coverage(interval, base, chance) for chance in np.arange(0.05, 0.96, 0.05)]

        assert min(found) > least
        assert mean <= np.mean(found) < mean + 0.015

    def test_takes_tables(self):
        found = wilson([[0, 5], [10, 20]], [[20, 20], [20, 20]])

        assert isinstance(found, Interval)
        assert found.low.shape == (2, 2)
        assert found.high[1, 0] == wilson(10, 20).high

    @pytest.mark.parametrize(("events", "base"), [(3, 2), (-1, 2), (0.5, 2), (np.nan, 2), (1, 2 * 10**9)])
    def test_refuses_counts_that_nobody_can_have_counted(self, events, base):
        with pytest.raises(CannotMeasure):
            wilson([1, events], [2, base])


class TestHandWorkedIntervals:
    def test_of_none_have_closed_forms(self):
        assert clopper_pearson(0, 20).high == pytest.approx(1 - 0.025 ** (1 / 20), rel=1e-12)
        assert mid_p(0, 20).high == pytest.approx(1 - 0.05 ** (1 / 20), rel=1e-12)
