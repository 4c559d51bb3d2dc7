"""Settings of a test run: everything in a temporary folder, keys of its own, no waiting for password hashes."""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

_FOLDER = tempfile.mkdtemp(prefix="equality-tests-")
if "PYTEST_XDIST_WORKER" not in os.environ or "DATA_DIR" not in os.environ:
    atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
os.environ["DATA_DIR"] = _FOLDER
os.environ.setdefault("SECRET_KEY", "a key for tests that is long enough to be taken for a real one " * 2)
os.environ.setdefault("VAULT_KEYS", "first:" + base64.b64encode(bytes(range(32))).decode())
os.environ.pop("CELERY_BROKER_URL", None)
os.environ["LOG_LEVEL"] = "INFO"

from monitoring.settings import *  # noqa: E402, F403
from monitoring.settings import REST_FRAMEWORK  # noqa: E402

DATA_DIR = Path(_FOLDER)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": {"anon": None, "user": None}}
ACCOUNT_RATE_LIMITS = False
