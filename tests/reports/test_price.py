"""What protection costs a report, and the proof that is kept with it."""

from unittest import mock

import pytest

from equality.disclosure.policy import PUBLISHED
from equality.disclosure.price import is_two_way
from monitoring.demonstration.people import as_csv as demonstration_csv
from monitoring.demonstration.people import quarters
from monitoring.demonstration.story import employers
from monitoring.figures.counting import people_of
from monitoring.figures.releasing import open_certificate
from monitoring.vault.models import SealedDocument
from reports import building
from reports.building import draft_of
from reports.contents import Contents
from reports.models import Report, State
from reports.price import share_hidden, unlinked_quarters, untried, with_broad_groups, without
from reports.workforce import plan
from tests.factories import accepted, as_csv, brief, make_draft, make_finding, make_inspection, make_published, staff
from tests.factories.reports import give_away

pytestmark = pytest.mark.django_db


def table(name, small=0, others=0, cells=20):
    return {"id": name.lower(), "title": name, "cells": cells, "small": small, "others": others}


def price(*tables, **more):
    return {"tables": list(tables), "without": {}, "broader": {}, **more}


@pytest.fixture
def detailed(organisation):
    """Ethnic groups in detail, and by sex."""
    rows = [{name: person[name] for name in ("ethnicity", "sex")} for person in staff(1100)]
    accepted(organisation, as_csv(rows))


class TestTheCertificate:
    def test_is_kept_with_the_draft_and_can_be_read_again(self, organisation):
        accepted(organisation, brief())

        report = make_draft(organisation)

        kept = open_certificate(report.certificate)
        assert kept.policy == "published-2026"
        assert kept.claims
        assert kept.witnesses

    def test_of_a_draft_that_is_built_again_is_the_new_one(self, organisation):
        accepted(organisation, brief())
        first = make_draft(organisation).certificate

        again = make_draft(organisation)

        assert again.certificate != first
        assert not SealedDocument.objects.filter(pk=first.pk).exists()

    def test_stays_with_what_is_published(self, organisation):
        accepted(organisation, brief())

        report = make_published(organisation)

        assert open_certificate(report.certificate).claims

    def test_is_not_there_where_nothing_was_protected(self, organisation, inspectorate):
        make_finding(make_inspection(organisation, inspectorate))

        report = make_draft(organisation)

        assert (report.state, report.certificate, report.price) == (State.DRAFT, None, {})

    def test_of_a_draft_that_failed_afterwards_goes(self, organisation):
        accepted(organisation, brief())
        make_draft(organisation)
        with mock.patch.object(building, "prepare", side_effect=building.NothingToReport("Nothing")):
            report = make_draft(organisation)

        assert (report.state, report.certificate, report.price) == (State.FAILED, None, {})


class TestThePrice:
    def test_counts_the_cells_of_every_table(self, organisation):
        accepted(organisation, brief())

        kept = make_draft(organisation).price

        assert [one["title"] for one in kept["tables"]] == [
            "Sex",
            "Disability",
            "Sex (people with pay)",
            "Quarter of hourly pay by sex",
        ]
        assert kept["tables"][0] == {"id": "sex", "title": "Sex", "cells": 10, "small": 2, "others": 2, "finer": []}
        assert (kept["exposed"], kept["everything_hidden"], kept["unlinked"]) == ([], False, [])

    def test_names_whom_earlier_releases_give_away_without_their_number(self, organisation):
        accepted(organisation, brief())
        silent = sum(person["sex"] == "UNKNOWN" for person in staff(120))
        give_away(organisation, "2026-Q3", {"sex": ["NO_DECLARATION"]}, silent)

        exposed = make_draft(organisation).price["exposed"]

        assert "Sex: No declaration made" in exposed
        assert not [text for text in exposed if any(letter.isdigit() for letter in text)]

    def test_names_of_which_group_it_is_certain_that_somebody_joined(self, organisation):
        """How many women there are is public of both quarters, and one person joined."""
        people = [{"person_ref": f"P{at}", "sex": "M" if at % 3 else "F"} for at in range(121)]
        accepted(organisation, as_csv(people[:-1]), period="2026-Q2")
        accepted(organisation, as_csv(people))
        for period, women in (("2026-Q2", 40), ("2026-Q3", 41)):
            give_away(organisation, period, {"sex": ["F"]}, women)

        exposed = make_draft(organisation).price["exposed"]

        assert exposed == ["Sex: Female (joined between April to June 2026 and July to September 2026)"]

    def test_says_where_nothing_is_hidden(self, organisation, client):
        pages = []
        for period, men in (("2026-Q2", 30), ("2026-Q3", 3)):
            rows = [{"person_ref": f"P{at}", "sex": "M" if at < men else "F"} for at in range(90)]
            accepted(organisation, as_csv(rows), period=period)
            report = make_draft(organisation, period)
            client.force_login(report.requested_by)
            pages.append(client.get(f"/drafts/{report.pk}/price/").content.decode())

        assert ["Nothing is hidden." in page for page in pages] == [True, False]

    def test_says_of_how_many_numbers_a_member_of_another_cell_learns_more(self, organisation, client):
        accepted(organisation, brief())
        report = make_draft(organisation)
        client.force_login(report.requested_by)
        page = f"/drafts/{report.pk}/price/"

        assert report.price["members"] == 0
        assert "only member" not in client.get(page).content.decode()

        Report.objects.filter(pk=report.pk).update(price=report.price | {"members": 2})

        assert "Of 2 hidden numbers the only member" in client.get(page).content.decode()

    def test_is_not_known_while_a_report_is_built_again(self, organisation, analyst):
        accepted(organisation, brief())
        report = make_draft(organisation)
        with mock.patch("monitoring.jobs.work.send"), mock.patch("monitoring.jobs.work.perform"):
            make_draft(organisation)

        assert Report.objects.get(pk=report.pk).price == {}

    @pytest.mark.usefixtures("suggestions", "detailed")
    def test_says_what_would_hide_less(self, organisation):
        kept = make_draft(organisation).price

        assert kept["without"].keys() == {"ethnicity-by-sex"}
        assert kept["broader"].keys() == {"ethnicity"}
        assert {one["id"]: one["finer"] for one in kept["tables"] if one["finer"]} == {"ethnicity": ["ethnic group"]}

    @pytest.mark.usefixtures("detailed")
    def test_keeps_the_suggestions_that_were_soon_found_and_says_of_what_there_are_none(
        self, organisation, monkeypatch
    ):
        monkeypatch.setattr(building, "PATIENCE", 1e-9)

        report = make_draft(organisation)

        assert report.state == State.DRAFT
        assert (report.price["without"].keys(), report.price["broader"]) == ({"ethnicity-by-sex"}, {})
        assert (report.price["untried"], untried(report.price)) == (["ethnicity"], "Ethnic group")

    @pytest.mark.usefixtures("suggestions", "detailed")
    def test_of_a_report_of_many_tables_has_no_suggestions(self, organisation, monkeypatch):
        monkeypatch.setattr(building, "SUGGESTED", 0)

        assert make_draft(organisation).price["without"] is None

    def test_a_report_of_all_that_the_demonstration_collects_is_not_one_of_many_tables(self, organisation):
        employer = next(iter(employers()))
        everybody = people_of(accepted(organisation, demonstration_csv(next(quarters(employer, 1)))))

        tables = plan(everybody, PUBLISHED, "2026-Q3")

        assert "pay-quarters-by-ethnicity" in {table.id for table in tables}
        assert sum(is_two_way(table) for table in tables) <= building.SUGGESTED

    @pytest.mark.usefixtures("suggestions", "detailed")
    def test_is_not_worked_out_for_whoever_only_wants_the_contents(self, organisation, monkeypatch):
        report = make_draft(organisation)
        monkeypatch.setattr(building, "price", None)

        assert draft_of(report)[0].body_digest() == Contents.from_json(report.contents).body_digest()


class TestSentences:
    def test_say_which_tables_would_hide_nothing(self):
        costs = price(
            table("Sex", others=2), table("Age", others=1), table("Faith", small=5, others=1), table("Pair", 3),
            without={"pair": {"sex": 0, "age": 0, "faith": 5}},
        )  # fmt: skip

        (said,) = without(costs, ["pair", "other"])

        assert said == (
            "Without Pair: 4 numbers fewer would be hidden: fewer in sex (none instead of 2), age (none instead of 1) and "
            "faith (5 instead of 6)."
        )

    @pytest.mark.parametrize(
        ("age", "said"),
        [
            (3, "as many would be hidden: fewer in sex (none instead of 2); more in age (3 instead of 1)"),
            (4, "1 number more would be hidden: fewer in sex (none instead of 2); more in age (4 instead of 1)"),
        ],
    )
    def test_say_what_is_gained_in_all(self, age, said):
        costs = price(table("Sex", 2), table("Age", 1), table("Pair", 3), without={"pair": {"sex": 0, "age": age}})

        assert without(costs, ["pair"]) == [f"Without Pair: {said}."]

    def test_say_that_nothing_would_change(self):
        costs = price(table("Sex", others=2), table("Pair", 3), without={"pair": {"sex": 2}})

        assert without(costs, ["pair"]) == ["Without Pair: as much would be hidden in all other tables as now."]

    def test_say_once_what_several_tables_would_change(self):
        costs = price(
            table("Sex", others=2), table("Pair", 3), table("Other", 1),
            without={"pair": {"sex": 2}, "sex": {"pair": 0}, "other": {"sex": 2}},
        )  # fmt: skip

        assert without(costs, ["pair", "other", "sex"]) == [
            "Without Sex: 3 numbers fewer would be hidden: fewer in pair (none instead of 3).",
            "Without any one of Pair and Other: as much would be hidden in all other tables as now.",
        ]

    def test_are_about_the_tables_that_were_ticked(self):
        assert without(price(table("Pair", 3), without={"pair": {}}), []) == []

    def test_suggest_broad_groups_where_they_hide_less(self):
        costs = price(
            {**table("Sex", others=2), "finer": ["ethnic group"]},
            {**table("Faith", 1), "finer": ["faith"]},
            broader={"sex": {"sex": 0, "faith": 1}, "faith": {"sex": 2, "faith": 1}},
        )

        (said,) = with_broad_groups(costs)
        assert said.startswith("Sex, with broad groups of ethnic group only: 2 numbers fewer would be hidden: ")
        assert said.endswith("fewer in sex (none instead of 2).")

    @pytest.mark.parametrize("finer", [{}, {"finer": []}], ids=["of an older draft", "groups of one grade"])
    def test_suggest_no_broad_groups_where_none_are_known_to_be_finer(self, finer):
        costs = price({**table("Sex", others=2), **finer}, broader={"sex": {"sex": 0}})

        assert with_broad_groups(costs) == []

    def test_suggest_nothing_that_was_not_worked_out(self):
        costs = price(table("Sex", others=2), without=None, broader=None)

        assert (without(costs, ["sex"]), with_broad_groups(costs)) == ([], [])

    @pytest.mark.parametrize(("hidden", "said"), [(0, "0%"), (1, "under 1%"), (5, "2%"), (200, "100%")])
    def test_say_what_share_is_hidden(self, hidden, said):
        assert share_hidden(table("Sex", others=hidden, cells=200)) == said

    def test_name_quarters_that_could_not_be_linked(self):
        assert unlinked_quarters({"unlinked": [["2026-Q1", "2026-Q2"]]}) == [
            "January to March 2026 and April to June 2026"
        ]
