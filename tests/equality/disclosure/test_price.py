from dataclasses import replace

import numpy as np
import pytest

from equality.disclosure import price
from equality.disclosure.certificate import UnprovenRelease
from equality.disclosure.policy import PUBLISHED
from equality.disclosure.price import NoMoreTime, price_of
from equality.disclosure.protection import protect
from equality.disclosure.witnesses import CannotProtect
from tests.factories.populations import dimension, release_of

# Rows a0 to a2, columns b0 to b2: one small number, for which others must be hidden.
_ONE_SMALL = [[30, 20, 2], [25, 18, 12], [22, 15, 11]]


def people(counts, third=()):
    """Leaf positions of everybody, of two dimensions and perhaps of a third that splits them alike."""
    rows = [(a, b) for a, row in enumerate(counts) for b, n in enumerate(row) for _ in range(n)]
    return {"a": np.array([a for a, _ in rows]), "b": np.array([b for _, b in rows])} | (
        {"c": np.resize(third, len(rows))} if len(third) else {}
    )


def release(counts, tables, *, grouped=False, third=()):
    dimensions = {name: dimension(name, 3, grouped=grouped, silent=0) for name in ("abc" if len(third) else "ab")}
    return release_of(dimensions, people(counts, third), tables)


def priced(one):
    protected = protect(one, PUBLISHED)
    return protected, price_of(one, PUBLISHED, protected)


class TestWithout:
    def test_the_table_that_makes_others_hide_they_hide_nothing(self):
        """Column totals 8, 26 and 20 hide nothing by themselves; a row of 2, 20 and 20 makes them hide two."""
        one = release([[6, 0, 0], [0, 6, 0], [2, 20, 20]], [("b",), ("a", "b")])

        protected, found = priced(one)

        assert found.tables == protected.prices
        assert (found.tables["b"].small, found.tables["b"].others) == (0, 2)
        assert found.without == {"a-b": {"b": 0}}

    def test_another_table_the_small_number_is_still_hidden(self):
        found = priced(release(_ONE_SMALL, [("a", "b"), ("a", "c")], third=[0, 1, 2]))[1]

        assert found.without["a-c"]["a-b"] >= found.tables["a-b"].small > 0

    def test_is_worked_out_for_tables_of_two_dimensions_alone(self):
        _, found = priced(release(_ONE_SMALL, [("a",), ("a", "b")]))

        assert found.without.keys() == {"a-b"}

    def test_a_single_table_nothing_would_be_left(self):
        assert priced(release(_ONE_SMALL, [("a", "b")]))[1].without == {}

    def test_any_table_no_more_is_hidden_than_now(self):
        one = release(_ONE_SMALL, [("a", "b"), ("a", "c"), ("b", "c")], third=[0, 0, 0, 0, 1, 1, 2])

        protected, found = priced(one)

        for left_out, hidden in found.without.items():
            now = sum(cost.hidden for table, cost in protected.prices.items() if table != left_out)
            assert sum(hidden.values()) <= now

    def test_where_nothing_is_hidden_for_another_nothing_is_searched(self, monkeypatch):
        one = release([[30, 20, 12], [25, 18, 12], [22, 15, 11]], [("a", "b"), ("a",)])
        protected = protect(one, PUBLISHED)
        monkeypatch.setattr(price, "protect", None)

        assert price_of(one, PUBLISHED, protected).without == {"a-b": {"a": 0}}

    @pytest.mark.parametrize("failure", [CannotProtect, UnprovenRelease])
    def test_where_no_other_way_is_found_there_is_the_one_that_is_there(self, monkeypatch, failure):
        one = release(_ONE_SMALL, [("a", "b"), ("a", "c")], third=[0, 1, 2])
        protected = protect(one, PUBLISHED)

        def refuse(*_, **__):
            raise failure

        monkeypatch.setattr(price, "protect", refuse)

        assert price_of(one, PUBLISHED, protected).without["a-c"] == {"a-b": protected.prices["a-b"].hidden}


class TestWithoutTime:
    def test_what_is_worked_out_by_then_is_kept(self, monkeypatch):
        one = release(_ONE_SMALL, [("a", "b"), ("a", "c"), ("b", "c")], third=[0, 0, 0, 0, 1, 1, 2])
        protected, every = priced(one)
        tried = iter([True, True, False])

        def protect_while_there_is_time(*asked, **more):
            if not next(tried):
                raise NoMoreTime
            return protect(*asked, **more)

        monkeypatch.setattr(price, "protect", protect_while_there_is_time)
        found = price_of(one, PUBLISHED, protected)

        assert found.without == {table: every.without[table] for table in ("a-b", "a-c")}
        assert (found.broader, found.untried) == ({}, ("b-c",))


class TestBroader:
    def test_groups_show_what_their_parts_hid(self):
        """Groups of 54 and 6 people: two small leaves within one group."""
        one = release([[40, 0, 0], [3, 0, 0], [17, 0, 0]], [("a",)], grouped=True)

        protected, found = priced(one)

        assert protected.prices["a"].hidden > 0
        assert found.broader["a"] == {"a": 0}

    def test_tables_of_groups_are_as_broad_as_they_get(self):
        one = release(_ONE_SMALL, [("a",)], grouped=True)
        broad = replace(one.tables[0], codes={"a": ("a-group", "a2", "_declared", "_not_declared", "_total")})

        assert one.dimensions["a"].finer(one.tables[0].codes["a"]) == ("a0", "a1")
        assert one.dimensions["a"].finer(broad.codes["a"]) == ()
        assert priced(replace(one, tables=[broad]))[1].broader == {}

    def test_keep_what_alone_tells_people_apart(self):
        """All whose pay is given are a group of its quarters: without these, nobody would be broken down by pay."""
        one = release(_ONE_SMALL, [("a",)], grouped=True)

        assert one.dimensions["a"].finer(("a-group", "a0", "a1", "_declared", "_total")) == ()

    def test_keep_a_group_that_shares_its_code_with_its_only_leaf(self):
        """A grade that is a group by itself stays: it has no leaves to leave out."""
        one = release(_ONE_SMALL, [("a",), ("a", "b")])
        named = replace(one.dimensions["a"], groups={"a1": ("a1",), **one.dimensions["a"].groups})

        assert "a1" in named.broad
        assert named.finer(("a1", "a2")) == ()

    def test_one_wider_grouping_is_counted_with_all_other_tables(self):
        one = release(_ONE_SMALL, [("a",), ("a", "b")], grouped=True)

        assert all(hidden.keys() == {"a", "a-b"} for hidden in priced(one)[1].broader.values())
