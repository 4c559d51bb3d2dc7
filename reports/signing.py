"""Signing a draft off, and sending it back. The signature is bound to what was read."""

from datetime import datetime

from django.db import transaction

from monitoring.access.models import User
from monitoring.audit.trail import record
from reports.contents import Contents
from reports.models import Report, State


class CannotSign(RuntimeError):
    """The report was not signed; ``code`` never changes, the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def sign(report: Report, *, digest: str, at: datetime, by: User) -> Report:
    """Sign the draft whose body has this digest. Signing twice is signing once. Raises CannotSign for another state,
    for contents that changed since they were read, and for whoever asked for the report."""
    current = Report.objects.select_for_update().get(pk=report.pk)
    if current.state == State.SIGNED and current.signed_by_id == by.pk and current.signed_digest == digest:
        return current
    if current.state != State.DRAFT:
        raise CannotSign("NOT_A_DRAFT", f"This report is {current.state_label.lower()}; only a draft can be signed.")
    if current.requested_by_id == by.pk:
        raise CannotSign("SAME_PERSON", "You asked for this report. Somebody else must sign it off.")
    if Contents.from_json(current.contents).body_digest() != digest:
        raise CannotSign("CONTENTS_CHANGED", "The draft has changed since you opened it. Read it again before signing.")
    current.state, current.signed_at, current.signed_by, current.signed_digest = State.SIGNED, at, by, digest
    current.save()
    record(
        "report.signed",
        current.audit_name,
        by=by,
        organisation=current.organisation.slug,
        details={"digest": digest},
    )
    return current


@transaction.atomic
def send_back(report: Report, *, reason: str, by: User) -> Report:
    """Take a signature off, or turn a draft down, so that it can be built again. Raises CannotSign."""
    current = Report.objects.select_for_update().get(pk=report.pk)
    if current.state not in {State.DRAFT, State.SIGNED}:
        raise CannotSign("NOT_A_DRAFT", f"This report is {current.state_label.lower()} and cannot be sent back.")
    if not reason.strip():
        raise CannotSign("REASON_MISSING", "Say why the report is sent back.")
    current.state, current.signed_at, current.signed_by, current.signed_digest = State.FAILED, None, None, ""
    current.failure = f"Sent back: {reason.strip()}"[:300]
    current.save()
    record("report.sent_back", current.audit_name, by=by, organisation=current.organisation.slug)
    return current
