import numpy as np
import pytest
from scipy.stats import chi2_contingency, fisher_exact, hypergeom
from statsmodels.stats.proportion import proportions_ztest

from equality.measures import chi_square, midp
from equality.measures.arrays import two_groups
from equality.measures.exact_tests import fisher_exact as fisher_answer
from equality.measures.exact_tests import fisher_midp
from tests.factories.measures import inner_tables, many_tables

TABLES = many_tables(largest=400)
INNER = inner_tables(largest=400)


def table(events1, base1, events2, base2):
    return [[events1, base1 - events1], [events2, base2 - events2]]


def one_by_one(function, tables):
    """What a library answers, table by table."""
    return np.array([function(*map(int, counts)) for counts in zip(*tables, strict=True)])


def of_the_first_cell(events1, base1, events2, base2):
    return hypergeom(base1 + base2, events1 + events2, base1)


class TestMidP:
    def test_fisher_agrees_with_scipy(self):
        expected = one_by_one(lambda *counts: fisher_exact(table(*counts)).pvalue, TABLES)

        np.testing.assert_allclose(midp.fisher(*TABLES), expected, atol=1e-11)

    def test_minlike_is_fisher_less_half_the_chance_of_the_table(self):
        own = of_the_first_cell(*TABLES).pmf(TABLES[0])

        np.testing.assert_allclose(midp.minlike(*TABLES), midp.fisher(*TABLES) - own / 2, atol=1e-11)

    def test_central_is_twice_the_smaller_tail(self):
        first = of_the_first_cell(*TABLES)
        own = first.pmf(TABLES[0]) / 2
        smaller = np.minimum(first.cdf(TABLES[0] - 1) + own, first.sf(TABLES[0]) + own)

        np.testing.assert_allclose(midp.central(*TABLES), np.minimum(1, 2 * smaller), atol=1e-11)

    def test_central_may_be_larger_than_fisher(self):
        assert midp.central(29, 31, 6, 18) > midp.fisher(29, 31, 6, 18) > midp.minlike(29, 31, 6, 18)

    @pytest.mark.parametrize("test", [midp.fisher, midp.minlike, midp.central])
    def test_is_a_chance_and_the_same_with_the_groups_swapped(self, test):
        here = test(*TABLES)

        assert ((here > 0) & (here <= 1)).all()
        np.testing.assert_allclose(here, test(*TABLES[2:], *TABLES[:2]), rtol=1e-9)

    def test_of_many_tables_is_that_of_each(self):
        some = tuple(part[::20] for part in TABLES)

        np.testing.assert_allclose(midp.minlike(*TABLES)[::20], one_by_one(midp.minlike, some), rtol=1e-9)

    def test_keeps_the_shape_of_a_table(self):
        assert midp.minlike([[1, 2], [3, 4]], 10, 5, 12).shape == (2, 2)
        assert midp.minlike([], [], [], []).shape == (0,)

    def test_of_large_tables_is_finite_and_quick_to_hold(self):
        assert midp.minlike(50_000_000, 100_000_000, 49_999_000, 100_000_000) == pytest.approx(
            float(chi_square.p_value(two_groups(50_000_000, 100_000_000, 49_999_000, 100_000_000))), rel=1e-3
        )

    def test_underflows_to_0_where_no_double_holds_it(self):
        assert midp.minlike(1_000_000, 1_000_000, 0, 1_000_000) == 0


class TestFisherAnswer:
    def test_of_an_empty_group_is_undefined(self):
        for found in (fisher_answer(table=[[0, 0], [1, 2]]), fisher_midp(table=[[3, 4], [0, 0]])):
            assert (found.status, found.outputs["p"]) == ("undefined", None)

    def test_of_an_empty_column_says_nothing_against_equality(self):
        assert fisher_answer(table=[[0, 20], [0, 30]]).outputs["p"] == 1


class TestChiSquare:
    def test_agrees_with_scipy_without_correction(self):
        expected = [chi2_contingency(table(*counts), correction=False) for counts in zip(*INNER, strict=True)]

        np.testing.assert_allclose(
            chi_square.p_value(two_groups(*INNER)), [test.pvalue for test in expected], atol=1e-12
        )
        np.testing.assert_allclose(
            chi_square.smallest_expected(two_groups(*INNER)), [test.expected_freq.min() for test in expected]
        )

    def test_z_agrees_with_statsmodels(self):
        expected = one_by_one(lambda a, n1, c, n2: proportions_ztest([a, c], [n1, n2])[0], INNER)

        np.testing.assert_allclose(chi_square.pooled_z(two_groups(*INNER)), expected, rtol=1e-9, atol=1e-12)

    @pytest.mark.parametrize("counts", [(0, 0, 1, 2), (0, 5, 0, 9), (5, 5, 9, 9)])
    def test_without_variation_does_not_exist(self, counts):
        assert np.isnan(chi_square.p_value(two_groups(*counts)))

    def test_is_not_trusted_where_fewer_than_5_are_expected(self):
        five, under = two_groups(2, 10, 8, 10), two_groups(2, 10, 7, 10)

        assert not chi_square.expects_too_few(five)
        assert chi_square.expects_too_few(under)
