import uuid

import numpy as np
import pytest

from equality.disclosure.policy import PUBLISHED
from equality.disclosure.release import TableSpec
from equality.disclosure.safe import Status
from equality.tables import DECLARED, TOTAL
from monitoring.figures import releasing
from monitoring.figures.counting import PAY, PAY_QUARTERS, NotAccepted, candidates_of, keys_of, people_of, references_of
from monitoring.figures.ledger import Population, remember, remembered, told_periods, written
from monitoring.figures.models import ReleasedRegion
from monitoring.figures.releasing import alone, release, telling, together
from tests.factories import accepted, as_csv, staff, submit
from tests.factories.submissions import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return staff(300)


@pytest.fixture
def people(organisation, rows):
    return people_of(accepted(organisation, as_csv(rows)))


def tally(rows, **wanted):
    return sum(all(row[name] == value for name, value in wanted.items()) for row in rows)


class TestCounting:
    def test_agrees_with_counting_by_hand(self, people, rows):
        table = people.table(("sex", "grade", "disability"))

        for sex in "FM":
            for grade in ("AO", "EO", "HEO", "G7"):
                assert table.count(sex=sex, grade=grade, disability="DISABLED") == tally(
                    rows, sex=sex, grade=grade, disability="DISABLED"
                )

    def test_counts_answers_and_silence_apart(self, people, rows):
        table = people.table(("ethnicity",))

        assert table.count(ethnicity="DECLINED") == tally(rows, ethnicity="PNTS")
        assert table.count(ethnicity=DECLARED) == len(rows) - tally(rows, ethnicity="PNTS")
        assert table.count(ethnicity=TOTAL) == len(rows)

    def test_pay_is_counted_where_it_is_given(self, organisation):
        given = [row | {"hourly_pay": "20" if n % 3 else ""} for n, row in enumerate(staff(90))]
        people = people_of(accepted(organisation, as_csv(given)))

        table = people.table(("hourly_pay",))
        assert table.count(hourly_pay="GIVEN") == 60
        assert [table.count(hourly_pay=quarter) for quarter in PAY_QUARTERS] == [15] * 4
        assert people.pay("sex", ["F"])["F"].mean == 200_000

    def test_quarters_of_pay_rank_people_by_pay(self, organisation):
        paid = [row | {"hourly_pay": f"{10 + n}"} for n, row in enumerate(staff(80))]
        table = people_of(accepted(organisation, as_csv(paid))).table(("hourly_pay", "sex"))

        for at, quarter in enumerate(reversed(PAY_QUARTERS)):
            women = tally(paid[20 * at : 20 * at + 20], sex="F")
            assert table.count(hourly_pay=quarter, sex="F") == women

    def test_only_variables_that_were_sent_are_there(self, people):
        assert people.variables == ("ethnicity", "sex", "disability", "age_band", "grade")

    def test_another_quarters_answers_widen_the_presentation(self, organisation):
        now = accepted(organisation, b"sex,ethnicity\nF,HIGH_LEVEL_5:ASIAN\n")
        before = accepted(organisation, b"sex,ethnicity\nF,13\n", period="2026-Q2")

        alone = people_of(before)
        together = people_of(before, keys_of(now))

        assert "13" in alone.dimensions["ethnicity"].leaves
        assert together.dimensions["ethnicity"].substantive == ("WHITE", "MIXED", "ASIAN", "BLACK", "OTHER")


class TestStatus:
    def test_only_accepted_data_are_counted(self, organisation):
        submission = submit(organisation)

        with pytest.raises(NotAccepted):
            people_of(submission)

    def test_only_checked_data_are_previewed(self, organisation):
        submission = submit(organisation)
        assert candidates_of(submission).size == 60

        with pytest.raises(NotAccepted):
            candidates_of(accepted(organisation))


class TestReleasing:
    @pytest.fixture
    def population(self, organisation):
        return Population(organisation, "workforce", "2026-Q3")

    @pytest.fixture
    def quarters(self, people, population):
        return alone(people, population)

    @pytest.fixture
    def tables(self, people):
        codes = {name: (*people.dimensions[name].leaves, DECLARED, TOTAL) for name in ("sex", "grade")}
        return [TableSpec("sex-by-grade", codes, block="2026-Q3")]

    def published(self, protected, population):
        (told,) = telling(protected, [population.period])
        remember(population, told["shown"], told["hidden"], report=uuid.uuid4(), at=AT)
        return told

    def test_remembers_what_was_shown_and_hidden(self, quarters, population, tables):
        protected = release(quarters, tables, PUBLISHED)

        told = self.published(protected, population)
        known = remembered(population)

        assert known.told == {region: [said] for region, said in protected.told.items()}
        assert known.hidden == protected.hidden
        assert known.counts == {region.within: said.low for region, said in protected.told.items()}
        assert not ReleasedRegion.objects.filter(region__in=told["hidden"]).exclude(least=None).exists()

    def test_the_next_release_agrees_with_the_last(self, people, quarters, population, tables):
        first = release(quarters, tables, PUBLISHED)
        self.published(first, population)

        again = release(alone(people, population), tables, PUBLISHED)

        assert again.told == first.told

    def test_what_was_told_of_all_whose_pay_is_given_is_told_of_the_quarters_together(self, population):
        """Published before pay was told apart by quarters."""
        remember(population, {'{"hourly_pay": ["GIVEN"], "sex": ["F"]}': 37}, [], report=uuid.uuid4(), at=AT)

        (region,) = remembered(population).told

        assert dict(region.within) == {PAY: frozenset(PAY_QUARTERS), "sex": frozenset({"F"})}

    @pytest.mark.parametrize(("known", "hidden"), [(True, True), (False, False)])
    def test_that_quarters_are_equally_large_is_known(self, organisation, population, monkeypatch, known, hidden):
        """Two women among the fifteen best paid: whoever reads that thirteen are men knows it."""
        if not known:
            monkeypatch.setattr(releasing, "_equal_quarters", lambda _: ())
        sexes = "F" * 10 + "M" * 5 + "FFFMMFFMMFMMFFM" * 2 + "M" * 13 + "FF"
        people = people_of(
            accepted(organisation, as_csv([{"sex": s, "hourly_pay": f"{10 + n}"} for n, s in enumerate(sexes)]))
        )
        table = TableSpec("quarters", {PAY: PAY_QUARTERS, "sex": ("F", "M")}, block="2026-Q3")

        shown = release(alone(people, population), [table], PUBLISHED).tables["quarters"]

        assert people.table((PAY, "sex")).count(hourly_pay="UPPER", sex="F") == 2
        assert shown.cell("UPPER", "F").status is Status.CONFIDENTIAL
        assert (shown.cell("UPPER", "M").status is Status.CONFIDENTIAL) == hidden

    def test_other_populations_remember_nothing(self, other_organisation):
        assert remembered(Population(other_organisation, "workforce", "2026-Q3")).told == {}

    def test_a_region_is_written_the_same_however_it_was_made(self):
        one = frozenset({("sex", frozenset({"F", "M"})), ("grade", frozenset({"EO"}))})
        other = frozenset({("grade", frozenset({"EO"})), ("sex", frozenset({"M", "F"}))})

        assert written(one) == written(other)


class TestFollowingPeople:
    """From quarter to quarter, by the pseudonyms of their references."""

    def quarter(self, organisation, rows, period):
        return accepted(organisation, as_csv(rows), period=period)

    def test_finds_who_joined_and_who_left(self, organisation):
        rows = [row | {"person_ref": f"P{n}"} for n, row in enumerate(staff(60))]
        now = rows[7:] + [row | {"person_ref": f"N{n}"} for n, row in enumerate(staff(3))]
        before, after = self.quarter(organisation, rows, "2026-Q2"), self.quarter(organisation, now, "2026-Q3")

        quarters = together(after, before)
        flow = quarters.links["2026-Q2", "2026-Q3"].flow("2026-Q2", "2026-Q3")

        assert (flow.joiners, flow.leavers) == ((3, 3), (7, 7))
        assert flow.fixed == ("ethnicity", "sex")
        assert flow.joined(("sex",)).counts.sum() == 3
        assert [flow.left(("sex",)).count(sex=sex) for sex in "FM"] == [tally(rows[:7], sex=sex) for sex in "FM"]

    def test_what_somebody_who_stayed_answers_anew_is_not_taken_to_be_steady(self, organisation):
        rows = [row | {"person_ref": f"P{n}"} for n, row in enumerate(staff(60))]
        now = [row | {"ethnicity": "PNTS"} if n == 5 else row for n, row in enumerate(rows)]
        before, after = self.quarter(organisation, rows, "2026-Q2"), self.quarter(organisation, now, "2026-Q3")

        assert together(after, before).links["2026-Q2", "2026-Q3"].steady == ("sex",)

    def test_without_references_nobody_is_followed_and_that_is_said(self, organisation):
        rows = [{k: v for k, v in row.items() if k != "person_ref"} for row in staff(60)]
        before, after = self.quarter(organisation, rows, "2026-Q2"), self.quarter(organisation, rows[1:], "2026-Q3")

        quarters = together(after, before)

        assert references_of(after) is None
        assert quarters.links == {}
        assert quarters.unlinked == (("2026-Q2", "2026-Q3"),)

    @pytest.mark.parametrize("lacking", ["grade", "sex"])
    def test_what_an_earlier_quarter_did_not_collect_stops_nothing(self, organisation, lacking):
        """It is known of nobody then; what was told of the rest still counts."""
        rows = [row | {"person_ref": f"P{n}"} for n, row in enumerate(staff(60))]
        poor = [{name: value for name, value in row.items() if name != lacking} for row in rows]
        before, after = self.quarter(organisation, poor, "2026-Q2"), self.quarter(organisation, rows[1:], "2026-Q3")
        quarters = together(after, before)
        dimensions = quarters.people["2026-Q3"].dimensions
        codes = {name: (*dimensions[name].leaves, DECLARED, TOTAL) for name in ("sex", "grade")}

        protected = release(quarters, [TableSpec("sex-by-grade", codes, block="2026-Q3")], PUBLISHED)

        assert protected.tables["sex-by-grade"].cell(TOTAL, TOTAL).value == 59

    def test_the_nearest_quarters_that_were_told_of_are_looked_at(self, organisation):
        near = ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
        for period in ("2024-Q1", "2025-Q2", *near, "2026-Q4"):
            remember(Population(organisation, "workforce", period), {"{}": 9}, [], report=uuid.uuid4(), at=AT)

        assert told_periods(organisation, "workforce", "2026-Q4") == near


def test_counts_are_whole_numbers(people):
    assert people.table(("sex",)).counts.dtype == np.int64
