"""Querysets that ask `access` first, and that leave a used version alone."""

from typing import TYPE_CHECKING, Any

from django.db import models

from rubrics import access

if TYPE_CHECKING:
    from teams.models import User


class UsedVersion(Exception):
    """A session uses this version, so nothing in it may change."""

    sentence = "A session uses this version of the rubric, so it stays as it is. Save your changes as a new version."

    def __init__(self) -> None:
        super().__init__(self.sentence)


class RubricQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "RubricQuerySet":
        return self.filter(access.rubrics_of(user))


class PartQuerySet(models.QuerySet[Any]):
    """Rows of versions; changing many at once raises `UsedVersion` when one of them is history."""

    def update(self, **kwargs: Any) -> int:
        self._refuse_when_used()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_when_used()
        return super().delete()

    def _refuse_when_used(self) -> None:
        if self.filter(**{f"{self.model.path_to_used}__isnull": False}).exists():
            raise UsedVersion


class VersionQuerySet(PartQuerySet):
    def visible_to(self, user: "User") -> "VersionQuerySet":
        return self.filter(access.versions_of(user))
