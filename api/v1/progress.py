"""How far long work about something has come."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from monitoring.jobs.work import live_job


class ProgressSerializer(serializers.Serializer):
    step = serializers.IntegerField()
    steps = serializers.IntegerField(help_text="0 until the work has begun")
    message = serializers.CharField(allow_blank=True)


@extend_schema_field(ProgressSerializer(allow_null=True))
class ProgressField(serializers.Field):
    """Null where nothing is being done."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True)

    def to_representation(self, subject: object) -> dict | None:
        job = live_job(str(subject.pk))
        return {"step": job.step, "steps": job.steps, "message": job.message} if job else None
