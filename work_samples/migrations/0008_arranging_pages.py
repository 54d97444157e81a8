"""Pages that are turned, cropped or set aside before their sample is confirmed, and the student group of a sample."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("work_samples", "0007_standards_and_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="sample",
            name="group",
            field=models.CharField("student group", max_length=60, blank=True, default=""),
        ),
        migrations.AddField(
            model_name="sample", name="is_arranged", field=models.BooleanField(default=False, editable=False)
        ),
        migrations.AddField(
            model_name="page", name="aside_at", field=models.DateTimeField(null=True, blank=True, editable=False)
        ),
        migrations.RemoveConstraint(model_name="page", name="a_page_once_a_sample"),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(
                fields=["sample", "number"],
                condition=models.Q(aside_at__isnull=True),
                name="a_page_once_a_sample",
            ),
        ),
        migrations.CreateModel(
            name="Shape",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="shape",
                        serialize=False,
                        to="work_samples.page",
                    ),
                ),
                ("image", models.FileField(max_length=200, upload_to="unset")),
                ("thumbnail", models.FileField(max_length=200, upload_to="unset")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("crop", models.JSONField(null=True, blank=True)),
                ("cut_boxes", models.JSONField(default=list, blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(turn__lte=3), name="a_turn_is_a_quarter"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LastStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=120)),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="work_samples.assignment",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["assignment", "person"], name="one_step_to_undo"),
                ],
            },
        ),
    ]
