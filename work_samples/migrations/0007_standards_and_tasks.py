"""Standards that districts import, the task as pages, what an assignment is meant to show."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("teams", "0002_rules_for_student_work"),
        ("work_samples", "0006_names_and_second_look"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="assessment",
            field=models.CharField(
                blank=True,
                choices=[
                    ("classroom", "classroom work"),
                    ("common", "common assessment of a team"),
                    ("school", "school assessment"),
                    ("district", "district assessment"),
                    ("outside", "state or other outside assessment"),
                ],
                default="",
                max_length=10,
                verbose_name="what kind of assessment",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="intended_learning",
            field=models.TextField(blank=True, default="", max_length=2000),
        ),
        migrations.CreateModel(
            name="Framework",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("identifier", models.CharField(max_length=200)),
                ("title", models.CharField(max_length=200)),
                ("publisher", models.CharField(blank=True, max_length=200)),
                ("version", models.CharField(blank=True, max_length=100)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("uri", models.CharField(blank=True, max_length=500, verbose_name="address at its publisher")),
                ("imported_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="frameworks", to="teams.district"
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["title", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("identifier", models.CharField(max_length=200)),
                ("code", models.CharField(blank=True, max_length=60)),
                ("text", models.TextField()),
                ("kind", models.CharField(blank=True, max_length=100)),
                ("grades", models.JSONField(blank=True, default=list, verbose_name="education levels")),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("uri", models.CharField(blank=True, max_length=500)),
                (
                    "matches",
                    models.JSONField(blank=True, default=list, verbose_name="codes that others give to the same"),
                ),
                ("words", models.TextField(editable=False)),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="work_samples.framework",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="children",
                        to="work_samples.statement",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("made_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("error", models.CharField(blank=True, max_length=300)),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="work_samples.assignment"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="TaskFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("file", models.FileField(max_length=200, upload_to="unset")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="work_samples.task"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="TaskPage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("image", models.FileField(max_length=200, upload_to="unset")),
                ("thumbnail", models.FileField(max_length=200, upload_to="unset")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pages", to="work_samples.task"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.AddConstraint(
            model_name="framework",
            constraint=models.UniqueConstraint(fields=("district", "identifier"), name="a_framework_once_a_district"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["framework", "parent", "position"], name="statement_in_its_place"),
        ),
        migrations.AddIndex(
            model_name="statement",
            index=models.Index(fields=["code"], name="statement_by_code"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("framework", "identifier"), name="a_statement_once_a_framework"),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="a_statement_is_not_below_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="taskfile",
            constraint=models.UniqueConstraint(fields=("task", "position"), name="a_place_once_a_task"),
        ),
        migrations.AddConstraint(
            model_name="taskpage",
            constraint=models.UniqueConstraint(fields=("task", "number"), name="a_page_once_a_task"),
        ),
    ]
