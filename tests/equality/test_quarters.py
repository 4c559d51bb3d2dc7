from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.quarters import NotAQuarter, Quarter

quarters = st.builds(Quarter, st.integers(1900, 2999), st.integers(1, 4))
days = st.dates(date(1901, 1, 1), date(2998, 12, 31))


class TestWriting:
    def test_is_read_as_it_is_written(self):
        assert str(Quarter.parse("2026-Q3")) == "2026-Q3"

    def test_is_labelled_by_its_months(self):
        assert Quarter.parse("2026-Q3").label == "July to September 2026"

    @pytest.mark.parametrize(
        "text", ["", "2026", "2026-Q5", "2026-Q0", "2026Q3", "26-Q3", "2026-q3", "0001-Q1", "2026-Q3x"]
    )
    def test_anything_else_is_refused(self, text):
        with pytest.raises(NotAQuarter, match="2026-Q3"):
            Quarter.parse(text)


class TestDays:
    @given(days)
    def test_every_day_lies_in_its_quarter(self, day):
        quarter = Quarter.of(day)

        assert quarter.first_day <= day <= quarter.last_day

    @given(days)
    def test_the_day_after_the_last_begins_the_next(self, day):
        quarter = Quarter.of(day)

        assert quarter.next.first_day == quarter.last_day + timedelta(days=1)


class TestOrder:
    @given(quarters)
    def test_next_and_previous_undo_each_other(self, quarter):
        assert quarter.next.previous == quarter == quarter.previous.next

    @given(quarters, quarters)
    def test_orders_by_time(self, one, other):
        assert (one < other) == (one.first_day < other.first_day)
