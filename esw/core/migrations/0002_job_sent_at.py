from django.db import migrations, models


class Migration(migrations.Migration):
    """When the broker last took a job, so that one that waits is not queued anew at each look."""

    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
