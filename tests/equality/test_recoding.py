import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.characteristics import VARIABLES
from equality.codelists import Response, by_key, categories, silent_kinds
from equality.recoding import nearest, place, place_code

listed = [v.code for v in VARIABLES.values() if v.systems]


class TestPlacing:
    @pytest.mark.parametrize(
        ("wording", "key"),
        [
            ("13", "ONS_CENSUS2021_19:13"),
            ("HIGH_LEVEL_5:OTHER", "HIGH_LEVEL_5:OTHER"),
            ("CJS_SDE_16_1:O1", "CJS_SDE_16_1:O1"),
            ("White: Irish", "ONS_CENSUS2021_19:14"),
            ("  white   irish ", "ONS_CENSUS2021_19:14"),
            ("Asian", "CIVIL_SERVICE_STATS:Asian"),
            ("Prefer not to say", "DECLINED"),
            ("PNTS", "DECLINED"),
            ("unknown", "NO_DECLARATION"),
            ("", "NO_DECLARATION"),
            ("HMPPS_NDELIUS:NS", "DECLINED"),
        ],
    )
    def test_what_is_certain_is_taken(self, wording, key):
        assert place("ethnicity", wording) == key

    @pytest.mark.parametrize("wording", ["W1", "O1", "Other", "Hispanic or Latino", "Not Specified", "IC3", "1a"])
    def test_what_is_not_certain_is_not_taken(self, wording):
        assert place("ethnicity", wording) is None

    def test_a_letter_that_another_system_uses_is_not_taken_for_an_answer(self):
        assert place("sex", "N") is None

    def test_a_label_on_which_systems_agree_is_placed_by_its_meaning(self):
        assert by_key("ethnicity")[place("ethnicity", "British")].own == "13"

    def test_a_broad_group_can_be_answered(self):
        assert place("disability", "DISABLED") == "GROUP:DISABLED"

    def test_a_grade_of_one_ladder_only_needs_no_prefix(self):
        assert place("grade", "PSO") == "PROBATION_SERVICE:PSO"

    def test_does_not_apply_is_not_an_answer_to_a_question_for_everybody(self):
        assert place("ethnicity", "NOT_APPLICABLE") is None

    @pytest.mark.parametrize("variable", listed)
    def test_every_key_places_itself(self, variable):
        for category in categories(variable):
            if category.response is Response.DECLARED:
                assert place_code(variable, category.key) == category.key

    @given(st.sampled_from(listed), st.text(max_size=60))
    def test_a_wording_is_placed_in_a_known_category_or_not_at_all(self, variable, wording):
        key = place(variable, wording)

        assert key is None or key in by_key(variable) or key in {kind.value for kind in silent_kinds(variable)}


class TestProposing:
    @given(st.sampled_from(listed), st.text(min_size=1, max_size=60))
    def test_at_most_three_are_proposed_and_each_can_be_written_in_a_mapping(self, variable, wording):
        proposals = nearest(variable, wording)

        assert 1 <= len(proposals) <= 3
        assert all(place_code(variable, proposal.key) for proposal in proposals)

    @pytest.mark.parametrize(
        ("wording", "key"),
        [("Black or African American", "HIGH_LEVEL_5:BLACK"), ("Not Specified", "UNKNOWN"), ("W1", "CJS_SDE_18_1:W1")],
    )
    def test_the_likely_one_comes_first(self, wording, key):
        assert nearest("ethnicity", wording)[0].key == key
