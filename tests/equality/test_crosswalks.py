from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.codelists import GROUP, Basis, UnknownCode, UnknownList, code_list, code_lists, variables
from equality.crosswalks import Kind, NoCrossing, Refusal, cross, cross_by_way_of
from equality.listfiles import rows
from equality.meanings import meaning
from equality.responses import Response

several = [variable for variable in variables() if len(code_lists(variable)) > 1]
KINDS = {
    "equivalent": Kind.EXACT,
    "broader": Kind.LOSES_DETAIL,
    "default_of_ambiguous": Kind.DEFAULT_OF_AMBIGUOUS,
}


@st.composite
def codes(draw):
    """(variable, system, code) of any list whose variable has another list."""
    variable = draw(st.sampled_from(several))
    one = draw(st.sampled_from(code_lists(variable)))
    return variable, one.system, draw(st.sampled_from(one.categories)).code


@st.composite
def journeys(draw, most=3):
    """A code, and a path of lists from it."""
    variable, system, code = draw(codes())
    path = draw(st.lists(st.sampled_from([one.system for one in code_lists(variable)]), min_size=1, max_size=most))
    return variable, system, code, path


@cache
def people(variable, system, code):
    return meaning(variable, system, code).parts


class TestCrossing:
    @pytest.mark.parametrize(
        ("system", "code", "to", "where", "kind"),
        [
            ("CJS_SDE_16_1", "A1", "CJS_SDE_18_1", "A1", Kind.EXACT),
            ("CJS_SDE_16_1", "O1", "CJS_SDE_18_1", "A4", Kind.EXACT),
            ("CJS_SDE_16_1", "W9", "CJS_SDE_18_1", "W9", Kind.DEFAULT_OF_AMBIGUOUS),
            ("CJS_SDE_18_1", "W3", "CJS_SDE_16_1", "W9", Kind.LOSES_DETAIL),
            ("CJS_SDE_18_1", "W9", "ONS_CENSUS2021_19", "17", Kind.DEFAULT_OF_AMBIGUOUS),
            ("ONS_CENSUS2021_19", "16", "CJS_SDE_18_1", "W9", Kind.LOSES_DETAIL),
            ("HMPPS_NDELIUS", "W4", "ONS_CENSUS2021_19", "15", Kind.EXACT),
            ("HMPPS_NDELIUS", "W4", "CJS_SDE_18_1", "W3", Kind.EXACT),
            ("HMPPS_NDELIUS", "W5", "ONS_CENSUS2021_19", "16", Kind.EXACT),
            ("NHS_16_1", "S", "ONS_CENSUS2021_19", "19", Kind.DEFAULT_OF_AMBIGUOUS),
            ("HESA_STAFF_2012", "14", "ONS_CENSUS2021_19", "15", Kind.LOSES_DETAIL),
            ("LEGACY_5_1", "Chinese or Other", "WHITE_MINORITY_2", "MINORITY", Kind.LOSES_DETAIL),
            ("HIGH_LEVEL_5", "BLACK", "CIVIL_SERVICE_STATS", "Black", Kind.EXACT),
            ("HMPPS_NDELIUS", "NS", "NHS_16_1", "Z", Kind.EXACT),
            ("HMPPS_NDELIUS", "NS", "CJS_SDE_18_1", "NS", Kind.LOSES_DETAIL),
            ("CJS_SDE_16_1", "NS", "CJS_SDE_18_1", "NS", Kind.EXACT),
        ],
    )
    def test_of_ethnic_groups(self, system, code, to, where, kind):
        crossing = cross("ethnicity", system, code, to)

        assert (crossing.category.code, crossing.kind) == (where, kind)

    @pytest.mark.parametrize(
        ("variable", "system", "code", "to", "where", "kind"),
        [
            ("sex", "HMPPS_EM", "FEMALE", "GSS", "F", Kind.EXACT),
            ("sexual_orientation", "CENSUS2021_TS079", "PAN", "GSS", "OTHER", Kind.LOSES_DETAIL),
            ("sexual_orientation", "NHS_DD", "4", "HMPPS_NDELIUS", "99", Kind.EXACT),
            ("religion_or_belief", "HMPPS_CURRENT", "RC", "CENSUS2021_TS030", "CHR", Kind.LOSES_DETAIL),
            ("disability", "DERIVED_EA2010", "DIS_LOT", GROUP, "DISABLED", Kind.LOSES_DETAIL),
            ("age_band", "CIVIL_SERVICE_STATS", "60-64", "CENSUS2021_TS007A", "60-64", Kind.EXACT),
            ("age_band", "CENSUS2021_TS007A", "85+", "CIVIL_SERVICE_STATS", "65+", Kind.LOSES_DETAIL),
            ("grade", "NHS_AFC", "B2", GROUP, "Bands 1-4", Kind.LOSES_DETAIL),
            ("welsh_language", "CENSUS2021_TS032", "SR", "CENSUS2021_TS033", "SPEAKS", Kind.LOSES_DETAIL),
            ("area", "police_force_areas", "E23000022", "regions", "E12000004", Kind.LOSES_DETAIL),
            ("area", "police_force_areas", "E23000022", "probation_regions", "N56", Kind.LOSES_DETAIL),
            ("area", "probation_delivery_units", "N07CROY", "probation_regions", "N07", Kind.LOSES_DETAIL),
            ("area", "local_authorities", "E06000001", "regions", "E92000001", None),
        ],
    )
    def test_of_everything_else(self, variable, system, code, to, where, kind):
        crossing = cross(variable, system, code, to)

        if kind is None:  # the narrowest region wins over the country that holds it too
            assert crossing.category.code == "E12000001"
        else:
            assert (crossing.category.code, crossing.kind) == (where, kind)

    def test_agrees_with_every_row_of_the_reviewed_crosswalk(self):
        for row in rows("ethnicity_crosswalk.csv"):
            crossing = cross("ethnicity", row["from_system"], row["from_code"], row["to_system"])

            assert (crossing.category.code, crossing.kind) == (row["to_code"], KINDS[row["relation"]]), row

    @given(codes())
    def test_within_its_own_list_a_code_stays_what_it_is(self, place):
        variable, system, code = place

        crossing = cross(variable, system, code, system)

        assert (crossing.category.code, crossing.kind, crossing.loses) == (code, Kind.EXACT, "")

    @given(journeys(most=1))
    def test_keeps_the_code_that_came_in(self, journey):
        variable, system, code, (to,) = journey
        try:
            crossing = cross(variable, system, code, to)
        except NoCrossing:
            return

        assert (crossing.came_in.system, crossing.came_in.code) == (system, code)
        assert crossing.category.system == to
        assert crossing.category in crossing.candidates

    @given(journeys(most=1))
    def test_never_turns_silence_into_an_answer_or_an_answer_into_silence(self, journey):
        variable, system, code, (to,) = journey
        try:
            crossing = cross(variable, system, code, to)
        except NoCrossing:
            return

        assert (crossing.came_in.response is Response.DECLARED) == (crossing.category.response is Response.DECLARED)


class TestWhatIsLost:
    def test_is_told_when_chinese_moves_between_groups(self):
        assert "Chinese moves from Other to Asian" in cross("ethnicity", "CJS_SDE_16_1", "O1", "CJS_SDE_18_1").loses
        assert "Chinese moves from Asian to Other" in cross("ethnicity", "CJS_SDE_18_1", "A4", "CJS_SDE_16_1").loses
        assert "Chinese moves from Other to Asian" in cross("ethnicity", "NHS_16_1", "R", "HIGH_LEVEL_5").loses

    def test_a_default_names_every_candidate(self):
        crossing = cross("ethnicity", "CJS_SDE_16_1", "W9", "ONS_CENSUS2021_19")

        assert [candidate.code for candidate in crossing.candidates] == ["15", "16", "17"]
        assert "It may be any of: White: Gypsy or Irish Traveller; White: Roma; White: Other White." in crossing.loses

    def test_a_merger_names_what_can_no_longer_be_told_apart(self):
        assert cross("ethnicity", "ONS_CENSUS2021_19", "16", "CJS_SDE_18_1").loses == (
            "It can no longer be told apart from: White: Other White."
        )
        assert cross("age_band", "CIVIL_SERVICE_STATS", "16-19", "CENSUS2021_TS007A").loses == (
            "It can no longer be told apart from: age 15."
        )
        assert cross("age_band", "CENSUS2021_TS007A", "85+", "CIVIL_SERVICE_STATS").loses == (
            "It can no longer be told apart from: ages 65 to 84."
        )

    def test_a_long_list_is_cut_short(self):
        loses = cross("ethnicity", "ONS_CENSUS2021_19", "1", "WHITE_MINORITY_2").loses

        assert loses.count(";") == 4
        assert loses.endswith("and 9 more.")

    def test_a_finer_answer_becomes_a_part(self):
        assert "Irish Traveller is a part of" in cross("ethnicity", "HESA_STAFF_2012", "14", "ONS_CENSUS2021_19").loses

    def test_a_status_that_is_worked_out_is_not_what_people_declare(self):
        crossing = cross("disability", "CIVIL_SERVICE_STATS", "Declared disabled", GROUP)

        assert crossing.kind is Kind.EXACT
        assert crossing.loses == (
            "The answer is declared in one list and derived in the other: the two need not agree for everybody."
        )

    def test_a_caution_of_the_reviewed_crosswalk_is_passed_on(self):
        crossing = cross("ethnicity", "HMPPS_NDELIUS", "W9", "ONS_CENSUS2021_19")

        assert crossing.note == "Records made before W5 existed may include Roma"

    def test_an_inferred_mapping_is_not_verified(self):
        assert not cross("area", "police_force_areas", "E23000022", "probation_regions").verified
        assert cross("area", "police_force_areas", "E23000022", "regions").verified

    @given(journeys(most=1))
    def test_is_said_whenever_something_is(self, journey):
        variable, system, code, (to,) = journey
        try:
            crossing = cross(variable, system, code, to)
        except NoCrossing:
            return

        assert bool(crossing.loses) or crossing.kind is Kind.EXACT


class TestRefusing:
    @pytest.mark.parametrize(
        ("variable", "system", "code", "to", "refusal"),
        [
            ("ethnicity", "POLICE_OBSERVED_6_1", "3", "HIGH_LEVEL_5", Refusal.OBSERVED_AND_DECLARED),
            ("ethnicity", "HIGH_LEVEL_5", "BLACK", "POLICE_OBSERVED_6_1", Refusal.OBSERVED_AND_DECLARED),
            ("ethnicity", "LEGACY_5_1", "Chinese or Other", "HIGH_LEVEL_5", Refusal.SPLITS),
            ("ethnicity", "HESA_STAFF_2012", "10", "ONS_CENSUS2021_19", Refusal.SPLITS),
            ("ethnicity", "ONS_CENSUS2021_19", "13", "HESA_STAFF_2012", Refusal.SPLITS),
            ("ethnicity", "CJS_SDE_18_1", "NS", "NHS_16_1", Refusal.SPLITS),
            ("ethnicity", "CJS_SDE_18_1", "NS", "ONS_CENSUS2021_19", Refusal.NOTHING_IN_COMMON),
            ("national_identity", "GSS_MULTI", "ENG", "CIVIL_SERVICE_STATS", Refusal.SEVERAL_ANSWERS),
            ("grade", "CIVIL_SERVICE", "HEO", "PROBATION_SERVICE", Refusal.NOTHING_IN_COMMON),
            ("gender_identity", "HMPPS_NDELIUS", "GIM", "GSS_SAME_AS_REGISTERED", Refusal.NOTHING_IN_COMMON),
            ("age_band", "CIVIL_SERVICE_STATS", "20-29", "CENSUS2021_TS007A", Refusal.SPLITS),
            ("religion_or_belief", "GSS", "CHR", "HMPPS_CURRENT", Refusal.SPLITS),
            ("area", "probation_regions", "N53", "police_force_areas", Refusal.SPLITS),
        ],
    )
    def test_names_its_reason_and_what_to_do(self, variable, system, code, to, refusal):
        with pytest.raises(NoCrossing) as refused:
            cross(variable, system, code, to)

        assert refused.value.refusal is refusal
        assert any(verb in str(refused.value) for verb in ("Report", "Use a coarser list"))

    @given(
        st.sampled_from([(one, c.code) for one in code_lists("ethnicity") for c in one.categories]),
        st.sampled_from(code_list("ethnicity", "POLICE_OBSERVED_6_1").categories),
    )
    def test_what_was_observed_never_mixes_with_what_was_declared(self, said, seen):
        one, code = said
        directions = [(one.system, code, seen.system), (seen.system, seen.code, one.system)]
        for system, went_in, to in directions if one.basis is not Basis.OBSERVED else []:
            with pytest.raises(NoCrossing) as refused:
                cross("ethnicity", system, went_in, to)

            assert refused.value.refusal is Refusal.OBSERVED_AND_DECLARED

    def test_a_code_of_another_list_is_not_looked_for(self):
        with pytest.raises(UnknownCode):
            cross("ethnicity", "CJS_SDE_18_1", "W4", "ONS_CENSUS2021_19")

    def test_a_list_of_another_variable_is_unknown(self):
        with pytest.raises(UnknownList):
            cross("ethnicity", "CJS_SDE_18_1", "W1", "SMC_SCHOOL_11_16")


class TestPaths:
    @given(journeys())
    def test_agree_with_each_other_or_are_refused(self, journey):
        variable, system, code, path = journey
        try:
            crossing = cross_by_way_of(variable, system, code, *path)
        except NoCrossing:
            return

        assert crossing == cross(variable, system, code, path[-1])

    @given(journeys(most=2))
    def test_there_and_back_never_invent_detail(self, journey):
        variable, system, code, path = journey
        try:
            crossing = cross_by_way_of(variable, system, code, *path, system)
        except NoCrossing:
            return

        assert crossing.category.code == code

    @given(journeys())
    def test_end_in_a_code_that_holds_everybody_who_set_out(self, journey):
        variable, system, code, path = journey
        try:
            crossing = cross_by_way_of(variable, system, code, *path)
        except NoCrossing:
            return

        held = frozenset().union(*(people(variable, path[-1], c.code) for c in crossing.candidates))
        assert people(variable, system, code) <= held

    def test_that_guess_are_refused(self):
        with pytest.raises(NoCrossing) as refused:
            cross_by_way_of("ethnicity", "CJS_SDE_18_1", "O2", "CJS_SDE_16_1", "CJS_SDE_18_1")

        assert refused.value.refusal is Refusal.WOULD_GUESS

    def test_may_guess_while_nothing_has_been_lost(self):
        by_way_of = cross_by_way_of("ethnicity", "CJS_SDE_16_1", "W9", "NHS_16_1", "ONS_CENSUS2021_19")

        assert by_way_of.kind is Kind.DEFAULT_OF_AMBIGUOUS
        assert by_way_of == cross_by_way_of("ethnicity", "CJS_SDE_16_1", "W9", "ONS_CENSUS2021_19")

    def test_that_end_elsewhere_than_the_straight_one_are_refused(self):
        with pytest.raises(NoCrossing) as refused:
            cross_by_way_of("ethnicity", "HMPPS_NDELIUS", "W4", "CJS_SDE_18_1", "HMPPS_NDELIUS")

        assert refused.value.refusal is Refusal.PATHS_DISAGREE
        assert str(refused.value).endswith("Go straight from HMPPS_NDELIUS:W4 instead.")

    def test_that_would_have_to_split_are_refused(self):
        with pytest.raises(NoCrossing) as refused:
            cross_by_way_of("area", "local_authorities", "E06000001", "regions", "local_authorities")

        assert refused.value.refusal is Refusal.SPLITS

    def test_without_a_guess_are_the_straight_crossing(self):
        assert cross_by_way_of("ethnicity", "CJS_SDE_16_1", "O1", "CJS_SDE_18_1", "ONS_CENSUS2021_19") == cross(
            "ethnicity", "CJS_SDE_16_1", "O1", "ONS_CENSUS2021_19"
        )
