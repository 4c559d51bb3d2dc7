"""Asking for long work, claiming it, doing it once."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from monitoring.jobs.models import LIVE, Job, State

ATTEMPTS = 3
log = structlog.get_logger("jobs")


class LostClaim(RuntimeError):
    """Another worker has taken the job over, or it was called off; whatever this one did is undone."""


@dataclass(frozen=True)
class Kind:
    """``do`` is given the claim and the subject's id. ``give_up`` tidies the subject when every attempt has
    failed."""

    name: str
    do: Callable[["Claim", str], None]
    give_up: Callable[[str], None]


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind of work known. Called when the application starts, in every process."""
    _KINDS[kind.name] = kind


def ask(kind: str, subject: str) -> Job:
    """The live job for this work, made where there is none. It is sent when the transaction commits."""
    key = f"{kind}:{subject}"
    job = Job.objects.filter(key=key, state__in=LIVE).first()
    if job is None:
        job, _ = Job.objects.get_or_create(
            key=key, state__in=LIVE, defaults={"kind": kind, "subject": subject, "state": State.QUEUED}
        )
    transaction.on_commit(lambda: send(job.pk))
    return job


def live_job(subject: str) -> Job | None:
    """What is being done about something at the moment, if anything."""
    return Job.objects.filter(subject=subject, state__in=LIVE).first()


def call_off(kind: str, subject: str) -> None:
    """Have nobody do this work: whoever is at it loses the claim, and stops at the next word of progress. Part of the
    transaction that says what becomes of the subject."""
    waited_for = Job.objects.filter(key=f"{kind}:{subject}", state__in=LIVE)
    waited_for.update(state=State.FAILED, finished_at=timezone.now(), lease_until=None)


def send(job_id: uuid.UUID) -> None:
    """Hand a job to a worker, or do it now where no broker is set. A broker that is away loses nothing: the job stays
    queued and ``recover`` sends it again."""
    if not settings.CELERY_BROKER_URL:
        perform(job_id)
        return
    from monitoring.jobs.tasks import run  # noqa: PLC0415  # tasks import this module

    try:
        run.apply_async(kwargs={"job": str(job_id)}, retry=False)
    except OperationalError:
        log.exception("broker unreachable", job=str(job_id))


def recover() -> int:
    """Send again what nobody is working on: leases that ran out, and jobs whose message was lost. Harmless to
    repeat."""
    now = timezone.now()
    stale = timedelta(seconds=settings.JOB_LEASE_SECONDS)
    lost = Job.objects.filter(
        Q(state=State.RUNNING, lease_until__lt=now) | Q(state=State.QUEUED, created_at__lt=now - stale)
    )
    ids = list(lost.values_list("pk", flat=True))
    for job_id in ids:
        send(job_id)
    return len(ids)


def perform(job_id: uuid.UUID) -> None:
    """Do a job, if it is there to be claimed."""
    claim = _claim(job_id)
    if claim is None:
        return
    structlog.contextvars.bind_contextvars(job=str(job_id), kind=claim.kind.name)
    try:
        with claim.kept_alive():
            claim.kind.do(claim, claim.subject)
    except LostClaim:
        log.warning("claim lost", job=str(job_id))
    except Exception:  # whatever went wrong is logged by type and place, and the subject is tidied
        log.exception("job stopped", job=str(job_id))
        claim.stop()
    finally:
        structlog.contextvars.unbind_contextvars("job", "kind")


def _claim(job_id: uuid.UUID) -> "Claim | None":
    now, owner = timezone.now(), uuid.uuid4()
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=job_id).update(
        state=State.RUNNING, owner=owner, lease_until=now + _lease(), attempts=F("attempts") + 1
    )
    if not taken:
        return None
    job = Job.objects.get(pk=job_id)
    return Claim(job_id=job_id, owner=owner, kind=_KINDS[job.kind], subject=job.subject, attempts=job.attempts)


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


@dataclass(frozen=True)
class Claim:
    """One worker's hold on one job."""

    job_id: uuid.UUID
    owner: uuid.UUID
    kind: Kind
    subject: str
    attempts: int

    def progress(self, step: int, steps: int, message: str) -> None:
        """Say how far the work has come, and keep the claim. Raises LostClaim."""
        self._mine(step=step, steps=steps, message=message, lease_until=timezone.now() + _lease())

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """The outcome and its receipt in one transaction, the receipt last. Raises LostClaim, with nothing done."""
        with transaction.atomic():
            yield
            self._mine(state=State.DONE, finished_at=timezone.now(), lease_until=None)

    def stop(self) -> None:
        """After an unexpected error: let it be tried again, or give up."""
        if self.attempts < ATTEMPTS and settings.CELERY_BROKER_URL:
            self._mine(lease_until=timezone.now())
            return
        with transaction.atomic():
            self.kind.give_up(self.subject)
            self._mine(state=State.FAILED, finished_at=timezone.now(), lease_until=None)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew the lease from beside while a long step computes. In-process work needs no renewing."""
        if not settings.CELERY_BROKER_URL:
            yield
            return
        over = threading.Event()
        beside = threading.Thread(target=self._renew, args=(over,), daemon=True)
        beside.start()
        try:
            yield
        finally:
            over.set()
            beside.join()

    def _renew(self, over: threading.Event) -> None:
        try:
            while not over.wait(settings.JOB_LEASE_SECONDS / 3):
                close_old_connections()
                Job.objects.filter(pk=self.job_id, owner=self.owner, state=State.RUNNING).update(
                    lease_until=timezone.now() + _lease()
                )
        finally:
            connection.close()

    def _mine(self, **changes: object) -> None:
        mine = Job.objects.filter(pk=self.job_id, owner=self.owner, state=State.RUNNING)
        if not mine.update(**changes):
            raise LostClaim
