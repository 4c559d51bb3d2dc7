"""The activity: who reports, what they send, what inspectors find, and what is counted.

Django's project package and one Django app whose features are folders.
"""

from monitoring.celery import app as celery_app

__all__ = ["celery_app"]
