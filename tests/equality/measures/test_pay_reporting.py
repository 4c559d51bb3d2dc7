from fractions import Fraction

import pytest

from equality.measures import evaluate


def person(sex, hourly, *, bonus=0, full_pay=True):
    return {"sex": sex, "full_pay": full_pay, "hourly": hourly, "bonus": bonus}


def figures(*people):
    return evaluate("gpg_from_employees", {"employees": list(people)})


class TestFiguresFromEmployees:
    def test_leave_people_on_reduced_pay_out_of_hourly_figures_alone(self):
        found = figures(person("M", 20), person("F", 20), person("F", 1, bonus=10, full_pay=False))

        assert (found["mean_gap"], found["bonus_women_pct"]) == (0, 50)
        assert found["quarters"]["lower"] == {"men_pct": 0, "women_pct": 100}

    def test_take_bonus_gaps_over_those_who_were_paid_one(self):
        found = figures(person("M", 20, bonus=100), person("M", 20), person("F", 20, bonus=50), person("F", 20))

        assert (found["mean_bonus_gap"], found["median_bonus_gap"]) == (50, 50)

    def test_have_no_bonus_gap_where_no_man_was_paid_one(self):
        found = figures(person("M", 20), person("F", 20, bonus=50))

        assert (found["mean_bonus_gap"], found["bonus_men_pct"]) == (None, 0)
        assert found["reason"]

    def test_of_one_sex_have_no_gap(self):
        found = figures(person("F", 20))

        assert (found["mean_gap"], found["status"]) == (None, "undefined")

    def test_of_nobody_are_undefined(self):
        found = figures()

        assert found["status"] == "undefined"
        assert found["quarters"] == dict.fromkeys(("lower", "lower_middle", "upper_middle", "upper"))

    def test_pairs_of_a_quarter_add_to_100(self):
        found = figures(*(person("MF"[number % 3 == 0], 10 + number) for number in range(23)))

        assert all(pair["men_pct"] + pair["women_pct"] == 100 for pair in found["quarters"].values())

    def test_turn_their_sign_where_women_are_paid_more(self):
        assert figures(person("M", 10), person("F", 12.5))["mean_gap"] == -25


class TestHourlyRate:
    def test_is_exact_in_the_decimals_as_written(self):
        found = evaluate("gpg_hourly_rate", {"ordinary_pay": 700.7, "pay_period_days": 7, "weekly_hours": 35})

        assert found["hourly"] == float(Fraction("700.7") / 35)

    def test_cuts_each_bonus_to_the_period(self):
        bonuses = [{"amount": 520, "bonus_period_days": 364}, {"amount": 35, "bonus_period_days": 7}]
        found = evaluate(
            "gpg_hourly_rate", {"ordinary_pay": 350, "pay_period_days": 7, "weekly_hours": 35, "bonuses": bonuses}
        )

        assert found["hourly"] == pytest.approx((350 + 10 + 35) / 35)

    @pytest.mark.parametrize(
        "change",
        [{"weekly_hours": 0}, {"pay_period_days": 0}, {"bonuses": [{"amount": 1, "bonus_period_days": 0}]}],
    )
    def test_without_hours_or_days_does_not_exist(self, change):
        given = {"ordinary_pay": 350, "pay_period_days": 7, "weekly_hours": 35} | change

        assert evaluate("gpg_hourly_rate", given)["status"] == "undefined"


class TestSeveralGroups:
    GROUPS = {"White": [20, 24, 30], "Asian": [15, 18, 33], "Mixed": [17, 30]}  # noqa: RUF012

    def gaps(self, **change):
        return evaluate("pay_gap_multi_group", {"groups": self.GROUPS, "comparator": "White", "min_n": 3} | change)

    def test_are_by_the_median_unless_asked(self):
        assert self.gaps()["Asian"] == 25
        assert self.gaps(average="mean")["Asian"] == pytest.approx(100 * (74 - 66) / 74)

    def test_are_not_shown_for_few_people(self):
        found = self.gaps()

        assert (found["Mixed"], found["status"]) == (None, "estimated")
        assert found["reason"]

    def test_are_not_shown_where_the_comparator_has_few_people(self):
        found = self.gaps(comparator="Mixed")

        assert (found["Asian"], found["White"], found["status"]) == (None, None, "too few to say")

    def test_are_undefined_against_nothing(self):
        found = self.gaps(groups={"White": [0, 0, 0], "Asian": [1, 2, 3]})

        assert (found["Asian"], found["status"]) == (None, "undefined")


class TestGaps:
    @pytest.mark.parametrize("men", [{"men_n": 0, "men_total": 0}, {"men_n": 3, "men_total": 0}])
    def test_against_nobody_or_nothing_do_not_exist(self, men):
        found = evaluate("gpg_mean_gap", {"women_n": 2, "women_total": 30} | men)

        assert (found["gap_pct"], found["status"]) == (None, "undefined")

    def test_in_pence_are_out_of_a_hundred(self):
        assert evaluate("pence_in_the_pound", {"gap_pct": -5.5})["pence"] == 105.5
