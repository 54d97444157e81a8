"""Saved filters, indexes for a large library, and the search over transcripts and what a task is meant to show."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from functools import partial

from django.conf import settings
from django.db import migrations, models

from work_samples import search_index


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0002_rules_for_student_work"),
        ("work_samples", "0012_stored_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("address", models.TextField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.RemoveIndex(
            model_name="assignment",
            name="assignment_by_team",
        ),
        migrations.RemoveIndex(
            model_name="sample",
            name="sample_by_label",
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["team", "-created_at", "id"], name="assignment_newest"),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["team", "grade", "subject"], name="assignment_by_grade_subject"),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(
                fields=["label", "assignment", "confirmed_at", "archived_at"], name="sample_by_its_label"
            ),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", True), ("confirmed_at__isnull", False)),
                fields=["assignment", "created_at", "label"],
                name="sample_in_the_library",
            ),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(
                condition=models.Q(("archived_at__isnull", False)), fields=["assignment"], name="sample_in_the_archive"
            ),
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(
                condition=models.Q(("group", ""), _negated=True), fields=["group", "assignment"], name="sample_by_group"
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="saved_filters", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.UniqueConstraint(fields=("user", "name"), name="a_filters_name_once_a_person"),
        ),
        migrations.RunPython(
            partial(search_index.forwards, fields=("standards", "title", "prompt", "intended_learning")),
            migrations.RunPython.noop,
        ),
        migrations.RunPython(
            partial(search_index.forwards, index=search_index.RECORDINGS_AT_FIRST),
            partial(search_index.backwards, index=search_index.RECORDINGS_AT_FIRST),
        ),
    ]
