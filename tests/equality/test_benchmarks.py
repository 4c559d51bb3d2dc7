import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.benchmarkfiles import FAULTS, MANDATORY, MOST_ROWS, FaultyBenchmarks, read_benchmarks
from equality.benchmarks import CENSUS_DAY, UnknownBenchmark, benchmark, benchmarks, regrouped
from equality.codelists import GROUP, code_list
from equality.crosswalks import NoCrossing, Refusal
from equality.listfiles import rows
from equality.responses import Response

EVERYWHERE = "K04000001"
SEX = {
    "area_code": "X1",
    "area": "Somewhere",
    "variable": "sex",
    "code_system": "GSS",
    "code": "F",
    "count": "30",
    "reference_date": "2025-06-30",
    "population": "People of working age",
    "source": "A survey",
    "verified": "yes",
}


def as_csv(listed):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(listed[0]), lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue()


def of_sex(*changes, **everywhere):
    """A benchmark of women and men; each change is made to one of its two rows."""
    both = [SEX | everywhere, SEX | {"code": "M", "count": "70"} | everywhere]
    return [row | change for row, change in zip(both, (*changes, {}, {}), strict=False)]


def faults_of(content):
    with pytest.raises(FaultyBenchmarks) as refused:
        read_benchmarks(content)
    return [(fault.code, fault.row, fault.column) for fault in refused.value.faults]


def read_or_answered(content):
    """(benchmarks, faults): the one or the other."""
    try:
        return read_benchmarks(content), ()
    except FaultyBenchmarks as refused:
        return (), refused.faults


EXAMPLES = {
    "BENCHMARK_NOT_TEXT": (b"\xff\xfe\x00", [(None, None)]),
    "BENCHMARK_NOT_A_TABLE": (as_csv(of_sex()) + '"never closed', [(None, None)]),
    "BENCHMARK_EMPTY": (",".join(SEX) + "\n\n", [(None, None)]),
    "BENCHMARK_TOO_LONG": (as_csv(of_sex()) + "a\n" * MOST_ROWS, [(None, None)]),
    "BENCHMARK_COLUMN_MISSING": (
        as_csv([{k: v for k, v in row.items() if k != "source"} for row in of_sex()]),
        [(1, "source")],
    ),
    "BENCHMARK_COLUMN_UNKNOWN": (as_csv(of_sex(colour="")), [(1, "colour")]),
    "BENCHMARK_COLUMN_TWICE": (as_csv(of_sex(limits="Somewhere")).replace("limits", "area", 1), [(1, "area")]),
    "BENCHMARK_ROW_RAGGED": (as_csv(of_sex()) + "X1,Somewhere\n", [(4, None)]),
    "BENCHMARK_CELL_EMPTY": (as_csv(of_sex(population="")), [(2, "population"), (3, "population")]),
    "BENCHMARK_VARIABLE_UNKNOWN": (as_csv(of_sex({"variable": "shoe_size"})), [(2, "variable")]),
    "BENCHMARK_LIST_UNKNOWN": (as_csv(of_sex({}, {"code_system": "NHS_16_1"})), [(3, "code_system")]),
    "BENCHMARK_CODE_UNKNOWN": (as_csv(of_sex({"code": "W"})), [(2, "code")]),
    "BENCHMARK_CODE_TWICE": (as_csv([*of_sex(), SEX]), [(4, "code")]),
    "BENCHMARK_CODE_MISSING": (as_csv([SEX]), [(2, "code")]),
    "BENCHMARK_COUNT_NOT_WHOLE": (as_csv(of_sex({"count": "1.5"}, {"count": "-2"})), [(2, "count"), (3, "count")]),
    "BENCHMARK_DATE_NOT_UNDERSTOOD": (as_csv(of_sex({"reference_date": "30/06/2025"})), [(2, "reference_date")]),
    "BENCHMARK_VERIFIED_NOT_YES_OR_NO": (as_csv(of_sex(verified="Y")), [(2, "verified"), (3, "verified")]),
    "BENCHMARK_FACTS_DIFFER": (as_csv(of_sex({}, {"population": "Adults"})), [(3, "population")]),
    "BENCHMARK_NOBODY": (as_csv(of_sex(count="0")), [(2, "count")]),
}


class TestCensus:
    def test_covers_the_country_its_regions_forces_and_probation_regions(self):
        areas = {one.area_code for one in benchmarks("ethnicity")}

        assert len(areas) == 12 + 43 + 12

    @pytest.mark.parametrize("one", benchmarks(), ids=lambda one: f"{one.variable}-{one.area_code}-{one.system}")
    def test_counts_every_answer_of_its_list(self, one):
        answers = [c.code for c in code_list(one.variable, one.system).categories if c.response is Response.DECLARED]

        assert set(one.counts) == set(answers)
        assert one.reference_date == CENSUS_DAY
        assert one.limits
        assert abs(sum(one.share(code) for code in one.counts) - 100) < 1e-9

    def test_adds_up_to_the_totals_as_they_were_published(self):
        published = {
            (row["variable"], row["geography_code"], row["code_system"]): int(row["count"])
            for row in rows("benchmark_census2021_other_characteristics.csv")
            if row["code"] == "TOTAL"
        }
        for name in ("ethnicity", "ethnicity_pfa_probation_region"):
            for row in rows(f"benchmark_census2021_{name}.csv"):
                if row["detail"] == "total":
                    for system in ("ONS_CENSUS2021_19", "HIGH_LEVEL_5"):
                        published["ethnicity", row["geography_code"], system] = int(row["count"])

        assert published == {(one.variable, one.area_code, one.system): one.total for one in benchmarks()}

    def test_gives_the_shares_that_were_published(self):
        found = benchmark("ethnicity", EVERYWHERE, "HIGH_LEVEL_5")

        assert {code: round(found.share(code), 2) for code in found.counts} == {
            "WHITE": 81.71,
            "MIXED": 2.88,
            "ASIAN": 9.25,
            "BLACK": 4.04,
            "OTHER": 2.11,
        }

    def test_leaves_those_who_did_not_answer_out_of_shares(self):
        found = benchmark("religion_or_belief", EVERYWHERE, "CENSUS2021_TS030")

        assert found.silent == {Response.NO_DECLARATION: 3_595_589}
        assert found.total - found.known == 3_595_589
        assert found.share("CHR") == 100 * 27_522_672 / found.known

    def test_of_probation_regions_says_everywhere_that_it_is_not_verified(self):
        for one in benchmarks("ethnicity"):
            inferred = one.area_code in {c.code for c in code_list("area", "probation_regions").categories}

            assert one.verified is not inferred
            assert one.caption.endswith("not verified") is inferred
            assert any("Not verified" in limit for limit in one.limits) is inferred

    def test_of_regions_says_that_it_was_summed_and_holds_all_ages(self):
        limits = " ".join(benchmark("ethnicity", "E12000007", "HIGH_LEVEL_5").limits)

        assert "Sum of local authorities" in limits
        assert "all ages" in limits
        assert "Sum of" not in " ".join(benchmark("ethnicity", EVERYWHERE, "HIGH_LEVEL_5").limits)

    def test_of_gender_identity_carries_its_caveat(self):
        limits = " ".join(benchmark("gender_identity", EVERYWHERE, "CENSUS2021_TS070").limits)

        assert "in development" in limits

    def test_says_what_it_is_in_one_line(self):
        assert benchmark("sex", EVERYWHERE, "GSS").caption == (
            "England and Wales, 21 March 2021; all usual residents; GSS harmonised sex"
        )

    def test_that_is_not_there_names_those_that_are(self):
        with pytest.raises(UnknownBenchmark, match="Lists there are: HIGH_LEVEL_5, ONS_CENSUS2021_19"):
            benchmark("ethnicity", "N07", "CJS_SDE_16_1")

    def test_every_limit_applies_to_something(self):
        said = {limit for one in benchmarks() for limit in one.limits}

        assert {row["limit"] for row in rows("benchmark_limits.csv")} <= said


class TestRegrouping:
    def test_adds_up_what_the_other_list_cannot_tell_apart(self):
        census = benchmark("ethnicity", EVERYWHERE, "ONS_CENSUS2021_19")

        found = regrouped(census, "CJS_SDE_16_1")

        assert found.counts["W9"] == sum(census.counts[code] for code in ("15", "16", "17"))
        assert found.counts["O1"] == census.counts["2"]
        assert found.total == census.total
        assert any("Chinese moves from Asian to Other" in limit for limit in found.limits)

    @pytest.mark.parametrize("one", benchmarks("ethnicity"), ids=lambda one: f"{one.area_code}-{one.system}")
    def test_to_two_groups_keeps_everybody(self, one):
        found = regrouped(one, "WHITE_MINORITY_2")

        assert sum(found.counts.values()) == one.known
        assert found.verified == one.verified

    def test_agrees_with_the_broad_groups_as_published(self):
        census = benchmark("ethnicity", EVERYWHERE, "ONS_CENSUS2021_19")

        assert regrouped(census, "HIGH_LEVEL_5").counts == benchmark("ethnicity", EVERYWHERE, "HIGH_LEVEL_5").counts

    def test_a_code_that_nothing_goes_to_has_no_count(self):
        found = regrouped(benchmark("ethnicity", EVERYWHERE, "ONS_CENSUS2021_19"), "HMPPS_NDELIUS")

        assert "W4" not in found.counts
        assert found.counts["W3"] > 0

    def test_a_count_is_never_guessed_apart(self):
        listed = [
            SEX | {"variable": "ethnicity", "code_system": "CJS_SDE_16_1", "code": c.code, "count": "10"}
            for c in code_list("ethnicity", "CJS_SDE_16_1").categories
            if c.response is Response.DECLARED
        ]
        (given_,) = read_benchmarks(as_csv(listed))

        with pytest.raises(NoCrossing) as refused:
            regrouped(given_, "ONS_CENSUS2021_19")

        assert refused.value.refusal is Refusal.WOULD_GUESS

    def test_by_a_mapping_that_nobody_verified_is_not_verified(self):
        listed = [
            SEX | {"variable": "leaving_reason", "code_system": "leaver_reason_civil_service", "code": c.code}
            for c in code_list("leaving_reason", "leaver_reason_civil_service").categories
        ]
        (given_,) = read_benchmarks(as_csv(listed))

        found = regrouped(given_, GROUP)

        assert given_.verified
        assert not found.verified
        assert "not verified" in found.caption


class TestReading:
    def test_a_file_gives_its_benchmarks(self):
        (found,) = read_benchmarks(as_csv(of_sex({}, {}, basis="Counted", limits="Without students")))

        assert found.counts == {"F": 30, "M": 70}
        assert (found.area_code, found.area, found.variable, found.system) == ("X1", "Somewhere", "sex", "GSS")
        assert found.reference_date == date(2025, 6, 30)
        assert (found.population, found.source, found.basis) == ("People of working age", "A survey", "Counted")
        assert found.limits == ("Without students",)
        assert found.share("F") == 30

    def test_bytes_and_text_are_read_alike(self):
        text = as_csv(of_sex())

        assert read_benchmarks(text) == read_benchmarks(text.encode()) == read_benchmarks(text.encode("utf-8-sig"))
        assert read_benchmarks(text) == read_benchmarks("\ufeff" + text) == read_benchmarks(text.replace("\n", "\r\n"))

    def test_several_benchmarks_may_stand_in_one_file(self):
        there = of_sex(area_code="X2", area="Elsewhere")

        assert [one.area for one in read_benchmarks(as_csv(of_sex() + there))] == ["Somewhere", "Elsewhere"]

    def test_those_who_did_not_answer_are_kept_apart(self):
        listed = [*of_sex(), SEX | {"code": "PNTS", "count": "5"}, SEX | {"code": "NO_DECLARATION", "count": "2"}]

        (found,) = read_benchmarks(as_csv(listed))

        assert found.silent == {Response.DECLINED: 5, Response.NO_DECLARATION: 2}
        assert (found.known, found.total) == (100, 107)

    def test_what_nobody_verified_says_so(self):
        (found,) = read_benchmarks(as_csv(of_sex(verified="no")))

        assert not found.verified
        assert found.caption.endswith("not verified")
        assert "Not verified" in found.limits[-1]

    def test_blank_lines_do_not_matter_but_count_as_rows(self):
        lines = as_csv(of_sex({}, {"count": "many"})).splitlines()

        assert faults_of("\n".join([lines[0], lines[1], "", lines[2]])) == [("BENCHMARK_COUNT_NOT_WHOLE", 4, "count")]

    @given(st.lists(st.integers(0, 10**9), min_size=19, max_size=19).filter(any))
    def test_counts_come_back_as_they_were_written(self, numbers):
        answers = [c for c in code_list("ethnicity", "ONS_CENSUS2021_19").categories if c.response is Response.DECLARED]
        listed = [
            SEX | {"variable": "ethnicity", "code_system": c.system, "code": c.code, "count": str(number)}
            for c, number in zip(answers, numbers, strict=True)
        ]

        (found,) = read_benchmarks(as_csv(listed))

        assert list(found.counts.values()) == numbers
        assert found.total == sum(numbers)


class TestFaults:
    def test_every_one_has_an_example(self):
        assert set(EXAMPLES) == set(FAULTS)

    @pytest.mark.parametrize("code", FAULTS)
    def test_each_is_answered_in_its_place_and_nothing_else_is(self, code):
        content, places = EXAMPLES[code]

        assert faults_of(content) == [(code, *place) for place in places]

    def test_all_are_answered_at_once(self):
        listed = of_sex({"count": "x", "verified": "perhaps"}, {"code": "Q", "area": ""})

        found = faults_of(as_csv(listed))

        assert {code for code, _, _ in found} == {
            "BENCHMARK_COUNT_NOT_WHOLE",
            "BENCHMARK_VERIFIED_NOT_YES_OR_NO",
            "BENCHMARK_CODE_UNKNOWN",
            "BENCHMARK_CELL_EMPTY",
            "BENCHMARK_FACTS_DIFFER",
        }

    def test_missing_codes_are_named_and_no_cell_is_repeated(self):
        listed = [SEX | {"area": "Castle Secret"}]

        with pytest.raises(FaultyBenchmarks) as refused:
            read_benchmarks(as_csv(listed))

        assert refused.value.faults[0].message.endswith("Missing: M.")
        assert "Secret" not in " ".join(fault.message for fault in refused.value.faults)

    def test_a_number_with_more_digits_than_people_is_no_count(self):
        assert faults_of(as_csv(of_sex({"count": "9" * 5_000}))) == [("BENCHMARK_COUNT_NOT_WHOLE", 2, "count")]

    @pytest.mark.parametrize("count", ["٣", "1 000", "1,000", "1e3", "+1"])
    def test_a_count_is_digits_alone(self, count):
        assert faults_of(as_csv(of_sex({"count": count}))) == [("BENCHMARK_COUNT_NOT_WHOLE", 2, "count")]

    def test_declared_is_not_a_code(self):
        assert faults_of(as_csv(of_sex({"code": "DECLARED"}))) == [("BENCHMARK_CODE_UNKNOWN", 2, "code")]

    @given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
    def test_whatever_is_sent_is_read_or_answered(self, content):
        found, faults = read_or_answered(content)

        assert bool(found) != bool(faults)
        assert all(fault.code in FAULTS for fault in faults)

    @given(st.sampled_from(MANDATORY), st.text(max_size=20), st.sampled_from([0, 1]))
    def test_a_changed_cell_is_read_or_answered(self, column, text, at):
        listed = of_sex()
        listed[at][column] = text

        found, faults = read_or_answered(as_csv(listed))

        assert bool(found) != bool(faults)
        assert all(fault.row in {None, 2, 3} for fault in faults)
