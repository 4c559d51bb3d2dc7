"""A piece of long work and how far it has come."""

import uuid

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    QUEUED = "queued", "waiting"
    RUNNING = "running", "in progress"
    DONE = "done", "done"
    FAILED = "failed", "stopped"


LIVE = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """``subject`` is the id the work is about; ``owner`` the worker that has claimed it, until ``lease_until``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    key = models.CharField(max_length=140)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "monitoring"
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(fields=("key",), condition=Q(state__in=LIVE), name="one_live_job_per_key"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_in_known_state"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def percent(self) -> int:
        return 100 * self.step // self.steps if self.steps else 0
