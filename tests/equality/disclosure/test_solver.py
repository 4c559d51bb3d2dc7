"""The linear-programming library, where it gives no answer."""

from unittest import mock

import highspy
import numpy as np
import pytest
from scipy import sparse

from equality.disclosure.facts import model_of
from equality.disclosure.goals import Printing
from equality.disclosure.margins import Extremes
from equality.disclosure.solver import QuietHighs, linear_programme
from tests.factories.populations import dimension, release_of

STATUS = highspy.HighsModelStatus


@pytest.fixture
def three_at_most():
    """Minimise -x, where x is 3 at most."""
    highs = QuietHighs()
    row, one = sparse.csr_array([[1.0]]), np.ones(1)
    highs.passModel(linear_programme(row, -one, np.array([highspy.kHighsInf]), 0 * one, 3 * one))
    return highs


def answers(monkeypatch, *first):
    """What the library says of its answers; in the end, what it came to."""
    told, said = iter(first), QuietHighs.getModelStatus
    monkeypatch.setattr(QuietHighs, "getModelStatus", lambda highs: next(told, said(highs)))


class TestAProgrammeThatIsLost:
    def test_is_begun_again_from_the_beginning(self, three_at_most, monkeypatch):
        cleared = mock.Mock()
        monkeypatch.setattr(QuietHighs, "clearSolver", cleared)
        answers(monkeypatch, STATUS.kUnknown)

        three_at_most.run()

        cleared.assert_called_once_with()
        assert three_at_most.getInfo().objective_function_value == -3.0

    def test_is_not_begun_again_where_it_has_an_answer(self, three_at_most, monkeypatch):
        monkeypatch.setattr(QuietHighs, "clearSolver", lambda _: pytest.fail("begun again"))

        three_at_most.run()

        assert three_at_most.getModelStatus() == STATUS.kOptimal


class TestNoAnswer:
    """No answer is not the same as no limit: what has no limit is safe."""

    @pytest.fixture
    def extremes(self):
        model = model_of(
            release_of({"a": dimension("a", 2, grouped=False)}, {"a": np.array([0] * 7 + [1] * 3)}, [("a",)])
        )
        counts = model.counts.astype(float)
        return Extremes(model, Printing(counts, counts), frozenset())

    def test_is_an_error(self, extremes, monkeypatch):
        answers(monkeypatch, *[STATUS.kIterationLimit] * 9)

        with pytest.raises(ArithmeticError, match="kIterationLimit"):
            extremes.of(np.array([0]), least=False)

    def test_no_limit_is_none(self, extremes, monkeypatch):
        answers(monkeypatch, *[STATUS.kUnbounded] * 9)

        assert extremes.of(np.array([0]), least=False) is None
