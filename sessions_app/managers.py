"""Querysets that ask `access` first."""

from typing import TYPE_CHECKING, Any

from django.db import models

from sessions_app import access

if TYPE_CHECKING:
    from teams.models import User


class SessionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "SessionQuerySet":
        return self.filter(access.sessions_of(user))


class NextStepQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "NextStepQuerySet":
        return self.filter(access.next_steps_of(user))
