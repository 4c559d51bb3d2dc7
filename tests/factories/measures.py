"""Inputs that a measure of the catalogue can have, made up for property tests."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from equality.measures.catalogue import Input, Measure
from equality.measures.pay_quarters import QUARTERS

small = st.integers(0, 60)
counts = st.one_of(small, st.integers(0, 3_000))
amounts = st.one_of(st.just(0), st.decimals(1, 90, places=2), st.floats(1, 90))
proportions = st.floats(0, 1)
percents = st.one_of(st.sampled_from([0, 60, 64.9, 100]), st.floats(0.001, 100))
names = st.sampled_from(["Asian", "Black", "Mixed", "White", "Other"])
tables = st.lists(st.lists(small, min_size=2, max_size=2), min_size=2, max_size=2)

_KINDS: dict[str, st.SearchStrategy[Any]] = {
    "count": counts,
    "positive count": st.integers(1, 50),
    "amount": amounts,
    "rate": st.one_of(st.just(0), st.floats(0.01, 1_000)),
    "size": st.floats(1, 500),
    "correlation": st.floats(-1, 1),
    "gap": st.floats(-200, 100),
    "chance": st.one_of(st.sampled_from([0, 1, 1e-9, 1 - 1e-8]), st.floats(1e-9, 0.999)),
    "tail": st.floats(0, 0.5),
    "percent": percents,
    "flag": st.booleans(),
    "text": st.sampled_from(["women", "Black staff", "be appointed"]),
    "numbers": st.lists(st.one_of(st.integers(-20, 20), st.floats(-1e6, 1e6)), max_size=20),
    "percents": st.lists(percents, min_size=1, max_size=5),
    "p-values": st.lists(st.one_of(st.none(), proportions), max_size=12),
    "table": tables,
    "strata": st.lists(tables, max_size=5),
    "counts by group": st.dictionaries(names, counts, min_size=1),
    "places by quarter": st.dictionaries(st.sampled_from(QUARTERS), small, min_size=1),
    "levels": st.fixed_dictionaries({"lower": small, "middle": small, "upper": small}),
    "selection by group": st.dictionaries(
        names,
        st.tuples(small, small).map(lambda two: {"selected": min(two), "applicants": max(two)}),
        min_size=1,
    ),
    "answers by cell": st.dictionaries(names, st.fixed_dictionaries({"yes": counts, "no": counts}), min_size=1),
    "pay by group": st.dictionaries(names, st.lists(amounts, max_size=15), min_size=1),
    "bonuses": st.lists(st.fixed_dictionaries({"amount": amounts, "bonus_period_days": amounts}), max_size=3),
    "employees": st.lists(
        st.fixed_dictionaries(
            {
                "sex": st.sampled_from("MF"),
                "full_pay": st.booleans(),
                "hourly": st.sampled_from([9, 12.5, 15, 15, 20, 33]),
                "bonus": st.sampled_from([0, 0, 250, 900]),
            }
        ),
        max_size=25,
    ),
}


@st.composite
def inputs_for(draw: st.DrawFn, measure: Measure) -> dict[str, Any]:
    """Inputs of every kind that the measure takes, agreeing with one another, optional ones given or not."""
    length = draw(st.integers(0, 9))
    left_out = {name for names in draw(_alternatives(measure)) for name in names}
    given = {
        one.name: draw(_strategy(one, length))
        for one in measure.inputs
        if one.name not in left_out and (one.default is None or draw(st.booleans()))
    }
    for part, whole in measure.within:
        if part in given and whole in given:
            given[part], given[whole] = _agreeing(given[part], given[whole])
    for name, groups in measure.named_in:
        given[name] = draw(st.sampled_from(sorted(given[groups])))
    return _versions(measure, given)


def _alternatives(measure: Measure) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """All alternatives but one."""
    if not measure.either:
        return st.just([])
    return st.sampled_from([[other for other in measure.either if other != kept] for kept in measure.either])


def _strategy(one: Input, length: int) -> st.SearchStrategy[Any]:
    if one.choices:
        return st.sampled_from(one.choices)
    if one.kind in ("counts", "two counts"):
        size = 2 if one.kind == "two counts" else length
        return st.lists(counts, min_size=size, max_size=size)
    return _KINDS[one.kind]


def _agreeing(part: Any, whole: Any) -> tuple[Any, Any]:
    """A part no larger than its whole."""
    if isinstance(whole, dict):
        return min(part, sum(whole.values())), whole
    if isinstance(whole, list):
        pairs = [sorted(pair) for pair in zip(part, whole, strict=True)]
        return [small for small, _ in pairs], [large for _, large in pairs]
    if isinstance(part, list):
        return [min(value, whole) for value in part], whole
    return min(part, whole), max(part, whole)


def _versions(measure: Measure, given: dict[str, Any]) -> dict[str, Any]:
    """Bands are named by version, not by any text."""
    return {name: value for name, value in given.items() if (measure.id, name) != ("hmip_rating", "bands")}


def many_groups() -> tuple[Any, Any]:
    """Events and base of many groups: every outcome of small bases, and larger ones by a fixed seed."""
    pairs = [(events, base) for base in (1, 2, 3, 10, 25) for events in range(base + 1)]
    chosen = np.random.default_rng(20260930)
    bases = chosen.integers(1, 3_000, 300)
    large = np.column_stack([chosen.binomial(bases, chosen.random(300)), bases])
    return tuple(np.concatenate([np.array(pairs), large]).T)


def many_tables(*, largest: int = 3_000) -> tuple[Any, Any, Any, Any]:
    """Four counts of many comparisons: every table of some small bases, and larger ones by a fixed seed."""
    small_tables = [
        (events1, base1, events2, base2)
        for base1, base2 in ((1, 1), (1, 4), (5, 3), (9, 14), (20, 6))
        for events1 in range(base1 + 1)
        for events2 in range(base2 + 1)
    ]
    chosen = np.random.default_rng(20260930)
    bases = chosen.integers(1, largest, (2, 400))
    rates = chosen.random(400)
    events = chosen.binomial(bases, [rates, np.clip(rates + chosen.normal(0, 0.1, 400), 0, 1)])
    large = np.column_stack([events[0], bases[0], events[1], bases[1]])
    return tuple(np.concatenate([np.array(small_tables), large]).T)


def inner_tables(*, largest: int = 3_000) -> tuple[Any, Any, Any, Any]:
    """Those without a zero cell: what libraries were written for."""
    tables = many_tables(largest=largest)
    events1, base1, events2, base2 = tables
    inner = (events1 > 0) & (events1 < base1) & (events2 > 0) & (events2 < base2)
    return tuple(part[inner] for part in tables)
