"""Reports of an organisation and of its parts: what a reader learns who takes the one from the other."""

import pytest

from monitoring.audit.models import Event
from reports import publishing
from reports.models import State
from tests.factories import accepted, as_csv, make_organisation, make_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return make_organisation("north")


def publish(organisation, women, men, period="2026-Q3"):
    rows = [{"person_ref": f"P{number}", "sex": "F" if number < women else "M"} for number in range(women + men)]
    accepted(organisation, as_csv(rows), period=period)
    return make_published(organisation, period)


def taken(report):
    return Event.objects.get(act="report.published", subject=report.audit_name).details["attack"]["taken"]


def test_a_part_that_leaves_a_few_is_not_published(region):
    """70 women in the region, 67 in the unit: three are elsewhere."""
    publish(region, 70, 60)

    unit = publish(make_organisation("durham", parent=region), 67, 40)

    assert unit.state == State.FAILED
    assert unit.failure.startswith(
        "With what North published about the same quarter, 1 hidden number could be worked out"
    )
    assert "North without Durham (Sex: Female)" in unit.failure
    assert unit.failure.endswith("Nothing was published. Of the two reports only one can be public.")


def test_a_whole_that_leaves_a_few_is_not_published(region):
    publish(make_organisation("durham", parent=region), 67, 40)

    assert publish(region, 70, 60).failure.startswith("With what Durham published about the same quarter")


def test_a_part_that_leaves_many_is_published(region):
    publish(region, 70, 60)

    unit = publish(make_organisation("durham", parent=region), 40, 30)

    assert unit.state == State.PUBLISHED
    assert taken(unit) == [["North", "Durham"]]


def test_parts_are_taken_from_the_whole_together(region):
    """Each leaves 30 women or more, both leave two."""
    publish(region, 70, 60)
    first = publish(make_organisation("durham", parent=region), 38, 30)

    second = publish(make_organisation("leeds", parent=region), 30, 20)

    assert first.state == State.PUBLISHED
    assert second.failure.startswith("With what North and Durham published")


def test_a_whole_is_taken_apart_by_all_its_parts_together(region):
    for name, women in (("durham", 38), ("leeds", 30)):
        assert publish(make_organisation(name, parent=region), women, 25).state == State.PUBLISHED

    assert publish(region, 70, 60).failure.startswith("With what Durham and Leeds published")


def test_parts_of_parts_are_parts(region):
    middle = make_organisation("durham", parent=region)
    publish(region, 70, 60)

    assert publish(make_organisation("city", parent=middle), 67, 40).state == State.FAILED


def test_a_part_of_a_part_is_not_added_to_it(region):
    """The unit of 40 women holds the office of 25: 30 are elsewhere, not five."""
    unit = make_organisation("durham", parent=region)
    publish(make_organisation("city", parent=unit), 25, 20)
    publish(unit, 40, 30)

    report = publish(region, 70, 60)

    assert report.state == State.PUBLISHED
    assert taken(report) == [["North", "City"], ["North", "Durham"]]


def test_whoever_is_in_a_part_and_not_in_the_whole_is_no_part_of_it(region):
    publish(region, 70, 60)

    unit = publish(make_organisation("durham", parent=region), 72, 30)

    assert unit.state == State.PUBLISHED
    assert taken(unit) == []


@pytest.mark.parametrize(("period", "below"), [("2026-Q2", True), ("2026-Q3", False)])
def test_other_quarters_and_other_organisations_are_no_parts(region, period, below):
    publish(region, 70, 60)

    other = publish(make_organisation("durham", parent=region if below else None), 67, 40, period)

    assert other.state == State.PUBLISHED
    assert taken(other) == []


def test_what_is_published_while_a_report_is_attacked_counts_too(region, monkeypatch):
    """As by another worker: once the unit was attacked, before it is public."""
    unit = make_organisation("durham", parent=region)
    draw = publishing.draw_all

    def meanwhile(contents):
        if contents.report["organisation"] == unit.slug and not region.reports.exists():
            publish(region, 70, 60)
        return draw(contents)

    monkeypatch.setattr(publishing, "draw_all", meanwhile)

    assert publish(unit, 67, 40).failure.startswith("With what North published about the same quarter")
