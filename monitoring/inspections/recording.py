"""Opening inspections, recording findings, withdrawing them."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction

from equality.characteristics import characteristics
from equality.vocabulary import DIRECTION, EVIDENCE, EXTENT, PARTNER, PROGRAMME, SEVERITY, THEME, words
from monitoring.access.models import User
from monitoring.audit.trail import record
from monitoring.inspections.models import (
    Finding,
    FindingCharacteristic,
    GoodPractice,
    Inspection,
    Recommendation,
    Standing,
)
from monitoring.organisations.models import Organisation

MAX_WORDS = 60
# Numbers that name a person in the systems inspectors work with, dates of birth, and ways to reach somebody.
_NAMES_A_PERSON = re.compile(
    r"\b[A-Z]\d{4}[A-Z]{2}\b"  # prison number
    r"|\b[A-Z]{1,2}\d{6}\b"  # probation case reference
    r"|\b\d{2,4}/\d{4,7}[A-Z]\b"  # police national computer
    r"|\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b"  # national insurance
    r"|\b\d{1,2}[/.]\d{1,2}[/.](19|20)\d{2}\b"
    r"|\S+@\S+\.\S+"
    r"|\b0\d{9,10}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with one field: a code that never changes, and what to do."""

    field: str
    code: str
    message: str


class Faulty(ValueError):
    """Something could not be recorded. Carries every fault at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class FindingDraft:
    """A finding as it was typed. ``recommendation`` and ``good_practice`` empty: there is none."""

    statement: str
    characteristics: list[str]
    theme: str
    direction: str
    severity: int | None
    extent: str
    evidence: list[str]
    responsible: Organisation | None
    observed_date: date | None
    cases: int | None = None
    cases_seen: int | None = None
    note: str = ""
    recommendation: str = ""
    recommendation_due_date: date | None = None
    good_practice: str = ""
    reference: uuid.UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def open_inspection(
    *,
    programme: str,
    title: str,
    organisation: Organisation,
    lead: Organisation,
    fieldwork_start_date: date,
    fieldwork_end_date: date,
    partners: list[str],
    at: datetime,
    by: User | None,
) -> Inspection:
    """Open an inspection. Raises Faulty."""
    faults = []
    if programme not in words(PROGRAMME):
        faults.append(Fault("programme", "PROGRAMME_UNKNOWN", "Choose a programme from the list"))
    if not title.strip():
        faults.append(Fault("title", "TITLE_MISSING", "Enter a title"))
    if fieldwork_end_date < fieldwork_start_date:
        faults.append(Fault("fieldwork_end_date", "FIELDWORK_BACKWARDS", "Fieldwork must end after it starts"))
    if not set(partners) <= words(PARTNER).keys():
        faults.append(Fault("partners", "PARTNER_UNKNOWN", "Choose partner inspectorates from the list"))
    if not lead.is_inspectorate:
        faults.append(Fault("lead", "LEAD_NOT_INSPECTORATE", "An inspection is led by an inspectorate"))
    if faults:
        raise Faulty(faults)
    inspection = Inspection.objects.create(
        programme=programme,
        title=title.strip(),
        organisation=organisation,
        lead=lead,
        partners=partners,
        fieldwork_start_date=fieldwork_start_date,
        fieldwork_end_date=fieldwork_end_date,
        opened_at=at,
        opened_by=by,
    )
    record("inspection.opened", f"inspection:{inspection.pk}", by=by, organisation=organisation.slug)
    return inspection


def record_finding(
    inspection: Inspection, draft: FindingDraft, *, today: date, at: datetime, by: User | None
) -> Finding:
    """Record a finding with what follows from it; the same reference twice is the same finding. Raises Faulty."""
    faults = list(faults_of(draft, inspection, today))
    if faults:
        raise Faulty(faults)
    known = Finding.objects.filter(inspection=inspection, reference=draft.reference).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _recorded(inspection, draft, at, by)
    except IntegrityError:  # the second of two clicks
        return Finding.objects.get(inspection=inspection, reference=draft.reference)


@transaction.atomic
def withdraw_finding(finding: Finding, *, reason: str, by: User | None) -> Finding:
    """Take a finding out of every report to come. Withdrawing twice is withdrawing once. Raises Faulty without a
    reason."""
    current = Finding.objects.select_for_update().get(pk=finding.pk)
    if current.standing == Standing.WITHDRAWN:
        return current
    if not reason.strip():
        raise Faulty([Fault("reason", "REASON_MISSING", "Say why the finding is withdrawn")])
    current.standing, current.withdrawn_reason = Standing.WITHDRAWN, reason.strip()[:300]
    current.save(update_fields=["standing", "withdrawn_reason"])
    record("finding.withdrawn", current.audit_name, by=by, organisation=current.responsible.slug)
    return current


def faults_of(draft: FindingDraft, inspection: Inspection, today: date) -> Iterator[Fault]:
    """Everything wrong with a draft. Messages never repeat what was typed."""
    yield from _statement_faults("statement", draft.statement, required=True)
    yield from _statement_faults("recommendation", draft.recommendation, required=False)
    yield from _statement_faults("good_practice", draft.good_practice, required=False)
    if draft.recommendation_due_date is not None and not draft.recommendation.strip():
        yield Fault("recommendation", "RECOMMENDATION_MISSING", "Enter what is to be done by that day")
    if not draft.characteristics or not set(draft.characteristics) <= characteristics().keys():
        yield Fault("characteristics", "CHARACTERISTIC_MISSING", "Select at least one characteristic from the list")
    for name, value, list_name, what in (
        ("theme", draft.theme, THEME, "a theme"),
        ("direction", draft.direction, DIRECTION, "whether it is a strength or an area for improvement"),
        ("severity", str(draft.severity or ""), SEVERITY, "how serious it is"),
        ("extent", draft.extent, EXTENT, "how widespread it is"),
    ):
        if value not in words(list_name):
            yield Fault(name, f"{name.upper()}_MISSING", f"Select {what}")
    if not draft.evidence or not set(draft.evidence) <= words(EVIDENCE).keys():
        yield Fault("evidence", "EVIDENCE_MISSING", "Select what the finding rests on")
    yield from _place_and_time_faults(draft, inspection, today)


def _statement_faults(name: str, text: str, *, required: bool) -> Iterator[Fault]:
    label = name.replace("_", " ")
    if required and not text.strip():
        yield Fault(name, f"{name.upper()}_MISSING", f"Enter the {label}")
    if len(text.split()) > MAX_WORDS:
        yield Fault(name, "TOO_MANY_WORDS", f"The {label} must be {MAX_WORDS} words or fewer")
    if _NAMES_A_PERSON.search(text):
        yield Fault(
            name,
            "NAMES_A_PERSON",
            f"The {label} must not hold case or police numbers, dates of birth, e-mail addresses or telephone numbers",
        )


def _place_and_time_faults(draft: FindingDraft, inspection: Inspection, today: date) -> Iterator[Fault]:
    if draft.responsible is None:
        yield Fault("responsible", "RESPONSIBLE_MISSING", "Select the organisation that answers for this")
    elif not Organisation.objects.covered_by(_inspected(inspection)).filter(pk=draft.responsible.pk).exists():
        yield Fault(
            "responsible",
            "RESPONSIBLE_OUTSIDE",
            "Select the inspected organisation, one of its parts, or the body it is part of",
        )
    if draft.observed_date is None:
        yield Fault("observed_date", "OBSERVED_MISSING", "Enter the day it was seen, like 14 9 2026")
    elif not inspection.fieldwork_start_date <= draft.observed_date <= today:
        yield Fault(
            "observed_date", "OBSERVED_OUTSIDE", "The day must not lie before the fieldwork began, nor in the future"
        )
    counted = (draft.cases is not None, draft.cases_seen is not None)
    if any(counted) and not (all(counted) and 0 <= (draft.cases or 0) <= (draft.cases_seen or 0) >= 1):
        yield Fault("cases", "CASES_IMPOSSIBLE", "Enter both numbers, the first no greater than the second")


def _inspected(inspection: Inspection) -> set[int]:
    return {pk for pk in (inspection.organisation_id, inspection.organisation.parent_id) if pk is not None}


def _recorded(inspection: Inspection, draft: FindingDraft, at: datetime, by: User | None) -> Finding:
    finding = Finding.objects.create(
        inspection=inspection,
        reference=draft.reference,
        responsible=draft.responsible,
        statement=draft.statement.strip(),
        note=draft.note.strip(),
        theme=draft.theme,
        direction=draft.direction,
        severity=draft.severity,
        extent=draft.extent,
        cases=draft.cases,
        cases_seen=draft.cases_seen,
        evidence=[code for code in words(EVIDENCE) if code in draft.evidence],
        observed_date=draft.observed_date,
        recorded_at=at,
        recorded_by=by,
    )
    FindingCharacteristic.objects.bulk_create(
        FindingCharacteristic(finding=finding, code=code) for code in characteristics() if code in draft.characteristics
    )
    if draft.recommendation.strip():
        Recommendation.objects.create(
            finding=finding,
            text=draft.recommendation.strip(),
            addressee=finding.responsible,
            due_date=draft.recommendation_due_date,
        )
    if draft.good_practice.strip():
        GoodPractice.objects.create(finding=finding, text=draft.good_practice.strip())
    record("finding.recorded", finding.audit_name, by=by, organisation=finding.responsible.slug)
    return finding
