"""What a page or a recording says is found together with its team, so that what other teams say costs nothing."""

from functools import partial
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

import work_samples.models.fields
from work_samples import search_index


def fill(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    sample = apps.get_model("work_samples", "Sample").objects.using(alias).filter(pk=OuterRef("sample"))
    for name in ("Page", "Recording"):
        rows = apps.get_model("work_samples", name)._base_manager.using(alias)  # noqa: SLF001 (those set aside as well)
        rows.update(team_key=Subquery(sample.values("assignment__team")[:1]))


class Migration(migrations.Migration):
    dependencies = [("work_samples", "0014_silencing_what_was_withdrawn")]

    operations = [
        migrations.AddField(
            model_name="page", name="team_key", field=work_samples.models.fields.TeamKey(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="recording", name="team_key", field=work_samples.models.fields.TeamKey(editable=False, null=True)
        ),
        # Out of the way first: each row that is filled would be put into the old index once more.
        migrations.RunPython(
            partial(search_index.backwards, index=search_index.PAGES_AT_FIRST), migrations.RunPython.noop
        ),
        migrations.RunPython(
            partial(search_index.backwards, index=search_index.RECORDINGS_AT_FIRST), migrations.RunPython.noop
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(
            partial(search_index.forwards, fields=("standards", "title", "prompt", "intended_learning")),
            migrations.RunPython.noop,
        ),
        migrations.RunPython(
            partial(search_index.forwards, index=search_index.PAGES),
            partial(search_index.forwards, index=search_index.PAGES_AT_FIRST),
        ),
        migrations.RunPython(
            partial(search_index.forwards, index=search_index.RECORDINGS),
            partial(search_index.forwards, index=search_index.RECORDINGS_AT_FIRST),
        ),
    ]
