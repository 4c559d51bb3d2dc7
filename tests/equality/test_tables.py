import numpy as np
import pytest

from equality.grouping import present
from equality.tables import DECLARED, TOTAL, Table, UnknownCode

sex = present("sex", ["GSS:F", "GSS:M"]).dimension
disability = present("disability", ["GROUP:DISABLED", "GROUP:NOT_DISABLED"]).dimension


def table() -> Table:
    counts = np.zeros((len(sex.leaves), len(disability.leaves)), dtype=np.int64)
    counts[0, 0], counts[0, 1], counts[1, 1], counts[1, 3] = 3, 20, 9, 4
    return Table((sex, disability), counts)


class TestCounting:
    def test_a_code_counts_its_leaves(self):
        assert table().count(sex="F", disability="DISABLED") == 3

    def test_a_dimension_that_is_not_named_counts_in_full(self):
        assert table().count(sex="M") == 13
        assert table().count() == table().count(sex=TOTAL, disability=TOTAL) == 36

    def test_sums_count_what_they_sum(self):
        assert table().count(sex="M", disability=DECLARED) == 9

    def test_an_unknown_code_is_refused(self):
        with pytest.raises(UnknownCode, match="no code X"):
            table().count(sex="X")


class TestShape:
    def test_counts_must_fit_the_dimensions(self):
        with pytest.raises(ValueError, match="shape"):
            Table((sex,), np.zeros(3, dtype=np.int64))

    def test_counts_cannot_be_changed(self):
        with pytest.raises(ValueError, match="read-only"):
            table().counts[0, 0] = 1

    def test_a_margin_keeps_the_counts_in_the_order_asked_for(self):
        turned = table().margin(("disability", "sex"))

        assert turned.names == ("disability", "sex")
        assert turned.count(sex="F", disability="NOT_DISABLED") == 20
        assert table().margin(("sex",)).count(sex="F") == 23
