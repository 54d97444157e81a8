"""Who may see and change a team: its members see it, its leads change it."""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from teams.models import District, Team, User


def teams_of(user: "User") -> Q:
    return Q(memberships__user=user)


def may_lead(user: "User", team: "Team") -> bool:
    """Leads change the team's name, norms and members."""
    return team.memberships.filter(user=user, role="lead").exists()


def districts_of(user: "User") -> Q:
    """The districts that exist for this person: where they teach, or administer a school or the district."""
    teaches = Q(schools__teams__memberships__user=user)
    return teaches | Q(administrators__user=user) | Q(schools__administrators__user=user)


def may_set_rules(user: "User", district: "District") -> bool:
    """The district's administrators set its rules for student work."""
    return district.administrators.filter(user=user).exists()
