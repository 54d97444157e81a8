"""Fields that know what they hold."""

from typing import Any

from django.db import models


class TeamKey(models.UUIDField):
    """The key of the team whose sample this row belongs to, written with it by `save` and `bulk_create` alike.

    It only serves the search (`work_samples.search_index`): an index sees a row's own columns alone. Rights never ask
    it. A sample stays with its team for good, and so does what belongs to it.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"null": True, "editable": False} | options)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 (Django's own signature)
        if add and getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, model_instance.sample.assignment.team_id)  # type: ignore[attr-defined]
        return super().pre_save(model_instance, add)
