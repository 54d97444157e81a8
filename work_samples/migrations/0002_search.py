"""The index that the library's search asks (work_samples/search_index.py)."""

from functools import partial

from django.db import migrations, models

from work_samples import search_index


class Migration(migrations.Migration):
    dependencies = [("work_samples", "0001_initial")]

    operations = [
        migrations.RunPython(
            partial(search_index.forwards, fields=("standards", "title", "prompt")), search_index.backwards
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(fields=["label"], name="sample_by_label"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["team", "-created_at"], name="assignment_by_team"),
        ),
    ]
