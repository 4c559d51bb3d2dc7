import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from equality.measures.several import benjamini_hochberg, holm, p_adjust

values = st.lists(st.floats(0, 1), min_size=1, max_size=40)
ADJUSTMENTS = (benjamini_hochberg, holm)


class TestAdjusted:
    @pytest.mark.parametrize("tests", [1, 2, 7, 40])
    def test_agrees_with_scipy_and_statsmodels(self, tests):
        p = np.random.default_rng(tests).random(tests) ** 3

        np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p), atol=1e-12)
        np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], atol=1e-12)

    @pytest.mark.parametrize("adjust", ADJUSTMENTS)
    @settings(deadline=None)
    @given(p=values)
    def test_is_never_under_the_plain_p_and_keeps_its_order(self, adjust, p):
        found = adjust(p)

        assert (found >= np.array(p) - 1e-15).all()
        assert (found <= 1).all()
        assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0).all()

    @pytest.mark.parametrize("adjust", ADJUSTMENTS)
    def test_leaves_out_what_was_not_tested(self, adjust):
        found = adjust([0.01, np.nan, 0.04])

        assert np.isnan(found[1])
        np.testing.assert_array_equal(found[[0, 2]], adjust([0.01, 0.04]))

    @pytest.mark.parametrize("adjust", ADJUSTMENTS)
    def test_does_not_change_what_it_was_given(self, adjust):
        given_p = np.array([0.04, 0.01])

        adjust(given_p)

        assert given_p.tolist() == [0.04, 0.01]

    @pytest.mark.parametrize("adjust", ADJUSTMENTS)
    def test_of_nothing_is_nothing(self, adjust):
        assert adjust([]).size == 0

    def test_of_one_test_is_itself(self):
        assert benjamini_hochberg([0.03]) == holm([0.03]) == 0.03


class TestAnswer:
    def test_says_that_some_were_not_tested(self):
        found = p_adjust(p=[0.01, None], method="bh")

        assert (found.outputs["adjusted"], found.outputs["n_reject"]) == ([0.01, None], 1)
        assert found.reason

    @pytest.mark.parametrize("p", [[], [None, None]])
    def test_without_any_test_is_undefined(self, p):
        assert p_adjust(p=p, method="holm").status == "undefined"
