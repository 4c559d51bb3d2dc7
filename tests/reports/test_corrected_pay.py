"""Pay gaps of a corrected report, beside what its first version told of the same people."""

import pytest

from equality.tables import MINORITY
from reports import material
from reports.contents import Contents
from reports.models import Report, State
from reports.workforce import gaps_of
from tests.factories import accepted, as_csv, make_draft, make_published

pytestmark = pytest.mark.django_db

GROUPS = {
    "13": 90,
    "3": 41,
    "7": 35,
    "11": 4,
    "19": 4,
}  # White, Asian and Black people, and a few of mixed and other groups


@pytest.fixture
def first(organisation):
    people = [code for code, size in GROUPS.items() for _ in range(size)]
    rows = [
        {"person_ref": f"P{number}", "ethnicity": code, "hourly_pay": f"{20 + number % 7}"}
        for number, code in enumerate(people)
    ]
    accepted(organisation, as_csv(rows))
    return make_published(organisation)


def told_otherwise(report, **statuses):
    """As an earlier version of this service would have published it: other groups have a gap."""
    contents = report.contents
    (table,) = (
        block
        for section in contents["sections"]
        for block in section["blocks"]
        if block.get("id") == "pay-by-ethnicity"
    )
    for cell in table["cells"]:
        status = statuses.get(cell["dims"]["ethnicity"].strip("_"), cell["status"])
        if "gap" in cell["measure"]:
            cell |= {"value": None if status else 2.0, "low": None, "high": None, "status": status}
    Report.objects.filter(pk=report.pk).update(contents=contents)


def gaps_shown(report):
    table = Contents.from_json(report.contents).table("pay-by-ethnicity")
    return {cell.dims["ethnicity"] for cell in table.cells if cell.measure == "mean_gap" and cell.value is not None}


def test_the_whole_is_shown_beside_the_larger_part(first):
    assert first.state == State.PUBLISHED, first.failure
    assert gaps_shown(first) == {"ASIAN", MINORITY}


def test_the_whole_is_not_shown_where_the_first_version_told_of_both_parts(organisation, first):
    """With those it would be the pay of the few."""
    told_otherwise(first, BLACK=None, minority="[c]")

    second = make_published(organisation, correction_note="Wording")

    assert second.state == State.PUBLISHED, second.failure
    assert gaps_shown(second) == {"ASIAN", "BLACK"}


def test_another_part_is_kept_back_than_the_one_that_was_told(organisation, first):
    told_otherwise(first, BLACK=None, ASIAN="[c]")

    assert gaps_shown(make_draft(organisation, correction_note="Wording")) == {"BLACK", MINORITY}


def test_what_would_tell_of_a_few_is_not_published(organisation, first, monkeypatch):
    told_otherwise(first, BLACK=None, minority="[c]")
    monkeypatch.setattr(material, "gaps_of", lambda people, table, policy, _: gaps_of(people, table, policy))

    second = make_published(organisation, correction_note="Wording")

    assert second.state == State.FAILED
    assert second.failure.startswith(
        "What a few people are paid could be worked out: pay-by-ethnicity (Ethnic group: All ethnic groups other than "
    )
