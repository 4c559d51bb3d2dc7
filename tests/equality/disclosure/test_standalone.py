"""Protection by itself: from a RELEASE.json to a PUBLISHED.json, which the attacker then tries."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.disclosure.attack import Rule, attack
from equality.disclosure.exchange import Exact, Mode, Range, Rounded, Suppressed, published_document
from equality.disclosure.exchange_published import read_published
from equality.disclosure.exchange_wanted import read_wanted
from equality.disclosure.facts import Contradiction
from equality.disclosure.standalone import publish

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
SEX, GRADE = ("F", "M"), ("1", "2", "3")
PEOPLE = [*[("F", "1")] * 30, *[("F", "2")] * 12, *[("F", "3")] * 3, *[("M", "1")] * 25, *[("M", "2")] * 9, ("M", "3")]


def document(**more):
    return {
        "dimensions": {
            "sex": {"leaves": list(SEX), "groups": {"all": "*"}},
            "grade": {"leaves": list(GRADE), "groups": {"all": "*"}},
        },
        "dims_order": ["sex", "grade"],
        "records": {"main": [list(person) for person in PEOPLE]},
        "tables": [{"id": "t", "dims": ["sex", "grade"]}],
        "policy": {"k": 5, "min_width": 5, "zero_ok": True},
        **more,
    }


def published(**more):
    found, protected = publish(read_wanted(json.dumps(document(**more))))
    return found, protected


def cells(found, table="t", block="main"):
    (one,) = (t for t in found.tables if (t.id, t.block) == (table, block))
    return {cell.key: cell.printed for cell in one.cells}


def quarters(before, now, *, ids=True, **link):
    """Two quarters of people, each (identifier, sex, grade), and what is known of who came and went."""
    rows = {name: [list(row if ids else row[1:]) for row in rows] for name, rows in (("q1", before), ("q2", now))}
    limits = {"joiners": [0, None], "leavers": [0, None], **link}
    links = [{"kind": "stock_flow", "from": "q1", "to": "q2", **limits}]
    return {"records": rows, "record_id_first": ids, "links": links}


class TestTheExample:
    def test_of_the_documentation_is_what_protection_makes_of_it(self):
        wanted = read_wanted((EXAMPLES / "RELEASE.json").read_text(encoding="utf-8"))

        assert published_document(publish(wanted)[0]) == (EXAMPLES / "PUBLISHED.json").read_text(encoding="utf-8")

    def test_gives_nothing_away(self):
        known = read_published((EXAMPLES / "PUBLISHED.json").read_text(encoding="utf-8"))

        assert attack(known).opened == ()


class TestTables:
    def test_have_group_codes_and_small_numbers_hidden(self):
        found = cells(published()[0])

        assert found["F", "3"] == found["M", "3"] == Suppressed()
        assert found["all", "all"] == Exact(80)

    def test_without_margins_have_leaves_alone(self):
        found = cells(published(tables=[{"id": "t", "dims": ["sex", "grade"], "margins": False}])[0])

        assert set(found) == {(sex, grade) for sex in SEX for grade in GRADE}

    def test_of_some_people_count_those(self):
        found = cells(published(tables=[{"id": "t", "dims": ["grade"], "where": {"sex": "F"}}])[0])

        assert found["all",] == Exact(sum(sex == "F" for sex, _ in PEOPLE))

    def test_without_a_block_are_of_every_block(self):
        people = [list(person) for person in PEOPLE]
        found = published(records={"here": people, "there": people[:60]})[0]

        assert {table.block for table in found.tables} == {"here", "there"}
        assert cells(found, block="there")["all", "all"] == Exact(60)

    @pytest.mark.parametrize("form", ["exact", "nearest", "controlled", "ranges"])
    @settings(max_examples=6, deadline=None)
    @given(people=st.lists(st.tuples(*map(st.sampled_from, (SEX, GRADE, "xyz"))), max_size=60))
    def test_in_whatever_form_they_are_printed_hold_against_the_attacker(self, form, people):
        dimensions = document()["dimensions"] | {
            "third": {"leaves": list("xyz"), "groups": {"yz": ["y", "z"], "all": "*"}}
        }
        found, _ = published(
            dimensions=dimensions,
            dims_order=list(dimensions),
            records={"main": [list(person) for person in people]},
            tables=[{"id": f"{a}-{b}", "dims": [a, b]} for a, b in combinations(dimensions, 2)],
            policy={"k": 5, "min_width": 5, "zero_ok": True, "form": form, "base": 5},
        )

        assert attack(found).broken == ()

    @settings(max_examples=30, deadline=None)
    @given(
        st.lists(st.tuples(st.sampled_from(SEX), st.sampled_from(GRADE)), max_size=60), st.sampled_from([2, 3, 5, 8])
    )
    def test_never_give_a_small_number_away(self, people, k):
        found, protected = published(
            records={"main": [list(person) for person in people]},
            policy={"k": k, "min_width": k, "zero_ok": True},
        )

        assert protected.exposed == {}
        assert attack(read_published(published_document(found))).opened == ()


class TestPolicies:
    @pytest.mark.parametrize(
        ("form", "printed"),
        [
            ("nearest", Rounded(80, 5, Mode.NEAREST)),
            ("controlled", Rounded(80, 5, Mode.ADJACENT)),
            ("ranges", Exact(80)),
        ],
    )
    def test_print_as_the_document_asks(self, form, printed):
        found = published(policy={"k": 5, "min_width": 4, "zero_ok": True, "form": form})[0]

        assert cells(found)["all", "all"] == printed
        assert attack(found, margins=False).opened == ()

    def test_print_small_numbers_as_a_range_where_ranges_are_asked_for(self):
        found = published(policy={"k": 5, "min_width": 4, "zero_ok": True, "form": "ranges"})[0]

        assert cells(found)["F", "3"] == Range(0, 4)

    def test_hide_zeros_where_they_may_not_be_known(self):
        people = [list(person) for person in PEOPLE if person != ("M", "2")]
        shown, hidden = (
            published(records={"main": people}, policy={"k": 5, "min_width": 5, "zero_ok": known})[0]
            for known in (True, False)
        )

        assert cells(shown)["M", "2"] == Exact(0)
        assert cells(hidden)["M", "2"] == Suppressed()
        assert attack(hidden).opened == ()

    def test_hide_more_where_the_only_member_of_a_cell_may_not_learn_of_others(self):
        """One woman of grade 1 and one man of grade 2, each the only one: who knows to be one of them knows more."""
        people = [*[["F", "3"]] * 20, *[["M", "3"]] * 9, ["F", "1"], *[["M", "1"]] * 6, *[["F", "2"]] * 7, ["M", "2"]]
        policy = {"k": 5, "min_width": 5, "zero_ok": True}
        (shown, _), (hidden, protected) = (
            published(records={"main": people}, policy=policy | {"insider": told}) for told in (False, True)
        )
        herself = [("main", {"sex": "F", "grade": "1"}, 1)]

        assert attack(shown).opened == attack(hidden).opened == ()
        assert attack(shown, knows=herself, margins=False).opened != ()
        assert attack(hidden, knows=herself, margins=False).opened == ()
        assert protected.members == frozenset()


class TestTimesThatOverlap:
    """People who come once, counted quarter by quarter, for the year to date and for the last two quarters."""

    def published(self):
        quarters = {"leaves": ["Q1", "Q2", "Q3"], "groups": {"to Q2": ["Q1", "Q2"], "to Q3": "*", "last": ["Q2", "Q3"]}}
        people = {"A": {"Q1": 9, "Q2": 8, "Q3": 2}, "B": {"Q1": 20, "Q2": 30, "Q3": 25}}
        return published(
            dimensions={"quarter": quarters, "ethnicity": {"leaves": ["A", "B"], "groups": {"all": "*"}}},
            dims_order=["quarter", "ethnicity"],
            records={
                "main": [[when, who] for who, counts in people.items() for when, n in counts.items() for _ in range(n)]
            },
            tables=[{"id": "t", "dims": ["quarter", "ethnicity"]}],
        )[0]

    def test_tell_no_small_number_together(self):
        found = self.published()

        assert cells(found)["Q3", "A"] == Suppressed()
        assert cells(found)["to Q3", "all"] == Exact(94)
        assert attack(found).opened == ()

    def test_would_tell_it_by_their_difference(self):
        """The year to this quarter less the year to the last."""
        (table,) = self.published().tables
        true = {("to Q3", "A"): 19, ("to Q2", "A"): 17}
        shown = [replace(cell, printed=Exact(true[cell.key])) if cell.key in true else cell for cell in table.cells]

        opened = attack(replace(self.published(), tables=(replace(table, cells=tuple(shown)),))).opened

        assert {one.key: (one.low, one.high) for one in opened}["Q3", "A"] == (2, 2)


class TestLinks:
    BEFORE = tuple((f"p{n}", *person) for n, person in enumerate(PEOPLE))

    def test_count_who_came_and_went_by_who_they_are(self):
        now = [*self.BEFORE[7:], ("n1", "F", "1"), ("n2", "M", "2")]

        found = published(**quarters(self.BEFORE, now, joiners=[2, 2], leavers=[7, 7]))[0]

        assert (found.links[0].joiners, found.links[0].leavers, found.links[0].fixed) == (
            (2, 2),
            (7, 7),
            ("sex", "grade"),
        )
        assert attack(found).opened == ()

    def test_leave_it_open_of_which_group_somebody_joined(self):
        now = [*self.BEFORE, ("n1", "F", "1")]
        policy = {"k": 5, "min_width": 5, "zero_ok": True}
        told, kept = (
            published(**quarters(self.BEFORE, now), policy=policy | {"movers": on})[0] for on in (False, True)
        )

        opened = attack(replace(told, policy=kept.policy)).margins_opened

        assert {(one.rule, one.key) for one in opened} == {(Rule.MOVERS, ("F",)), (Rule.MOVERS, ("1",))}
        assert attack(kept).opened == ()

    def test_take_nothing_to_be_fixed_in_which_somebody_changed(self):
        now = [("p0", "F", "2"), *self.BEFORE[1:]]

        assert published(**quarters(self.BEFORE, now))[0].links[0].fixed == ("sex",)

    @pytest.mark.parametrize("movers", [False, True])
    @pytest.mark.parametrize(("joiners", "leavers"), [([0, None], [0, None]), ([4, 9], [9, 9])])
    def test_explain_the_difference_where_records_do_not_say_who_they_are(self, joiners, leavers, movers):
        now = [*self.BEFORE[7:], ("", "M", "2"), ("", "M", "2")]
        policy = {"k": 5, "min_width": 5, "zero_ok": True, "movers": movers}

        found = published(**quarters(self.BEFORE, now, ids=False, joiners=joiners, leavers=leavers), policy=policy)[0]

        assert attack(found).opened == ()

    @pytest.mark.parametrize("link", [{"joiners": [0, 1]}, {"leavers": [0, 6]}, {"joiners": [3, 9]}])
    def test_that_the_records_do_not_bear_out_are_refused(self, link):
        now = [*self.BEFORE[7:], ("n1", "F", "1"), ("n2", "M", "2")]

        with pytest.raises(Contradiction, match=r"have (joined|left)"):
            published(**quarters(self.BEFORE, now, **link))


_PROGRAM = """
import json, sys
from dataclasses import replace
from equality.disclosure.exchange_wanted import read_wanted
from equality.disclosure.protection import protect
from equality.disclosure.standalone import policy_of, release_of

wanted = read_wanted(sys.stdin.read())
release = release_of(wanted)
shuffled = replace(release, told={region: release.told[region] for region in frozenset(release.told)})
print(json.dumps(protect(shuffled, policy_of(wanted.policy)).certificate.as_json()))
"""


class TestInAnotherProcess:
    def test_the_same_is_found(self):
        """However the codes of a process hash, which decides the order of what was told before."""
        hidden = [{"key": [sex, grade], "suppressed": True} for sex in SEX for grade in GRADE]
        ledger = TestTheLedger().earlier(*hidden, {"key": ["all", "all"], "value": len(PEOPLE)})
        said = json.dumps(document(ledger=ledger, tables=[{"id": "t", "dims": ["sex"]}]))
        found = {
            subprocess.run(
                [sys.executable, "-c", _PROGRAM],
                input=said,
                env=os.environ | {"PYTHONHASHSEED": seed},
                stdout=subprocess.PIPE,
                check=True,
                text=True,
            ).stdout
            for seed in "123"
        }

        assert len(found) == 1


class TestTheLedger:
    def earlier(self, *printed):
        return {
            "format": "sdc-audit/1",
            "dimensions": document()["dimensions"],
            "links": [],
            "protect": {"k": 5, "min_width": 5, "zero_ok": True},
            "tables": [{"id": "old", "block": "main", "dims": ["sex", "grade"], "cells": list(printed)}],
        }

    def test_says_what_is_hidden_again(self):
        ledger = self.earlier({"key": ["F", "1"], "suppressed": True})

        assert cells(published()[0])["F", "1"] == Exact(30)
        assert cells(published(ledger=ledger)[0])["F", "1"] == Suppressed()

    def test_that_gives_a_small_number_away_is_said(self):
        _, protected = published(ledger=self.earlier({"key": ["F", "3"], "value": 3}))

        assert 3 in {low for low, high in protected.exposed.values() if low == high}

    def test_holds_percentages(self):
        """Four of eighty and a decimal: nobody can be told apart from it."""
        ledger = self.earlier(
            {"key": ["all", "all"], "value": 80},
            {"key": ["all", "3"], "percent": 5.0, "dp": 1, "of": ["all", "all"]},
        )

        _, protected = published(ledger=ledger)

        (exposed,) = (limits for region, limits in protected.exposed.items() if len(region.within) == 1)
        assert exposed == (4, 4)

    def test_that_cannot_be_true_of_the_records_is_refused(self):
        with pytest.raises(Contradiction, match="told"):
            published(ledger=self.earlier({"key": ["F", "1"], "value": 31}))
