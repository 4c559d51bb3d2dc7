"""What a quarterly report says, against counting by hand."""

import re
from dataclasses import replace

import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from monitoring.figures.counting import PAY_QUARTERS
from monitoring.figures.releasing import release
from reports import building
from reports.attacking import attack_report
from reports.contents import ChartBlock, Contents, Items, Paragraph, Signpost, Statement
from reports.wording import SYMBOLS
from tests.factories import (
    accepted,
    as_csv,
    brief,
    make_draft,
    make_finding,
    make_inspection,
    make_organisation,
    make_published,
    staff,
    unpaid,
)
from tests.factories.cities import MAPPING, city_staff

pytestmark = pytest.mark.django_db


def contents_of(organisation, **more) -> Contents:
    report = make_draft(organisation, **more)
    assert report.contents, report.failure
    return Contents.from_json(report.contents)


def value(contents, table, measure, *codes):
    return contents.table(table).find(measure, *codes)


def paragraphs(contents, section):
    found = next(s for s in contents.sections if s.id == section)
    texts = [b.text for b in found.blocks if isinstance(b, Paragraph)]
    return texts + [item for b in found.blocks if isinstance(b, Items) for item in b.items]


class TestPeople:
    @pytest.fixture(scope="class")
    @classmethod
    def rows(cls):
        return staff(400)

    @pytest.fixture(scope="class")
    @classmethod
    def contents(cls, undone, rows):
        with undone():
            organisation = make_organisation("north-east")
            accepted(organisation, as_csv(rows))
            return contents_of(organisation)

    def test_headcount_and_share_of_those_who_declared(self, contents, rows):
        women = sum(row["sex"] == "F" for row in rows)
        declared = sum(row["sex"] != "UNKNOWN" for row in rows)

        assert value(contents, "sex", "headcount", "F").value == women
        assert value(contents, "sex", "share", "F").value == pytest.approx(100 * women / declared, abs=0.051)

    def test_declaration_rate(self, contents, rows):
        declared = sum(row["disability"] != "UNKNOWN" for row in rows)

        assert value(contents, "disability", "declaration_rate", "_total").value == pytest.approx(
            100 * declared / 400, abs=0.051
        )

    def test_prefer_not_to_say_is_in_neither_group_nor_share(self, contents, rows):
        declined = sum(row["ethnicity"] == "PNTS" for row in rows)

        assert value(contents, "ethnicity", "headcount", "DECLINED").value == declined
        assert value(contents, "ethnicity", "headcount", "_declared").value == 400 - declined
        assert value(contents, "ethnicity", "share", "DECLINED") is None

    def test_every_characteristic_is_broken_down_by_grade(self, contents):
        tables = {table.id for table in contents.tables()}

        assert {f"{name}-by-grade" for name in ("ethnicity", "sex", "disability", "age_band")} <= tables
        assert "ethnicity-by-sex" in tables

    def test_pay_gap_by_sex_from_unrounded_pay(self, contents, rows):
        pay = {sex: [float(row["hourly_pay"]) for row in rows if row["sex"] == sex] for sex in "FM"}
        mean = {sex: sum(found) / len(found) for sex, found in pay.items()}

        gap = value(contents, "pay-by-sex", "mean_gap", "F")

        assert gap.value == pytest.approx(100 * (mean["M"] - mean["F"]) / mean["M"], abs=0.5)
        assert gap.step == 1
        assert value(contents, "pay-by-sex", "mean_gap", "M").status == "[z]"

    def test_what_pay_of_too_few_cannot_say_is_said(self, organisation):
        accepted(organisation, as_csv(staff(90)))
        contents = contents_of(organisation)
        said = paragraphs(contents, "pay")

        assert value(contents, "pay-by-ethnicity", "headcount", "_minority").value < 30
        assert value(contents, "pay-by-ethnicity", "mean_gap", "_minority").status == "[u]"
        assert (
            "There are too few people to say how the pay of people from ethnic groups other than White compares with "
            "that of White people: this needs 30 in each group [u]."
        ) in said
        assert "Quarters of pay are split by ethnic group for 120 people or more [u]." in said
        assert not any("split by sex" in text for text in said)

    def test_small_groups_have_no_pay_gap(self, contents, rows):
        assert sum(row["ethnicity"] == "19" for row in rows) < 30

        assert value(contents, "pay-by-ethnicity", "mean_gap", "OTHER").status == "[u]"

    def test_quarters_of_pay_are_those_of_the_people(self, contents, rows):
        best = sorted(rows, key=lambda row: -float(row["hourly_pay"]))[:100]

        upper = {code: value(contents, "pay-quarters-by-sex", "headcount", "UPPER", code).value for code in "FM"}
        all_of_them = [value(contents, "pay-quarters-by-sex", "headcount", row, "_total").value for row in PAY_QUARTERS]

        assert upper == {sex: sum(row["sex"] == sex for row in best) for sex in "FM"}
        assert all_of_them == [100] * 4

    def test_quarters_of_pay_are_said_with_what_they_rest_on(self, organisation):
        rows = [{"sex": "FFM"[n % 3], "hourly_pay": str(100 - n)} for n in range(80)]
        accepted(organisation, as_csv(rows))
        contents = contents_of(organisation)

        share = value(contents, "pay-quarters-by-sex", "share", "UPPER", "F")
        assert (share.value, limits(share)) == (70.0, in_percent(proportion_confint(14, 20, method="wilson")))
        assert any(
            "women are 70.0% of the highest paid quarter (14 of 20; 95% interval 48.1 to 85.5%)" in text
            for text in paragraphs(contents, "pay")
        )

    def test_that_quarters_are_equally_large_is_known_to_whoever_reads_of_them(self, contents):
        """Of the best paid quarter only the men are printed: no more women are in it than find room."""
        document = contents.as_json()
        men = value(contents, "pay-quarters-by-sex", "headcount", "UPPER", "M").value
        for block in (b for s in document["sections"] for b in s["blocks"] if b.get("id") == "pay-quarters-by-sex"):
            for cell in block["cells"]:
                if cell["dims"]["hourly_pay"] != "GIVEN" and cell["dims"]["sex"] != "M":
                    cell.update(value=None, low=None, high=None, status="[c]")

        found = attack_report(document, exact=True, margins=False)

        (upper,) = (one for one in found.intervals if one.codes == {"hourly_pay": "UPPER", "sex": "F"})
        assert upper.high == 100 - men

    def test_names_its_source(self, contents):
        (dataset,) = contents.report["datasets"]

        assert dataset["rows"] == 400
        assert len(dataset["sha256"]) == 64

    def test_says_what_was_not_collected(self, contents):
        assert any("Not collected [x]" in text and "religion" in text for text in paragraphs(contents, "workforce"))

    def test_gives_nothing_away(self, contents):
        attacked = attack_report(contents.as_json())

        assert attacked.intervals
        assert attacked.broken == ()


def limits(cell):
    return (cell.low, cell.high)


def in_percent(pair, most=0.051):
    return tuple(pytest.approx(100 * limit, abs=most) for limit in pair)


class TestIntervals:
    """From the numbers that are printed, by the formulas of statsmodels."""

    @pytest.fixture(scope="class")
    @classmethod
    def contents(cls, undone):
        with undone():
            organisation = make_organisation("north-east")
            accepted(organisation, as_csv(staff(400)), period="2026-Q2")
            accepted(organisation, as_csv(staff(420, seed=2)))
            return contents_of(organisation)

    @pytest.mark.parametrize(("name", "code"), [("sex", "F"), ("ethnicity", "_minority"), ("age_band", "30-39")])
    def test_of_a_share_are_wilsons(self, contents, name, code):
        part, declared = (value(contents, name, "headcount", one).value for one in (code, "_declared"))

        assert limits(value(contents, name, "share", code)) == in_percent(
            proportion_confint(part, declared, method="wilson")
        )

    def test_of_a_declaration_rate_are_wilsons(self, contents):
        declared, everybody = (
            value(contents, "disability", "headcount", code).value for code in ("_declared", "_total")
        )

        assert limits(value(contents, "disability", "declaration_rate", "_total")) == in_percent(
            proportion_confint(declared, everybody, method="wilson")
        )

    def test_of_a_change_of_share_are_newcombes(self, contents):
        now, declared = (value(contents, "sex", "headcount", code).value for code in ("F", "_declared"))
        then, asked = (
            number - value(contents, "sex", "change", code).value
            for code, number in (("F", now), ("_declared", declared))
        )

        assert limits(value(contents, "sex", "change_share", "F")) == in_percent(
            confint_proportions_2indep(now, declared, then, asked, compare="diff", method="newcomb")
        )

    def test_of_a_mean_pay_gap_hold_it_and_a_median_gap_has_none(self, contents):
        gap = value(contents, "pay-by-sex", "mean_gap", "F")

        assert gap.low < gap.value < gap.high
        assert limits(value(contents, "pay-by-sex", "median_gap", "F")) == (None, None)

    def test_there_are_none_where_there_is_no_value(self, contents):
        without = [cell for table in contents.tables() for cell in table.cells if cell.value is None]

        assert without
        assert all(limits(cell) == (None, None) for cell in without)


def printed_counts(contents):
    """Every number of people that a table prints, of this quarter or, by a change, of the one before."""
    counts = {c.value for t in contents.tables() for c in t.cells if c.measure in {"headcount", "in_grade", "senior"}}
    for table in contents.tables():
        for cell in table.cells:
            if cell.measure == "change" and cell.value is not None:
                counts.add(table.find("headcount", *cell.dims.values()).value - cell.value)
    return counts


def counts_said(contents):
    """Every count out of another in the words of the report."""
    texts = [b.text for s in contents.sections if s.id != "findings" for b in s.blocks if isinstance(b, Paragraph)]
    texts += contents.at_a_glance()
    pairs = re.findall(r"([\d,]+)(?: people)? of ([\d,]+)", " ".join(texts))
    pairs += re.findall(r"compares ([\d,]+) .*? with ([\d,]+) ", " ".join(texts))
    return {int(number.replace(",", "")) for pair in pairs for number in pair}


class TestWhatIsWorkedOut:
    """A ratio, an interval and a sentence tell nothing that the printed counts do not: each follows from them alone."""

    @pytest.fixture(scope="class", params=["all shown", "much hidden", "city"])
    @classmethod
    def contents(cls, request, undone):
        with undone():
            organisation = make_organisation("north-east")
            if request.param == "city":
                accepted(organisation, city_staff(), mapping=MAPPING)
            else:
                size, seed = (400, 3) if request.param == "all shown" else (140, 9)
                accepted(organisation, as_csv(staff(size - 10)), period="2026-Q2")
                accepted(organisation, as_csv(staff(size, seed=seed)))
            return contents_of(organisation)

    def test_shares_and_their_limits(self, contents):
        for table in contents.tables():
            for cell in table.cells:
                if cell.measure == "share" and cell.value is not None:
                    *quarter, code = (cell.dims[name] for name in table.dimensions)
                    part, declared = (table.find("headcount", *quarter, one).value for one in (code, "_declared"))
                    assert cell.value == pytest.approx(100 * part / declared, abs=0.051)
                    assert limits(cell) == in_percent(proportion_confint(part, declared, method="wilson"))

    def test_senior_grades(self, contents):
        for table in contents.tables():
            if table.id.startswith("senior-by-"):
                (name,) = table.dimensions
                by_grade = contents.table(f"{name}-by-grade")
                for code in table.rows:
                    assert table.find("in_grade", code).value == known_grade(by_grade, name, code)
                    assert table.find("senior", code).value == senior(by_grade, name, code)

    def test_sentences(self, contents):
        assert counts_said(contents)
        assert counts_said(contents) <= printed_counts(contents)

    def test_pay_gaps_have_both_counts(self, contents):
        for name, comparator in (("sex", "M"), ("ethnicity", "WHITE")):
            for cell in contents.table(f"pay-by-{name}").cells if f"pay-by-{name}" in ids(contents) else ():
                if cell.measure == "mean_gap" and cell.value is not None:
                    least = 30 if name == "ethnicity" else 10
                    for code in (comparator, *cell.dims.values()):
                        assert value(contents, f"pay-by-{name}", "headcount", code).value >= least


def ids(contents):
    return {table.id for table in contents.tables()}


def cell_of(by_grade, name, code, grade):
    return by_grade.find("headcount", *({name: code, "grade": grade}[d] for d in by_grade.dimensions)).value


def known_grade(by_grade, name, code):
    """From the printed table by grade; None where that hides any of what is needed for the comparison."""
    everybody, unknown = (cell_of(by_grade, name, code, grade) for grade in ("_total", "_not_declared"))
    return None if None in (everybody, unknown, senior(by_grade, name, code)) else everybody - unknown


def senior(by_grade, name, code):
    counts = [cell_of(by_grade, name, code, grade) for grade in ("G6/G7", "SCS level", "_total", "_not_declared")]
    return None if None in counts else sum(counts[:2])


class TestSeniorGrades:
    def test_are_counted_from_the_people(self, organisation):
        rows = staff(400, seed=3)
        accepted(organisation, as_csv(rows))
        contents = contents_of(organisation)
        women = [row for row in rows if row["sex"] == "F"]

        assert value(contents, "senior-by-sex", "in_grade", "F").value == len(women)
        assert value(contents, "senior-by-sex", "senior", "F").value == sum(row["grade"] == "G7" for row in women)

    def test_compare_all_ethnic_minorities_together_and_no_other_table_lists_them(self, organisation):
        people = [("13", 300, 30), ("3", 60, 12), ("11", 40, 8)]  # ethnic group, people, of them in grade 7
        rows = [
            {"sex": "FM"[n % 2], "ethnicity": group, "grade": "G7" if n < senior else "EO", "hourly_pay": "20.00"}
            for group, size, senior in people
            for n in range(size)
        ]
        accepted(organisation, as_csv([row | {"person_ref": f"P{n}"} for n, row in enumerate(rows)]))
        contents = contents_of(organisation)

        listed = {table.id for table in contents.tables() if "_minority" in (*table.rows, *table.columns)}
        assert listed == {
            "ethnicity", "ethnicity-by-grade", "senior-by-ethnicity", "pay-by-ethnicity", "pay-quarters-by-ethnicity",
        }  # fmt: skip
        assert value(contents, "senior-by-ethnicity", "ratio", "_minority").value == 2.0
        assert any("20 of 100 (20.0%) against 30 of 300 (10.0%)" in text for text in paragraphs(contents, "senior"))

    def test_a_difference_is_said_with_both_counts(self, organisation):
        rows = [
            {
                "person_ref": f"P{n}",
                "sex": "F" if n < 200 else "M",
                "grade": "G7" if n % 200 < (20 if n < 200 else 60) else "EO",
            }
            for n in range(400)
        ]
        accepted(organisation, as_csv(rows))

        (said,) = paragraphs(contents_of(organisation), "senior")
        assert said.startswith(
            "Women were less likely than men to be in a senior grade, which is to their disadvantage: "
            "20 of 200 (10.0%) against 60 of 200 (30.0%), 0.33 times as likely (95% interval 0.21 to 0.53)"
        )

    def test_without_grades_are_not_guessed(self, organisation):
        accepted(organisation, brief())

        assert paragraphs(contents_of(organisation), "senior") == [
            "There are no senior grades to compare groups in [x]."
        ]


class TestThePopulation:
    @pytest.mark.parametrize(
        ("kind", "compared"), [("probation-region", True), ("inspectorate", True), ("employer", False)]
    )
    def test_is_that_of_england_and_wales_for_whoever_works_there(self, kind, compared):
        organisation = make_organisation("somewhere", kind=kind)
        accepted(organisation, brief())
        texts = paragraphs(contents_of(organisation), "workforce")

        assert any("England and Wales" in text for text in texts) == compared
        assert any("% of those who declared (" in text for text in texts)


class TestTooFewDeclared:
    def test_a_characteristic_below_the_threshold_is_not_split(self, organisation):
        rows = [row | {"disability": "UNKNOWN" if n % 2 else row["disability"]} for n, row in enumerate(staff(300))]
        accepted(organisation, as_csv(rows))
        contents = contents_of(organisation)

        assert value(contents, "disability", "headcount", "DISABLED").status == "[u]"
        assert value(contents, "disability", "headcount", "_declared").value is not None
        assert "disability-by-grade" not in {table.id for table in contents.tables()}
        assert any("not split further" in text for text in paragraphs(contents, "workforce"))

    def test_sixty_per_cent_is_enough(self, organisation):
        answers = ("UNKNOWN", "UNKNOWN", "DISABLED", "NOT_DISABLED", "NOT_DISABLED")
        rows = [row | {"disability": answers[n % 5]} for n, row in enumerate(staff(300))]
        accepted(organisation, as_csv(rows))

        assert value(contents_of(organisation), "disability", "headcount", "NOT_DISABLED").value == 120


class TestChange:
    def test_compares_with_the_quarter_before(self, organisation):
        before, now = unpaid(400), unpaid(420, seed=2)
        accepted(organisation, as_csv(before), period="2026-Q2")
        accepted(organisation, as_csv(now))
        contents = contents_of(organisation)
        women = [sum(row["sex"] == "F" for row in rows) for rows in (before, now)]

        assert value(contents, "sex", "change", "F").value == women[1] - women[0]
        assert value(contents, "sex", "change", "_total").value == 20

    def test_is_said_in_words_with_both_quarters_in_order(self, organisation):
        before, now = unpaid(400), unpaid(420, seed=2)
        accepted(organisation, as_csv(before), period="2026-Q2")
        accepted(organisation, as_csv(now))
        women, known = ([sum(row["sex"] in kind for row in rows) for rows in (before, now)] for kind in ("F", "FM"))

        (said,) = [text for text in paragraphs(contents_of(organisation), "workforce") if "share of women" in text]
        assert re.search(
            rf"{women[0]} of {known[0]} \(.*%\) in April to June 2026 to {women[1]} of {known[1]} \(.*%\) in July to "
            r"September 2026",
            said,
        )

    @pytest.mark.parametrize("published", [False, True], ids=["now", "then"])
    def test_is_hidden_where_the_quarter_before_hides(self, organisation, published):
        """Whether that quarter is protected with this one or was published by itself."""
        before = [row | {"ethnicity": "3" if n < 3 else "13"} for n, row in enumerate(unpaid(300))]
        now = [row | {"ethnicity": "3" if n < 60 else "13"} for n, row in enumerate(unpaid(300))]
        accepted(organisation, as_csv(before), period="2026-Q2")
        if published:
            make_published(organisation, "2026-Q2")
        accepted(organisation, as_csv(now))
        contents = contents_of(organisation)

        assert value(contents, "ethnicity", "headcount", "ASIAN").value == 60
        for measure in ("change", "change_share"):
            cell = value(contents, "ethnicity", measure, "ASIAN")
            assert (cell.value, *limits(cell), cell.status) == (None, None, None, "[c]")
        assert attack_report(contents.as_json()).broken == ()

    def test_is_not_available_where_the_quarter_before_did_not_ask(self, organisation):
        accepted(organisation, as_csv([{**row, "disability": ""} for row in unpaid(300)]), period="2026-Q2")
        accepted(organisation, as_csv(unpaid(310)))
        contents = contents_of(organisation)

        assert value(contents, "sex", "change", "_total").value == 10
        assert value(contents, "disability", "headcount", "DISABLED").value
        assert value(contents, "disability", "change", "DISABLED").status == "[x]"
        assert value(contents, "disability", "change_share", "DISABLED").status == "[x]"

    def test_agrees_with_what_was_published_of_the_quarter_before(self, organisation):
        accepted(organisation, as_csv(unpaid(400)), period="2026-Q2")
        published = Contents.from_json(make_published(organisation, "2026-Q2").contents)
        accepted(organisation, as_csv(unpaid(420, seed=2)))
        contents = contents_of(organisation)

        for cell in contents.table("sex").cells:
            if cell.measure == "change" and cell.value is not None:
                (code,) = cell.dims.values()
                now = value(contents, "sex", "headcount", code).value
                assert now - cell.value == value(published, "sex", "headcount", code).value

    def test_without_a_quarter_before_there_is_no_column(self, organisation):
        accepted(organisation, as_csv(staff(300)))

        assert "change" not in contents_of(organisation).table("sex").measures


class TestWordsAboutTheTables:
    """What a reader needs to read the tables stands in the report."""

    def test_a_table_of_broad_groups_says_so_and_by_which_list_people_answered(self, organisation):
        accepted(organisation, as_csv(staff(300)))
        contents = contents_of(organisation)

        said = "Shown in five groups; answered in Census 2021, 19 ethnic groups."
        assert contents.table("ethnicity").note == said
        assert any(text.endswith(said) for text in paragraphs(contents, "quality"))
        assert contents.table("sex").note == "Categories: GSS harmonised sex."

    def test_a_table_in_detail_names_its_list(self, organisation):
        rows = [{"person_ref": row["person_ref"], "ethnicity": row["ethnicity"]} for row in staff(1100)]
        accepted(organisation, as_csv(rows))

        assert contents_of(organisation).table("ethnicity").note == "Categories: Census 2021, 19 ethnic groups."

    def test_grades_are_explained_as_the_code_list_has_them(self, organisation):
        accepted(organisation, as_csv(staff(300)))

        (said,) = [text for text in paragraphs(contents_of(organisation), "method") if text.startswith("Grades:")]
        assert said == (
            "Grades: AA/AO means Administrative Assistant or Administrative Officer; EO means Executive Officer; HEO/SEO "
            "means Higher Executive Officer or Senior Executive Officer; G7/G6 means Grade 7 or Grade 6; SCS means Senior "
            "Civil Service."
        )

    def test_grades_are_not_explained_where_there_are_none(self, organisation):
        accepted(organisation, brief())

        assert not [text for text in paragraphs(contents_of(organisation), "method") if text.startswith("Grades:")]

    def test_the_summary_leads_to_the_symbols(self, organisation):
        accepted(organisation, brief())
        contents = contents_of(organisation)
        (signpost,) = [b for b in contents.sections[0].blocks if isinstance(b, Signpost)]

        assert "A hatched bar in a chart is a number that is hidden, not zero." in signpost.text
        assert len(paragraphs(contents, signpost.to)) == len(SYMBOLS) + 1

    @pytest.mark.parametrize(("disabled", "charted"), [(2, set()), (20, {"disability"})])
    def test_no_picture_is_drawn_of_hidden_numbers_alone(self, organisation, disabled, charted):
        rows = [
            {"person_ref": f"P{number}", "disability": "DISABLED" if number < disabled else "NOT_DISABLED"}
            for number in range(60)
        ]
        accepted(organisation, as_csv(rows))
        contents = contents_of(organisation)
        charts = [block for section in contents.sections for block in section.blocks if isinstance(block, ChartBlock)]

        shares = [value(contents, "disability", "share", code) for code in ("DISABLED", "NOT_DISABLED")]
        assert [share.status for share in shares] == ([None, None] if charted else ["[c]", "[c]"])
        assert {chart.table for chart in charts} == charted

    def test_findings_are_no_numbers_of_people(self, organisation):
        accepted(organisation, brief())

        said = paragraphs(contents_of(organisation), "hidden")[0]
        assert said.startswith("Numbers of people from 1 to 4")
        assert "numbers of findings are not people and are shown" in said


class TestCity:
    """Many tiny departments, foreign wordings, no staff numbers."""

    @pytest.fixture(scope="class")
    @classmethod
    def contents(cls, undone):
        with undone():
            organisation = make_organisation("north-east")
            accepted(organisation, city_staff(), mapping=MAPPING)
            return contents_of(organisation)

    def test_is_broken_down_by_department(self, contents):
        table = contents.table("ethnicity-by-organisation_unit")

        assert table.dimensions == ("organisation_unit", "ethnicity")
        assert sum(cell.status == "[c]" for cell in table.cells) > 30

    def test_gives_nothing_away(self, contents):
        assert attack_report(contents.as_json()).broken == ()

    def test_the_totals_of_each_characteristic_are_shown(self, contents):
        for name in ("ethnicity", "sex", "age_band"):
            assert value(contents, name, "headcount", "_total").value
            assert value(contents, name, "declaration_rate", "_total").value


class TestFindings:
    @pytest.fixture
    def inspection(self, organisation, inspectorate):
        return make_inspection(organisation, inspectorate)

    def test_are_counted_by_characteristic_theme_and_direction(self, organisation, inspection):
        make_finding(inspection)
        make_finding(inspection, direction="STRENGTH", theme="ACCESS", characteristics=["race"])
        contents = contents_of(organisation)

        assert value(contents, "findings-by-characteristic", "findings", "race", "_total").value == 2
        assert value(contents, "findings-by-characteristic", "findings", "religion_or_belief", "AREA").value == 1
        assert value(contents, "findings-by-theme", "findings", "ACCESS", "STRENGTH").value == 1
        assert value(contents, "findings-by-theme", "findings", "_total", "_total").value == 2

    def test_stand_in_the_report_in_their_own_words_with_what_follows(self, organisation, inspection):
        make_finding(inspection, statement="Nobody asked.", recommendation="Ask.", good_practice="A list.")
        section = next(s for s in contents_of(organisation).sections if s.id == "findings")
        (said,) = [block for block in section.blocks if isinstance(block, Statement)]

        assert said.text == "Nobody asked."
        assert ("Recommendation", "Ask.") in said.follows
        assert ("Good practice", "A list.") in said.follows

    def test_stand_in_the_inspectorates_report_too(self, inspectorate, inspection):
        make_finding(inspection)

        assert value(contents_of(inspectorate), "findings-by-theme", "findings", "_total", "_total").value == 1

    def test_that_were_withdrawn_do_not(self, organisation, inspection):
        from monitoring.inspections.recording import withdraw_finding

        make_finding(inspection)
        withdraw_finding(make_finding(inspection), reason="x", by=None)

        assert value(contents_of(organisation), "findings-by-theme", "findings", "_total", "_total").value == 1

    @pytest.mark.parametrize(
        ("cases", "seen", "printed"), [(6, 14, True), (0, 14, True), (3, 14, False), (12, 14, False)]
    )
    def test_a_small_number_of_cases_is_not_printed(self, organisation, inspection, cases, seen, printed):
        make_finding(inspection, cases=cases, cases_seen=seen)
        text = str(contents_of(organisation).as_json())

        assert (f"{cases} of {seen} cases" in text) == printed

    def test_a_private_note_is_never_in_a_report(self, organisation, inspection):
        make_finding(inspection, note="Ask the manager again")

        assert "Ask the manager" not in str(contents_of(organisation).as_json())

    def test_none_is_said_and_not_left_out(self, organisation):
        accepted(organisation)

        assert any("No diversity findings" in text for text in paragraphs(contents_of(organisation), "findings"))


class TestNothingThere:
    def test_neither_data_nor_findings_is_a_named_failure(self, organisation):
        report = make_draft(organisation)

        assert report.state == "failed"
        assert "no accepted data and no findings" in report.failure

    def test_findings_alone_make_a_report(self, organisation, inspectorate):
        make_finding(make_inspection(organisation, inspectorate))

        assert any("No workforce data" in text for text in paragraphs(contents_of(organisation), "workforce"))


class TestWayOfProtection:
    @pytest.mark.parametrize(
        ("way", "said"),
        [
            ({}, []),
            ({"nearby": True}, ["more may be hidden than need be"]),
            ({"nearby": True, "everything_hidden": True}, ["Only the number of people could be shown"]),
        ],
    )
    def test_is_said_where_more_is_hidden_than_need_be(self, organisation, monkeypatch, way, said):
        monkeypatch.setattr(building, "release", lambda *some, **more: replace(release(*some, **more), **way))
        accepted(organisation, brief())

        text = " ".join(paragraphs(contents_of(organisation), "hidden"))

        every = ("more may be hidden than need be", "Only the number of people could be shown")
        assert [sentence for sentence in every if sentence in text] == said


class TestTinyOrganisations:
    @pytest.mark.parametrize("size", [1, 3, 4, 5, 6, 9])
    def test_give_nothing_away(self, organisation, size):
        accepted(organisation, as_csv(staff(size)))
        contents = contents_of(organisation)

        assert attack_report(contents.as_json()).broken == ()
        assert contents.report["datasets"][0]["rows"] == (None if size < 5 else size)
