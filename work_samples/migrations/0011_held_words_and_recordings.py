"""What is held back of a page and of a recording beside its pictures."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work_samples", "0010_phones_and_pieces"),
    ]

    operations = [
        migrations.AddField(
            model_name="page",
            name="held_description",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.CreateModel(
            name="HeldRecording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.CharField(max_length=200)),
                ("poster", models.CharField(blank=True, max_length=200)),
                ("thumbnail", models.CharField(blank=True, max_length=200)),
                ("transcript", models.TextField(blank=True)),
                (
                    "recording",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="held", to="work_samples.recording"
                    ),
                ),
            ],
        ),
    ]
