"""What a team and a person say about themselves."""

from collections.abc import Sequence

from django.db import transaction

from teams.models import Team, User


def describe_team(*, team: Team, name: str, norms: Sequence[str], two_person_check: bool | None = None) -> Team:
    """Change the team's name and norms. Sessions keep the norms that they were planned with.

    `two_person_check` None leaves that as it is. Turned off, it releases nothing: the uploader of each sample that
    waits says for it that no name shows.
    """
    with transaction.atomic():
        team.name = name
        team.norms = [norm.strip() for norm in norms if norm.strip()]
        if two_person_check is not None:
            team.two_person_check = two_person_check
        team.save(update_fields=["name", "norms", "two_person_check"])
    return team


def describe_person(*, user: User, name: str, time_zone: str) -> User:
    """Change what the table calls this person and the zone that they see times in ('' = the browser's)."""
    with transaction.atomic():
        user.name = name
        user.time_zone = time_zone
        user.save(update_fields=["name", "time_zone"])
    return user
