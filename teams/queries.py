"""Reads about people and teams."""

from django.db.models import Count, QuerySet

from teams import access
from teams.models import Membership, Team, User


def teams_of(user: User) -> QuerySet[Team]:
    """The teams that this person belongs to, with their schools."""
    return Team.objects.filter(access.teams_of(user)).select_related("school").order_by("name")


def teams_with_counts(user: User) -> QuerySet[Team]:
    """The same, with `people`: how many belong to each."""
    counted = Team.objects.annotate(people=Count("memberships", distinct=True)).select_related("school")
    return counted.filter(pk__in=teams_of(user).values("pk")).order_by("name")


def members_of(team: Team) -> QuerySet[Membership]:
    """Who belongs to the team, leads first."""
    return team.memberships.select_related("user").order_by("role", "user__name", "pk")
