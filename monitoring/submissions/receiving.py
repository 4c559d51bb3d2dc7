"""Receiving a file: the envelope is looked at, the contents are sealed unread, and the check is asked for."""

import hashlib
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from equality.quarters import NotAQuarter, Quarter
from monitoring.access.models import User
from monitoring.audit.trail import record
from monitoring.jobs import work
from monitoring.organisations.models import Organisation
from monitoring.submissions.layout import COLLECTIONS
from monitoring.submissions.models import ENDED, ClosedPeriod, SavedMapping, State, Submission
from monitoring.submissions.problems import Problem, Unreadable, problem
from monitoring.vault import seals
from monitoring.vault.documents import seal_document

CHECK = "submission.check"


def receive(
    content: bytes,
    *,
    organisation: Organisation,
    collection: str,
    period: str,
    today: date,
    at: datetime,
    by: User | None,
    mapping: str = "",
    correction_reason: str = "",
) -> Submission:
    """Take a file in and have it checked. The same file with the same mapping is the same submission: sending it
    twice gives the one there is; a refused one is checked again. Raises Unreadable with every fault of the envelope,
    with nothing kept."""
    faults = list(_envelope_faults(content, organisation, collection, period, today, correction_reason))
    if faults:
        raise Unreadable(*faults)
    saved = "" if mapping.strip() else _saved_mapping(organisation, collection)
    identity = {
        "organisation": organisation,
        "collection": collection,
        "period": period.strip(),
        "digest": hashlib.sha256(content).hexdigest(),
        "mapping_digest": hashlib.sha256((mapping or saved).encode()).hexdigest(),
    }
    known = Submission.objects.filter(**identity).exclude(state__in=ENDED).first()
    if known is not None:
        return _again(known, content, at=at, by=by)
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                **identity,
                mapping=mapping or saved,
                mapping_was_saved=bool(saved),
                correction_reason=correction_reason.strip(),
                received_at=at,
                received_by=by,
                incoming=seal_document(content, at=at),
            )
            _received(submission, by)
    except IntegrityError:  # the second of two clicks
        return Submission.objects.exclude(state__in=ENDED).get(**identity)
    return submission


def _envelope_faults(
    content: bytes, organisation: Organisation, collection: str, period: str, today: date, correction_reason: str
) -> list[Problem]:
    faults = []
    if collection not in COLLECTIONS:
        faults.append(problem("COLLECTION_UNKNOWN"))
    if not content:
        faults.append(problem("FILE_EMPTY"))
    if len(content) > settings.SUBMISSION_MAX_BYTES:
        faults.append(problem("FILE_TOO_LARGE", limit=settings.SUBMISSION_MAX_BYTES // 2**20))
    try:
        quarter = Quarter.parse(period)
    except NotAQuarter:
        return [*faults, problem("PERIOD_MALFORMED")]
    if quarter.last_day >= today:
        faults.append(problem("PERIOD_IN_FUTURE"))
    closed = ClosedPeriod.objects.filter(organisation=organisation, collection=collection, period=str(quarter))
    if closed.exists() and not correction_reason.strip():
        faults.append(problem("PERIOD_PUBLISHED"))
    return faults


def _saved_mapping(organisation: Organisation, collection: str) -> str:
    saved = SavedMapping.objects.filter(organisation=organisation, collection=collection).first()
    return saved.text if saved else ""


@transaction.atomic
def _again(submission: Submission, content: bytes, *, at: datetime, by: User | None) -> Submission:
    if submission.state == State.REFUSED:
        reopened = Submission.objects.filter(pk=submission.pk, state=State.REFUSED).update(state=State.RECEIVED)
        if reopened:
            seals.erase(submission.answer)
            Submission.objects.filter(pk=submission.pk).update(incoming=seal_document(content, at=at), answer=None)
            _received(submission, by)
    submission.refresh_from_db()
    return submission


def _received(submission: Submission, by: User | None) -> None:
    record(
        "submission.received",
        submission.audit_name,
        by=by,
        organisation=submission.organisation.slug,
        details={"collection": submission.collection, "period": submission.period, "digest": submission.digest},
    )
    work.ask(CHECK, str(submission.pk))
