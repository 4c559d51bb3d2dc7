"""The one Django app of the activity."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"

    def ready(self) -> None:
        # Imported here because both need the models: the deployment checks, and the work this app can do.
        from monitoring import production  # noqa: F401, PLC0415
        from monitoring.jobs import work  # noqa: PLC0415
        from monitoring.submissions.work import KIND  # noqa: PLC0415

        work.register(KIND)
