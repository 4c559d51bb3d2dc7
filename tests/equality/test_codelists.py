import pytest

from equality.characteristics import VARIABLES, characteristics
from equality.codelists import Response, by_key, categories, groups, list_name, non_response_codes, silent_kinds


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


class TestCategories:
    @pytest.mark.parametrize("variable", [v.code for v in VARIABLES.values() if v.systems])
    def test_every_accepted_system_has_categories_and_a_name(self, variable):
        found = {category.system for category in categories(variable)}

        assert set(VARIABLES[variable].systems) <= found
        assert all(list_name(variable, system) != system for system in VARIABLES[variable].systems)

    @pytest.mark.parametrize("variable", [v.code for v in VARIABLES.values() if v.systems])
    def test_every_group_named_by_a_category_is_a_known_group(self, variable):
        used = {category.group for category in categories(variable) if category.group}

        assert used <= {group.code for group in groups(variable)}

    def test_not_answering_has_no_group_and_no_equal(self):
        silent = [c for v in VARIABLES for c in categories(v) if c.response is not Response.DECLARED]

        assert silent
        assert not any(category.group or category.own for category in silent)

    def test_w4_is_gypsy_or_irish_traveller_at_hmpps_and_roma_is_w5(self):
        assert by_key("ethnicity")["HMPPS_NDELIUS:W4"].own == "15"
        assert by_key("ethnicity")["HMPPS_NDELIUS:W5"].own == "16"

    def test_chinese_of_the_sixteen_plus_one_list_counts_as_asian(self):
        category = by_key("ethnicity")["CJS_SDE_16_1:O1"]

        assert (category.own, category.group) == ("2", "ASIAN")

    def test_a_category_that_may_hide_another_has_no_exact_equal(self):
        assert by_key("ethnicity")["CJS_SDE_18_1:W9"].own == ""

    def test_an_officers_impression_is_no_answer(self):
        assert not any(category.system == "POLICE_OBSERVED_6_1" for category in categories("ethnicity"))

    def test_a_list_that_nobody_confirmed_says_so(self):
        assert "not yet confirmed" in list_name("pregnancy_maternity", "PRODUCT")


class TestNonResponse:
    def test_the_codes_of_the_interface_are_known(self):
        assert non_response_codes()["pnts"] is Response.DECLINED
        assert non_response_codes()["unknown"] is Response.NO_DECLARATION

    def test_only_some_questions_may_not_apply(self):
        assert Response.NOT_APPLICABLE in silent_kinds("socio_economic_background")
        assert Response.NOT_APPLICABLE not in silent_kinds("ethnicity")
