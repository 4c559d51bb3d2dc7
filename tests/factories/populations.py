"""Random populations and sets of tables, for what must hold whoever is counted."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from equality.disclosure.attack import attack
from equality.disclosure.exchange import ExchangePolicy, Mode, People, PolicyForm, Published, people_of
from equality.disclosure.policy import PUBLISHED, Policy
from equality.disclosure.protection import Protected, protect
from equality.disclosure.release import MAIN, Flow, Region, Release, TableSpec, Told, involved_in, linked, links_of
from equality.disclosure.standalone import classified, printed
from equality.tables import DECLARED, NOT_DECLARED, TOTAL, Dimension, Table

_FIVE = ExchangePolicy(5, 5)


def dimension(name: str, leaves: int, *, grouped: bool, silent: int = 1) -> Dimension:
    """A variable with so many answers and kinds of silence, and perhaps a group of the first two answers."""
    answers = tuple(f"{name}{number}" for number in range(leaves))
    quiet = tuple(f"{name}-silent{number}" for number in range(silent))
    groups = {f"{name}-group": answers[:2]} if grouped and leaves > 2 else {}
    groups |= {DECLARED: answers, NOT_DECLARED: quiet, TOTAL: (*answers, *quiet)}
    every = (*answers, *quiet)
    return Dimension(name, name, every, groups, {code: code for code in (*every, *groups)})


@st.composite
def populations(draw: st.DrawFn, most_people: int = 120) -> Release:
    """Two to four variables, skewed, sometimes all alike; one to four linked tables."""
    count = draw(st.integers(2, 4))
    dimensions = {
        name: dimension(name, draw(st.integers(2, 5)), grouped=draw(st.booleans()), silent=draw(st.integers(1, 2)))
        for name in "abcd"[:count]
    }
    people = draw(st.integers(0, most_people))
    skew = draw(st.floats(0.3, 4))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    rows = {name: skewed(rng, len(d.leaves), people, skew) for name, d in dimensions.items()}
    pairs = draw(
        st.lists(
            st.lists(st.sampled_from(list(dimensions)), min_size=1, max_size=2, unique=True).map(tuple),
            min_size=1,
            max_size=4,
            unique_by=frozenset,
        )
    )
    return release_of(dimensions, rows, pairs)


def release_of(
    dimensions: Mapping[str, Dimension],
    rows: Mapping[str, np.ndarray],
    tables: list[tuple[str, ...]],
    block: str = MAIN,
) -> Release:
    """Tables with every code and margin of their variables, counted from rows of leaf positions."""
    specs = [
        TableSpec(
            "-".join(names),
            {name: tuple(dict.fromkeys((*dimensions[name].leaves, *dimensions[name].groups))) for name in names},
            block=block,
        )
        for names in tables
    ]
    used = {name: dimensions[name] for spec in specs for name in spec.involved}
    sets = linked(involved_in(specs), dimensions)
    return Release(used, specs, sets, {block: cache(partial(count, dimensions, rows))})


def count(dimensions: Mapping[str, Dimension], rows: Mapping[str, np.ndarray], names: tuple[str, ...]) -> Table:
    """Exact counts over the leaves of some dimensions."""
    shape = tuple(len(dimensions[name].leaves) for name in names)
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, tuple(rows[name] for name in names), 1)
    return Table(tuple(dimensions[name] for name in names), counts)


@st.composite
def histories(draw: st.DrawFn) -> list[Release]:
    """Two or three quarters of the same people, some of whom join, leave or change: one release for each, which knows
    how those who stayed link it to the one before. What was told before is for the caller to fill in."""
    names = "abc"[: draw(st.integers(2, 3))]
    dimensions = {name: dimension(name, draw(st.integers(2, 4)), grouped=False, silent=0) for name in names}
    fixed = draw(st.sampled_from([tuple(names), tuple(names[:1]), tuple(names[:2])]))
    tables = [tuple(names[:2]), *([tuple(names[1:])] if len(names) > 2 else [])]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people, turnover = draw(st.integers(20, 60)), draw(st.integers(0, 6))
    now = {name: skewed(rng, len(d.leaves), people, 1.2) for name, d in dimensions.items()}
    ids, releases = np.arange(people), []
    for quarter in range(draw(st.integers(2, 3))):
        releases.append((ids, now))
        stay = np.sort(rng.permutation(ids.size)[: max(0, ids.size - turnover)])
        joining = int(rng.integers(0, turnover + 1))
        ids = np.concatenate([ids[stay], 1000 * (quarter + 1) + np.arange(joining)])
        fresh = {name: skewed(rng, len(d.leaves), joining, 1.2) for name, d in dimensions.items()}
        moved = {name: _moved(rng, now[name][stay], len(d.leaves), name in fixed) for name, d in dimensions.items()}
        now = {name: np.concatenate([moved[name], fresh[name]]) for name in names}
    return linked_quarters(dimensions, tables, fixed, releases)


def linked_quarters(
    dimensions: Mapping[str, Dimension],
    tables: list[tuple[str, ...]],
    fixed: tuple[str, ...],
    quarters: list[tuple[np.ndarray, dict[str, np.ndarray]]],
) -> list[Release]:
    """A release for each quarter, of which it is given who was there and what they answered."""
    return [_linked_up(dimensions, tables, fixed, quarters[: number + 1]) for number in range(len(quarters))]


def _moved(rng: np.random.Generator, leaves: np.ndarray, size: int, fixed: bool) -> np.ndarray:
    return leaves if fixed else np.where(rng.random(leaves.size) < 0.1, rng.integers(0, size, leaves.size), leaves)


def _linked_up(
    dimensions: Mapping[str, Dimension],
    tables: list[tuple[str, ...]],
    fixed: tuple[str, ...],
    quarters: list[tuple[np.ndarray, dict[str, np.ndarray]]],
) -> Release:
    """The newest quarter's tables, with the quarters before as blocks."""
    specs = release_of(dimensions, quarters[-1][1], tables, block=f"q{len(quarters)}").tables
    sets = linked([*involved_in(specs), frozenset(fixed)], dimensions, len(quarters))
    flows = []
    for number, ((old, before), (new, after)) in enumerate(pairwise(quarters), start=1):
        came = {name: after[name][~np.isin(new, old)] for name in dimensions}
        went = {name: before[name][~np.isin(old, new)] for name in dimensions}
        totals = [int((~np.isin(new, old)).sum()), int((~np.isin(old, new)).sum())]
        flows.append(
            Flow(
                f"q{number}", f"q{number + 1}", (totals[0],) * 2, (totals[1],) * 2, fixed,
                cache(partial(count, dimensions, came)),
                cache(partial(count, dimensions, went)),
            )
        )  # fmt: skip
    people = {
        f"q{number}": cache(partial(count, dimensions, rows)) for number, (_, rows) in enumerate(quarters, start=1)
    }
    return Release(dimensions, specs, sets, people, flows)


def published_of(
    release: Release,
    protected: Protected | list[Protected],
    *,
    rules: ExchangePolicy = _FIVE,
    movers: bool = False,
) -> Published:
    """What a reader has of these tables: of one release, or of the newest and those before."""
    mode = Mode.ADJACENT if rules.form is PolicyForm.CONTROLLED else Mode.NEAREST
    every = [protected] if isinstance(protected, Protected) else protected
    tables = tuple(printed(table, base=5, mode=mode) for one in every for table in one.tables.values())
    return Published(
        classified(release.dimensions),
        tables,
        replace(rules, movers=movers or bool(rules.movers)),
        links_of(release.flows),
        special={name: frozenset(release.dimensions[name].groups[DECLARED]) for name in release.special},
    )


def one_by_one(quarters: list[Release], rules: Policy = PUBLISHED) -> list[Protected]:
    """What is published of every quarter, each protected together with those before."""
    told: dict[Region, Told] = {}
    public: list[Protected] = []
    for release in quarters:
        protected = protect(replace(release, told=dict(told)), rules)
        told |= {region: Told() for region in protected.hidden} | protected.told
        public.append(protected)
    return public


def opened_together(quarters: list[Release], rules: Policy = PUBLISHED) -> tuple[set[People], set[Region]]:
    """Regions that an attacker opens with all quarters, published one by one; and those that were said to be given
    away."""
    public = one_by_one(quarters, rules)
    document = published_of(quarters[-1], public, rules=ExchangePolicy.of(rules))
    opened = attack(document, exact=True).opened
    exposed = set().union(*(protected.exposed for protected in public))
    return {people_of(document.dimensions, one.block, one.codes) for one in opened}, exposed


def skewed(rng: np.random.Generator, leaves: int, people: int, skew: float) -> np.ndarray:
    """A leaf for each of so many people; the first most often, if ``skew`` is above nothing."""
    weights = (1 + np.arange(leaves)) ** -skew
    return rng.choice(leaves, people, p=weights / weights.sum())
