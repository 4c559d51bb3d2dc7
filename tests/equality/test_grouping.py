import pytest

from equality.grouping import at_broad_level, present
from equality.tables import DECLARED, MINORITY, NOT_DECLARED, TOTAL


class TestPresentation:
    def test_exact_equals_of_the_own_list_are_shown_in_full_detail(self):
        grouping = present("ethnicity", ["CJS_SDE_18_1:W1", "ONS_CENSUS2021_19:2", "DECLINED"])

        assert len(grouping.dimension.substantive) == 19
        assert grouping.leaf_of["CJS_SDE_18_1:W1"] == "13"

    def test_one_system_without_equals_keeps_its_own_detail(self):
        grouping = present("ethnicity", ["CJS_SDE_16_1:W9", "CJS_SDE_16_1:A1"])

        assert "W9" in grouping.dimension.leaves
        assert "W9" in grouping.dimension.groups["WHITE"]

    def test_mixed_systems_fall_back_to_broad_groups(self):
        grouping = present("ethnicity", ["CJS_SDE_16_1:W9", "HIGH_LEVEL_5:ASIAN"])

        assert grouping.dimension.substantive == ("WHITE", "MIXED", "ASIAN", "BLACK", "OTHER")
        assert grouping.leaf_of["CJS_SDE_16_1:W9"] == "WHITE"

    def test_systems_with_nothing_in_common_are_refused(self):
        with pytest.raises(ValueError, match="nothing in common"):
            present("caring_responsibility", ["PRODUCT_WORKFORCE:CHILD", "CENSUS2021_TS039:H50"])

    def test_every_kind_of_silence_is_listed_whoever_is_in_the_data(self):
        """That a kind is listed must not tell that somebody answered so."""
        assert present("sex", ["GSS:F"]).dimension.leaves == present("sex", ["GSS:F", "WITHDRAWN"]).dimension.leaves

    def test_totals_cover_what_they_say(self):
        dimension = present("ethnicity", ["ONS_CENSUS2021_19:13", "DECLINED"]).dimension

        assert set(dimension.groups[DECLARED]) | set(dimension.groups[NOT_DECLARED]) == set(dimension.groups[TOTAL])
        assert not set(dimension.groups[DECLARED]) & set(dimension.groups[NOT_DECLARED])
        assert set(dimension.groups[MINORITY]) == set(dimension.groups[DECLARED]) - set(dimension.groups["WHITE"])

    def test_broad_groups_do_not_overlap(self):
        dimension = present("grade", ["CIVIL_SERVICE:HEO"]).dimension
        leaves = [leaf for group in at_broad_level(dimension) for leaf in dimension.groups[group]]

        assert len(leaves) == len(set(leaves)) == len(dimension.substantive)


class TestOwnNames:
    def test_names_that_become_the_same_code_stay_apart(self):
        grouping = present("organisation_unit", ["UNIT:A & B", "UNIT:A B"])

        assert len(set(grouping.leaf_of.values()) - {"DECLINED"}) >= 2
        assert {grouping.dimension.labels[grouping.leaf_of[key]] for key in ("UNIT:A & B", "UNIT:A B")} == {
            "A & B",
            "A B",
        }

    def test_a_unit_cannot_be_taken_for_a_kind_of_silence(self):
        grouping = present("organisation_unit", ["UNIT:Withdrawn"])

        assert grouping.leaf_of["UNIT:Withdrawn"] != "WITHDRAWN"

    def test_a_listed_unit_is_known_to_hold_somebody(self):
        assert present("organisation_unit", ["UNIT:A"]).dimension.occupied
        assert not present("sex", ["GSS:F"]).dimension.occupied
