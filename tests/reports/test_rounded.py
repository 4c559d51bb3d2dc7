"""Reports under a policy that rounds: what follows from rounded numbers, and what would need exact ones."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equality.disclosure.attack import Rule
from equality.disclosure.averages import safe_gaps
from equality.disclosure.policy import policy
from equality.disclosure.safe import Cell as SafeCell
from equality.disclosure.safe import Status
from equality.measures.proportions import wilson
from monitoring.figures.ledger import Population, remembered
from reports import publishing
from reports.attacking import attack_report, published_of
from reports.contents import Contents, Items, Paragraph
from reports.models import State
from reports.parts import attack_parts
from reports.percentages import percentage
from reports.rules import rules_broken
from tests.equality.disclosure.test_averages import pay
from tests.factories import accepted, as_csv, make_organisation, make_published, staff
from tests.factories.documents import block, cell, report

ROUNDED = policy("civil-service-2023")


def printed(count: int) -> SafeCell:
    low, high = ROUNDED.printed(count)
    return SafeCell(0) if not count else SafeCell(ROUNDED.rounded(count), None, low, high)


class TestPercentages:
    @given(st.integers(0, 200), st.integers(23, 200))
    def test_their_limits_hold_those_of_the_true_numbers(self, part, whole):
        part = 0 if 0 < (part := min(part, whole)) < 5 else part
        cell = percentage({}, "share", printed(part), printed(whole))

        low, high = (100 * float(limit) for limit in wilson(part, whole))
        assert cell.low <= low <= high <= cell.high
        assert cell.low <= cell.value <= cell.high
        assert cell.value == round(cell.value)

    @given(st.integers(5, 100), st.integers(23, 200), st.integers(-2, 2), st.integers(-2, 2))
    def test_are_the_same_for_all_numbers_that_are_printed_the_same(self, part, whole, more, others):
        whole = max(part, whole)
        one, other = (part, whole), (max(5, part + more), max(part + more, whole + others))
        alike = all(ROUNDED.rounded(a) == ROUNDED.rounded(b) for a, b in zip(one, other, strict=True))

        cells = [percentage({}, "share", *map(printed, pair)) for pair in (one, other)]
        assert not alike or cells[0] == cells[1]

    @pytest.mark.parametrize(("whole", "status"), [(22, "[u]"), (23, None)])
    def test_of_too_few_people_cannot_be_said(self, whole, status):
        assert percentage({}, "share", printed(10), printed(whole)).status == status

    @pytest.mark.parametrize("part", [SafeCell(None, Status.CONFIDENTIAL), printed(20)])
    def test_of_hidden_numbers_are_hidden(self, part):
        whole = printed(50) if part.status else SafeCell(None, Status.CONFIDENTIAL)

        assert percentage({}, "share", part, whole).status == "[c]"

    def test_of_nobody_do_not_apply(self):
        assert percentage({}, "share", printed(0), printed(0)).status == "[z]"

    def test_are_never_above_a_hundred(self):
        """53 of 53 are printed as 55 of 53, where everybody is known."""
        assert percentage({}, "declaration_rate", printed(53), SafeCell(53)).value == 100


class TestPay:
    def gap(self, women, summary=pay(11)):  # noqa: B008
        groups = {"M": pay(50, 25), "F": summary}
        return safe_gaps(groups, "M", ROUNDED, special=False, people={"M": (48, 52), "F": women})["F"]

    def test_averages_rest_on_how_many_there_certainly_are(self):
        """11 women are printed as 10, which may be 8."""
        assert self.gap((8, 12)).status is Status.TOO_FEW
        assert self.gap((11, 12)).mean is not None

    def test_that_nobody_has_pay_is_said_only_where_nobody_is_printed(self):
        """A 0 that may be up to 4 is no more of a nobody because it is one."""
        assert self.gap((0, 0), None).status is Status.NOT_APPLICABLE
        assert self.gap((0, 4), None).status is self.gap((0, 4), pay(3)).status is Status.TOO_FEW

    @pytest.mark.parametrize(
        ("black", "broken"),
        [
            (None, {Rule.AVERAGE_OF_FEW}),  # 75 less 40 and 35: of nobody to 6
            ((35, 33, 37), set()),  # certainly 33
        ],
    )
    def test_what_is_left_over_of_a_whole_is_as_many_as_there_may_be(self, black, broken):
        people = {"WHITE": (90, 88, 92), "MINORITY": (75, 73, 77), "ASIAN": (40, 38, 42), "MIXED": (35, 33, 37)}
        if black:
            people |= {"MINORITY": (110, 108, 112), "BLACK": black}
        gaps = {"MINORITY": 5, "ASIAN": 10, "MIXED": 5, "BLACK": None}
        cells = [
            cell("headcount", value, None, low, high, ethnicity=code) for code, (value, low, high) in people.items()
        ]
        cells += [
            cell("mean_gap", gaps[code], None if gaps[code] else "[c]", ethnicity=code)
            for code in people
            if code != "WHITE"
        ]
        cells.append(cell("mean_gap", None, "[z]", ethnicity="WHITE"))
        parts = ["ASIAN", "BLACK", "MIXED"]
        ethnicity = {"label": "Ethnicity", "leaves": ["WHITE", *parts], "groups": {"MINORITY": parts}}
        document = report(block("pay-by-ethnicity", ["ethnicity"], cells), ethnicity=ethnicity)

        assert {one.rule for one in rules_broken(document, policy=ROUNDED)} == broken


@pytest.fixture(scope="module")
def documents(undone):
    """Of two quarters, published one after the other."""
    with undone(), pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.conf.settings.REPORT_POLICY", "civil-service-2023")
        organisation = make_organisation("north-east")
        found = []
        for period, size in (("2026-Q2", 150), ("2026-Q3", 157)):
            rows = [{name: row[name] for name in ("person_ref", "sex", "grade", "age_band")} for row in staff(size)]
            accepted(organisation, as_csv(rows), period=period)
            made = make_published(organisation, period)
            assert made.state == State.PUBLISHED, made.failure
            population = Population(organisation, "workforce", period)
            found.append((made.contents, remembered(population)))
    return found


@pytest.mark.django_db
class TestAReport:
    @pytest.fixture
    def document(self, documents):
        return documents[1][0]

    def counts(self, document):
        return [
            cell
            for table in Contents.from_json(document).tables()
            for cell in table.cells
            if cell.measure == "headcount" and cell.value is not None
        ]

    def test_prints_multiples_of_five_with_their_ranges(self, document):
        shown = self.counts(document)

        assert {cell.value % 5 for cell in shown} == {0}
        assert {cell.low for cell in shown if cell.value == 5} == {5}
        assert all(cell.low <= cell.value <= cell.high for cell in shown if cell.value)
        assert len(shown) > 20

    def test_gives_nothing_away(self, documents):
        first, second = (contents for contents, _ in documents)

        assert attack_report(second, others=[first]).broken == ()

    def test_is_read_with_how_many_rows_its_file_had(self, document):
        (table,) = [table for table in published_of(document).tables if table.id == "datasets"]

        assert document["report"]["datasets"][0]["rows"] == table.cells[0].printed.value == 157

    def test_keeps_what_it_told_in_the_ledger(self, documents):
        told = [said for known in documents[1][1].told.values() for said in known]

        assert any(said.high - said.low == 4 for said in told)
        assert all(said.low >= 5 or said.high == 0 for said in told)

    def test_says_what_it_does_not_compare_and_why(self, document):
        words = {
            section.id: " ".join(block.text for block in section.blocks if isinstance(block, Paragraph))
            for section in Contents.from_json(document).sections
        }
        measures = {measure for table in Contents.from_json(document).tables() for measure in table.measures}

        assert "Changes from the quarter before are not given" in words["workforce"]
        assert "Groups are not compared where numbers are rounded" in words["senior"]
        assert "a 5 stands for 5 to 7, and a 0 for nobody" in words["hidden"]
        assert "none of a group gave a certain answer to a sensitive question" in words["hidden"]
        assert measures == {"headcount", "share", "declaration_rate"}

    def test_defines_only_what_it_gives(self, document):
        lists = [
            block.items
            for section in Contents.from_json(document).sections
            for block in section.blocks
            if isinstance(block, Items)
        ]
        defined = {item.partition(":")[0] for items in lists for item in items}

        assert {"Share", "Declaration rate"} <= defined
        assert defined.isdisjoint({"Change", "Ratio"})

    @pytest.mark.parametrize(("measure", "more"), [("share", 0.3), ("share", 1), ("declaration_rate", -1)])
    def test_a_percentage_of_exact_numbers_is_refused(self, document, measure, more):
        leaking = deepcopy(document)
        cell = next(
            cell
            for section in leaking["sections"]
            for block in section["blocks"]
            if block.get("id") == "sex"
            for cell in block["cells"]
            if cell["measure"] == measure and cell["value"] is not None
        )
        cell["value"] += more

        assert [one.rule for one in rules_broken(leaking)] == [Rule.NOT_OF_ROUNDED]
        assert rules_broken(document) == []

    def test_a_change_is_refused(self, document):
        leaking = deepcopy(document)
        table = next(
            block for section in leaking["sections"] for block in section["blocks"] if block.get("id") == "sex"
        )
        table["cells"].append({**cell("change", 2, sex="F"), "step": None})

        assert Rule.NOT_OF_ROUNDED in {one.rule for one in rules_broken(leaking)}


@pytest.mark.django_db
class TestBesideExactReports:
    def published(self, organisation, women, settings, code, period="2026-Q3", **more):
        settings.REPORT_POLICY = code
        rows = [{"person_ref": f"P{at}", "sex": "F" if at < women else "M"} for at in range(100)]
        if not more:
            accepted(organisation, as_csv(rows), period=period)
        made = make_published(organisation, period, **more)
        assert made.state == State.PUBLISHED, made.failure
        return Contents.from_json(made.contents).table("sex")

    def test_what_was_printed_exactly_stays_known(self, settings):
        """A correction under another policy: 60 women were printed, and are 60 (58 to 62) in the new version."""
        organisation = make_organisation("north-east")
        self.published(organisation, 60, settings, "published-2026")
        again = self.published(organisation, 60, settings, "civil-service-2023", correction_note="Rounded")

        known = remembered(Population(organisation, "workforce", "2026-Q3")).told
        women = next(said for region, said in known.items() if ("sex", frozenset({"F"})) in region.within)
        assert [(one.low, one.high) for one in women] == [(60, 60), (58, 62)]
        assert again.find("headcount", "F").value == 60

    def test_a_region_and_its_unit_are_rounded_together(self, settings, monkeypatch):
        """All but three of the region work in the unit: 60 women are 58 to 62, and so are 58."""
        region, tried = make_organisation("north"), []
        whole = self.published(region, 60, settings, "civil-service-2023")
        unit = make_organisation("durham", parent=region)

        def attacked(*args):
            tried.append(attack_parts(*args))
            return tried[-1]

        monkeypatch.setattr(publishing, "attack_parts", attacked)
        accepted(unit, as_csv([{"person_ref": f"P{at}", "sex": "F" if at < 58 else "M"} for at in range(97)]))
        part = make_published(unit)

        assert part.state == State.PUBLISHED, part.failure
        assert whole.find("headcount", "F").value == 60
        ((together, found),) = tried
        assert together.links[0].joiners == (3, 3)
        assert found.broken == ()
