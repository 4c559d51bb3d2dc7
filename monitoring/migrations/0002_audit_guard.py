from django.db import migrations

from monitoring.audit import guard


def build(apps, schema_editor):
    guard.build(schema_editor.connection)


def take_down(apps, schema_editor):
    guard.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    """The database refuses to change or delete an audit event."""

    dependencies = [("monitoring", "0001_initial")]

    operations = [migrations.RunPython(build, take_down)]
