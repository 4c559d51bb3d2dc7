import uuid

import numpy as np
import pytest

from equality.disclosure.policy import PUBLISHED
from equality.disclosure.release import TableSpec
from equality.tables import DECLARED, TOTAL
from monitoring.figures.counting import NotAccepted, candidates_of, keys_of, people_of
from monitoring.figures.models import ReleasedRegion
from monitoring.figures.releasing import Population, release, remember, remembered, written
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

        assert people.table(("hourly_pay",)).count(hourly_pay="GIVEN") == 60
        assert people.pay("sex", ["F"])["F"].mean == 200_000

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
    def tables(self, people):
        codes = {name: (*people.dimensions[name].leaves, DECLARED, TOTAL) for name in ("sex", "grade")}
        return [TableSpec("sex-by-grade", codes)]

    def test_remembers_what_was_shown_and_hidden(self, people, population, tables):
        protected = release(people, tables, population, PUBLISHED)
        hidden = [written(region) for region in protected.hidden]

        remember(
            population,
            {written(region): count for region, count in protected.shown.items()},
            hidden,
            report=uuid.uuid4(),
            at=AT,
        )
        known = remembered(population)

        assert known.shown == protected.shown
        assert known.hidden == protected.hidden
        assert not ReleasedRegion.objects.filter(region__in=hidden).exclude(count=None).exists()

    def test_the_next_release_agrees_with_the_last(self, people, population, tables):
        first = release(people, tables, population, PUBLISHED)
        remember(
            population,
            {written(region): count for region, count in first.shown.items()},
            [written(region) for region in first.hidden],
            report=uuid.uuid4(),
            at=AT,
        )

        again = release(people, tables, population, PUBLISHED)

        assert again.shown == first.shown

    def test_other_populations_remember_nothing(self, other_organisation):
        assert remembered(Population(other_organisation, "workforce", "2026-Q3")).shown == {}

    def test_a_region_is_written_the_same_however_it_was_made(self):
        one = frozenset({("sex", frozenset({"F", "M"})), ("grade", frozenset({"EO"}))})
        other = frozenset({("grade", frozenset({"EO"})), ("sex", frozenset({"M", "F"}))})

        assert written(one) == written(other)


def test_counts_are_whole_numbers(people):
    assert people.table(("sex",)).counts.dtype == np.int64
