"""Querysets that ask `access` first."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from sessions_app import access

if TYPE_CHECKING:
    from sessions_app.models import Note
    from teams.models import User


class SessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "SessionQuerySet":
        return self.filter(access.sessions_of(user))


class ShownNotes(models.Manager["Note"]):
    """The notes that the presenter has not struck: all that there are, for everybody else."""

    def get_queryset(self) -> "models.QuerySet[Note]":
        return super().get_queryset().filter(struck_at=None)


class ProjectorQuerySet(models.QuerySet[Any]):
    def showing(self, now: datetime) -> "ProjectorQuerySet":
        """Those that a screen has opened and that have not ended."""
        return self.filter(access.projectors_showing(now))


class NextStepQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "NextStepQuerySet":
        return self.filter(access.next_steps_of(user))
