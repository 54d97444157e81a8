"""What stands on a page, in words, and the index that finds it (work_samples/search_index.py)."""

from functools import partial

from django.db import migrations, models

from work_samples import search_index


class Migration(migrations.Migration):
    dependencies = [("work_samples", "0004_recording")]

    operations = [
        migrations.AddField(
            model_name="page",
            name="description",
            field=models.TextField(blank=True, default="", max_length=4000),
        ),
        migrations.RunPython(
            partial(search_index.forwards, index=search_index.PAGES_AT_FIRST),
            partial(search_index.backwards, index=search_index.PAGES_AT_FIRST),
        ),
    ]
