#!/usr/bin/env python
"""Commands of the service. ``.venv/bin/python manage.py help`` lists them."""

import os
import sys

try:
    from django.core.management import execute_from_command_line
except ImportError:
    sys.exit("This Python does not have Django. Run: make setup, and then: .venv/bin/python manage.py ...")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")
    execute_from_command_line(sys.argv)
