"""Who may see and change a team: its members see it, its leads change it."""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from teams.models import Team, User


def teams_of(user: "User") -> Q:
    return Q(memberships__user=user)


def may_lead(user: "User", team: "Team") -> bool:
    """Leads change the team's name, norms and members."""
    return team.memberships.filter(user=user, role="lead").exists()
