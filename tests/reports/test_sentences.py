"""What a reader is told in words, from tables of which some numbers may not be shown."""

from dataclasses import replace

import pytest

from equality.disclosure.averages import SafeGap
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.safe import Cell as Printed
from equality.disclosure.safe import SafeTable, Status
from equality.grouping import at_broad_level, present
from equality.tables import DECLARED, MINORITY, NOT_DECLARED, SUMS
from reports import sentences
from reports.contents import Cell, TableBlock
from reports.workforce import people_in

KEYS = {
    "sex": "GSS:F",
    "ethnicity": "HIGH_LEVEL_5:WHITE",
    "disability": "DERIVED_EA2010:DIS_LOT",
    "religion_or_belief": "GSS:NONE",
}
NOT_WHITE = "people from ethnic groups other than White"


def table(name, shown, where=None):
    """A table of one characteristic that shows these numbers and no others."""
    dimension = present(name, [KEYS[name]]).dimension
    codes = (*at_broad_level(dimension), *((MINORITY,) if MINORITY in dimension.groups else ()), *SUMS)
    return SafeTable(
        name, (dimension,), {name: codes}, {(code,): Printed(count) for code, count in shown.items()}, where or {}
    )


def women(part=60, declared=100, silent=20):
    shown = {"F": part, DECLARED: declared, NOT_DECLARED: silent}
    return table("sex", {code: count for code, count in shown.items() if count is not None})


SAY = [sentences.against_benchmark, sentences.largest_message, sentences.unknown_answers, sentences.key_figure]


class TestWhatRestsOnAHiddenNumber:
    @pytest.mark.parametrize("say", SAY, ids=lambda say: say.__name__)
    @pytest.mark.parametrize("hidden", ["part", "declared"])
    def test_is_not_said(self, say, hidden):
        assert say(women()) is not None
        assert say(women(**{hidden: None})) is None

    @pytest.mark.parametrize("say", SAY, ids=lambda say: say.__name__)
    def test_is_not_said_of_a_characteristic_that_nobody_watches(self, say):
        assert say(table("religion_or_belief", {DECLARED: 90, NOT_DECLARED: 20})) is None


class TestTheWatchedShare:
    def test_has_its_counts_and_wilsons_interval(self):
        assert sentences.largest_message(women()) == (
            "60.0% of those who declared (60 of 100; 95% interval 50.2 to 69.1%) are women."
        )

    def test_is_a_key_figure_with_the_same(self):
        assert sentences.key_figure(women()) == ("60.0%", "women", "60 of 100 who declared; 95% interval 50.2 to 69.1%")


class TestAgainstThePopulation:
    """Census 2021, England and Wales: 51.0% women, 18.3% not White, 17.5% disabled under the Equality Act."""

    @pytest.mark.parametrize(
        ("name", "code", "who", "percent"),
        [("sex", "F", "Women", "51"), ("ethnicity", MINORITY, "People from ethnic groups other than White", "18.3"),
         ("disability", "DISABLED", "Disabled people", "17.5")],
    )  # fmt: skip
    def test_is_the_share_of_the_census(self, name, code, who, percent):
        said = sentences.against_benchmark(table(name, {code: 300, DECLARED: 400}))

        assert said.startswith(f"{who} are 75.0% of those who declared (300 of 400; 95% interval ")
        assert said.endswith(f", more than the {percent}% in England and Wales (residents of all ages, Census 2021).")

    @pytest.mark.parametrize(
        ("part", "words"),
        [(30, "less than the 51%"), (51, "which cannot be told apart from the 51%"), (70, "more than the 51%")],
    )
    def test_is_claimed_only_where_the_interval_bears_it_out(self, part, words):
        assert words in sentences.against_benchmark(women(part=part))

    def test_of_few_is_too_few_to_say(self):
        assert sentences.against_benchmark(women(part=5, declared=9)).startswith("There are too few to say")


class TestUnknownAnswers:
    def test_could_be_none_or_all_of_the_group(self):
        """60 and 80 of 120."""
        assert sentences.unknown_answers(women()) == (
            "If none of the 20 who did not declare were among them, it would be 50.0% of all 120; if all were, 66.7%."
        )

    @pytest.mark.parametrize("silent", [0, None], ids=["nobody", "hidden"])
    def test_are_not_spoken_of_where_there_are_none_or_they_are_hidden(self, silent):
        assert sentences.unknown_answers(women(silent=silent)) is None


class TestChange:
    def said(self, before, now=None):
        now = now or women(part=186, declared=329)
        regions = {people_in(now, code): count for code, count in before.items()}
        return sentences.change(now, regions, lambda code: people_in(now, code), "July to September", "April to June")

    def test_is_told_from_the_quarter_before_with_newcombes_interval(self):
        assert self.said({"F": 140, DECLARED: 330}) == (
            "The share of women rose from 140 of 330 (42.4%) in April to June to 186 of 329 (56.5%) in July to "
            "September (95% interval of the change: plus 6.5 to plus 21.5 percentage points)."
        )

    def test_that_may_be_chance_is_not_claimed(self):
        assert "which may be ordinary variation" in self.said({"F": 180, DECLARED: 330})

    @pytest.mark.parametrize("before", [{"F": 140}, {DECLARED: 330}, {"F": 0, DECLARED: 0}, {}])
    def test_is_not_told_where_the_quarter_before_does_not_show_both_numbers(self, before):
        assert self.said(before) is None

    def test_is_not_told_where_this_quarter_hides_one(self):
        assert self.said({"F": 140, DECLARED: 330}, now=women(part=None)) is None


class TestPayGap:
    GAP = SafeGap(mean=4.5, median=4.9, low=-3.8, high=12.2)

    def said(self, gap=GAP, shown=None):
        paid = table("sex", {"F": 121, "M": 98} if shown is None else shown, {"hourly_pay": "GIVEN"})
        return sentences.pay_gap(paid, {"F": gap, "M": SafeGap(None, None, Status.NOT_APPLICABLE)})

    def test_has_counts_and_the_interval_of_the_mean(self):
        assert self.said() == (
            "By the mean, women are paid 4.5% less than men for an hour (95% interval 3.8% more to 12.2% less), which may "
            "be ordinary variation. By the median, they are paid 4.9% less than men. This compares 121 women with 98 men, "
            "and does not say why."
        )

    def test_is_claimed_beyond_ordinary_variation(self):
        assert "(95% interval 1.2% to 12.2% less), which is more than ordinary variation" in self.said(
            SafeGap(mean=4.5, median=4.9, low=1.2, high=12.2)
        )

    @pytest.mark.parametrize(
        ("low", "high", "interval"),
        [(-12.2, -1.2, "1.2% to 12.2% more"), (0.0, 12.2, "0.0% to 12.2% less"), (-12.2, 0.0, "0.0% to 12.2% more")],
    )
    def test_has_its_interval_in_words_on_either_side(self, low, high, interval):
        assert f"(95% interval {interval})" in self.said(SafeGap(mean=(low + high) / 2, median=1.0, low=low, high=high))

    def test_without_limits_makes_no_claim_and_none_at_all_is_said_so(self):
        assert self.said(SafeGap(mean=0.0, median=-2.0)) == (
            "By the mean, women are paid the same as men for an hour. By the median, they are paid 2.0% more than men. "
            "This compares 121 women with 98 men, and does not say why."
        )

    def test_of_ethnic_groups_names_both(self):
        paid = table("ethnicity", {MINORITY: 40, "WHITE": 163}, {"hourly_pay": "GIVEN"})

        said = sentences.pay_gap(paid, {MINORITY: self.GAP})

        assert said.startswith(f"By the mean, {NOT_WHITE} are paid 4.5% less than White people for an hour")
        assert f"This compares 40 {NOT_WHITE} with 163 White people" in said

    def test_that_is_hidden_is_not_said(self):
        assert self.said(SafeGap(None, None, Status.CONFIDENTIAL)) is None

    @pytest.mark.parametrize("shown", [{"F": 121}, {"M": 98}])
    def test_is_not_said_without_both_counts(self, shown):
        assert self.said(shown=shown) is None

    def test_of_few_is_too_few_to_say(self):
        assert self.said(shown={"F": 9, "M": 98}).startswith("There are too few to say how the pay of women")


class TestNoPayGap:
    def said(self, name, code, status):
        paid = table(name, {}, {"hourly_pay": "GIVEN"})
        return sentences.no_pay_gap(paid, {code: SafeGap(None, None, status)}, PUBLISHED)

    def test_of_too_few_says_how_many_it_needs(self):
        assert self.said("sex", "F", Status.TOO_FEW) == (
            "There are too few people to say how the pay of women compares with that of men: this needs 10 in each group "
            "[u]."
        )
        assert "this needs 30 in each group" in self.said("ethnicity", MINORITY, Status.TOO_FEW)

    def test_that_is_hidden_says_what_it_would_give_away(self):
        assert self.said("ethnicity", MINORITY, Status.CONFIDENTIAL) == (
            f"How the pay of {NOT_WHITE} compares with that of White people cannot be said without giving away a small "
            "number, or what a few people are paid [c]."
        )

    def test_of_nobody_needs_no_reason(self):
        assert self.said("sex", "F", Status.NOT_APPLICABLE) is None


QUARTERS = {
    ("UPPER", "F"): 18, ("UPPER", DECLARED): 38, ("LOWER", "F"): 26, ("LOWER", DECLARED): 38, ("GIVEN", "F"): 91,
    ("GIVEN", DECLARED): 152,
}  # fmt: skip


class TestQuartersOfPay:
    def said(self, counts):
        split = table("sex", {})
        codes = {"hourly_pay": tuple(dict.fromkeys(quarter for quarter, _ in QUARTERS)), "sex": ("F", DECLARED)}
        return sentences.pay_quarters(replace(split, codes=codes, shown={key: Printed(n) for key, n in counts.items()}))

    def test_are_told_of_the_best_and_the_worst_paid_and_of_all(self):
        assert self.said(QUARTERS) == (
            "Of those who declared and whose pay is given, women are 47.4% of the highest paid quarter (18 of 38; 95% "
            "interval 32.5 to 62.7%), 68.4% of the lowest paid (26 of 38; 95% interval 52.5 to 80.9%) and 59.9% of all "
            "(91 of 152; 95% interval 51.9 to 67.3%)."
        )

    @pytest.mark.parametrize("hidden", ["F", DECLARED])
    def test_what_is_hidden_is_said_beside_what_is_not(self, hidden):
        assert self.said({key: n for key, n in QUARTERS.items() if key != ("LOWER", hidden)}) == (
            "Of those who declared and whose pay is given, women are 47.4% of the highest paid quarter (18 of 38; 95% "
            "interval 32.5 to 62.7%) and 59.9% of all (91 of 152; 95% interval 51.9 to 67.3%). Which share they are of "
            "the lowest paid cannot be said without giving a small number away [c]."
        )

    def test_nothing_but_what_is_hidden(self):
        assert self.said({("UPPER", "F"): 18, ("GIVEN", DECLARED): 152}) == (
            "Which share women are of the highest paid quarter, of the lowest paid and of all cannot be said without "
            "giving a small number away [c]."
        )


class TestChartInWords:
    def test_has_every_share_with_its_interval_and_says_what_is_hidden(self):
        cells = (
            Cell({"sex": "F"}, "share", 60.0, None, 50.2, 69.1),
            Cell({"sex": "M"}, "share", None, "[c]"),
        )
        block = TableBlock("sex", "Sex", {}, ("sex",), ("share",), ("F", "M"), cells)

        assert sentences.chart_alt(block, {"F": "Female", "M": "Male"}, [("F",), ("M",)]) == (
            "Bar chart, with 95% intervals in brackets. Female 60.0% (50.2 to 69.1%); Male not shown. The figures are in "
            "the table."
        )
