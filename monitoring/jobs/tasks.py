"""What travels to workers: the id of a job, and nothing else."""

import uuid

from celery import shared_task
from celery.signals import worker_ready

from monitoring.jobs import work


@shared_task(name="jobs.run")
def run(*, job: str, **_: object) -> None:
    """Do one job. Tolerates arguments of later versions."""
    work.perform(uuid.UUID(job))


@shared_task(name="jobs.recover")
def recover(**_: object) -> None:
    """Send again what nobody is working on."""
    work.recover()


@worker_ready.connect
def _on_start(**_: object) -> None:
    """A worker that starts picks up what a killed one left behind."""
    recover.apply_async()
