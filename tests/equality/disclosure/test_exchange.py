"""A document is taken whole, or refused with everything that is wrong with it."""

import copy
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.disclosure.exchange import (
    FORMAT,
    Classification,
    Exact,
    ExchangePolicy,
    Link,
    Mode,
    Percent,
    PolicyForm,
    Portion,
    PrintedCell,
    PrintedTable,
    Published,
    Range,
    Rounded,
    Suppressed,
    people_of,
    published_document,
)
from equality.disclosure.exchange_faults import FAULTS, BadDocument
from equality.disclosure.exchange_published import read_published
from equality.disclosure.exchange_wanted import read_wanted
from equality.disclosure.policy import policies
from equality.disclosure.standalone import policy_of

SECRET = "Ada-Lovelace-1815"


def published():
    return {
        "format": FORMAT,
        "dimensions": {
            "sex": {"leaves": ["F", "M"], "groups": {"all": "*"}},
            "grade": {"leaves": ["1", "2", "3"], "groups": {"low": ["1", "2"], "high": ["2", "3"]}},
        },
        "links": [{"kind": "stock_flow", "from": "q1", "to": "q2", "joiners": [3, 3], "leavers": [0, None]}],
        "portions": [
            {
                "block": "q1",
                "part": {"sex": "F", "grade": "1"},
                "whole": {"grade": "1"},
                "times": 0.25,
                "least": -1,
                "most": 1,
            }
        ],
        "protect": {"k": 5, "min_width": 5, "zero_ok": True},
        "tables": [
            {
                "id": "t",
                "block": "q1",
                "dims": ["sex", "grade"],
                "cells": [
                    {"key": ["F", "1"], "value": 7},
                    {"key": ["F", "low"], "suppressed": True},
                    {"key": ["M", "1"], "lo": 5, "hi": 9},
                    {"key": ["M", "low"], "rounded": 10, "base": 5, "mode": "nearest"},
                    {"key": ["F", "high"], "percent": 12.5, "dp": 1, "of": ["F", "low"]},
                ],
            },
            {"id": "t", "block": "q2", "dims": ["grade"], "where": {"sex": "F"}, "cells": [{"key": ["1"], "value": 8}]},
        ],
    }


def wanted():
    return {
        "dimensions": published()["dimensions"],
        "dims_order": ["grade", "sex"],
        "record_id_first": True,
        "records": {"q1": [["p1", "1", "F"], ["p2", "3", "M"]], "q2": [["p1", "1", "F"]]},
        "tables": [
            {"id": "t", "dims": ["sex", "grade"]},
            {"id": "u", "dims": ["sex"], "margins": False, "block": "q2"},
        ],
        "policy": {"k": 5, "min_width": 5},
        "links": [{"kind": "stock_flow", "from": "q1", "to": "q2", "joiners": [0, 0], "leavers": [1, 1]}],
        "ledger": published(),
    }


def put(document, path, value):
    """The document with something else at one place; ``...`` takes it away."""
    changed = copy.deepcopy(document)
    *way, last = path
    at = changed
    for step in way:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return changed


def faults_of(read, document):
    with pytest.raises(BadDocument) as refused:
        read(document if isinstance(document, str | bytes) else json.dumps(document))
    return refused.value.faults


CELL = ("tables", 0, "cells")
# (code, place, what is put there); one condition broken at a time.
OF_PUBLISHED = [
    ("NOT_PUBLISHED", ("records",), {}),
    ("WRONG_TYPE", ("dimensions",), []),
    ("WRONG_TYPE", ("tables",), {}),
    ("WRONG_TYPE", ("tables", 0), 1),
    ("WRONG_TYPE", ("tables", 0, "id"), ""),
    ("WRONG_TYPE", ("dimensions", "sex", "leaves"), "F"),
    ("WRONG_TYPE", ("dimensions", "sex", "leaves", 0), 1),
    ("WRONG_TYPE", ("protect", "k"), 5.0),
    ("WRONG_TYPE", ("protect", "k"), True),
    ("WRONG_TYPE", ("protect", "zero_ok"), 1),
    ("WRONG_TYPE", ("protect", "insider"), "yes"),
    ("WRONG_TYPE", (*CELL, 0), []),
    ("WRONG_TYPE", (*CELL, 0, "value"), "7"),
    ("WRONG_TYPE", (*CELL, 4, "percent"), "12"),
    ("WRONG_TYPE", ("links", 0, "joiners"), [3]),
    ("FIELD_MISSING", ("protect",), ...),
    ("FIELD_MISSING", ("protect", "k"), ...),
    ("FIELD_MISSING", ("tables", 0, "dims"), ...),
    ("FIELD_MISSING", (*CELL, 0, "key"), ...),
    ("FIELD_MISSING", ("links", 0, "leavers"), ...),
    ("FIELD_UNKNOWN", ("note",), "x"),
    ("FIELD_UNKNOWN", (*CELL, 0, "valeu"), 7),
    ("FORMAT_UNKNOWN", ("format",), "sdc-audit/2"),
    ("TOO_SMALL", ("protect", "k"), 0),
    ("TOO_SMALL", (*CELL, 0, "value"), -1),
    ("TOO_SMALL", (*CELL, 3, "base"), 1),
    ("TOO_SMALL", (*CELL, 4, "percent"), -0.5),
    ("TOO_LARGE", (*CELL, 0, "value"), 10**9 + 1),
    ("TOO_LARGE", (*CELL, 4, "dp"), 7),
    ("TOO_LARGE", (*CELL, 4, "percent"), 10**10),
    ("EMPTY", ("dimensions", "sex", "leaves"), []),
    ("CODE_TWICE", ("dimensions", "sex", "leaves"), ["F", "M", "M"]),
    ("CODE_TWICE", ("dimensions", "sex", "groups", "F"), "*"),
    ("CODE_TWICE", ("dimensions", "grade", "groups", "low"), ["1", "1"]),
    ("GROUP_LEAF_UNKNOWN", ("dimensions", "grade", "groups", "low"), ["1", "9"]),
    ("DIMENSION_UNKNOWN", ("tables", 0, "dims"), ["sex", "age"]),
    ("DIMENSION_UNKNOWN", ("tables", 1, "where"), {"age": "F"}),
    ("DIMENSION_UNKNOWN", ("links", 0, "fixed"), ["age"]),
    ("DIMENSION_TWICE", ("tables", 0, "dims"), ["sex", "sex"]),
    ("DIMENSION_TWICE", ("tables", 1, "where"), {"grade": "1"}),
    ("CODE_UNKNOWN", ("tables", 1, "where"), {"sex": "X"}),
    ("CODE_UNKNOWN", (*CELL, 0, "key"), ["F", "9"]),
    ("KEY_LENGTH", (*CELL, 0, "key"), ["F"]),
    ("KEY_LENGTH", (*CELL, 4, "of"), ["F"]),
    ("CELL_FORM", (*CELL, 0, "suppressed"), True),
    ("CELL_FORM", (*CELL, 0, "value"), ...),
    ("CELL_FORM", (*CELL, 1, "suppressed"), False),
    ("CELL_FORM", (*CELL, 2, "hi"), ...),
    ("CELL_FORM", (*CELL, 4, "of"), ...),
    ("RANGE_REVERSED", (*CELL, 2, "lo"), 10),
    ("RANGE_REVERSED", ("links", 0, "joiners"), [4, 3]),
    ("MODE_UNKNOWN", (*CELL, 3, "mode"), "up"),
    ("MODE_UNKNOWN", (*CELL, 3, "mode"), []),
    ("NOT_A_MULTIPLE", (*CELL, 3, "rounded"), 12),
    ("PERCENT_DECIMALS", (*CELL, 4, "percent"), 12.25),
    ("DENOMINATOR_UNKNOWN", (*CELL, 4, "of"), ["M", "high"]),
    ("TABLE_TWICE", ("tables", 1, "block"), "q1"),
    ("FACTS_CONTRADICT", ("tables", 1, "cells"), [{"key": ["1"], "value": 8}, {"key": ["1"], "value": 9}]),
    ("LINK_KIND_UNKNOWN", ("links", 0, "kind"), "flow"),
    ("LINK_TO_ITSELF", ("links", 0, "to"), "q1"),
    ("WRONG_TYPE", ("portions", 0, "times"), "a quarter"),
    ("WRONG_TYPE", ("portions", 0, "part"), "F"),
    ("FIELD_MISSING", ("portions", 0, "whole"), ...),
    ("TOO_SMALL", ("portions", 0, "times"), -0.25),
    ("TOO_MANY_DECIMALS", ("portions", 0, "times"), 0.3333333),
    ("RANGE_REVERSED", ("portions", 0, "least"), 1.5),
    ("CODE_UNKNOWN", ("portions", 0, "part", "sex"), "X"),
    ("BLOCK_UNKNOWN", ("portions", 0, "block"), "q3"),
    ("LINK_TWICE", ("links",), 2 * published()["links"]),
    ("BLOCK_UNKNOWN", ("links", 0, "to"), "q3"),
    ("FORM_UNKNOWN", ("protect", "form"), "fuzzy"),
    ("FORM_UNKNOWN", ("protect", "form"), []),
]
OF_WANTED = [
    ("FIELD_MISSING", ("policy",), ...),
    ("FIELD_MISSING", ("dims_order",), ...),
    ("FIELD_UNKNOWN", ("protect",), {}),
    ("DIMENSIONS_NOT_ORDERED", ("dims_order",), ["grade"]),
    ("DIMENSION_TWICE", ("dims_order",), ["grade", "sex", "sex"]),
    ("WRONG_TYPE", ("record_id_first",), "yes"),
    ("WRONG_TYPE", ("records", "q1"), {}),
    ("WRONG_TYPE", ("records", "q1", 0, 0), True),
    ("RECORD_LENGTH", ("records", "q1", 0), [SECRET, "1"]),
    ("RECORD_LENGTH", ("records", "q1", 0), SECRET),
    ("RECORD_CODE_UNKNOWN", ("records", "q1", 0), ["p1", SECRET, "F"]),
    ("RECORD_CODE_UNKNOWN", ("records", "q1", 0), ["p1", ["1"], "F"]),
    ("RECORD_CODE_UNKNOWN", ("records", "q1", 0), ["p1", "low", "F"]),
    ("RECORD_ID_TWICE", ("records", "q1", 0, 0), "p2"),
    ("TABLE_TWICE", ("tables", 1, "id"), "t"),
    ("POLICY_UNKNOWN", ("policy",), {"code": "nothing"}),
    ("FIELD_UNKNOWN", ("policy",), {"code": "hesa", "k": 5}),
    ("BLOCK_UNKNOWN", ("tables", 1, "block"), "q3"),
    ("WRONG_TYPE", ("tables", 0, "margins"), "all"),
    ("PORTION_UNTRUE", ("portions",), [published()["portions"][0] | {"least": 0.8}]),
    ("LEDGER_DIFFERS", ("ledger", "dimensions", "sex", "leaves"), ["F", "M", "X"]),
    ("FIELD_MISSING", ("ledger", "protect"), ...),
]


class TestReadingWhatWasPrinted:
    def test_takes_every_form(self):
        found = read_published(json.dumps(published()))

        assert [cell.printed for cell in found.tables[0].cells] == [
            Exact(7),
            Suppressed(),
            Range(5, 9),
            Rounded(10, 5, Mode.NEAREST),
            Percent(Decimal("12.5"), 1, ("F", "low")),
        ]
        assert found.links == (Link("q1", "q2", (3, 3), (0, None)),)
        assert found.portions == (
            Portion("q1", {"sex": "F", "grade": "1"}, {"grade": "1"}, Decimal("0.25"), Decimal(-1), Decimal(1)),
        )
        assert (found.blocks, found.policy) == (("q1", "q2"), ExchangePolicy(5, 5))

    def test_a_star_is_every_leaf(self):
        assert read_published(json.dumps(published())).dimensions["sex"].groups["all"] == ("F", "M")

    def test_a_table_without_block_is_of_the_main_one(self):
        document = put(put(published(), ("tables", 0, "block"), ...), ("links",), []) | {"portions": []}

        assert read_published(json.dumps(document)).tables[0].block == "main"

    def test_takes_a_byte_order_mark(self):
        assert read_published(b"\xef\xbb\xbf" + json.dumps(published()).encode()).blocks == ("q1", "q2")

    @pytest.mark.parametrize(("code", "path", "value"), OF_PUBLISHED)
    def test_refuses_one_broken_condition(self, code, path, value):
        assert code in {fault.code for fault in faults_of(read_published, put(published(), path, value))}

    @pytest.mark.parametrize(
        "text", ["{", b"\xff", '{"format": NaN}', "[" * 100_000, '{"k": 1e999999999999999999999}', "{'a': 1}"]
    )
    def test_refuses_what_is_no_json(self, text):
        assert [fault.code for fault in faults_of(read_published, text)] == ["NOT_JSON"]

    @pytest.mark.parametrize(
        ("name", "where"), [("valeu", "policy.valeu"), ("va\nlue", "policy"), ("v" * 41, "policy")]
    )
    def test_names_a_field_that_it_does_not_know(self, name, where):
        """Unless that would put anything but a name into the message."""
        document = wanted() | {"policy": wanted()["policy"] | {name: 1}}

        assert [(fault.code, fault.where) for fault in faults_of(read_wanted, document)] == [("FIELD_UNKNOWN", where)]

    def test_refuses_a_name_given_twice(self):
        text = json.dumps(published()).replace('"value": 7', '"value": 7, "value": 9')

        assert "NAME_TWICE" in {fault.code for fault in faults_of(read_published, text)}

    def test_tells_every_fault_at_once(self):
        document = put(put(published(), ("protect", "k"), 0), (*CELL, 0, "value"), -1)

        assert [(fault.code, fault.where) for fault in faults_of(read_published, document)] == [
            ("TOO_SMALL", "protect.k"),
            ("TOO_SMALL", "tables[0].cells[0].value"),
        ]

    @pytest.mark.parametrize(
        ("one", "other", "agree"),
        [
            ({"value": 7}, {"value": 7}, True),
            ({"value": 7}, {"value": 8}, False),
            ({"value": 7}, {"rounded": 5, "base": 5, "mode": "nearest"}, True),
            ({"value": 8}, {"rounded": 5, "base": 5, "mode": "nearest"}, False),
            ({"lo": 0, "hi": 4}, {"lo": 5, "hi": None}, False),
            ({"suppressed": True}, {"value": 1}, True),
        ],
    )
    def test_one_cell_in_two_tables_is_one_cell(self, one, other, agree):
        """The people of a total are the same whichever tables total them."""
        document = published() | {"links": [], "portions": []}
        document["tables"] = [
            {"id": "a", "dims": ["sex"], "cells": [{"key": ["all"], **one}]},
            {"id": "b", "dims": [], "cells": [{"key": [], **other}]},
        ]
        if agree:
            read_published(json.dumps(document))
        else:
            assert [fault.code for fault in faults_of(read_published, document)] == ["FACTS_CONTRADICT"]


class TestReadingWhatIsWanted:
    def test_takes_records_identifiers_and_ledger(self):
        found = read_wanted(json.dumps(wanted()))

        assert found.records == {"q1": [("1", "F"), ("3", "M")], "q2": [("1", "F")]}
        assert found.ids == {"q1": ["p1", "p2"], "q2": ["p1"]}
        assert (found.dims_order, found.tables[0].block, found.tables[1].margins) == (("grade", "sex"), None, False)
        assert found.ledger == read_published(json.dumps(published()))

    def test_takes_records_without_identifiers(self):
        document = wanted() | {"record_id_first": False, "records": {"q1": [["1", "F"]], "q2": []}}

        assert read_wanted(json.dumps(document)).ids is None

    def test_takes_how_numbers_are_to_be_printed(self):
        rules = {"k": 5, "min_width": 4, "zero_ok": False, "form": "controlled", "base": 10, "insider": True}
        rules |= {"movers": False}

        assert read_wanted(json.dumps(wanted() | {"policy": rules})).policy == ExchangePolicy(
            5, 4, zero_ok=False, form=PolicyForm.CONTROLLED, base=10, insider=True, movers=False
        )

    @pytest.mark.parametrize("code", policies())
    def test_reads_the_policy_of_reports_that_a_code_names(self, code):
        asked = policy_of(read_wanted(json.dumps(wanted() | {"policy": {"code": code}})).policy)

        rules = ("threshold", "width", "form", "base", "ranges", "zeros", "insider", "movers")
        assert {name: getattr(asked, name) for name in rules} == {
            name: getattr(policies()[code], name) for name in rules
        }

    @pytest.mark.parametrize(("code", "path", "value"), OF_WANTED)
    def test_refuses_one_broken_condition_without_a_record_in_it(self, code, path, value):
        found = faults_of(read_wanted, put(wanted(), path, value))

        assert code in {fault.code for fault in found}
        assert SECRET not in " ".join(map(str, found))


class TestFaults:
    def test_every_code_is_broken_once(self):
        """What only a solver sees is the attacker's and the protector's to say; what is wrong with a file or a wish, the
        commands'."""
        tried = {code for code, _, _ in (*OF_PUBLISHED, *OF_WANTED)} | {"NOT_JSON", "NAME_TWICE"}

        assert FAULTS.keys() - tried == {
            "CONTRADICTORY",
            "CANNOT_PROTECT",
            "NOT_A_REPORT",
            "NOT_READ",
            "NOT_UTF8",
            "NO_SUCH_CELL",
            "ONLY_REPORTS",
            "OTHER_ORGANISATION",
            "NOT_A_PART",
        }

    def test_names_the_other_of_two_that_do_not_fit(self):
        document = put(published(), ("tables", 1, "cells"), [{"key": ["1"], "value": 8}, {"key": ["1"], "value": 9}])
        again = put(wanted(), ("tables", 1, "id"), "t")

        assert [(one.where, one.what.split(".")[-3:]) for one in faults_of(read_published, document)] == [
            ("tables[1].cells[1]", [" The other: tables[1]", "cells[0]", ""])
        ]
        assert [(one.where, one.what) for one in faults_of(read_wanted, again)] == [
            ("tables[1].id", "Two tables of a block have one id. The other: tables[0].")
        ]

    def test_says_what_was_expected_and_what_to_do(self):
        (fault,) = faults_of(read_published, put(published(), ("protect", "k"), 0))

        assert fault.as_dict() == {
            "code": "TOO_SMALL",
            "where": "protect.k",
            "what": "A number is too small.",
            "expected": "1 or more.",
            "next": "Correct the number.",
        }


class TestWhatFormsSay:
    @pytest.mark.parametrize(
        ("form", "low", "high"),
        [
            (Exact(3), 3, 3),
            (Suppressed(), 0, None),
            (Range(1, None), 1, None),
            (Rounded(0, 5, Mode.NEAREST), 0, 2),
            (Rounded(5, 5, Mode.NEAREST), 3, 7),
            (Rounded(10, 10, Mode.NEAREST), 5, 14),
            (Rounded(0, 5, Mode.ADJACENT), 0, 4),
            (Rounded(10, 5, Mode.ADJACENT), 6, 14),
            (Percent(Decimal(50), 0, ()), 0, None),
        ],
    )
    def test_by_themselves(self, form, low, high):
        assert form.bounds == (low, high)

    @given(st.integers(0, 500), st.integers(2, 12))
    def test_a_number_lies_in_what_it_is_rounded_to(self, count, base):
        rounded = base * ((2 * count + base) // (2 * base))  # a half upwards
        low, high = Rounded(rounded, base, Mode.NEAREST).bounds

        assert low <= count <= high

    @given(st.integers(1, 40), st.integers(2, 12), st.integers(1, 9))
    def test_both_sides_read_alike_what_a_policy_rounds(self, count, base, k):
        rules = ExchangePolicy(k, base - 1, form=PolicyForm.NEAREST, base=base)
        rounded = Rounded(base * ((2 * count + base) // (2 * base)), base, Mode.NEAREST)
        printed = Published({}, (), rules).bounds(rounded)

        assert printed == policy_of(rules).printed(count)
        assert count < k or (printed[0] <= count <= printed[1] and printed[0] >= k * (rounded.value > 0))

    def test_what_is_rounded_is_not_small_where_small_counts_are_hidden(self):
        rules = ExchangePolicy(5, 4, form=PolicyForm.NEAREST, base=5)
        read = Published({}, (), rules).bounds

        assert [read(Rounded(value, 5, Mode.NEAREST)) for value in (0, 5, 10)] == [(0, 0), (5, 7), (8, 12)]

    @given(st.integers(0, 40), st.integers(2, 12), st.integers(1, 9))
    def test_both_sides_read_alike_what_a_policy_rounds_to_add_up(self, times, base, k):
        rules = ExchangePolicy(k, base - 1, form=PolicyForm.CONTROLLED, base=base)
        printed = Published({}, (), rules).bounds(Rounded(times * base, base, Mode.ADJACENT))

        assert printed == policy_of(rules).stands_for(times * base)

    def test_what_is_rounded_may_be_small_where_small_counts_are_not_hidden(self):
        rules = ExchangePolicy(5, 4, form=PolicyForm.CONTROLLED, base=5)
        read = Published({}, (), rules).bounds

        assert read(Rounded(5, 5, Mode.NEAREST)) == (3, 7)
        assert read(Rounded(5, 5, Mode.ADJACENT)) == (1, 9)

    @pytest.mark.parametrize("base", range(2, 13))
    def test_people_whom_no_table_counts_stay_as_wide_as_a_printed_zero_on_both_sides(self, base):
        rules = ExchangePolicy(5, base - 1, form=PolicyForm.NEAREST, base=base)
        _, zero = Published({}, (), rules).bounds(Rounded(0, base, Mode.NEAREST))

        assert rules.unprinted == policy_of(rules).unprinted == (zero or base - 1)

    def test_all_leaves_of_a_dimension_are_everybody(self):
        dimensions = {"sex": Classification(("F", "M"), {"all": ("F", "M")})}

        assert people_of(dimensions, "main", {"sex": "all"}) == people_of(dimensions, "main", {})


@st.composite
def documents(draw):
    dimensions = {
        name: Classification(leaves, {f"{name}-some": leaves[:1], f"{name}-all": leaves})
        for name, size in zip("ab", draw(st.tuples(st.integers(1, 3), st.integers(1, 3))), strict=True)
        for leaves in [tuple(f"{name}{number}" for number in range(size))]
    }
    # One table, every key once or as a percentage too, so that no two facts can contradict each other on sight.
    codes = dimensions["a"].leaves
    cells = [PrintedCell((code,), draw(forms())) for code in codes]
    cells += [
        PrintedCell((code,), Percent(Decimal(draw(st.integers(0, 1000))).scaleb(-1), 1, (codes[0],))) for code in codes
    ]
    tables = tuple(PrintedTable("t", block, ("a",), tuple(cells), {"b": "b0"}) for block in ("q1", "q2"))
    fixed = draw(st.sampled_from([None, (), ("a",), ("b", "a")]))
    policy = ExchangePolicy(
        k=draw(st.integers(1, 9)),
        min_width=draw(st.integers(0, 9)),
        zero_ok=draw(st.booleans()),
        form=draw(st.none() | st.sampled_from(PolicyForm)),
        base=draw(st.none() | st.integers(2, 9)),
        insider=draw(st.none() | st.booleans()),
        movers=draw(st.none() | st.booleans()),
    )
    least, more = draw(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 10**6)))
    times, least, most = (Decimal(number).scaleb(-3) for number in (draw(st.integers(0, 2_000)), least, least + more))
    portion = Portion("q2", {"a": "a0"}, {}, times, least, most)
    return Published(dimensions, tables, policy, (Link("q1", "q2", (0, 3), (1, None), fixed),), (portion,))


def forms():
    count = st.integers(0, 10**6)
    return st.one_of(
        st.builds(Exact, count),
        st.just(Suppressed()),
        st.builds(lambda low, more: Range(low, None if more is None else low + more), count, st.none() | count),
        st.builds(
            lambda times, base, mode: Rounded(times * base, base, mode),
            count,
            st.integers(2, 10),
            st.sampled_from(Mode),
        ),
    )


class TestWriting:
    @given(documents())
    def test_reads_back_as_the_same(self, document):
        # A dimension of one leaf makes every code everybody, where forms of several cells may contradict each other.
        if len(document.dimensions["a"].leaves) > 1:
            assert read_published(published_document(document)) == document
