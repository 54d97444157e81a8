"""What was read on a page, and the second person's look at a sample."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def person() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def moment() -> models.DateTimeField:
    return models.DateTimeField(blank=True, editable=False, null=True)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("work_samples", "0005_page_description"),
    ]

    operations = [
        migrations.AddField("sample", "covered_at", moment()),
        migrations.AddField("sample", "second_by", person()),
        migrations.AddField("sample", "second_at", moment()),
        migrations.AddField("sample", "sent_back_by", person()),
        migrations.AddField("sample", "sent_back_at", moment()),
        migrations.AddField(
            "sample",
            "sent_back_why",
            models.CharField(
                blank=True,
                choices=[
                    ("name", "a name shows"),
                    ("face", "a face or a person shows"),
                    ("other", "something else tells who it is"),
                ],
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField("sample", "sent_back_places", models.JSONField(blank=True, default=list, editable=False)),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("image", models.CharField(max_length=100)),
                ("words", models.CharField(blank=True, max_length=200)),
                ("places", models.JSONField(blank=True, default=list)),
                ("dismissed", models.JSONField(blank=True, default=list)),
                ("read_at", models.DateTimeField()),
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reading",
                        to="work_samples.page",
                    ),
                ),
            ],
        ),
    ]
