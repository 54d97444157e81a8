from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work_samples", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="sample",
            name="archived_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
