"""What is kept of a file that has no errors."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equality.codelists import by_key
from equality.quarters import Quarter
from monitoring.submissions.checking import check
from monitoring.submissions.cleaning import Context
from monitoring.submissions.layout import Reads, columns
from monitoring.submissions.mapping import Mapping, read_mapping
from monitoring.submissions.problems import Severity, Unreadable
from monitoring.submissions.reading import from_records
from tests.factories import as_csv

MAPPING = """
[columns]
"Race/Ethnicity" = "ethnicity"
"Department" = "organisation_unit"
[values.ethnicity]
"Hispanic or Latino" = "HIGH_LEVEL_5:OTHER"
"Not Specified" = "UNKNOWN"
[ignore]
columns = ["Employee Status"]
"""


def checked(rows, mapping=""):
    read = read_mapping(mapping, "workforce") if mapping else Mapping()
    context = Context(Quarter.parse("2026-Q3"), "north-east", read.values)
    return check(
        as_csv(rows),
        collection="workforce",
        mapping=read,
        context=context,
        pseudonyms=tokens,
    )


def tokens(references):
    return [reference.encode().ljust(16, b"_")[:16] for reference in references]


def column(answer, name):
    """A kept column, its codes turned back into keys."""
    values = answer.table.column(name).to_pylist()
    codes = answer.about["codes"].get(name)
    return [codes[value] for value in values] if codes else values


def found(answer, code):
    return [problem for problem in answer.problems if problem.code == code]


class TestMapping:
    rows = (
        {"Race/Ethnicity": "Hispanic or Latino", "Department": "Parks", "sex": "F", "Employee Status": "A"},
        {"Race/Ethnicity": "Not Specified", "Department": "Parks", "sex": "M", "Employee Status": "L"},
    )

    def test_headings_and_wordings_go_where_it_says(self):
        answer = checked(self.rows, MAPPING)

        assert column(answer, "ethnicity") == ["HIGH_LEVEL_5:OTHER", "NO_DECLARATION"]
        assert column(answer, "organisation_unit") == ["UNIT:Parks", "UNIT:Parks"]

    def test_without_it_every_heading_and_value_is_asked_about(self):
        answer = checked(self.rows)
        asked = {(problem.code, problem.column, problem.value) for problem in answer.problems}

        assert {
            ("HEADING_NOT_PLACED", "Race/Ethnicity", None),
            ("HEADING_NOT_PLACED", "Department", None),
            ("HEADING_NOT_PLACED", "Employee Status", None),
            ("VALUE_NOT_PLACED", "Race/Ethnicity", "Hispanic or Latino"),
            ("VALUE_NOT_PLACED", "Race/Ethnicity", "Not Specified"),
        } <= asked
        assert answer.table is None

    def test_nearest_columns_and_answers_are_proposed(self):
        problems = checked(self.rows).problems

        assert next(p for p in problems if p.column == "Department").nearest[0] == "organisation_unit"
        assert next(p for p in problems if p.value == "Not Specified").nearest[0].startswith("UNKNOWN")

    @pytest.mark.parametrize("wording", ["W", "cake"])
    def test_nothing_is_proposed_for_a_wording_that_is_near_no_answer(self, wording):
        (asked,) = found(checked([{"sex": wording}]), "VALUE_NOT_PLACED")

        assert asked.nearest == ()

    @pytest.mark.parametrize(
        ("name", "wording", "first"),
        [
            ("sex", "Femle", "GSS:F (Female)"),
            ("sex", "Woman", "GSS:F (Female)"),
            ("religion_or_belief", "Budhist", "GSS:BUD (Buddhist)"),
            ("ethnicity", "W1", "CJS_SDE_18_1:W1 (British)"),
        ],
    )
    def test_a_misspelling_a_hint_and_a_code_are_near(self, name, wording, first):
        (asked,) = found(checked([{name: wording}]), "VALUE_NOT_PLACED")

        assert asked.nearest[0] == first

    def test_nothing_is_proposed_for_a_grade_by_its_letters_alone(self):
        (asked,) = found(checked([{"sex": "F", "grade": "Boss"}]), "VALUE_NOT_PLACED")

        assert asked.nearest == ()

    @pytest.mark.parametrize("heading", ["Favourite colour", "Comments"])
    def test_nothing_is_proposed_for_a_heading_that_is_near_no_column(self, heading):
        (asked,) = found(checked([{"sex": "F", heading: "x"}]), "HEADING_NOT_PLACED")

        assert asked.nearest == ()

    def test_a_heading_that_shares_a_word_with_a_column_is_near(self):
        (asked,) = found(checked([{"sex": "F", "Hours": "37"}]), "HEADING_NOT_PLACED")

        assert "contracted_hours" in asked.nearest

    def test_a_heading_that_was_not_placed_is_told_with_the_line_that_places_it(self):
        (asked,) = found(checked([{"sex": "F", 'The "Race"': "13"}]), "HEADING_NOT_PLACED")
        line = asked.advice.partition("write for example ")[2].partition(". Or ")[0]

        assert not found(checked([{"sex": "F", 'The "Race"': "13"}], f"[columns]\n{line}\n"), "HEADING_NOT_PLACED")

    def test_the_sender_is_told_first_to_correct_the_file(self):
        (asked,) = found(checked([{"sex": "cake"}]), "VALUE_NOT_PLACED")

        assert asked.advice.startswith("Correct it in the file, or map it under [values.sex]")


class TestIdentifyingHeadings:
    @pytest.mark.parametrize(
        "heading",
        ["Surname", "Name", "Forename", "FirstName", "last_name", "Employee name", "Line Manager's name", "E-mail",
         "Home address", "National Insurance number", "NI No", "Telephone", "Home postcode"],
    )  # fmt: skip
    def test_are_not_taken_and_nothing_is_proposed(self, heading):
        answer = checked([{"sex": "F", heading: "Bloggs"}])
        (told,) = found(answer, "HEADING_IDENTIFIES_PEOPLE")

        assert (told.column, told.nearest) == (heading, ())
        assert answer.table is None
        assert not found(answer, "HEADING_NOT_PLACED")

    @pytest.mark.parametrize("heading", ["Team name", "Grade name", "Senior manager", "Job title", "Staff number"])
    def test_are_not_those_of_other_columns(self, heading):
        assert not found(checked([{"sex": "F", heading: "x"}]), "HEADING_IDENTIFIES_PEOPLE")

    def test_are_told_with_lines_that_leave_them_out_beside_what_was_left_out_before(self):
        rows = [{"sex": "F", "Notes": "x", "Surname": "Bloggs", 'Surname ("known as")': "Jo", "Email": "j@x"}]
        told = found(checked(rows, '[ignore]\ncolumns = ["Notes"]\n'), "HEADING_IDENTIFIES_PEOPLE")
        (line,) = {one.advice.partition("below it ")[2].partition(" as it stands")[0] for one in told}

        assert len(told) == 3
        assert "[ignore]" in told[0].advice
        assert checked(rows, f"[ignore]\n{line}\n").table is not None

    def test_are_taken_where_the_mapping_says_what_they_are(self):
        answer = checked([{"sex": "F", "Name": "Parks"}], '[columns]\n"Name" = "organisation_unit"\n')

        assert column(answer, "organisation_unit") == ["UNIT:Parks"]


class TestNumbers:
    @pytest.mark.parametrize(
        "written", ["9,75", "18,7", "0,12", "0,125", "1,00.599", "12,3456", ",750", "1,234,5", "1_0"]
    )
    @pytest.mark.parametrize("name", ["hourly_pay", "contracted_hours", "fte", "age"])
    def test_a_comma_that_parts_no_thousands_is_answered(self, name, written):
        (wrong,) = checked([{"sex": "F", name: written}]).problems[-1:]

        assert (wrong.code, wrong.row, wrong.column) == ("NUMBER_NOT_UNDERSTOOD", 2, name)
        assert "comma" in wrong.advice
        assert written not in wrong.message + wrong.advice

    def test_a_decimal_comma_in_a_file_with_semicolons_is_answered(self):
        content = as_csv([{"sex": "F", "hourly_pay": "9,75"}, {"sex": "M", "hourly_pay": "9.75"}], delimiter=";")
        context = Context(Quarter.parse("2026-Q3"), "north-east")
        answer = check(content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=list)

        assert [problem.row for problem in found(answer, "NUMBER_NOT_UNDERSTOOD")] == [2]

    @pytest.mark.parametrize("written", ["1,000", "£1,000.00", "£ 1,000", "1000 "])
    def test_commas_between_thousands_are_read(self, written):
        assert column(checked([{"sex": "F", "hourly_pay": written}]), "hourly_pay") == [10_000_000]

    def test_thousands_beyond_the_range_are_answered_as_such(self):
        assert found(checked([{"sex": "F", "hourly_pay": "9,750"}]), "NUMBER_OUT_OF_RANGE")

    def test_an_age_with_a_pound_sign_is_read(self):
        assert column(checked([{"sex": "F", "age": "£34"}]), "age_band") == ["CIVIL_SERVICE_STATS:30-39"]

    @pytest.mark.parametrize("written", ["£", "34.5", "£34.5"])
    def test_an_age_that_is_no_whole_number_is_answered(self, written):
        assert found(checked([{"sex": "F", "age": written}]), "NUMBER_NOT_UNDERSTOOD")

    def test_how_many_were_read_is_said_and_never_how_much(self):
        rows = [{"sex": "F", "hourly_pay": pay} for pay in ("18.70", "", "43.21")]
        (note,) = found(checked(rows), "NUMBERS_READ")

        assert note.column == "hourly_pay"
        assert "was read: 2." in note.message
        assert "is empty: 1." in note.message
        assert not [pay for pay in ("18", "43") if pay in note.message + note.advice]


class TestDates:
    @pytest.mark.parametrize("written", ["2026-09-301", "2026-09-30x", "2026-09-30 or so", "30/09/2026 or so"])
    def test_with_something_after_them_are_answered(self, written):
        (wrong,) = found(checked([{"sex": "F", "organisation_start_date": written}]), "DATE_NOT_UNDERSTOOD")

        assert (wrong.row, wrong.column) == (2, "organisation_start_date")

    @pytest.mark.parametrize("written", ["2026-09-30", "2026-09-30 00:00:00", "2026-09-30T00:00:00", "30/09/2026"])
    def test_are_read_as_spreadsheets_write_them(self, written):
        assert not found(checked([{"sex": "F", "organisation_start_date": written}]), "DATE_NOT_UNDERSTOOD")


class TestAges:
    def test_a_date_of_birth_becomes_an_age_group_at_the_end_of_the_quarter_and_is_not_kept(self):
        answer = checked(
            [
                {"sex": "F", "date_of_birth": "1996-09-30"},
                {"sex": "F", "date_of_birth": "1996-10-01"},
                {"sex": "F", "date_of_birth": "30/09/1961"},
                {"sex": "F", "date_of_birth": ""},
            ]
        )

        assert [key.rpartition(":")[2] for key in column(answer, "age_band")] == [
            "30-39",
            "20-29",
            "65+",
            "NO_DECLARATION",
        ]
        assert "date_of_birth" not in answer.table.column_names

    @pytest.mark.parametrize(
        ("age", "band"), [("16", "16-19"), ("59", "50-59"), ("60", "60-64"), ("65", "65+"), ("100", "65+")]
    )
    def test_an_age_becomes_an_age_group(self, age, band):
        assert column(checked([{"sex": "F", "age": age}]), "age_band") == [f"CIVIL_SERVICE_STATS:{band}"]


class TestPay:
    def test_is_kept_in_ten_thousandths_of_a_pound(self):
        answer = checked([{"sex": "F", "hourly_pay": "£100.599"}, {"sex": "F", "hourly_pay": ""}])

        assert column(answer, "hourly_pay") == [1_005_990, None]


class TestHeadcount:
    def test_people_who_are_not_in_it_are_not_kept(self):
        answer = checked([{"sex": "F", "payroll_worker": "yes"}, {"sex": "M", "payroll_worker": "no"}])

        assert (answer.rows, answer.kept) == (2, 1)
        assert column(answer, "sex") == ["GSS:F"]

    def test_a_person_with_two_contracts_is_counted_once(self):
        answer = checked(
            [
                {"person_ref": "P1", "contract_ref": "A", "sex": "F"},
                {"person_ref": "P1", "contract_ref": "B", "sex": "F"},
                {"person_ref": "P2", "contract_ref": "C", "sex": "M"},
            ]
        )

        assert answer.kept == 2


class TestAPersonTwice:
    def test_is_told_with_every_row_the_rows_of_one_person_together(self):
        people = ["P1", "P2", "P3", "P1", "P2", "P4", "P1"]
        told = found(checked([{"person_ref": who, "sex": "F"} for who in people]), "PERSON_TWICE")

        assert [problem.row for problem in told] == [2, 5, 8, 3, 6]
        assert "one of rows 2, 5 and 8," in told[0].advice
        assert "one of rows 3 and 6," in told[-1].advice

    def test_many_times_is_told_in_few_words(self):
        told = found(checked([{"person_ref": "P1", "sex": "F"}] * 9), "PERSON_TWICE")

        assert "one of rows 2, 3, 4, 5, 6 and 4 more," in told[0].advice

    def test_in_a_file_in_which_everybody_is_tells_the_first_hundred_rows(self):
        answer = checked([{"person_ref": f"P{number % 100}", "sex": "F"} for number in range(200)])
        (more,) = found(answer, "MORE_OF_THE_SAME")

        assert [problem.row for problem in found(answer, "PERSON_TWICE")][:4] == [2, 102, 3, 103]
        assert (more.row, more.count, more.severity) == (52, 100, Severity.ERROR)


class TestMappingFaults:
    def faults(self, mapping):
        with pytest.raises(Unreadable) as refused:
            read_mapping(mapping, "workforce")
        return [(problem.code, problem.column) for problem in refused.value.problems]

    @pytest.mark.parametrize("key", ["column", "Columns", "headings"])
    def test_a_misspelt_key_below_ignore_is_answered(self, key):
        assert self.faults(f'[ignore]\n{key} = ["Surname"]') == [("MAPPING_UNKNOWN_PART", f"ignore.{key}")]

    def test_a_column_that_is_no_text_is_answered(self):
        assert self.faults('[columns]\n"Pay" = ["hourly_pay"]') == [("MAPPING_UNKNOWN_COLUMN", "Pay")]

    @pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000])
    def test_a_mapping_beyond_what_can_be_read_is_answered(self, text):
        assert self.faults(text) == [("MAPPING_BROKEN", None)]

    @pytest.mark.parametrize(
        ("name", "written", "first"),
        [
            ("sex", '"GSS:G"', "GSS:M (Male)"),
            ("sex", '"f"', "GSS:F (Female)"),
            ("ethnicity", '"UNKOWN"', "UNKNOWN"),
            ("ethnicity", '"Asian"', "HIGH_LEVEL_5:ASIAN (Asian, Asian British or Asian Welsh)"),
            ("ethnicity", '"HIGH_LEVEL_5:OTHRE"', "HIGH_LEVEL_5:OTHER (Other ethnic group)"),
        ],
    )
    def test_an_unknown_code_is_repeated_with_codes_near_it(self, name, written, first):
        with pytest.raises(Unreadable) as refused:
            read_mapping(f'[values.{name}]\n"Zz" = {written}', "workforce")

        (wrong,) = refused.value.problems
        assert (wrong.code, wrong.column) == ("MAPPING_UNKNOWN_CODE", name)
        assert wrong.value == "Zz = " + written.strip('"')
        assert wrong.nearest[0] == first

    def test_a_code_that_is_no_text_is_repeated_too(self):
        with pytest.raises(Unreadable) as refused:
            read_mapping("[values.sex]\nZz = 99", "workforce")

        assert [problem.value for problem in refused.value.problems] == ["Zz = 99"]


class TestWhatIsKept:
    def test_references_are_kept_as_pseudonyms_only(self):
        answer = checked([{"person_ref": "PX", "sex": "F"}])

        assert answer.table.schema.field("person").type == pa.binary(16)
        assert "person_ref" not in answer.table.column_names

    def test_free_text_is_never_kept(self):
        kept = {name for name, c in columns("workforce").items() if c.kept and c.reads is Reads.TEXT}

        assert kept == set()

    def test_the_code_that_came_in_is_kept(self):
        assert column(checked([{"sex": "F", "ethnicity": "CJS_SDE_16_1:O1"}]), "ethnicity") == ["CJS_SDE_16_1:O1"]

    def test_every_column_of_the_layout_is_taken_by_its_own_name(self):
        row = dict.fromkeys(columns("workforce"), "")
        del row["age"], row["age_band"]
        answer = checked([row | {"sex": "F", "person_ref": "P1"}])

        assert not [problem for problem in answer.problems if problem.severity is Severity.ERROR]

    def test_the_names_of_the_record_layout_are_taken(self):
        assert "grade" in checked([{"sex": "F", "grade_code": "HEO"}]).about["codes"]


class TestWhatever:
    odd = st.sampled_from(["£", ",", ".", "e", "-", "_", " ", "9", "34", "nan", "1e999999999", "1e-999999999", "9" * 150,
                           "٣", "½", "30/09/2026", "2026-09-30", "W1", "=", "@", "\x00", "\u2028"])  # fmt: skip
    texts = st.one_of(st.lists(odd, max_size=5).map("".join), st.text(st.characters(codec="utf-8"), max_size=20))

    @settings(max_examples=300, deadline=None)
    @given(st.sampled_from(sorted(columns("workforce"))), texts)
    def test_stands_in_a_cell_is_understood_or_answered(self, name, text):
        content = from_records([{"sex": "F", name: text}, {"sex": "M", name: ""}])
        context = Context(Quarter.parse("2026-Q3"), "north-east")

        answer = check(content, collection="workforce", mapping=Mapping(), context=context, pseudonyms=tokens)

        assert answer.refused or answer.table is not None


class TestProperties:
    answers = st.sampled_from([*list(by_key("ethnicity"))[:30], "PNTS", "UNKNOWN", ""])

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(answers, st.sampled_from(["F", "M", ""]), st.integers(16, 100)), min_size=1, max_size=40))
    def test_every_row_without_fault_is_kept_in_order(self, people):
        rows = [{"ethnicity": ethnicity, "sex": sex, "age": str(age)} for ethnicity, sex, age in people]

        answer = checked(rows)

        assert answer.kept == answer.rows == len(people)
        assert [bool(key == "GSS:F") for key in column(answer, "sex")] == [sex == "F" for _, sex, _ in people]

    @settings(max_examples=40, deadline=None)
    @given(st.sets(st.integers(0, 39), max_size=12))
    def test_every_wrong_row_is_named_and_no_other(self, wrong):
        rows = [{"sex": "F", "age": "7" if number in wrong else "40"} for number in range(40)]

        named = {problem.row for problem in checked(rows).problems if problem.code == "NUMBER_OUT_OF_RANGE"}

        assert named == {number + 2 for number in wrong}
