"""The presenter's response is a kind of note; no row changes."""

from django.db import migrations, models

KINDS = [
    ("private", "private note"),
    ("observation", "observation"),
    ("clarifying", "clarifying question"),
    ("probing", "probing question"),
    ("speculation", "speculation"),
    ("warm", "warm feedback"),
    ("cool", "cool feedback"),
    ("interpretation", "interpretation"),
    ("implication", "implication"),
    ("evidence", "evidence"),
    ("pattern", "pattern"),
    ("plus", "plus"),
    ("delta", "delta"),
    ("response", "presenter’s response"),
]


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0004_projector")]

    operations = [
        migrations.AlterField("note", "kind", models.CharField(choices=KINDS, max_length=15)),
    ]
