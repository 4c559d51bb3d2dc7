"""An installation of its own to measure in: a temporary folder, an empty embedded database."""

import atexit
import os
import shutil
import tempfile

import django
from django.core.management import call_command


def set_up() -> None:
    folder = tempfile.mkdtemp(prefix="equality-benchmarks-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    os.environ["DATA_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
