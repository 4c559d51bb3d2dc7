import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.characteristics import VARIABLES
from equality.codelists import by_key, categories, find, groups
from equality.listfiles import rows
from equality.recoding import nearest, place, place_code
from equality.responses import Response, silent_kinds

listed = [v.code for v in VARIABLES.values() if v.systems]
answers = [(v, c) for v in listed for c in categories(v) if c.response is Response.DECLARED]
SEPARATORS = [" ", "  ", " - ", ": ", " / ", ", ", " – ", "_"]


@st.composite
def written_otherwise(draw, text):
    """The same words in other cases, with other signs between them."""
    words = text.replace(",", " ").replace(":", " ").replace("/", " ").replace(" - ", " ").split()
    cases = [draw(st.sampled_from([str.upper, str.lower, str.title])) for _ in words]
    joints = [draw(st.sampled_from(SEPARATORS)) for _ in words]
    return "".join(joint + case(word) for joint, case, word in zip(joints, cases, words, strict=True)) + draw(
        st.sampled_from(["", " ", ".", " )"])
    )


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
            ("Mixed", "CIVIL_SERVICE_STATS:Mixed"),
            ("Asian or Asian British", "HIGH_LEVEL_5:ASIAN"),
            ("Prefer not to say", "DECLINED"),
            ("I prefer not to say.", "DECLINED"),
            ("Don’t know", "DOES_NOT_KNOW"),
            ("PNTS", "DECLINED"),
            ("unknown", "NO_DECLARATION"),
            ("", "NO_DECLARATION"),
            ("HMPPS_NDELIUS:NS", "DECLINED"),
        ],
    )
    def test_what_is_certain_is_taken(self, wording, key):
        assert place("ethnicity", wording) == key

    @pytest.mark.parametrize(
        "wording",
        [
            "W1", "O1", "W4", "W9", "A", "NS", "Other", "Any other White background", "Chinese or Other", "White Asian",
            "Black British", "Hispanic or Latino", "Black or African American", "Two or More Races", "Not Specified",
            "Nat Hawaiian/Oth Pac Islander", "American Indian/Alaska Native", "BAME", "IC3", "1a", "亚洲人",
        ],
    )  # fmt: skip
    def test_what_is_not_certain_is_not_taken(self, wording):
        assert place("ethnicity", wording) is None

    @pytest.mark.parametrize(
        ("wording", "own"),
        [
            ("White British", "13"),
            ("White - British", "13"),
            ("White: English, Welsh, Scottish, Northern Irish or British", "13"),
            ("English/Welsh/Scottish/Northern Irish/British", "13"),
            ("WHITE: ENGLISH/WELSH/SCOTTISH/NORTHERN IRISH/BRITISH", "13"),
            ("Gypsy / Irish Traveller", "15"),
            ("White & Asian", "9"),
            ("Mixed/multiple ethnic group: White and Black Caribbean", "11"),
            ("Mixed - White & Black African", "10"),
            ("Asian/Asian British: Indian", "3"),
            ("Asian or Asian British - Pakistani", "4"),
            ("Asian: any other Asian background", "5"),
            ("Black African", "6"),
            ("Black/African/Caribbean/Black British: Caribbean", "7"),
            ("Black or Black British - any other background", "8"),
            ("Other - Arab", "18"),
            ("Chinese or other ethnic group: Chinese", "2"),
        ],
    )
    def test_variants_and_legacy_labels_are_placed_by_their_meaning(self, wording, own):
        assert by_key("ethnicity")[place("ethnicity", wording)].own == own

    def test_a_letter_that_another_system_uses_is_not_taken_for_an_answer(self):
        assert place("sex", "N") is None

    def test_a_label_on_which_systems_agree_is_placed_by_its_meaning(self):
        assert by_key("ethnicity")[place("ethnicity", "British")].own == "13"

    def test_names_joined_otherwise_are_not_placed_where_detail_would_be_lost(self):
        """HESA has 'Gypsy or Traveller', a part of Gypsy or Irish Traveller: who wrote 'Gypsy/Traveller' is asked."""
        assert place("ethnicity", "Gypsy or Traveller") == "HESA_STAFF_2012:15"
        assert place("ethnicity", "Gypsy/Traveller") is None

    def test_a_broad_group_can_be_answered(self):
        assert place("disability", "DISABLED") == "GROUP:DISABLED"
        assert place("disability", "Non-disabled") == "GROUP:NOT_DISABLED"

    def test_a_grade_of_one_ladder_only_needs_no_prefix(self):
        assert place("grade", "PSO") == "PROBATION_SERVICE:PSO"
        assert place("grade", "g7") == "CIVIL_SERVICE:G7"
        assert place("grade", "heo") == "CIVIL_SERVICE:HEO"

    def test_does_not_apply_is_not_an_answer_to_a_question_for_everybody(self):
        assert place("ethnicity", "NOT_APPLICABLE") is None
        assert place("ethnicity", find("ethnicity", "ONS_CENSUS2021_19", "-8").label) is None

    @pytest.mark.parametrize("variable", listed)
    def test_every_key_places_itself(self, variable):
        for category in categories(variable):
            if category.response is Response.DECLARED:
                assert place_code(variable, category.key) == category.key

    @given(st.sampled_from(listed), st.text(max_size=60))
    def test_a_wording_is_placed_in_a_known_category_or_not_at_all(self, variable, wording):
        key = place(variable, wording)

        assert key is None or key in by_key(variable) or key in {kind.value for kind in silent_kinds(variable)}

    @given(st.data())
    def test_case_spacing_and_punctuation_change_nothing(self, data):
        variable, category = data.draw(st.sampled_from(answers))
        key = place(variable, category.label)

        again = place(variable, data.draw(written_otherwise(category.label)))

        if key is not None:
            assert again is not None
            known = by_key(variable)
            assert (known[again].own, known[again].group) == (known[key].own, known[key].group)

    @given(st.sampled_from(answers))
    def test_a_label_is_never_placed_in_another_meaning_than_its_own(self, answer):
        variable, category = answer
        key = place(variable, category.label)

        if key is not None:
            placed = by_key(variable)[key]
            assert placed.group == category.group
            assert not (placed.own and category.own) or placed.own == category.own


class TestBareCodes:
    @pytest.mark.parametrize(("wording", "own"), [("A1", "3"), ("a1", "3"), ("A4", "2"), ("B2", "6"), ("m9", "12")])
    def test_that_every_list_reads_alike_are_taken(self, wording, own):
        assert by_key("ethnicity")[place("ethnicity", wording)].own == own

    @pytest.mark.parametrize("letter", ["W", "O"])
    def test_of_a_letter_that_lists_read_differently_are_all_asked_about(self, letter):
        codes = {c.code for c in by_key("ethnicity").values() if c.code[:1] == letter and c.code[1:].isdigit()}

        assert len(codes) > 2
        assert not any(place("ethnicity", code) for code in codes)

    @given(st.sampled_from(answers))
    def test_never_resolve_across_lists_with_different_meanings(self, answer):
        variable, category = answer
        own_list = VARIABLES[variable].systems[0]
        key = place(variable, category.code)
        others = {c for c in by_key(variable).values() if c.code == category.code and c.system != own_list}

        if key is not None and not key.startswith((own_list, "GROUP:")) and by_key(variable)[key] in others:
            assert len({c.own or c.key for c in others}) == 1

    def test_in_a_mapping_need_their_list(self):
        assert place_code("ethnicity", "A1") is None
        assert place_code("ethnicity", "CJS_SDE_16_1:A1") == "CJS_SDE_16_1:A1"


class TestCodeAndLabel:
    @pytest.mark.parametrize(
        ("variable", "wording", "key"),
        [
            ("ethnicity", "a1 - Indian", "CJS_SDE_18_1:A1"),
            ("ethnicity", "A1 Asian or Asian British - Indian", "CJS_SDE_18_1:A1"),
            ("ethnicity", "W1 - White British", "CJS_SDE_18_1:W1"),
            ("ethnicity", "W4: Gypsy or Irish Traveller", "HMPPS_NDELIUS:W4"),
            ("ethnicity", "W5 Roma", "HMPPS_NDELIUS:W5"),
            ("ethnicity", "O1 - Chinese", "CJS_SDE_16_1:O1"),
            ("ethnicity", "A - British", "NHS_16_1:A"),
            ("ethnicity", "10 White", "HESA_STAFF_2012:10"),
            ("ethnicity", "Z - Not stated", "DECLINED"),
            ("ethnicity", "NS Not stated", "NO_DECLARATION"),
            ("sex", "F - Female", "GSS:F"),
            ("grade", "Higher Executive Officer (HEO)", "CIVIL_SERVICE:HEO"),
        ],
    )
    def test_together_decide(self, variable, wording, key):
        assert place(variable, wording) == key

    @pytest.mark.parametrize("wording", ["W4 - Roma", "O1 - Arab", "W9 - Any other White background", "A1 Pakistani"])
    def test_that_contradict_or_leave_open_decide_nothing(self, wording):
        assert place("ethnicity", wording) is None

    @given(st.sampled_from(answers), st.sampled_from(["{} - {}", "{}: {}", "({}) {}"]))
    def test_of_one_category_are_never_placed_in_another_meaning(self, answer, form):
        variable, category = answer
        key = place(variable, form.format(category.code.lower(), category.label))

        if key is not None:
            placed = by_key(variable)[key]
            assert (placed.own or placed.key) == (category.own or category.key) or placed.group == category.group


class TestKnownWordings:
    @pytest.mark.parametrize("row", rows("known_wordings.csv"), ids=lambda row: f"{row['variable']}-{row['wording']}")
    def test_each_means_what_its_row_says(self, row):
        variable = row["variable"] or "ethnicity"
        under = next((g.label for g in groups(variable) if g.code == row["under"]), "")
        key = place(variable, f"{under} {row['wording']}")
        expected = place_code(variable, row["key"])

        assert expected is not None
        assert key == expected or by_key(variable)[key].own == by_key(variable)[expected].own != ""

    @pytest.mark.parametrize("row", rows("headings.csv"), ids=lambda row: row["wording"])
    def test_each_heading_has_known_groups_under_it(self, row):
        assert set(row["groups"].split("|")) <= {group.code for group in groups(row["variable"])}

    @pytest.mark.parametrize("row", rows("headings.csv"), ids=lambda row: row["wording"])
    def test_an_answer_of_another_group_is_not_taken_under_a_heading(self, row):
        strangers = [
            c for c in by_key("ethnicity").values() if c.system == "GSS_EW_2021_19" and c.group not in row["groups"]
        ]
        for category in strangers:
            key = place("ethnicity", f"{row['wording']} - {category.label}")

            assert key is None or by_key("ethnicity")[key].group in row["groups"], (row, category)


class TestProposing:
    @given(st.sampled_from(listed), st.text(min_size=1, max_size=60))
    def test_at_most_three_are_proposed_and_each_can_be_written_in_a_mapping(self, variable, wording):
        proposals = nearest(variable, wording)

        assert 1 <= len(proposals) <= 3
        assert all(place_code(variable, proposal.key) for proposal in proposals)

    @pytest.mark.parametrize(
        ("wording", "key"),
        [
            ("Black or African American", "HIGH_LEVEL_5:BLACK"),
            ("Not Specified", "UNKNOWN"),
            ("W1", "CJS_SDE_18_1:W1"),
            ("Two or More Races", "HIGH_LEVEL_5:MIXED"),
            ("Hispanic or Latino", "HIGH_LEVEL_5:OTHER"),
            ("Nat Hawaiian/Oth Pac Islander", "HIGH_LEVEL_5:OTHER"),
            ("American Indian/Alaska Native", "HIGH_LEVEL_5:OTHER"),
            ("Chinese or Other", "HIGH_LEVEL_5:OTHER"),
            ("Any other White background", "ONS_CENSUS2021_19:17"),
        ],
    )
    def test_the_likely_one_comes_first(self, wording, key):
        assert nearest("ethnicity", wording)[0].key == key

    def test_every_list_that_has_a_bare_code_is_proposed(self):
        assert [proposal.key for proposal in nearest("ethnicity", "W1")] == [
            "CJS_SDE_18_1:W1",
            "CJS_SDE_16_1:W1",
            "HMPPS_NDELIUS:W1",
        ]

    def test_a_code_and_a_label_that_contradict_are_both_proposed(self):
        keys = [proposal.key for proposal in nearest("ethnicity", "W4 - Roma")]

        assert keys[:2] == ["HMPPS_NDELIUS:W4", "ONS_CENSUS2021_19:16"]

    def test_what_means_the_same_is_proposed_once(self):
        assert [proposal.key for proposal in nearest("religion_or_belief", "None")].count("GROUP:NONE") == 0

    @pytest.mark.parametrize(
        ("variable", "wording", "key"),
        [
            ("sex", "N", "UNKNOWN"),
            ("sex", "Woman", "GSS:F"),
            ("disability", "Yes", "GROUP:DISABLED"),
            ("marriage_civil_partnership", "Single", "GSS:NEVER"),
        ],
    )
    def test_words_hint_at_what_they_do_not_say(self, variable, wording, key):
        assert place(variable, wording) is None
        assert nearest(variable, wording)[0].key == key

    @pytest.mark.parametrize("row", rows("hints.csv"), ids=lambda row: f"{row['variable']}-{row['words']}-{row['key']}")
    def test_each_hint_can_be_written_in_a_mapping_and_is_proposed(self, row):
        variable = row["variable"] or "ethnicity"

        assert place_code(variable, row["key"])
        assert row["key"] in [proposal.key for proposal in nearest(variable, row["words"])]
