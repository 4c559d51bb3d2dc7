import numpy as np
import pytest
from scipy.stats import binom
from statsmodels.stats.contingency_tables import Table

from equality.measures import evaluate
from equality.measures.funnel import binomial_limit, normal_limit, poisson_limit


class TestFunnelLimits:
    @pytest.mark.parametrize("target", [0.02, 0.3, 0.6, 0.97])
    @pytest.mark.parametrize("n", [1, 9, 25, 143, 1000])
    def test_are_in_order_and_within_0_and_1(self, n, target):
        limits = [binomial_limit(n, target, chance) for chance in (0.001, 0.025, 0.975, 0.999)]

        assert limits == sorted(limits)
        assert limits[0] >= 0
        assert limits[-1] <= 1

    @pytest.mark.parametrize(("n", "target"), [(25, 0.6), (143, 0.1184), (400, 0.5)])
    def test_lie_within_one_event_of_the_quantile(self, n, target):
        for chance in (0.001, 0.025, 0.975, 0.999):
            quantile = binom.ppf(chance, n, target)

            assert quantile - 1 <= binomial_limit(n, target, chance) * n <= quantile

    def test_draw_in_on_the_target_as_units_grow(self):
        widths = [binomial_limit(n, 0.4, 0.975) - binomial_limit(n, 0.4, 0.025) for n in (20, 80, 320, 5000)]

        assert widths == sorted(widths, reverse=True)

    def test_exact_and_normal_meet_in_large_units(self):
        for chance in (0.001, 0.025, 0.975, 0.999):
            assert binomial_limit(200_000, 0.4, chance) == pytest.approx(normal_limit(200_000, 0.4, chance), abs=1e-5)

    @pytest.mark.parametrize("target", [0.0, 1.0])
    def test_of_a_certain_target_are_the_target(self, target):
        found = evaluate("funnel_limits", {"n": 30, "target": target})

        assert {found[name] for name in ("l95", "u95", "l998", "u998")} == {target}

    def test_of_nobody_do_not_exist(self):
        assert evaluate("funnel_limits", {"n": 0, "target": 0.5})["status"] == "undefined"
        assert evaluate("funnel_poisson_sr", {"expected": 0})["status"] == "undefined"

    def test_of_a_small_unit_say_that_they_tell_little(self):
        assert evaluate("funnel_limits", {"n": 9, "target": 0.5})["reason"]
        assert evaluate("funnel_limits", {"n": 10, "target": 0.5})["reason"] is None

    def test_of_a_ratio_hold_1(self):
        assert poisson_limit(4.5, 0.025) < 1 < poisson_limit(4.5, 0.975)


class TestOverdispersion:
    def test_of_like_units_adds_nothing(self):
        found = evaluate("funnel_overdispersion", {"numerator": [20, 20, 21], "denominator": [100, 100, 100]})

        assert found["tau2"] == 0
        assert found["phi"] < 1

    @pytest.mark.parametrize(
        ("x", "n"), [([], []), ([5], [10]), ([0, 0], [10, 10]), ([10, 10], [10, 10]), ([0, 5], [0, 10])]
    )
    def test_without_two_units_that_vary_does_not_exist(self, x, n):
        assert evaluate("funnel_overdispersion", {"numerator": x, "denominator": n})["status"] == "undefined"

    def test_winsorises_before_it_measures(self):
        given = {"numerator": [10, 11, 9, 10, 12, 60], "denominator": [100] * 6}
        wild, tamed = (evaluate("funnel_overdispersion", given | {"trim": trim})["phi"] for trim in (0, 0.2))

        assert tamed < wild


class TestClusters:
    def test_alike_within_and_unlike_between_is_1(self):
        assert evaluate("icc_anova_binary", {"n": [5, 5], "x": [5, 0]})["icc"] == 1

    def test_below_zero_is_reported_as_0_with_the_estimate(self):
        found = evaluate("icc_anova_binary", {"n": [4, 4, 4], "x": [2, 2, 2]})

        assert found["icc"] == 0
        assert found["estimate"] < 0
        assert found["reason"]

    def test_leaves_out_clusters_without_cases(self):
        plain = evaluate("icc_anova_binary", {"n": [5, 7, 9], "x": [1, 6, 4]})

        assert evaluate("icc_anova_binary", {"n": [5, 0, 7, 9], "x": [1, 0, 6, 4]}) == plain

    @pytest.mark.parametrize(
        ("n", "x"), [([], []), ([9], [4]), ([1, 1, 1], [0, 1, 1]), ([4, 4], [0, 0]), ([4, 4], [4, 4])]
    )
    def test_without_variation_or_clusters_does_not_exist(self, n, x):
        assert evaluate("icc_anova_binary", {"n": n, "x": x})["status"] == "undefined"

    def test_design_effect_grows_with_unequal_sizes_and_is_never_under_1(self):
        plain = evaluate("design_effect", {"m": 20, "icc": 0.05})["deff"]

        assert evaluate("design_effect", {"m": 20, "icc": 0.05, "cv": 0.5})["deff"] > plain
        assert evaluate("design_effect", {"m": 20, "icc": -0.1})["deff"] == 1


class TestTrend:
    @pytest.mark.parametrize(("x", "n"), [([6, 7, 9, 14, 23], [32, 33, 32, 32, 32]), ([9, 5, 8], [20, 15, 30])])
    def test_is_that_of_statsmodels_by_n_instead_of_n_less_1(self, x, n):
        table = Table(np.column_stack([x, np.subtract(n, x)]))
        theirs = table.test_ordinal_association(row_scores=np.arange(len(n)), col_scores=np.array([1, 0])).zscore
        found = evaluate("cochran_armitage", {"n": n, "x": x})["z"]

        assert found == pytest.approx(theirs * np.sqrt(sum(n) / (sum(n) - 1)))

    def test_turns_its_sign_with_time(self):
        up, down = (
            evaluate("cochran_armitage", {"n": [30] * 4, "x": x})["z"] for x in ([5, 9, 10, 16], [16, 10, 9, 5])
        )

        assert up == pytest.approx(-down)
        assert up > 0

    @pytest.mark.parametrize(
        ("x", "n"),
        [([3, 4], [9, 9]), ([0, 0, 0], [9, 9, 9]), ([9, 9, 9], [9, 9, 9]), ([0, 4, 0], [0, 9, 0]), ([0] * 3, [0] * 3)],
    )
    def test_without_three_periods_or_variation_does_not_exist(self, x, n):
        assert evaluate("cochran_armitage", {"n": n, "x": x})["status"] == "undefined"

    def test_of_few_expected_is_too_few_to_say(self):
        assert evaluate("cochran_armitage", {"n": [20, 20, 20], "x": [4, 5, 5]})["status"] == "too few to say"
        assert evaluate("cochran_armitage", {"n": [20, 20, 20], "x": [5, 5, 5]})["status"] == "estimated"
