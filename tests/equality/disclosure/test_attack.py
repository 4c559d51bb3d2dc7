"""The attacker must find what is planted, and be right: each leak here is one that a release could have had, and every
interval is compared with all populations there are."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.disclosure import exchange
from equality.disclosure.attack import Contradictory, Rule, attack, because
from equality.disclosure.exchange import (
    FEW_COMBINATIONS,
    Classification,
    Exact,
    ExchangePolicy,
    Link,
    Mode,
    Percent,
    Portion,
    PrintedCell,
    PrintedTable,
    Published,
    Range,
    Rounded,
    Suppressed,
    people_of,
)

AB = Classification(("a", "b"))
XY = Classification(("x", "y"), {"*": ("x", "y")})
HIDDEN = Suppressed()


def of(leaves: str, **groups: str) -> Classification:
    return Classification(
        tuple(leaves), {"*": tuple(leaves)} | {code: tuple(inside) for code, inside in groups.items()}
    )


def table(name, dims, cells, block="main", **where):
    """``cells``: codes joined by blanks → a count, None (hidden), or a printed form."""
    return PrintedTable(
        name,
        block,
        tuple(dims),
        tuple(PrintedCell(tuple(key.split()), _form(value)) for key, value in cells.items()),
        where,
    )


def _form(value):
    if value is None:
        return HIDDEN
    return Exact(value) if isinstance(value, int) else value


def published(dimensions, *tables, links=(), k=5, min_width=5, zero_ok=True, movers=None):
    return Published(dimensions, tables, ExchangePolicy(k, min_width, zero_ok, movers=movers), tuple(links))


def grid(rows, columns):
    """Two leaves by two with all margins: numbers by line, the margins last."""
    keys = [f"{r} {c}" for r in rows for c in columns]
    return lambda *values: dict(zip(keys, values, strict=True))


def limits(attacked) -> dict:
    return {(i.block, *i.key): (i.low, i.high) for i in attacked.intervals}


SQUARE = grid("ab*", "xy*")
DIMENSIONS = {"row": of("ab"), "column": of("xy")}


class TestWhatIsSafe:
    def test_a_table_with_its_margins_shown_and_wide_inner_cells(self):
        found = attack(
            published(DIMENSIONS, table("t", ["row", "column"], SQUARE(*[None] * 2, 8, *[None] * 2, 9, 7, 10, 17)))
        )

        assert limits(found) == {
            ("main", "a", "x"): (0, 7), ("main", "a", "y"): (1, 8), ("main", "b", "x"): (0, 7), ("main", "b", "y"): (2, 9),
        }  # fmt: skip
        assert all(i.safe and i.proved for i in found.intervals)
        assert (found.opened, found.broken) == ((), ())

    def test_a_count_that_is_certainly_large(self):
        found = attack(published(DIMENSIONS, table("t", ["row"], {"a": None, "b": 3 + 4, "*": 13})))

        assert [(i.low, i.high, i.safe) for i in found.intervals] == [(6, 6, True)]

    def test_a_known_zero_where_zeros_may_be_known(self):
        document = published(DIMENSIONS, table("t", ["row"], {"a": None, "b": 7, "*": 7}))

        assert attack(document).opened == ()

    def test_nothing_printed_at_all(self):
        found = attack(published(DIMENSIONS, table("t", ["row"], {"a": None, "*": None})))

        assert set(limits(found).values()) == {(0, None)}
        assert not found.broken

    def test_a_range_as_wide_as_it_is_printed(self):
        found = attack(published(DIMENSIONS, table("t", ["row"], {"a": Range(0, 4), "*": 90})))

        assert limits(found) == {("main", "a"): (0, 4)}
        assert not [b for b in found.broken if b.rule == Rule.NARROW]


class TestPlantedLeaks:
    def opened(self, *tables, dimensions=DIMENSIONS, **options):
        return attack(published(dimensions, *tables, **options))

    def test_a_small_count_printed(self):
        found = self.opened(table("t", ["row"], {"a": 3, "*": 40}))

        assert [(b.rule, b.table, b.key) for b in found.broken if b.table] == [(Rule.SMALL_PRINTED, "t", ("a",))]

    def test_a_margin_left_in(self):
        found = self.opened(table("t", ["row"], {"a": None, "b": 30, "*": 33}))

        assert [(b.rule, b.key) for b in found.broken] == [(Rule.NARROW, ("a",))]
        assert "3" in found.broken[0].what
        assert limits(found) == {("main", "a"): (3, 3)}

    def test_a_zero_where_zeros_may_not_be_known(self):
        hidden = self.opened(table("t", ["row"], {"a": None, "b": 30, "*": 30}), zero_ok=False)
        shown = self.opened(table("t", ["row"], {"a": 0, "*": 30}), zero_ok=False)

        assert [b.rule for b in hidden.broken] == [Rule.ZERO_KNOWN]
        assert [b.rule for b in shown.broken] == [Rule.ZERO_KNOWN]

    @pytest.mark.parametrize(("there", "rules"), [(0, []), (30, [Rule.ZERO_KNOWN]), (None, [Rule.ZERO_KNOWN])])
    def test_a_zero_where_nobody_is_there_of_whom_it_could_be_told(self, there, rules):
        dimensions = {"row": Classification(("a", "b")), "column": Classification(("x", "y"), {"*": ("x", "y")})}
        lines = grid(("a", "b"), ("x", "y", "*"))(0, 0 if there == 0 else None, there, 40, 50, 90)
        document = published(dimensions, table("t", ["row", "column"], lines), zero_ok=False)
        document = replace(document, special={"column": frozenset("x")})

        assert [one.rule for one in attack(document, margins=False).broken] == rules

    def test_a_zero_of_those_who_gave_no_answer(self):
        document = published(
            {"row": Classification(("a", "b", "silent"))}, table("t", ["row"], {"silent": 0}), zero_ok=False
        )

        assert attack(replace(document, special={"row": frozenset("ab")})).broken == ()
        assert [one.rule for one in attack(document).broken] == [Rule.ZERO_KNOWN]

    def test_a_percentage_of_a_hidden_count(self):
        cells = [PrintedCell(("a",), Percent(Decimal("7.5"), 1, ("*",))), PrintedCell(("*",), Exact(40))]

        found = self.opened(PrintedTable("t", "main", ("row",), tuple(cells)))

        assert limits(found) == {("main", "a"): (3, 3)}
        assert [b.rule for b in found.broken if b.table] == [Rule.NARROW]

    def test_a_percentage_whose_denominator_is_hidden(self):
        """Between 13 and 15 in a hundred of at most 22."""
        cells = {"a": Percent(Decimal(14), 0, ("*",)), "*": Range(20, 22)}

        found = self.opened(table("t", ["row"], cells))

        assert limits(found)["main", "a"] == (3, 3)

    def test_a_portion_of_a_hidden_count(self):
        """A quarter of thirteen people, or up to three quarters of one more, are three or four; three and the other
        ten are as many as are printed."""
        printed = published({"row": of("ab")}, table("t", ["row"], {"a": None, "b": None, "*": 13}))
        known = Portion("main", {"row": "a"}, {}, Decimal("0.25"), Decimal(-1), Decimal(0))

        assert attack(printed).opened == ()
        found = attack(replace(printed, portions=(known,)))

        assert limits(found) == {("main", "a"): (3, 3), ("main", "b"): (10, 10)}
        assert [(b.rule, b.key) for b in found.broken if b.key == ("a",)] == [(Rule.NARROW, ("a",))]

    def test_a_portion_is_named_by_its_place(self):
        printed = published({"row": of("ab")}, table("t", ["row"], {"a": None, "b": None, "*": 13}))
        known = Portion("main", {"row": "a"}, {}, Decimal("0.25"), Decimal(-1), Decimal(0))
        told = replace(printed, portions=(known,))

        reason = because(told, next(one for one in attack(told).opened if one.key == ("a",)))

        assert {step.table for step in (*reason.at_least, *reason.at_most)} == {"portions[0]", "t"}

    def test_two_overlapping_groupings(self):
        dimensions = {"row": of("abcd", left="abc", right="bcd", ends="ad")}
        found = self.opened(
            table("t", ["row"], {"left": 30, "right": 40, "ends": None, "a": None, "*": 43}), dimensions=dimensions
        )

        assert limits(found) == {("main", "ends"): (16, 16), ("main", "a"): (3, 3)}
        assert [(b.rule, b.table, b.key) for b in found.broken if b.table] == [(Rule.NARROW, "t", ("a",))]

    def test_a_complement_in_another_population(self):
        found = self.opened(
            table("all", ["row"], {"a": 31, "b": 40}),
            table("women", ["row"], {"a": 29, "b": 21}, column="x"),
            table("men", ["row"], {"a": None, "b": None}, column="y"),
        )

        assert limits(found) == {("main", "a"): (2, 2), ("main", "b"): (19, 19)}
        assert [(b.table, b.key) for b in found.broken] == [("men", ("a",))]

    def test_a_rounded_pair(self):
        """Adjacent multiples of five for the same people, in two tables, leave one count."""
        found = self.opened(
            table("t", ["row"], {"a": Rounded(5, 5, Mode.NEAREST)}),
            table("u", ["row"], {"a": Rounded(0, 5, Mode.ADJACENT)}),
            min_width=4,
        )

        assert limits(found) == {("main", "a"): (3, 4)}
        assert [b.rule for b in found.broken if b.table] == [Rule.NARROW]

    def test_ranges_that_cannot_all_be_low(self):
        found = self.opened(table("t", ["row"], {"a": Range(0, 4), "b": Range(0, 4), "*": 7}), min_width=4)

        assert limits(found) == {("main", "a"): (3, 4), ("main", "b"): (3, 4)}
        assert len(found.broken) == 2

    def test_two_quarters_with_joiners_known(self):
        """Nobody left and one joined: whoever was hidden is one more or none more."""
        link = Link("q1", "q2", (1, 1), (0, 0), ("row",))
        found = self.opened(
            table("t", ["row"], {"a": 7, "b": 20, "*": 27}, "q1"),
            table("t", ["row"], {"a": None, "b": None, "*": 28}, "q2"),
            links=[link],
        )

        assert limits(found) == {("q2", "a"): (7, 8), ("q2", "b"): (20, 21)}

    def test_a_small_number_of_the_quarter_before(self):
        link = Link("q1", "q2", (0, 0), (0, 2), ("row",))
        found = self.opened(
            table("t", ["row"], {"a": None, "b": None, "*": 30}, "q1"),
            table("t", ["row"], {"a": 0, "b": 28, "*": 28}, "q2"),
            links=[link],
        )

        assert limits(found)["q1", "a"] == (0, 2)
        assert [(b.block, b.key) for b in found.broken if b.table] == [("q1", ("a",))]

    def test_somebody_who_cannot_have_changed(self):
        """One came and one went over three quarters; she who came was neither of those who were there before."""
        links = [
            Link("q1", "q2", (1, 1), (0, 0), ("row", "column")),
            Link("q2", "q3", (0, 0), (1, 1), ("row", "column")),
        ]
        first = [table("r", ["row"], {"a": 1, "b": 0}, "q1"), table("c", ["column"], {"x": 1, "y": 0}, "q1")]
        second = [table("r", ["row"], {"a": 1, "b": 1}, "q2"), table("c", ["column"], {"x": 1, "y": 1}, "q2")]
        third = [table("r", ["row"], {"a": 1, "b": 0}, "q3"), table("c", ["column"], {"x": None, "y": None}, "q3")]

        found = self.opened(*first, *second, *third, links=links)

        assert limits(found) == {("q3", "x"): (1, 1), ("q3", "y"): (0, 0)}

    def test_an_insider_who_is_one_of_them(self):
        document = published(
            DIMENSIONS, table("t", ["row", "column"], SQUARE(*[None] * 2, 6, *[None] * 2, 9, 7, 8, 15))
        )

        outside, inside = attack(document), attack(document, knows=[("main", {"row": "a", "column": "x"}, 1)])

        assert not outside.opened
        assert limits(inside) == {("main", "a", "y"): (5, 5), ("main", "b", "x"): (6, 6), ("main", "b", "y"): (3, 3)}
        assert [i.key for i in inside.opened] == [("b", "y")]

    def test_what_is_told_apart_by_whole_people_only(self):
        """Pairs of three hidden numbers, each pair one person: no half of a person is in each."""
        dimensions = {"row": of("abc", ab="ab", bc="bc", ac="ac")}
        found = self.opened(
            table("t", ["row"], {"ab": Range(0, 1), "bc": Range(0, 1), "ac": Range(0, 1), "*": None}),
            dimensions=dimensions,
        )

        assert limits(found)["main", "*"] == (0, 1)


class TestMargins:
    def test_people_whom_no_table_counts(self):
        """Each cell is printed or large, and their sum is neither."""
        dimensions = {"row": of("abcd", three="abc", two="ab")}
        document = published(dimensions, table("t", ["row"], {"three": 44, "a": 42, "d": 20, "*": 64}))

        found = attack(document)

        opened = {i.codes["row"]: (i.low, i.high) for i in found.margins_opened}
        assert opened == {"b+c": (2, 2)}
        assert [(b.rule, b.table, b.key) for b in found.broken] == [(Rule.MARGIN, "", ("b+c",))]

    def test_are_left_out_where_they_are_not_asked_for(self):
        document = published({"row": of("ab")}, table("t", ["row"], {"a": 42, "*": 44}))

        assert attack(document).margins_opened
        assert attack(document, margins=False).margins_tried == 0

    def test_in_three_dimensions(self):
        dimensions = {"row": of("ab"), "column": of("xy"), "deep": of("pq")}
        shown = {f"{r} {c} {d}": 20 for r, c, d in product("ab", "xy", "pq")} | {"* * *": 143}
        del shown["b y q"]

        found = attack(published(dimensions, table("t", ["row", "column", "deep"], shown)))

        assert {(tuple(i.codes.values()), i.low) for i in found.margins_opened} == {(("y", "q", "b"), 3)}

    @pytest.mark.parametrize("few", [FEW_COMBINATIONS, 0])
    def test_in_dimensions_that_no_table_brings_together(self, few, monkeypatch):
        """Of 23 people 3 are not in row a, so of 6 in column x at least 3 are. With everything looked at together, and
        with rows and columns apart."""
        monkeypatch.setattr(exchange, "FEW_COMBINATIONS", few)
        rows, columns = table("r", ["row"], {"a": 20, "*": 23}), table("c", ["column"], {"x": 6, "*": 23})

        found = attack(published(DIMENSIONS, rows, columns))

        opened = {(i.codes.get("row"), i.codes.get("column")): (i.low, i.high) for i in found.margins_opened}
        assert opened == {("b", None): (3, 3), ("a", "x"): (3, 6), ("b", "x"): (0, 3), ("b", "y"): (0, 3)}
        assert {b.rule for b in found.broken} == {Rule.MARGIN}

    def test_where_groups_meet_at_too_many_places_it_is_said_that_not_all_were_tried(self, monkeypatch):
        monkeypatch.setattr(exchange, "FEW_COMBINATIONS", 0)
        document = published(DIMENSIONS, table("r", ["row"], {"a": 20, "*": 43}), table("c", ["column"], {"x": 20}))

        every = attack(document)
        monkeypatch.setattr("equality.disclosure.crossroads._MOST_PLACES", 0)
        some = attack(document)

        assert (every.margins_all, some.margins_all) == (True, False)
        assert some.margins_tried < every.margins_tried

    @pytest.mark.parametrize("few", [FEW_COMBINATIONS, 0])
    def test_of_groups_that_other_tables_lead_from_one_to_the_other(self, few, monkeypatch):
        """Whoever is in e1 is in d1, in c1, and so in b0; of the ten in a0 only two are there."""
        monkeypatch.setattr(exchange, "FEW_COMBINATIONS", few)
        dimensions = {name: Classification((f"{name}0", f"{name}1")) for name in "abcde"}
        tables = (
            table("ab", ["a", "b"], {"a0 b0": 2, "a0 b1": 8, "a1 b0": 9, "a1 b1": 7}),
            table("bc", ["b", "c"], {"b0 c0": 3, "b0 c1": 8, "b1 c0": 15, "b1 c1": 0}),
            table("cd", ["c", "d"], {"c0 d0": 18, "c0 d1": 0, "c1 d0": 3, "c1 d1": 5}),
            table("de", ["d", "e"], {"d0 e0": 21, "d0 e1": 0, "d1 e0": 1, "d1 e1": 4}),
        )

        found = attack(published(dimensions, *tables))

        opened = {tuple(i.codes.items()): (i.low, i.high) for i in found.margins_opened}
        assert {opened[("a", "a0"), ("c", "c1")], opened[("a", "a0"), ("d", "d1")]} == {(0, 2)}
        assert opened[("a", "a0"), ("e", "e1")] == (0, 2)

    @pytest.mark.parametrize("few", [FEW_COMBINATIONS, 0])
    def test_in_three_dimensions_of_which_no_table_has_two(self, few, monkeypatch):
        """Of 20 people 2 are not in b0 and 2 not in c0, so of 7 in a0 at least 3 are in all three."""
        monkeypatch.setattr(exchange, "FEW_COMBINATIONS", few)
        leaves = {name: (f"{name}0", f"{name}1") for name in "abc"}
        dimensions = {name: Classification(both, {"*": both}) for name, both in leaves.items()}
        counts = {"a": 7, "b": 18, "c": 18}
        tables = [table(name, [name], {f"{name}0": count, "*": 20}) for name, count in counts.items()]

        found = attack(published(dimensions, *tables))

        opened = {tuple(i.codes.items()): (i.low, i.high) for i in found.margins_opened}
        assert opened[("a", "a0"), ("b", "b0"), ("c", "c0")] == (3, 7)
        assert (("a", "a0"), ("b", "b0")) not in opened


class TestContradictions:
    def test_are_told_with_cells_that_cannot_all_be_true(self):
        document = published(
            DIMENSIONS,
            table("t", ["row"], {"a": 10, "b": 7, "*": 18}),
            table("u", ["column"], {"x": 10, "y": 8, "*": 18}),
        )

        with pytest.raises(Contradictory) as refused:
            attack(document)

        named = {(cell.table, cell.key) for cell in refused.value.cells}
        assert named >= {("t", ("a",)), ("t", ("b",))}
        assert named & {("t", ("*",)), ("u", ("*",))}

    def test_that_only_whole_people_show(self):
        dimensions = {"row": of("abc", ab="ab", bc="bc", ac="ac")}
        document = published(dimensions, table("t", ["row"], {"ab": 1, "bc": 1, "ac": 1, "a": None}))

        with pytest.raises(Contradictory):
            attack(document)


class TestBecause:
    def test_names_the_cells_that_give_another_away(self):
        document = published(
            DIMENSIONS,
            table("t", ["row", "column"], {"a x": None, "a y": 6, "a *": 9}),
            table("u", ["row"], {"b": 12}),
        )
        (interval,) = attack(document).opened

        reason = because(document, interval)

        assert {(s.table, s.key, s.times) for s in reason.at_least} == {("t", ("a", "*"), 1.0), ("t", ("a", "y"), -1.0)}
        assert reason.at_most == reason.at_least

    def test_says_nothing_where_nothing_limits(self):
        document = published(DIMENSIONS, table("t", ["row"], {"a": None, "b": 3 + 4}))
        (interval,) = attack(document).intervals

        reason = because(document, interval)

        assert (reason.at_least, reason.at_most) == ((), ())


# Everything below compares with all populations there are.

_TRUE_FORMS = (
    Exact,
    lambda count: HIDDEN,
    lambda count: HIDDEN,
    lambda count: Rounded(5 * ((2 * count + 5) // 10), 5, Mode.NEAREST),
    lambda count: Rounded(3 * (count // 3), 3, Mode.ADJACENT),
    lambda count: Range(max(0, count - 1), count + 1),
    lambda count: Range(min(count, 2), None),
)


@st.composite
def documents(draw, blocks=("main",)):
    """Up to three dimensions and twelve combinations, a few people in each block, some true cells about them."""
    sizes = draw(
        st.sampled_from(
            [(2,), (3,), (4,), (2, 2), (2, 3), (2, 2, 2), (3, 2, 2)] if len(blocks) == 1 else [(2,), (2, 2)]
        )
    )
    dimensions = {
        name: of("abcd"[:size], g="abcd"[: size - 1], h="abcd"[1:size])
        for name, size in zip(("one", "two", "three"), sizes, strict=False)
    }
    atoms = list(product(*(d.leaves for d in dimensions.values())))
    most = 6 if len(blocks) == 1 else 3
    people = {block: draw(st.lists(st.sampled_from(atoms), max_size=most)) for block in blocks}
    tables = []
    for number in range(draw(st.integers(1, 4))):
        block = draw(st.sampled_from(blocks))
        dims = tuple(draw(st.lists(st.sampled_from(list(dimensions)), min_size=1, max_size=2, unique=True)))
        keys = list(product(*(dimensions[name].codes for name in dims)))
        chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=6, unique=True))
        cells = []
        for key in chosen:
            count = _count(dimensions, people[block], dict(zip(dims, key, strict=True)))
            cells.append(PrintedCell(key, draw(st.sampled_from(_TRUE_FORMS))(count)))
            whole = _count(dimensions, people[block], dict.fromkeys(dims, "*"))
            if whole and draw(st.integers(0, 5)) == 0:
                cells.append(PrintedCell(key, _percent(count, whole, dims)))
        everybody = _count(dimensions, people[block], {})
        cells.append(
            PrintedCell(("*",) * len(dims), Range(everybody, everybody) if draw(st.booleans()) else Range(0, most))
        )
        tables.append(PrintedTable(f"t{number}", block, dims, tuple(cells)))
    for block in blocks:
        tables.append(PrintedTable("everybody", block, ("one",), (PrintedCell(("*",), Range(0, most)),)))
    return dimensions, tables, people


def _percent(count, whole, dims):
    tenths = Fraction(1000 * count, whole)
    return Percent(Decimal(int(tenths + Fraction(1, 2))) / 10, 1, ("*",) * len(dims))


def _count(dimensions, people, codes):
    return sum(_is_in(dimensions, person, codes) for person in people)


def _is_in(dimensions, person, codes):
    return all(
        leaf in dimensions[name].members[codes[name]]
        for name, leaf in zip(dimensions, person, strict=True)
        if name in codes
    )


def every_population(atoms: int, most: int) -> Iterator[tuple[int, ...]]:
    """All ways to put at most so many people into so many combinations."""
    if atoms == 0:
        yield ()
        return
    for first in range(most + 1):
        for rest in every_population(atoms - 1, most - first):
            yield (first, *rest)


class _AllThere:
    """Which counts each cell has over all populations that agree with what is printed."""

    def __init__(self, document: Published, most: int) -> None:
        self.document = document
        self.atoms = list(product(*(d.leaves for d in document.dimensions.values())))
        self.most = most

    def count(self, population, codes) -> int:
        dimensions = self.document.dimensions
        return sum(n for n, atom in zip(population, self.atoms, strict=True) if n and _is_in(dimensions, atom, codes))

    def agree(self, block: str) -> list[tuple[int, ...]]:
        tables = [table for table in self.document.tables if table.block == block]
        return [p for p in every_population(len(self.atoms), self.most) if all(self._is_true(t, p) for t in tables)]

    def _is_true(self, table: PrintedTable, population) -> bool:
        return all(self._holds(table, cell, population) for cell in table.cells)

    def _holds(self, table, cell, population) -> bool:
        count = self.count(population, table.codes(cell.key))
        if isinstance(cell.printed, Percent):
            whole = self.count(population, table.codes(cell.printed.of))
            return abs(100 * count - Fraction(cell.printed.percent) * whole) <= Fraction(whole, 20)
        low, high = self.document.bounds(cell.printed)
        return low <= count and (high is None or count <= high)


often = settings(max_examples=60, deadline=None)


class TestAgainstAllPopulations:
    @often
    @given(documents())
    def test_every_interval_is_the_narrowest(self, made):
        dimensions, tables, _ = made
        document = published(dimensions, *tables)
        there = _AllThere(document, 6)
        agreeing = there.agree("main")

        found = attack(document, margins=False)

        for interval in found.intervals:
            counts = {there.count(population, interval.codes) for population in agreeing}
            assert (interval.low, interval.high) == (min(counts), max(counts))
            assert interval.proved

    @often
    @given(documents())
    def test_the_verdict_alone_is_the_same(self, made):
        dimensions, tables, _ = made
        document = published(dimensions, *tables, k=3, min_width=2)

        exact, verdict = attack(document), attack(document, exact=False)

        assert [(i.table, i.key, i.rule) for i in exact.intervals] == [
            (i.table, i.key, i.rule) for i in verdict.intervals
        ]
        assert {(b.rule, b.block, b.key) for b in exact.broken} == {(b.rule, b.block, b.key) for b in verdict.broken}

    @pytest.mark.parametrize("few", [FEW_COMBINATIONS, 0])
    @often
    @given(documents())
    def test_the_margins_opened_are_those_that_all_populations_agree_on(self, few, made):
        dimensions, tables, _ = made
        document = published(dimensions, *tables, k=3, min_width=2)
        there = _AllThere(document, 6)
        agreeing = there.agree("main")
        regions = {people_of(dimensions, "main", t.codes(cell.key))[1] for t in tables for cell in t.cells}

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(exchange, "FEW_COMBINATIONS", few)
            opened = {tuple(i.codes.items()): i for i in attack(document).margins_opened}

        for codes, interval in opened.items():
            counts = {there.count(population, dict(codes)) for population in agreeing if not _is_joined(codes)}
            # Of margins only the verdict is asked: what is said of them may be wider than what all agree on.
            assert not counts or (interval.low <= min(counts) and max(counts) <= interval.high)
        for name, dimension in dimensions.items():
            for leaf in dimension.leaves:
                counts = {there.count(population, {name: leaf}) for population in agreeing}
                narrow = max(counts) - min(counts) < 2 and min(counts) < 3 and max(counts) > 0
                if narrow and _is_told_apart(name, leaf, dimension, regions):
                    assert ((name, leaf),) in opened or frozenset({(name, frozenset({leaf}))}) in regions

    @settings(max_examples=30, deadline=None)
    @given(documents(blocks=("q1", "q2")), st.integers(0, 2), st.integers(0, 2), st.booleans())
    def test_two_quarters_together(self, made, more_joined, more_left, everything_stays):
        dimensions, tables, people = made
        fixed = tuple(dimensions) if everything_stays else tuple(dimensions)[:1]
        there = _AllThere(published(dimensions, *tables), 3)
        before, after = (_population(there.atoms, people[block]) for block in ("q1", "q2"))
        least_joined, least_left = _fewest_movers(there.atoms, dimensions, before, after, fixed)
        extra = min(more_joined, more_left)
        joined, left = (least_joined, least_joined + more_joined + extra), (least_left, least_left + more_left + extra)
        document = published(dimensions, *tables, links=[Link("q1", "q2", joined, left, fixed)])

        found = attack(document, margins=False)

        worlds = [
            (one, two)
            for one in there.agree("q1")
            for two in there.agree("q2")
            if _can_follow(there.atoms, dimensions, one, two, fixed, joined, left)
        ]
        for interval in found.intervals:
            counts = {there.count(pair[interval.block == "q2"], interval.codes) for pair in worlds}
            assert (interval.low, interval.high) == (min(counts), max(counts))

    @settings(max_examples=30, deadline=None)
    @given(documents(blocks=("q1", "q2")), st.integers(0, 2), st.integers(1, 3), st.integers(1, 3), st.booleans())
    def test_who_joined_and_left(self, made, extra, k, width, everything_stays):
        """Of every group of which it is certain that somebody did, and closely how many."""
        dimensions, tables, people = made
        fixed = tuple(dimensions) if everything_stays else tuple(dimensions)[:1]
        there = _AllThere(published(dimensions, *tables), 3)
        before, after = (_population(there.atoms, people[block]) for block in ("q1", "q2"))
        joined, left = (
            (fewest, fewest + extra) for fewest in _fewest_movers(there.atoms, dimensions, before, after, fixed)
        )
        link = Link("q1", "q2", joined, left, fixed)
        document = published(dimensions, *tables, links=[link], k=k, min_width=width, movers=True)

        opened = {(i.block, *i.codes.items()) for i in attack(document).margins_opened if i.rule is Rule.MOVERS}

        pairs = list(product(there.agree("q1"), there.agree("q2")))
        for name in fixed:
            for leaf in dimensions[name].leaves:
                for block, way in (("joiners q1 to q2", 1), ("leavers q1 to q2", -1)):
                    counts = {
                        count
                        for one, two in pairs
                        for count in _possible_movers(there.atoms, dimensions, (one, two)[::way], link, way, name, leaf)
                    }
                    narrow = max(counts) - min(counts) < width and 0 < min(counts) < k
                    others = [code for code in dimensions[name].leaves if code != leaf]
                    if not any(there.count(pair[way > 0], {name: code}) for pair in pairs for code in others):
                        continue  # everybody is of it
                    assert narrow == ((block, (name, leaf)) in opened) or _is_with_others(name, leaf, opened)

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from(["aa", "ab", "ba", "bb"]), st.integers(0, 2), st.integers(0, 2)), max_size=4)
    )
    def test_three_quarters_of_the_same_people(self, made):
        """Everybody came in one quarter, left after another and never changed; each quarter is known in one dimension
        at a time. Compared with everybody who could have been there when."""
        stays = sorted((who, min(a, b), max(a, b)) for who, a, b in made)
        dimensions = {"one": of("ab"), "two": of("ab")}
        hidden = {"q2": "two"}
        tables = [
            table(name, [name], {leaf: None if hidden.get(f"q{q + 1}") == name else n for leaf, n in _margin(stays, q, at).items()}, f"q{q + 1}")
            for q in range(3)
            for at, name in enumerate(dimensions)
        ]  # fmt: skip
        moved = [_movers(stays, q) for q in range(2)]
        links = [Link(f"q{q + 1}", f"q{q + 2}", (j, j), (g, g), None) for q, (j, g) in enumerate(moved)]

        found = attack(published(dimensions, *tables, links=links), margins=False)

        kinds = list(product(["aa", "ab", "ba", "bb"], [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]))
        worlds = [
            world
            for people in combinations_with_replacement(kinds, len(stays))  # of whom it is known how many there were
            if _told(world := [(who, *when) for who, when in people]) == _told(stays)
        ]
        for interval in found.intervals:
            counts = {_margin(world, 1, 1)[interval.key[0]] for world in worlds}
            assert (interval.low, interval.high) == (min(counts), max(counts))


def _margin(stays, quarter, at):
    there = [who for who, first, last in stays if first <= quarter <= last]
    return {leaf: sum(who[at] == leaf for who in there) for leaf in "ab"}


def _movers(stays, quarter):
    """(joined, left) between a quarter and the next."""
    return sum(first == quarter + 1 for _, first, _ in stays), sum(last == quarter for _, _, last in stays)


def _told(stays):
    """Everything printed: each quarter in each dimension, but the second dimension of the second; joiners, leavers."""
    shown = [_margin(stays, q, at) for q in range(3) for at in range(2) if (q, at) != (1, 1)]
    return shown, [_movers(stays, q) for q in range(2)]


def _population(atoms, people):
    return tuple(people.count(atom) for atom in atoms)


def _by_fixed(atoms, dimensions, population, fixed) -> Mapping:
    found = {}
    for atom, count in zip(atoms, population, strict=True):
        key = tuple(leaf for name, leaf in zip(dimensions, atom, strict=True) if name in fixed)
        found[key] = found.get(key, 0) + count
    return found


def _fewest_movers(atoms, dimensions, before, after, fixed):
    one, two = (_by_fixed(atoms, dimensions, population, fixed) for population in (before, after))
    return sum(max(0, two[k] - one[k]) for k in one), sum(max(0, one[k] - two[k]) for k in one)


def _can_follow(atoms, dimensions, before, after, fixed, joined, left) -> bool:
    """Is there a number of joiners and leavers within the limits? As many as must, and as many more as left and came
    in the same place."""
    fewest_joined, fewest_left = _fewest_movers(atoms, dimensions, before, after, fixed)
    one, two = (_by_fixed(atoms, dimensions, population, fixed) for population in (before, after))
    could_stay = sum(min(one[key], two[key]) for key in one)
    return any(
        joined[0] <= fewest_joined + swapped <= joined[1] and left[0] <= fewest_left + swapped <= left[1]
        for swapped in range(could_stay + 1)
    )


def _possible_movers(atoms, dimensions, ends, link, way, name, leaf):
    """How many of one answer may have come to the second of two populations that were not in the first: as many as
    must, and some of those who came and left in the same place."""
    one, two = (_by_fixed(atoms, dimensions, population, link.fixed) for population in ends)
    at = link.fixed.index(name)
    more = sum(max(0, two[key] - one[key]) for key in one)
    less = sum(max(0, one[key] - two[key]) for key in one)
    come, gone = (link.joiners, link.leavers)[::way]
    mine = sum(max(0, two[key] - one[key]) for key in one if key[at] == leaf)
    inside, outside = (
        sum(min(one[key], two[key]) for key in one if (key[at] == leaf) == wanted) for wanted in (True, False)
    )
    for swapped in range(inside + outside + 1):
        if come[0] <= more + swapped <= come[1] and gone[0] <= less + swapped <= gone[1]:
            for own in range(max(0, swapped - outside), min(swapped, inside) + 1):
                yield mine + own


def _is_with_others(name, leaf, opened):
    """Is the leaf one that no table tells apart from others?"""
    return any(name == dim and "+" in code and leaf in code.split("+") for _, (dim, code) in opened)


def _is_joined(codes):
    """Is one of the codes several leaves that no table tells apart?"""
    return any("+" in code for _, code in codes)


def _is_told_apart(name, leaf, dimension, regions):
    """Does some cell hold the leaf without each of the others, or the other without it?"""
    cuts = [inside for region in regions for dim, inside in region if dim == name]
    return all(any((leaf in cut) != (other in cut) for cut in cuts) for other in dimension.leaves if other != leaf)
