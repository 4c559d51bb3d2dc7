"""Accepting, superseding and withdrawing: the acts that decide what reaches figures."""

from datetime import datetime

from django.db import transaction

from monitoring.access.models import User
from monitoring.audit.trail import record
from monitoring.organisations.models import Organisation
from monitoring.submissions.models import ClosedPeriod, SavedMapping, State, Submission
from monitoring.vault import seals


class CannotDecide(RuntimeError):
    """The submission is not in a state in which this can be done; the message says what it is now."""


@transaction.atomic
def accept(submission: Submission, *, at: datetime, by: User | None) -> Submission:
    """Let a checked submission be counted, instead of the one accepted before for the same organisation, collection
    and quarter. Accepting twice is accepting once. Raises CannotDecide for any other state."""
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    if current.state == State.ACCEPTED:
        return current
    if current.state != State.CHECKED:
        raise CannotDecide(
            f"This submission is {current.get_state_display().lower()}; only a checked one can be accepted."
        )
    for before in (
        Submission.objects.select_for_update().accepted().of(current.organisation, current.collection, current.period)
    ):
        before.state = State.SUPERSEDED
        before.save(update_fields=["state"])
        _record("submission.superseded", before, by, {"by": str(current.pk)})
    preview, current.preview = current.preview, None
    current.state, current.accepted_at, current.accepted_by = State.ACCEPTED, at, by
    current.save(update_fields=["state", "accepted_at", "accepted_by", "preview"])
    seals.erase(preview)
    if current.mapping:
        SavedMapping.objects.update_or_create(
            organisation=current.organisation,
            collection=current.collection,
            defaults={"text": current.mapping, "saved_at": at},
        )
    details = {"reason": current.correction_reason} if current.correction_reason else {}
    _record("submission.accepted", current, by, details)
    return current


@transaction.atomic
def withdraw(submission: Submission, *, reason: str, by: User | None) -> Submission:
    """Take a submission back: it reaches no figure any more, and its dataset is destroyed. Raises CannotDecide."""
    current = Submission.objects.select_for_update().get(pk=submission.pk)
    if current.state == State.WITHDRAWN:
        return current
    if current.state not in {State.RECEIVED, State.CHECKED, State.ACCEPTED}:
        raise CannotDecide(f"This submission is {current.get_state_display().lower()} and cannot be withdrawn.")
    if not reason.strip():
        raise CannotDecide("Say why the submission is withdrawn.")
    sealed = current.dataset, current.incoming, current.preview
    current.state, current.dataset, current.incoming, current.preview = State.WITHDRAWN, None, None, None
    current.save(update_fields=["state", "dataset", "incoming", "preview"])
    for one in sealed:
        seals.erase(one)
    _record("submission.withdrawn", current, by, {"reason": reason.strip()[:300]})
    return current


def close_period(organisation: Organisation, collection: str, period: str, *, at: datetime) -> None:
    """From now on data of this quarter must come as a correction, because figures made from it are published."""
    ClosedPeriod.objects.get_or_create(
        organisation=organisation, collection=collection, period=period, defaults={"closed_at": at}
    )


def _record(act: str, submission: Submission, by: User | None, details: dict) -> None:
    record(act, submission.audit_name, by=by, organisation=submission.organisation.slug, details=details)
