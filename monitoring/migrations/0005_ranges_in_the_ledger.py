from django.db import migrations, models
from django.db.models import F


def exact_until_now(apps, schema_editor):
    apps.get_model("monitoring", "ReleasedRegion").objects.update(most=F("least"))


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0004_preview_of_a_submission'),
    ]

    operations = [
        migrations.RenameField('releasedregion', 'count', 'least'),
        migrations.AddField('releasedregion', 'most', models.PositiveBigIntegerField(null=True)),
        migrations.RunPython(exact_until_now, migrations.RunPython.noop),
    ]
