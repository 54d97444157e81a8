"""When the presenter struck a note; nothing is struck yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0002_initial")]

    operations = [
        migrations.AddField("note", "struck_at", models.DateTimeField(blank=True, null=True)),
    ]
