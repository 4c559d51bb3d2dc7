"""The check as a job: open what was sealed, check it, seal what would be counted, write the answer."""

import json
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from equality.quarters import Quarter
from monitoring.audit.trail import Actor, record
from monitoring.jobs import work
from monitoring.submissions.checking import STEPS, Checked, check
from monitoring.submissions.cleaning import Context
from monitoring.submissions.mapping import Mapping, read_mapping
from monitoring.submissions.models import State, Submission
from monitoring.submissions.problems import Problem, Severity, Unreadable, problem
from monitoring.submissions.receiving import CHECK
from monitoring.vault import datasets, seals
from monitoring.vault.documents import open_document, seal_document
from monitoring.vault.pseudonyms import pseudonyms_of


class _Checker:
    """The service itself, as it appears in the audit trail."""

    audit_name = "service"


SERVICE: Actor = _Checker()


def check_submission(claim: work.Claim, subject: str) -> None:
    """Check one submission. Nothing is written before the last step, which writes everything."""
    submission = Submission.objects.select_related("organisation", "incoming").get(pk=subject)
    started = Submission.objects.filter(pk=subject, state__in=(State.RECEIVED, State.CHECKING))
    if not started.update(state=State.CHECKING):
        with claim.finishing():  # the submission was decided otherwise meanwhile
            return
    checked = _checked(submission, claim)
    claim.progress(STEPS, STEPS, "Sealing")
    at = timezone.now()
    with claim.finishing():
        dataset = None
        if not checked.refused and checked.table is not None:
            dataset = datasets.seal(checked.table, checked.about or {}, at=at)
        submission.state = State.REFUSED if checked.refused else State.CHECKED
        submission.rows, submission.kept, submission.dataset, submission.checked_at = (
            checked.rows, checked.kept, dataset, at,
        )  # fmt: skip
        incoming, submission.incoming = submission.incoming, None
        submission.answer = seal_document(_as_json(checked.problems), at=at)
        submission.errors, submission.warnings = (
            sum(found.severity is severity for found in checked.problems)
            for severity in (Severity.ERROR, Severity.WARNING)
        )
        submission.save()
        seals.erase(incoming)
        _record(submission, checked.problems)


def give_up(subject: str) -> None:
    """The check could not be done at all: nothing is kept, and the sender is told to send again."""
    submission = Submission.objects.select_related("organisation", "incoming").get(pk=subject)
    incoming, submission.incoming = submission.incoming, None
    stopped = problem("CHECK_STOPPED")
    submission.state, submission.errors, submission.checked_at = State.REFUSED, 1, timezone.now()
    submission.answer = seal_document(_as_json([stopped]), at=timezone.now())
    submission.save()
    seals.erase(incoming)
    _record(submission, [stopped])


def problems_of(submission: Submission) -> list[Problem]:
    """The answer to a submission, opened. Empty until it is checked."""
    if submission.answer is None:
        return []
    said = json.loads(open_document(submission.answer))
    return [
        Problem(**part | {"severity": Severity(part["severity"]), "nearest": tuple(part.get("nearest", ()))})
        for part in said
    ]


def _checked(submission: Submission, claim: work.Claim) -> Checked:
    if submission.incoming is None:
        raise LookupError("a submission that is being checked has lost what was sent")
    content = open_document(submission.incoming)
    try:
        mapping = read_mapping(submission.mapping, submission.collection) if submission.mapping else Mapping()
    except Unreadable as broken:
        return Checked(0, 0, broken.problems)
    with transaction.atomic():
        pseudonyms = pseudonyms_of(submission.organisation)
    context = Context(Quarter.parse(submission.period), submission.organisation.slug, mapping.values)
    checked = check(
        content,
        collection=submission.collection,
        mapping=mapping,
        context=context,
        pseudonyms=pseudonyms,
        progress=claim.progress,
    )
    notes = (problem("SAVED_MAPPING_USED"),) if submission.mapping_was_saved else ()
    return replace(checked, problems=(*notes, *checked.problems))


def _as_json(problems: tuple[Problem, ...] | list[Problem]) -> bytes:
    return json.dumps([found.as_dict() for found in problems], ensure_ascii=False).encode()


def _record(submission: Submission, problems: tuple[Problem, ...] | list[Problem]) -> None:
    record(
        f"submission.{submission.state}",
        submission.audit_name,
        by=SERVICE,
        organisation=submission.organisation.slug,
        details={
            "rows": submission.rows,
            "kept": submission.kept,
            "codes": sorted({found.code for found in problems}),
        },
    )


KIND = work.Kind(CHECK, check_submission, give_up)
