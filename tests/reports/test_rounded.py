"""Reports under a policy that rounds: what follows from rounded numbers, and what would need exact ones."""

from copy import deepcopy
from itertools import product

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from equality.disclosure.attack import Rule
from equality.disclosure.averages import safe_gaps
from equality.disclosure.exchange import Mode
from equality.disclosure.policy import policy
from equality.disclosure.safe import Cell as SafeCell
from equality.disclosure.safe import Status
from equality.grouping import present
from equality.measures.proportions import wilson
from equality.tables import DECLARED, NOT_DECLARED, TOTAL
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

ROUNDED, CONTROLLED = policy("civil-service-2023"), policy("controlled-5")


def printed(count: int) -> SafeCell:
    low, high = ROUNDED.printed(count)
    return SafeCell(0) if not count else SafeCell(ROUNDED.rounded(count), None, low, high)


def controlled(count: int, *, up: bool = False) -> SafeCell:
    multiple = -(-count // 5) * 5 if up else count // 5 * 5
    return SafeCell(multiple, None, *CONTROLLED.stands_for(multiple))


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

    @given(st.integers(0, 200), st.integers(25, 200), st.booleans(), st.booleans())
    def test_their_limits_hold_those_of_the_true_numbers_whichever_way_these_went(self, part, whole, up, whole_up):
        part = min(part, whole)
        cell = percentage({}, "share", controlled(part, up=up), controlled(whole, up=whole_up))

        low, high = (100 * float(limit) for limit in wilson(part, whole))
        assert cell.low <= low <= high <= cell.high
        assert cell.low <= cell.value <= cell.high

    def test_of_what_may_be_nobody_cannot_be_said(self):
        """That it does not apply would say that it is nobody."""
        assert percentage({}, "share", controlled(0), controlled(0)).status == "[u]"

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


def published_in_two_quarters(undone, code):
    """What was published, one quarter after the other, and what is known of each since."""
    with undone(), override_settings(REPORT_POLICY=code):
        organisation = make_organisation("north-east")
        found = []
        for period, size in (("2026-Q2", 150), ("2026-Q3", 157)):
            accepted(organisation, as_csv(some(staff(size))), period=period)
            made = make_published(organisation, period)
            assert made.state == State.PUBLISHED, made.failure
            population = Population(organisation, "workforce", period)
            found.append((made.contents, remembered(population)))
    return found


def some(people):
    return [{name: person[name] for name in ("person_ref", "sex", "grade", "age_band")} for person in people]


def counts(document):
    return [
        cell
        for table in Contents.from_json(document).tables()
        for cell in table.cells
        if cell.measure == "headcount" and cell.value is not None
    ]


def hidden(document):
    return sum(cell.status == "[c]" for table in Contents.from_json(document).tables() for cell in table.cells)


def words_of(document):
    return {
        section.id: " ".join(
            text
            for block in section.blocks
            for text in ([block.text] if isinstance(block, Paragraph) else getattr(block, "items", ()))
        )
        for section in Contents.from_json(document).sections
    }


@pytest.fixture(scope="module")
def documents(undone):
    return published_in_two_quarters(undone, "civil-service-2023")


@pytest.mark.django_db
class TestAReport:
    @pytest.fixture
    def document(self, documents):
        return documents[1][0]

    def test_prints_multiples_of_five_with_their_ranges(self, document):
        shown = counts(document)

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
        words = words_of(document)
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


@pytest.fixture(scope="module")
def adding_up(undone):
    """Rounded so that tables add up."""
    return published_in_two_quarters(undone, "controlled-5")


@pytest.mark.django_db
class TestAReportThatAddsUp:
    @pytest.fixture
    def document(self, adding_up):
        return adding_up[1][0]

    def test_prints_multiples_of_five_with_their_ranges(self, document):
        shown = counts(document)

        assert {cell.value % 5 for cell in shown} == {0}
        assert {(cell.low, cell.high) for cell in shown if cell.value == 0} == {(0, 4), (0, 0)}
        unanswered = {NOT_DECLARED, *present("sex", ["GSS:F"]).dimension.groups[NOT_DECLARED]}
        assert {cell.dims["sex"] for cell in shown if cell.high == 0 and list(cell.dims) == ["sex"]} <= unanswered
        assert {(cell.low, cell.high) for cell in shown if cell.value == 10} == {(6, 14)}
        assert len(shown) > 40

    def test_adds_up(self, document):
        added = 0
        for table in Contents.from_json(document).tables():
            shown = {tuple(cell.dims.values()): cell.value for cell in table.cells if cell.measure == "headcount"}
            for key, axis in product(shown, range(len(table.dimensions))):
                whole, *parts = ((*key[:axis], code, *key[axis + 1 :]) for code in (TOTAL, DECLARED, NOT_DECLARED))
                numbers = [shown.get(one) for one in (whole, *parts)]
                if key == whole and None not in numbers:
                    assert numbers[0] == sum(numbers[1:]), (table.id, key)
                    added += 1
        assert added > 10

    def test_hides_less_than_a_report_that_hides_small_numbers(self, document, documents):
        assert hidden(document) < hidden(documents[1][0]) / 5

    def test_gives_nothing_away(self, adding_up):
        first, second = (contents for contents, _ in adding_up)

        attacked = attack_report(second, others=[first], exact=True)

        assert (attacked.opened, attacked.broken) == ((), ())
        assert attacked.margins_opened == ()

    def test_is_read_as_rounded_either_way_where_it_does_not_say_how_far(self, document):
        bare = deepcopy(document)
        for section in bare["sections"]:
            for one in section["blocks"]:
                for part in one["cells"] if one["type"] == "table" else ():
                    part["low"] = part["high"] = None

        forms = [one.printed for table in published_of(bare).tables if table.id == "sex" for one in table.cells]

        assert {form.mode for form in forms} == {Mode.ADJACENT}
        assert len(forms) > 3

    def test_says_how_it_rounds_and_what_a_zero_is(self, document):
        words = words_of(document)

        assert "rounded to a multiple of 5: a 5 stands for 1 to 9, and a 0 for nobody, or fewer" in words["hidden"]
        assert "0 nobody, or fewer than 5 people" in words["symbols"]
        assert "are hidden [c]. With the small numbers" not in words["hidden"]
        assert "All numbers of people are rounded to a multiple of 5." in words["summary"]

    def test_keeps_what_it_told_in_the_ledger(self, adding_up):
        told = {(said.low, said.high) for known in adding_up[1][1].told.values() for said in known}

        assert {(0, 4), (1, 9)} <= told
        assert all(high - low in {0, 4, 8} for low, high in told)
        assert {low for low, high in told if low == high} == {0}

    def test_is_rounded_the_same_way_when_it_is_corrected(self, settings):
        """A 3 that was 0 before and is 5 now would be 1 to 4."""
        settings.REPORT_POLICY = "controlled-5"
        organisation = make_organisation("north-east")
        accepted(organisation, as_csv(some(staff(150))))
        first = make_published(organisation)
        again = make_published(organisation, correction_note="One more finding.")

        assert again.state == State.PUBLISHED, again.failure
        assert [(cell.dims, cell.value) for cell in counts(again.contents)] == [
            (cell.dims, cell.value) for cell in counts(first.contents)
        ]


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
