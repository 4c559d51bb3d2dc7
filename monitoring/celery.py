"""The Celery application. Workers run the same tasks that are run in-process where no broker is set."""

import os

from celery import Celery
from celery.signals import celeryd_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")

app = Celery("monitoring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["monitoring.jobs"])


@celeryd_init.connect
def _refuse_unsafe_settings(**_: object) -> None:
    from monitoring.production import require_safe  # noqa: PLC0415  # a worker's settings are read when it starts

    try:
        require_safe()
    except ImproperlyConfigured as unsafe:
        raise SystemExit(str(unsafe)) from None  # a signal swallows anything less
