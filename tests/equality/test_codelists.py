from collections import Counter
from datetime import date

import pytest

from equality.characteristics import VARIABLES, characteristics
from equality.codelists import (
    GROUP,
    Basis,
    UnknownCode,
    UnknownList,
    by_key,
    categories,
    code_list,
    code_lists,
    find,
    groups,
    list_name,
    variables,
)
from equality.listfiles import rows
from equality.responses import Response, non_response_codes, silent_kinds
from equality.sources import sources

LISTS = code_lists()
each_list = pytest.mark.parametrize("one", LISTS, ids=lambda one: f"{one.variable}-{one.system}")


class TestCharacteristics:
    def test_nine_are_protected_by_the_act(self):
        assert sum(c.protected for c in characteristics().values()) == 9

    def test_health_race_belief_and_orientation_are_special_category(self):
        special = {code for code, c in characteristics().items() if c.special_category}

        assert {"race", "religion_or_belief", "sexual_orientation", "disability"} <= special
        assert "age" not in special
        assert "sex" not in special

    def test_every_variable_serves_a_known_characteristic(self):
        assert {v.characteristic for v in VARIABLES.values() if v.characteristic} <= characteristics().keys()


class TestLists:
    @each_list
    def test_each_says_its_version_source_and_whose_word_it_is(self, one):
        assert one.label
        assert one.version
        assert one.sources
        assert set(one.sources) <= set(sources().values())
        assert one.basis in Basis

    @each_list
    def test_each_has_categories_with_codes_of_their_own(self, one):
        codes = Counter(category.code for category in one.categories)

        assert codes
        assert max(codes.values()) == 1
        assert all(category.label for category in one.categories)

    @each_list
    def test_each_finds_its_categories_by_system_and_code(self, one):
        for category in one.categories:
            assert find(one.variable, one.system, category.code) == category

    @each_list
    def test_a_list_that_only_memory_vouches_for_is_not_verified(self, one):
        if [source.id for source in one.sources] == ["MEM"]:
            assert not one.verified
            assert not any(category.verified for category in one.categories)

    @each_list
    def test_what_supersedes_a_list_is_a_list_of_the_same_variable(self, one):
        if one.superseded_by:
            assert code_list(one.variable, one.superseded_by)

    def test_no_list_of_any_file_is_left_out(self):
        """A row whose list has no version and no source would be a fact that nobody can check."""
        known = {(one.file, one.system) for one in LISTS}
        for file in {one.file for one in LISTS} - {"groups.csv"}:
            for row in rows(file):
                named = next(
                    (row[name] for name in ("code_system", "band_set", "ladder", "list_name") if name in row), None
                )
                assert named is None or (file, named) in known

    def test_every_list_that_the_service_promises_is_there(self):
        assert {
            "ethnicity", "sex", "gender_identity", "sexual_orientation", "religion_or_belief", "disability",
            "long_lasting_condition", "activity_restriction", "impairment", "age_band", "marriage_civil_partnership",
            "pregnancy_maternity", "socio_economic_background", "caring_responsibility", "national_identity",
            "welsh_language", "grade", "working_pattern", "contract_type", "leaving_reason", "area",
        } <= set(variables())  # fmt: skip
        assert {one.system for one in code_lists("ethnicity")} == {
            "ONS_CENSUS2021_19", "HIGH_LEVEL_5", "GSS_EW_2021_19", "GOVUK_PATTERN_18", "CJS_SDE_18_1", "CJS_SDE_16_1",
            "HMPPS_NDELIUS", "HMPPS_NOMIS", "NHS_16_1", "HESA_STAFF_2012", "CIVIL_SERVICE_STATS", "LEGACY_5_1",
            "POLICE_OBSERVED_6_1", "WHITE_MINORITY_2", GROUP,
        }  # fmt: skip

    def test_places_are_as_many_as_there_are(self):
        sizes = {one.system: len(one.categories) for one in code_lists("area")}

        assert sizes["probation_regions"] == 12
        assert sizes["probation_delivery_units"] == 120
        assert sizes["police_force_areas"] == 43
        assert sizes["youth_justice_regions"] == 8


class TestDates:
    def test_of_a_census_list_start_on_census_day(self):
        one = code_list("ethnicity", "ONS_CENSUS2021_19")

        assert one.effective_from == date(2021, 3, 21)
        assert one.period == "from 21 March 2021, end not known"

    def test_that_nobody_knows_are_said_to_be_unknown(self):
        assert code_list("ethnicity", "CJS_SDE_16_1").period == "dates not known"

    def test_tell_whether_a_list_was_in_force_only_where_they_are_known(self):
        census, legacy = code_list("ethnicity", "ONS_CENSUS2021_19"), code_list("ethnicity", "CJS_SDE_16_1")

        assert census.in_force(date(2021, 3, 20)) is False
        assert census.in_force(date(2021, 3, 21)) is None
        assert legacy.in_force(date(2010, 1, 1)) is None

    def test_of_a_list_with_both_ends_decide(self):
        from dataclasses import replace

        one = replace(code_list("sex", "GSS"), effective_from=date(2020, 1, 1), effective_to=date(2020, 12, 31))

        assert [one.in_force(date(2019, 12, 31)), one.in_force(date(2020, 12, 31)), one.in_force(date(2021, 1, 1))] == [
            False,
            True,
            False,
        ]
        assert one.period == "from 1 January 2020, to 31 December 2020"


class TestLookingUp:
    def test_w4_is_gypsy_or_irish_traveller_at_hmpps_and_roma_is_w5(self):
        assert by_key("ethnicity")["HMPPS_NDELIUS:W4"].own == "15"
        assert by_key("ethnicity")["HMPPS_NDELIUS:W5"].own == "16"

    def test_a_code_that_only_another_list_has_is_not_found(self):
        with pytest.raises(UnknownCode, match="Lists that have it: HMPPS_NDELIUS"):
            find("ethnicity", "CJS_SDE_18_1", "W4")

    def test_roma_has_no_code_in_eighteen_plus_one(self):
        assert not any("Roma" in category.label for category in code_list("ethnicity", "CJS_SDE_18_1").categories)

    def test_an_unknown_list_names_those_there_are(self):
        with pytest.raises(UnknownList, match="GSS, HMPPS"):
            find("sex", "NHS_16_1", "A")

    def test_an_unknown_code_without_a_namesake_says_so_plainly(self):
        with pytest.raises(UnknownCode, match=r"no code 42 for sex\.$"):
            find("sex", "GSS", "42")


class TestCategories:
    @pytest.mark.parametrize("variable", [v.code for v in VARIABLES.values() if v.systems])
    def test_every_accepted_system_has_categories_and_a_name(self, variable):
        found = {category.system for category in categories(variable)}

        assert set(VARIABLES[variable].systems) <= found
        assert all(list_name(variable, system) for system in VARIABLES[variable].systems)
        assert all(code_list(variable, system).accepted for system in VARIABLES[variable].systems)

    @each_list
    def test_every_group_named_by_a_category_is_a_known_group(self, one):
        used = {category.group for category in one.categories if category.group}

        assert used <= {group.code for group in groups(one.variable)}

    def test_chinese_of_the_sixteen_plus_one_list_counts_as_asian(self):
        category = by_key("ethnicity")["CJS_SDE_16_1:O1"]

        assert (category.own, category.group, category.listed_under) == ("2", "ASIAN", "OTHER")

    def test_a_category_that_may_hide_another_has_no_exact_equal(self):
        assert by_key("ethnicity")["CJS_SDE_18_1:W9"].own == ""

    def test_an_officers_impression_is_no_answer(self):
        observed = code_list("ethnicity", "POLICE_OBSERVED_6_1")

        assert observed.basis is Basis.OBSERVED
        assert not observed.accepted
        assert not any(category.system == "POLICE_OBSERVED_6_1" for category in categories("ethnicity"))

    def test_a_list_that_nobody_confirmed_says_so(self):
        assert "not yet confirmed" in list_name("pregnancy_maternity", "PRODUCT")


class TestNonResponse:
    @each_list
    def test_has_no_group_no_parent_and_no_equal_in_any_list(self, one):
        silent = [category for category in one.categories if category.response is not Response.DECLARED]

        assert not any(category.group or category.own or category.parent for category in silent)
        assert all(category.key == category.response.value for category in silent)

    def test_is_declared_for_every_code_that_a_file_calls_no_answer(self):
        kinds = {
            (one.variable, one.system, category.code): category.response for one in LISTS for category in one.categories
        }
        told = [row for row in rows("nonresponse_codes.csv") if row["variable"]]

        assert len(told) > 60
        for row in told:
            response = kinds[row["variable"], row["code_system"], row["code"]]
            assert response is not Response.DECLARED
            assert (response is Response.DECLINED) == (row["response_kind"] == "prefer_not_to_say")

    def test_the_codes_of_the_interface_are_known(self):
        assert non_response_codes()["pnts"] is Response.DECLINED
        assert non_response_codes()["unknown"] is Response.NO_DECLARATION

    def test_only_some_questions_may_not_apply(self):
        assert Response.NOT_APPLICABLE in silent_kinds("socio_economic_background")
        assert Response.NOT_APPLICABLE not in silent_kinds("ethnicity")
