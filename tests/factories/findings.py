"""Inspections and findings."""

from datetime import UTC, date, datetime
from typing import Any

from monitoring.inspections.models import Finding, Inspection
from monitoring.inspections.recording import FindingDraft, open_inspection, record_finding
from monitoring.organisations.models import Organisation

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def make_inspection(organisation: Organisation, lead: Organisation, **more: Any) -> Inspection:
    said = {
        "programme": "REGION",
        "title": "Inspection of a region",
        "fieldwork_start_date": date(2026, 9, 1),
        "fieldwork_end_date": date(2026, 9, 18),
        "partners": ["OFSTED"],
    }
    return open_inspection(organisation=organisation, lead=lead, at=AT, by=None, **said | more)


def draft_finding(inspection: Inspection, **more: Any) -> FindingDraft:
    said = {
        "statement": "Plans rarely said how a person's faith would be respected.",
        "characteristics": ["religion_or_belief", "race"],
        "theme": "PLANNING",
        "direction": "AREA",
        "severity": 2,
        "extent": "SOME",
        "evidence": ["CASE", "INTERVIEW"],
        "responsible": inspection.organisation,
        "observed_date": date(2026, 9, 10),
    }
    return FindingDraft(**said | more)


def make_finding(inspection: Inspection, **more: Any) -> Finding:
    return record_finding(inspection, draft_finding(inspection, **more), today=TODAY, at=AT, by=None)
