"""WRES, WDES and the relative rate index: directions, minimum numbers and what does not exist."""

import numpy as np
import pytest
from scipy.stats import beta

from equality.measures import evaluate

COUNTS = {"events1": 320, "base1": 1850, "events2": 96, "base2": 880}


def likelihood(**given):
    return evaluate("relative_likelihood", given)


class TestRelativeLikelihood:
    def test_carries_interval_and_rates_with_the_ratio(self):
        found = likelihood(**COUNTS)

        assert found["low"] < found["ratio"] < found["high"]
        assert found["ratio"] == pytest.approx(found["rate1"] / found["rate2"])

    def test_of_rates_says_that_it_has_no_interval(self):
        found = likelihood(rate1=30, rate2=15)

        assert (found["ratio"], found["low"], found["high"]) == (2, None, None)
        assert "interval" in found["reason"]

    def test_of_a_rate_of_0_is_undefined_in_the_second_and_0_in_the_first(self):
        assert likelihood(rate1=30, rate2=0)["status"] == "undefined"
        assert likelihood(rate1=0, rate2=30)["ratio"] == 0

    @pytest.mark.parametrize("base", ["base1", "base2"])
    def test_of_nobody_is_undefined(self, base):
        events = base.replace("base", "events")
        found = likelihood(**COUNTS | {base: 0, events: 0})

        assert (found["ratio"], found["low"], found["high"], found["status"]) == (None, None, None, "undefined")

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"base1": 10, "events1": 5}, "estimated"),
            ({"base1": 9, "events1": 5}, "too few to say"),
            ({"base2": 9, "events2": 5}, "too few to say"),
            ({"events1": 2, "events2": 3}, "estimated"),
            ({"events1": 2, "events2": 2}, "too few to say"),
        ],
    )
    def test_of_few_is_too_few_to_say(self, change, status):
        assert likelihood(**COUNTS | change)["status"] == status

    def test_directions_of_the_indicators_differ(self):
        appointed = evaluate(
            "wres2_appointment",
            {"white_appointed": 40, "white_shortlisted": 100, "bme_appointed": 20, "bme_shortlisted": 100},
        )
        entering = evaluate(
            "wres3_disciplinary", {"white_entering": 40, "white_staff": 100, "bme_entering": 20, "bme_staff": 100}
        )

        assert (appointed["ratio"], entering["ratio"]) == (2, 0.5)


class TestSurvey:
    GIVEN = {"bme_yes": 6, "bme_respondents": 11, "white_yes": 40, "white_respondents": 200}  # noqa: RUF012

    def test_gives_percentages_and_points(self):
        found = evaluate("wres5_8_survey", self.GIVEN)

        assert found["diff_pp"] == pytest.approx(found["bme_pct"] - found["white_pct"])
        assert found["low"] < found["diff_pp"] < found["high"]

    def test_hides_a_group_under_eleven_and_all_that_tells_it(self):
        found = evaluate("wres5_8_survey", self.GIVEN | {"bme_respondents": 10})

        assert (found["bme_pct"], found["diff_pp"], found["low"], found["high"]) == (None,) * 4
        assert (found["white_pct"], found["status"]) == (20, "too few to say")


class TestBoard:
    @pytest.mark.parametrize("whole", ["board_total", "workforce_total"])
    def test_of_nobody_is_undefined(self, whole):
        given = {"board_bme": 0, "board_total": 9, "workforce_bme": 0, "workforce_total": 90} | {whole: 0}

        assert evaluate("wres9_board_gap", given)["status"] == "undefined"


class TestRaceDisparityRatio:
    def test_has_no_ratio_over_an_empty_level_and_says_so(self):
        found = evaluate(
            "race_disparity_ratio",
            {"white": {"lower": 9, "middle": 9, "upper": 9}, "bme": {"lower": 9, "middle": 0, "upper": 9}},
        )

        assert found["lower_to_middle"] is None
        assert found["limits"]["lower_to_middle"] == {"low": None, "high": None}
        assert found["lower_to_upper"] == 1
        assert found["reason"]

    def test_steps_multiply(self):
        found = evaluate(
            "race_disparity_ratio",
            {"white": {"lower": 100, "middle": 60, "upper": 30}, "bme": {"lower": 50, "middle": 20, "upper": 5}},
        )

        assert found["lower_to_upper"] == pytest.approx(found["lower_to_middle"] * found["middle_to_upper"])


class TestRelativeRateIndex:
    @pytest.mark.parametrize("counts", [(202, 2183, 645, 11111), (3, 40, 9, 700), (7, 30, 0, 90), (0, 30, 9, 90)])
    def test_exact_limits_are_those_of_the_beta_distribution(self, counts):
        a, first, b, second = counts
        names = ("events1", "base1", "events2", "base2")
        found = evaluate("rri_exact_ci", dict(zip(names, counts, strict=True)))
        shares = (beta.ppf(0.025, a, b + 1) if a else 0, beta.ppf(0.975, a + 1, b) if b else None)
        low, high = (None if p is None else p / (1 - p) * second / first for p in shares)

        assert found["low"] == pytest.approx(low, rel=1e-9)
        assert found["high"] is None if high is None else found["high"] == pytest.approx(high, rel=1e-9)

    def test_exact_is_wider_than_score(self):
        given = {"events1": 26, "base1": 304, "events2": 645, "base2": 11111}
        exact, score = evaluate("rri_exact_ci", given), evaluate("rri_counts", given)

        assert exact["low"] < score["low"]
        assert score["high"] < exact["high"]

    @pytest.mark.parametrize("counts", [(0, 30, 0, 90), (0, 0, 3, 90), (3, 90, 0, 0)])
    def test_exact_without_events_or_base_has_no_ratio(self, counts):
        names = ("events1", "base1", "events2", "base2")

        assert evaluate("rri_exact_ci", dict(zip(names, counts, strict=True)))["status"] == "undefined"

    def test_from_shares_is_that_from_counts(self):
        counts = evaluate("rri_counts", {"events1": 268, "base1": 396, "events2": 732, "base2": 1604})
        shares = evaluate("rri_from_shares", {"focal_share_of_outcome_pct": 26.8, "focal_share_of_base_pct": 19.8})

        assert shares["rri"] == pytest.approx(counts["ratio"])

    @pytest.mark.parametrize(("outcome", "base"), [(10, 0), (10, 100), (100, 40)])
    def test_from_shares_of_all_or_none_is_undefined(self, outcome, base):
        given = {"focal_share_of_outcome_pct": outcome, "focal_share_of_base_pct": base}

        assert evaluate("rri_from_shares", given)["status"] == "undefined"

    def test_from_shares_of_no_outcome_is_0(self):
        given = {"focal_share_of_outcome_pct": 0, "focal_share_of_base_pct": 40}

        assert evaluate("rri_from_shares", given)["rri"] == 0


class TestOJJDPMark:
    GIVEN = {"events1": 30, "base1": 200, "events2": 90, "base2": 1200, "pop1": 900, "pop_total": 12000}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("change", "mark"),
        [
            ({}, "significant"),
            ({"events1": 16}, "not significant"),
            ({"pop1": 119}, "*"),
            ({"pop1": 120}, "significant"),
            ({"base1": 49, "events1": 20}, "**"),
            ({"base2": 49, "events2": 20}, "**"),
            ({"events1": 4}, "**"),
            ({"events2": 4}, "**"),
            ({"min_base": 201}, "**"),
            ({"min_events": 31}, "**"),
        ],
    )
    def test_is_that_of_the_numbers(self, change, mark):
        assert evaluate("rri_ojjdp_code", self.GIVEN | change)["code"] == mark

    def test_without_population_is_undefined(self):
        assert evaluate("rri_ojjdp_code", self.GIVEN | {"pop1": 0, "pop_total": 0})["status"] == "undefined"


class TestTwoYears:
    def test_average_over_both(self):
        found = evaluate(
            "wdes3_two_year",
            {
                "disabled_entries": [0, 8],
                "disabled_headcount": 200,
                "nondisabled_entries": [10, 10],
                "nondisabled_headcount": 1000,
            },
        )

        np.testing.assert_allclose([found["rate1"], found["rate2"], found["ratio"]], [0.02, 0.01, 2])
        assert found["low"] < 2 < found["high"]
