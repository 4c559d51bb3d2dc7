#!/usr/bin/env python
"""Commands of the service. ``.venv/bin/python manage.py help`` lists them."""

import os
import sys

try:
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor
except ImportError:
    sys.exit("This Python does not have Django. Run: make setup, and then: .venv/bin/python manage.py ...")


def lacks_tables() -> bool:
    """Does the database not have all tables of this version? False where it does not answer at all."""
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return False


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitoring.settings")
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError:
        if lacks_tables():
            sys.exit("The database does not have all tables of this version yet. Run first: manage.py migrate")
        raise
