"""Adding people to a team and letting them go."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction

from teams.models import Membership, Team, TeamRole, User


class LastLead(Exception):
    """A team keeps at least one lead."""


class AlreadyThere(Exception):
    """This person belongs to the team already."""


@dataclass(frozen=True, slots=True)
class Added:
    """Who was added, and whether ESW did not know them before (they need a link to set a password)."""

    user: User
    is_new: bool


def add_member(*, team: Team, email: str, name: str) -> Added:
    """Add the person with this address, making them (without a password) when they are new.

    Raises AlreadyThere. A known person keeps their own name.
    """
    address = User.objects.normalize_email(email).lower()
    with transaction.atomic():
        user, is_new = User.objects.get_or_create(
            email=address,
            defaults={"name": name.strip() or address.split("@")[0], "password": make_password(None)},
        )
        try:
            with transaction.atomic():
                Membership.objects.create(team=team, user=user)
        except IntegrityError:
            raise AlreadyThere(f"{user.name} belongs to this team already.") from None
    return Added(user, is_new)


def remove_member(*, membership: Membership) -> None:
    """Let a member go; what they brought and wrote stays with the team. Raises LastLead."""
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=membership.team_id)
        leads = team.memberships.filter(role=TeamRole.LEAD)
        if membership.role == TeamRole.LEAD and leads.count() == 1:
            raise LastLead("A team needs a lead. Make someone else the lead first.")
        membership.delete()


def set_role(*, membership: Membership, role: str) -> Membership:
    """Make a member a lead, or a lead a member. Raises LastLead."""
    with transaction.atomic():
        team = Team.objects.select_for_update().get(pk=membership.team_id)
        others = team.memberships.filter(role=TeamRole.LEAD).exclude(pk=membership.pk)
        if role != TeamRole.LEAD and not others.exists():
            raise LastLead("A team needs a lead. Make someone else the lead first.")
        membership.role = TeamRole(role)
        membership.save(update_fields=["role"])
    return membership
