"""Disclosure control on synthetic staff: six linked tables and a cube, a report of thirty tables, quarter after
quarter; and whether an attacker opens anything."""

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import combinations, pairwise, product
from pathlib import Path

import numpy as np

from benchmarks.curves import Curve, drawn
from benchmarks.establishments import DIMENSIONS, count, cube, dimension, release, six_tables, staff
from equality.disclosure.attack import attack
from equality.disclosure.exchange import ExchangePolicy, Published
from equality.disclosure.policy import PUBLISHED, Policy, policy
from equality.disclosure.protection import Protected, protect
from equality.disclosure.release import Flow, Release, TableSpec, Told, involved_in, linked, links_of
from equality.disclosure.standalone import classified, printed
from equality.tables import TOTAL, Dimension

TITLE = "Disclosure control: nothing opened, how much hidden, how long"
PEOPLE = (200, 5_000, 100_000)
QUARTERS, LOOKED_AT = 8, 6
_RULES = ExchangePolicy(PUBLISHED.threshold, PUBLISHED.width)
_PICTURE = Path(__file__).with_name("growth.svg")
# Hidden cells of GaussSuppression with intervals on such tables, of them small (a trial of the same design; R).
_GAUSS = {
    ("six tables", 200): (249, 196), ("six tables", 5_000): (171, 111), ("six tables", 100_000): (39, 16),
    ("cube", 200): (605, 476), ("cube", 5_000): (1_482, 945), ("cube", 100_000): (982, 454),
}  # fmt: skip


def run() -> Iterator[str]:
    """Lines to print. Draws the curves."""
    heads = ("cells", "small", "hidden", "more", "beside", "opened", "unsure", "s")
    widths = (6, 6, 7, 6, 7, 7, 7, 7)
    columns = " ".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
    yield f"  {'':12} {'people':>8} {columns}"
    for (name, tables), people in product((("six tables", six_tables), ("cube", cube)), PEOPLE):
        yield _measured(name, people, release(staff(people), tables()), beside=_GAUSS[name, people])[0]
    yield _measured("30 tables", 2_000, thirty_tables(2_000))[0]
    yield "  more: hidden besides small ones; beside: so many by GaussSuppression with intervals on its own sample"
    yield "  unsure: hidden numbers of which the attacker could not say in time that whole people leave them open"
    yield "  against the only member of a cell too:"
    for people in PEOPLE[:2]:
        wanted = release(staff(people), six_tables())
        yield _measured("six tables", people, wanted, rules=policy("published-insider-2026"))[0]
    yield from _growth()


def _growth() -> Iterator[str]:
    curves: dict[str, list[tuple[str, float]]] = {}
    yield "  by number of tables (5,000 people):"
    for number in range(1, 7):
        line, seconds = _measured(f"{number} of six", 5_000, release(staff(5_000), six_tables()[:number]))
        curves.setdefault("Tables, 5,000 people", []).append((str(number), seconds))
        yield line
    yield "  by number of people:"
    for people in (200, 1_000, 5_000, 20_000, 100_000):
        line, seconds = _measured("six tables", people, release(staff(people), six_tables()))
        curves.setdefault("People, six tables", []).append((f"{people:,}", seconds))
        yield line
    yield f"  {QUARTERS} quarters of 200 people, the newest with the {LOOKED_AT - 1} before:"
    ledger = _Ledger(200)
    for quarter in range(QUARTERS):
        line, seconds = ledger.publish(quarter)
        curves.setdefault("Quarters, six tables of 200 people", []).append((str(quarter + 1), seconds))
        yield line
    yield ledger.attacked()
    picture = drawn("How the time to protect grows", [Curve(title, points) for title, points in curves.items()])
    _PICTURE.write_text(picture, encoding="utf-8")
    yield f"  drawn: {_PICTURE.name}"


def _measured(
    name: str, people: int, wanted: Release, *, beside: tuple[int, int] | None = None, rules: Policy = PUBLISHED
) -> tuple[str, float]:
    """A line to print, and seconds."""
    started = time.perf_counter()
    protected = protect(wanted, rules)
    took = time.perf_counter() - started
    attacked = attack(published(wanted, protected), exact=False, margins=False)
    opened, unsure = len(attacked.opened), attacked.unsettled
    cells = len({*protected.told, *protected.hidden})
    small, hidden = len(protected.small), len(protected.hidden)
    other = f"{beside[0] - beside[1]:,}" if beside else ""
    gave_up = "  all hidden" if protected.everything_hidden else ""
    line = (
        f"  {name:12} {people:8,} {cells:6,} {small:6,} {hidden:7,} {hidden - small:6,} {other:>7} {opened:7,} "
        f"{unsure:7,} {took:7.1f}{gave_up}"
    )
    return line, took


def thirty_tables(people: int) -> Release:
    """Six variables: each by itself, every two of them, and nine times three."""
    rng = np.random.default_rng(6)
    columns = staff(people)
    more = {"religion": 8, "age": 6}
    dimensions: dict[str, Dimension] = dict(DIMENSIONS)
    for name, leaves in more.items():
        dimensions[name] = dimension(name, tuple(f"{name}{number}" for number in range(leaves)), {})
        shares = 0.6 ** np.arange(leaves)
        columns[name] = rng.choice(leaves, people, p=shares / shares.sum())
    codes = {name: (*(d.broad or d.leaves), TOTAL) for name, d in dimensions.items()}
    names = list(dimensions)
    sets = [(name,) for name in names] + list(combinations(names, 2))
    sets += [three for three in combinations(names, 3) if "ethnicity" in three][:9]
    tables = [TableSpec("-".join(inside), {name: codes[name] for name in inside}) for inside in sets]
    cliques = linked(involved_in(tables), dimensions)
    return Release(dimensions, tables, cliques, {"main": cache(partial(count, columns, among=dimensions))})


class _Ledger:
    """Quarters of the same staff, published one after the other. Three in a hundred leave and join every quarter, one
    in a hundred changes grade."""

    _FIXED = ("ethnicity", "sex")

    def __init__(self, people: int) -> None:
        rng = np.random.default_rng(4)
        quarters = [(np.arange(people), staff(people))]
        for number in range(1, QUARTERS):
            quarters.append(_next_quarter(rng, *quarters[-1], number))
        self.people = {f"q{n}": cache(partial(count, quarter)) for n, (_, quarter) in enumerate(quarters)}
        self.flows = [_flow(n, *pair, self._FIXED) for n, pair in enumerate(pairwise(quarters))]
        self.told: dict[str, dict] = {}
        self.done: list[Protected] = []

    def publish(self, newest: int) -> tuple[str, float]:
        """Protect a quarter together with some before it: a line and its seconds."""
        oldest = max(0, newest - LOOKED_AT + 1)
        window = [f"q{n}" for n in range(oldest, newest + 1)]
        tables = [replace(table, block=window[-1]) for table in six_tables()]
        sets = linked([*involved_in(tables), frozenset(self._FIXED)], DIMENSIONS, len(window))
        wanted = Release(
            DIMENSIONS,
            tables,
            sets,
            {block: self.people[block] for block in window},
            self.flows[oldest:newest],
            {region: said for block in window for region, said in self.told.get(block, {}).items()},
            hidden_before=frozenset(r._replace(block=window[-1]) for one in self.done[-1:] for r in one.hidden),
        )
        started = time.perf_counter()
        protected = protect(wanted, PUBLISHED)
        took = time.perf_counter() - started
        self.done.append(protected)
        self.told[window[-1]] = dict.fromkeys(protected.hidden, Told()) | dict(protected.told)
        line = (
            f"    quarter {newest + 1}: {len(protected.hidden):4} hidden, {len(protected.small):4} small, "
            f"{len(protected.exposed):3} given away by earlier ones and joiners, {took:6.1f} s"
            f"{'  all hidden' if protected.everything_hidden else ''}"
        )
        return line, took

    def attacked(self) -> str:
        """All quarters attacked together, those too that were not looked at together: a line."""
        tables = tuple(printed(table) for one in self.done for table in one.tables.values())
        everything = Published(classified(DIMENSIONS), tables, _RULES, links_of(self.flows))
        started = time.perf_counter()
        attacked = attack(everything, exact=False)
        took = time.perf_counter() - started
        opened, more = len(attacked.broken), attacked.margins_tried
        return f"    all {QUARTERS} attacked together: {opened} opened, {more:,} more tried, {took:.1f} s"


def _next_quarter(
    rng: np.random.Generator, ids: np.ndarray, people: dict[str, np.ndarray], number: int
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    stay = np.sort(rng.permutation(ids.size)[: ids.size - max(1, ids.size * 3 // 100)])
    fresh = staff(ids.size - stay.size, seed=100 + number)
    grade = people["grade"][stay].copy()
    rising = rng.random(stay.size) < 0.01
    grade[rising] = np.minimum(grade[rising] + 1, 8)
    stayed = {name: column[stay] for name, column in people.items()} | {"grade": grade}
    now = {name: np.concatenate([column, fresh[name]]) for name, column in stayed.items()}
    return np.concatenate([ids[stay], 10_000 * number + np.arange(ids.size - stay.size)]), now


def _flow(
    number: int,
    start: tuple[np.ndarray, dict[str, np.ndarray]],
    end: tuple[np.ndarray, dict[str, np.ndarray]],
    fixed: tuple[str, ...],
) -> Flow:
    came, went = ~np.isin(end[0], start[0]), ~np.isin(start[0], end[0])
    return Flow(
        f"q{number}",
        f"q{number + 1}",
        (int(came.sum()),) * 2,
        (int(went.sum()),) * 2,
        fixed,
        cache(partial(count, {name: column[came] for name, column in end[1].items()})),
        cache(partial(count, {name: column[went] for name, column in start[1].items()})),
    )


def published(wanted: Release, done: Protected) -> Published:
    """What a reader has."""
    tables = tuple(printed(table) for table in done.tables.values())
    return Published(classified(wanted.dimensions), tables, _RULES, links_of(wanted.flows))
