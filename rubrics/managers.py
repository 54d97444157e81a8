"""Querysets that ask `access` first."""

from typing import TYPE_CHECKING, Any

from django.db import models

from rubrics import access

if TYPE_CHECKING:
    from teams.models import User


class RubricQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "RubricQuerySet":
        return self.filter(access.rubrics_of(user))


class VersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "VersionQuerySet":
        return self.filter(access.versions_of(user))
