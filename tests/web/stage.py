"""A service in the middle of its work: something in every state, and somebody of every role who has nothing yet."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from unittest import mock

from django.core import mail
from django.db import transaction
from django.test import Client

from monitoring.access.models import User
from monitoring.access.people import add_person
from monitoring.access.roles import ROLES
from monitoring.inspections.recording import withdraw_finding
from monitoring.organisations.models import Organisation
from monitoring.submissions.deciding import withdraw
from monitoring.submissions.receiving import receive
from reports.requesting import request_report
from tests.conftest import AT, TODAY
from tests.factories import (
    accepted,
    as_csv,
    brief,
    make_draft,
    make_finding,
    make_inspection,
    make_organisation,
    make_published,
    make_token,
    make_user,
    staff,
    submit,
)
from tests.factories.cities import city_staff
from tests.factories.reports import give_away, make_signed


@dataclass
class Stage:
    """``people``: by role, and with ``new_`` before it those of an organisation that has nothing yet. ``ids``: what
    addresses are made of."""

    people: dict[str, User] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def set(cls) -> "Stage":
        stage = cls()
        busy, quiet = make_organisation("north-east"), make_organisation("quiet-county")
        for role in ROLES:
            stage.people[role] = make_user(role, busy)
            stage.people[f"new_{role}"] = make_user(role, quiet)
        stage.people["nobody"] = make_user("nobody")
        stage.people["no_password"] = add_person("new@example.gov.uk", by=None)
        make_token("analyst", busy)
        stage.ids["grant"] = 0
        stage._inspections(busy)
        stage._submissions(busy)
        stage._reports(busy)
        stage._waiting(busy)
        stage.ids["reset_link"] = _reset_link(make_user("auditor", busy))
        return stage

    def _inspections(self, busy: Organisation) -> None:
        lead = make_organisation("hmi-probation", kind="inspectorate")
        inspection = make_inspection(busy, lead)
        more = {
            "recommendation": "Ask for the language at the first meeting.",
            "recommendation_due_date": date(2027, 3, 31),
            "good_practice": "A shared booking sheet.",
            "cases": 15,
            "cases_seen": 20,
            "note": "Second visit in March.",
        }
        finding = make_finding(inspection, direction="STRENGTH", **more)
        withdrawn = withdraw_finding(make_finding(inspection), reason="Counted twice.", by=None)
        winter = make_inspection(busy, lead, fieldwork_start_date=date(2026, 2, 2), fieldwork_end_date=date(2026, 2, 9))
        make_finding(winter, observed_date=date(2026, 2, 3), **more)
        self.ids |= {
            "inspection": inspection.pk,
            "bare_inspection": make_inspection(busy, lead).pk,
            "finding": finding.pk,
            "withdrawn_finding": withdrawn.pk,
        }

    def _submissions(self, busy: Organisation) -> None:
        wrong = staff(150, sex="cake")
        for row in wrong:
            row["hourly_pay"] = "a lot"
        self.ids |= {
            "foreign": submit(busy, city_staff()).pk,
            "wrong": submit(busy, as_csv(wrong)).pk,
            "superseded": accepted(busy, brief(90), period="2026-Q1").pk,
            "accepted": accepted(busy, as_csv(staff(400)), period="2026-Q1").pk,
            "checked": submit(busy, as_csv(staff(200)), period="2026-Q2").pk,
            "withdrawn": withdraw(submit(busy, brief(80)), reason="Wrong file", by=None).pk,
        }

    def _reports(self, busy: Organisation) -> None:
        make_published(busy, "2026-Q1")
        accepted(busy, brief(130), period="2026-Q1", correction_reason="A team was left out.")
        make_published(busy, "2026-Q1", correction_note="A team was left out.")
        for period in ("2025-Q2", "2025-Q1"):
            accepted(busy, brief(), period=period)
        detailed = [{name: person[name] for name in ("ethnicity", "sex")} for person in staff(1100)]
        accepted(busy, as_csv(detailed), period="2026-Q3")
        own = make_draft(busy, "2025-Q1", by=self.people["chief_inspector"])
        self.ids |= {
            "own_draft": own.pk,
            "signed": make_signed(busy, "2025-Q2").pk,
            "failed": make_draft(busy, "2025-Q3").pk,
        }
        silent = sum((one["ethnicity"], one["sex"]) == ("PNTS", "UNKNOWN") for one in detailed)
        give_away(busy, "2026-Q3", {"ethnicity": ["DECLINED"], "sex": ["NO_DECLARATION"]}, silent)
        with mock.patch("reports.building.PATIENCE", float("inf")):
            self.ids["draft"] = make_draft(busy, "2026-Q3").pk

    def _waiting(self, busy: Organisation) -> None:
        """Asked for, and nobody has begun. Last, because the factories do all work that waits."""
        when = {"today": TODAY, "at": AT, "by": None}
        with mock.patch("monitoring.jobs.work.send"), transaction.atomic():
            file = receive(brief(70), organisation=busy, collection="workforce", period="2026-Q3", **when)
            report = request_report("quarterly", organisation=busy, period="2025-Q4", **when)
        self.ids |= {"waiting": file.pk, "requested": report.pk}


def _reset_link(user: User) -> str:
    mail.outbox = []
    Client().post("/account/password/reset/", {"email": user.email})
    return next(word for word in mail.outbox.pop().body.split() if word.startswith("http")).partition("testserver/")[2]
