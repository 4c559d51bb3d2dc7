"""The Django app of the publication."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from monitoring.jobs import work  # noqa: PLC0415  # needs the models
        from reports import building, preview, publishing  # noqa: PLC0415  # need the models

        work.register(building.KIND)
        work.register(publishing.KIND)
        work.register(preview.KIND)
