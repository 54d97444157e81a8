"""Who may see and change a rubric: every member of the team whose it is."""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from teams.models import User


def rubrics_of(user: "User") -> Q:
    return Q(team__memberships__user=user)


def versions_of(user: "User") -> Q:
    return Q(rubric__team__memberships__user=user)
