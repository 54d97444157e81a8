"""The pages of the task that a session was run with."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_app", "0006_note_at_seconds"),
        ("work_samples", "0007_standards_and_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="task",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sessions",
                to="work_samples.task",
            ),
        ),
    ]
