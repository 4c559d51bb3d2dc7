"""Reports of an organisation and of its parts: a reader can take the one from the other."""

from random import Random

import pytest

from monitoring.audit.models import Event
from monitoring.figures import releasing
from reports import publishing
from reports.contents import Contents
from reports.models import Report, State
from tests.factories import accepted, as_csv, make_organisation, make_published, staff
from tests.factories.reports import make_signed
from tests.factories.submissions import do_waiting_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return make_organisation("north")


@pytest.fixture
def unprotected(monkeypatch):
    """Reports that are protected as if there were no other organisation."""
    monkeypatch.setattr(releasing, "beside", lambda *_: [])


def publish(organisation, women, men, period="2026-Q3"):
    rows = [{"person_ref": f"P{number}", "sex": "F" if number < women else "M"} for number in range(women + men)]
    return publish_rows(organisation, rows, period)


def publish_rows(organisation, rows, period="2026-Q3"):
    accepted(organisation, as_csv(rows), period=period)
    return make_published(organisation, period)


def taken(report):
    return Event.objects.get(act="report.published", subject=report.audit_name).details["attack"]["taken"]


def women(report):
    return Contents.from_json(report.contents).table("sex").find("headcount", "F").value


class TestProtection:
    def test_of_a_part_hides_what_would_leave_a_few(self, region):
        """70 women in the region, 67 in the unit: three are elsewhere."""
        whole = publish(region, 70, 60)

        unit = publish(make_organisation("durham", parent=region), 67, 40)

        assert (women(whole), women(unit)) == (70, None)
        assert taken(unit) == [["North", "Durham"]]

    def test_of_a_whole_hides_what_would_leave_a_few(self, region):
        unit = publish(make_organisation("durham", parent=region), 67, 40)

        whole = publish(region, 70, 60)

        assert (women(unit), women(whole)) == (67, None)

    def test_says_with_whom_it_is_protected(self, region):
        whole = publish(region, 70, 60)

        unit = publish(make_organisation("durham", parent=region), 67, 40)

        assert [report.price["beside"] for report in (whole, unit)] == [[], ["North"]]
        assert "North published figures about the same quarter" in str(unit.contents)
        assert "published figures about the same quarter" not in str(whole.contents)

    def test_names_whom_a_few_elsewhere_give_away(self, region):
        """68 women and 59 men of 70 and 60: that three are elsewhere is public, and that all of them declared."""
        publish(region, 70, 60)

        unit = publish(make_organisation("durham", parent=region), 68, 59)

        assert unit.price["exposed"] == [
            "Everybody (North without Durham)",
            "Sex: All declared (North without Durham)",
        ]

    def test_hides_nothing_where_many_are_left(self, region):
        publish(region, 70, 60)

        assert women(publish(make_organisation("durham", parent=region), 40, 30)) == 40

    def test_takes_all_parts_from_the_whole_together(self, region):
        """Each leaves 30 women or more, both leave two."""
        publish(region, 70, 60)
        first = publish(make_organisation("durham", parent=region), 38, 30)

        second = publish(make_organisation("leeds", parent=region), 30, 20)

        assert (women(first), women(second)) == (38, None)
        assert taken(second) == [["North", "Leeds"], ["North", "Leeds", "Durham"]]

    def test_of_a_whole_adds_its_parts_up(self, region):
        for name, number in (("durham", 38), ("leeds", 30)):
            assert women(publish(make_organisation(name, parent=region), number, 25)) == number

        whole = publish(region, 70, 60)

        assert women(whole) is None
        assert ["North", "Durham", "Leeds"] in taken(whole)

    def test_knows_that_parts_of_parts_are_parts(self, region):
        middle = make_organisation("durham", parent=region)
        publish(region, 70, 60)

        assert women(publish(make_organisation("city", parent=middle), 67, 40)) is None

    def test_does_not_add_a_part_to_one_that_contains_it(self, region):
        """The unit of 40 women holds the office of 25: 30 are elsewhere, not five."""
        unit = make_organisation("durham", parent=region)
        publish(make_organisation("city", parent=unit), 25, 20)
        publish(unit, 40, 30)

        report = publish(region, 70, 60)

        assert women(report) == 70
        assert taken(report) == [["North", "City"], ["North", "Durham"]]

    @pytest.mark.parametrize(("period", "below"), [("2026-Q2", True), ("2026-Q3", False)])
    def test_minds_no_other_quarters_and_organisations(self, region, period, below):
        publish(region, 70, 60)

        other = publish(make_organisation("durham", parent=region if below else None), 67, 40, period)

        assert women(other) == 67
        assert taken(other) == []

    @pytest.mark.parametrize("seed", [0, 2, 3, 4])
    def test_leaves_nothing_that_the_attacker_opens(self, region, seed):
        """Of several characteristics by grade, with units that the part is not, and in any order."""
        random = Random(seed)
        kept = ("person_ref", "sex", "ethnicity", "grade") if seed % 2 else ("person_ref", "sex", "disability")
        rows = [
            {**{name: row[name] for name in kept}, "organisation_unit": random.choice(("East", "West"))}
            for row in staff(260, seed)
        ]
        some = [{**row, "organisation_unit": "Team"} for row in random.sample(rows, random.choice((120, 200, 250)))]
        unit = make_organisation("durham", parent=region)
        order = [(region, rows), (unit, some)] if seed % 3 else [(unit, some), (region, rows)]

        reports = [publish_rows(*one) for one in order]

        assert [report.state for report in reports] == [State.PUBLISHED] * 2, [report.failure for report in reports]
        assert taken(reports[1]) == [["North", "Durham"]]


@pytest.mark.usefixtures("unprotected")
class TestAttack:
    def test_finds_a_few_that_a_part_leaves(self, region):
        publish(region, 70, 60)

        unit = publish(make_organisation("durham", parent=region), 67, 40)

        assert unit.state == State.FAILED
        assert unit.failure.startswith(
            "With what North published about the same quarter, 1 hidden number could be worked out: in no table, North "
            "without Durham (Sex: Female)."
        )
        assert unit.failure.endswith("Nothing was published. These reports cannot all be public.")

    def test_finds_a_few_that_are_left_of_a_whole(self, region):
        publish(make_organisation("durham", parent=region), 67, 40)

        assert publish(region, 70, 60).failure.startswith("With what Durham published about the same quarter")

    def test_takes_all_parts_together(self, region):
        publish(region, 70, 60)
        first = publish(make_organisation("durham", parent=region), 38, 30)

        second = publish(make_organisation("leeds", parent=region), 30, 20)

        assert first.state == State.PUBLISHED
        assert second.failure.startswith("With what North and Durham published")

    def test_adds_the_parts_of_a_whole_up(self, region):
        for name, number in (("durham", 38), ("leeds", 30)):
            publish(make_organisation(name, parent=region), number, 25)

        assert publish(region, 70, 60).failure.startswith("With what Durham and Leeds published")

    def test_takes_no_part_from_a_whole_that_has_fewer_people(self, region):
        publish(region, 70, 60)

        unit = publish(make_organisation("durham", parent=region), 72, 30)

        assert unit.state == State.PUBLISHED
        assert taken(unit) == []


class TestMeanwhile:
    def test_a_part_of_a_whole_that_has_no_report_shares_nobody_with_its_neighbour(self, region):
        first, second = (make_organisation(name, parent=region) for name in ("durham", "leeds"))
        accepted(first, as_csv([{"person_ref": f"P{number}", "sex": "F"} for number in range(40)]))
        signed = make_signed(first)
        publish(second, 38, 30)

        publishing.publish(signed, by=signed.signed_by)
        do_waiting_work()
        signed.refresh_from_db()

        assert (signed.state, signed.failure) == (State.PUBLISHED, "")

    def test_a_draft_is_built_again_where_a_report_about_the_same_people_came_before_it(self, region, monkeypatch):
        """As by another worker: once the unit was attacked, before it is public."""
        unit = make_organisation("durham", parent=region)
        draw = publishing.draw_all

        def meanwhile(contents):
            if contents.report["organisation"] == unit.slug and not region.reports.exists():
                publish(region, 70, 60)
            return draw(contents)

        monkeypatch.setattr(publishing, "draw_all", meanwhile)

        late = publish(unit, 67, 40)

        assert late.failure == "Another report about the same people was published meanwhile. Build this one again."
        assert Report.objects.published().get().organisation == region
