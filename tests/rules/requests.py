"""For every address, what is sent to it: the smallest request that whoever may would be answered well."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from monitoring.access.models import User
from monitoring.organisations.models import Organisation
from reports.contents import Contents
from reports.requesting import request_report
from reports.signing import sign
from tests.factories import (
    accepted,
    as_csv,
    make_draft,
    make_finding,
    make_inspection,
    make_organisation,
    make_published,
    make_user,
    staff,
    submit,
)

_REASON = {"reason": "a mistake"}
_PERIOD, _CODE = "2026-Q1", "quarterly"


@dataclass
class Stage:
    """One organisation with something in every state, and another that has nothing to do with it."""

    own: Organisation
    other: Organisation
    lead: Organisation
    ids: dict[str, Any] = field(default_factory=dict)
    digest: str = ""

    @classmethod
    def set(cls) -> "Stage":
        own, other = make_organisation("north-east"), make_organisation("wales")
        stage = cls(own, other, make_organisation("hmi-probation", kind="inspectorate"))
        for period in ("2026-Q1", "2026-Q2", "2026-Q3"):
            stage.ids["accepted"] = accepted(own, period=period).pk
        stage.ids["checked"] = submit(own, as_csv(staff(40, seed=9))).pk
        inspection = make_inspection(own, stage.lead)
        stage.ids |= {"inspection": inspection.pk, "finding": make_finding(inspection).pk}
        stage.ids["published"] = make_published(own, _PERIOD).pk
        signed, draft = make_draft(own, "2026-Q2"), make_draft(own, "2026-Q3")
        sign(
            signed, digest=_digest(signed), at=datetime(2026, 11, 23, tzinfo=UTC), by=make_user("chief_inspector", own)
        )
        stage.ids |= {"signed": signed.pk, "draft": draft.pk}
        with mock.patch("monitoring.jobs.work.send"):
            waiting = request_report(
                _CODE,
                organisation=own,
                period="2025-Q4",
                today=date(2026, 11, 23),
                at=datetime(2026, 11, 23, tzinfo=UTC),
                by=None,
            )
        stage.ids["requested"] = waiting.pk
        stage.digest = _digest(draft)
        stage.ids["grant"] = make_user("auditor", own).grants.get().pk
        return stage

    def person(self, role: str, organisation: Organisation) -> User:
        return make_user(role, organisation)

    def ask(self, client: Client, route: str, method: str) -> HttpResponse:
        """Send the request of one line of the table."""
        address = reverse(route, kwargs=self._address(route))
        if method == "GET":
            return client.get(address)
        body = self._body(route)
        if route.startswith("api-"):
            return client.post(address, body, content_type="application/json")
        return client.post(address, body)

    def _address(self, route: str) -> dict[str, Any]:
        """What the address names."""
        plain = route.removeprefix("api-")
        report = {"slug": self.own.slug, "period": _PERIOD, "code": _CODE}
        named: dict[str, dict[str, Any]] = {
            "published": {"pk": self.ids["published"]} if route.startswith("api-") else report,
            "published-version": report | {"version": 1},
            "published-file": {"pk": self.ids["published"], "name": "report.json"}
            if route.startswith("api-")
            else report | {"version": 1, "name": "report.json"},
            "submission": {"pk": self.ids["accepted"]},
            "accept-submission": {"pk": self.ids["checked"]},
            "withdraw-submission": {"pk": self.ids["checked"]},
            "inspection": {"pk": self.ids["inspection"]},
            "new-finding": {"pk": self.ids["inspection"]},
            "finding": {"pk": self.ids["finding"]},
            "withdraw-finding": {"pk": self.ids["finding"]},
            "draft": {"pk": self.ids["draft"]},
            "draft-file": {"pk": self.ids["draft"], "name": "report.json"},
            "stop-report": {"pk": self.ids["requested"]},
            "draft-price": {"pk": self.ids["draft"]},
            "report": {"pk": self.ids["draft"]},
            "report-contents": {"pk": self.ids["draft"]},
            "sign-report": {"pk": self.ids["draft"]},
            "send-report-back": {"pk": self.ids["draft"]},
            "publish-report": {"pk": self.ids["signed"]},
            "revoke-grant": {"pk": self.ids["grant"]},
            "account_reset_password_from_key": {"uidb36": "1", "key": "none"},
        }
        return named.get(plain, {})

    def _body(self, route: str) -> dict[str, Any]:
        """What is sent along."""
        own, lead = self.own, self.lead
        day = {"_day": "9", "_month": "9", "_year": "2026"}
        finding = {
            "statement": "Plans rarely said how faith would be respected.", "characteristics": ["religion_or_belief"],
            "theme": "PLANNING", "direction": "AREA", "severity": 2, "extent": "SOME", "evidence": ["CASE"],
        }  # fmt: skip
        inspection = {"programme": "REGION", "title": "A region", "partners": ["OFSTED"]}
        named: dict[str, dict[str, Any]] = {
            "api-submissions": {"organisation": own.slug, "period": "2026-Q3", "records": staff(5)},
            "api-inspections": inspection | {
                "organisation": own.slug, "lead": lead.slug, "fieldwork_start_date": "2026-09-01",
                "fieldwork_end_date": "2026-09-18",
            },
            "api-findings": finding | {
                "inspection": str(self.ids["inspection"]), "responsible": own.slug, "observed_date": "2026-09-09",
            },
            "api-reports": {"organisation": own.slug, "period": "2026-Q3"},
            "api-sign-report": {"digest": self.digest},
            "sign-report": {"digest": self.digest},
            "new-submission": {
                "organisation": own.slug, "period": "2026-Q3",
                "file": SimpleUploadedFile("staff.csv", as_csv(staff(5))),
            },
            "new-inspection": inspection | {
                "organisation": own.pk, "lead": lead.pk,
                **{f"fieldwork_start_date{part}": value for part, value in day.items()},
                **{f"fieldwork_end_date{part}": value for part, value in day.items()},
            },
            "new-finding": finding | {
                "reference": uuid.uuid4(), "responsible": own.pk,
                **{f"observed_date{part}": value for part, value in day.items()},
            },
            "new-report": {"organisation": own.slug, "code": _CODE, "period": "2026-Q3"},
            "new-person": {"email": "somebody@example.gov.uk", "role": "auditor", "organisation": own.slug},
            "new-machine": {"name": "payroll system", "role": "hr_submitter", "organisation": own.slug},
        }  # fmt: skip
        return named.get(route, _REASON)


def _digest(report: Any) -> str:
    return Contents.from_json(report.contents).body_digest()
