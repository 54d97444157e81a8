"""Adding people to a team and letting them go."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q

from esw.core.database import held
from teams.models import Membership, Team, TeamRole, User


class LastLead(Exception):
    """A team keeps at least one lead."""


class AlreadyThere(Exception):
    """This person belongs to the team already."""


class Elsewhere(Exception):
    """The address is in use, by nobody of this district: who that is does not exist for this team."""


@dataclass(frozen=True, slots=True)
class Added:
    """Who was added, and whether ESW did not know them before (they need a link to set a password)."""

    user: User
    is_new: bool


def add_member(*, team: Team, email: str, name: str) -> Added:
    """Add the person with this address, making them (without a password) when they are new.

    A known person keeps their own name. Raises AlreadyThere, and Elsewhere for somebody who belongs to another
    district alone: a lead learns nobody's name by typing an address.
    """
    address = User.objects.normalize_email(email).lower()
    with transaction.atomic():
        user, is_new = User.objects.get_or_create(
            email=address,
            defaults={"name": name.strip() or address.split("@")[0], "password": make_password(None)},
        )
        if not is_new and not _may_be_known(user, team):
            raise Elsewhere("This address cannot be added here. Ask who runs ESW for your district to add them.")
        try:
            with transaction.atomic():
                Membership.objects.create(team=team, user=user)
        except IntegrityError:
            raise AlreadyThere(f"{user.name} belongs to this team already.") from None
    return Added(user, is_new)


def _may_be_known(user: User, team: Team) -> bool:
    """Whether this person belongs to the team's district, or to none yet."""
    district = team.school.district_id
    memberships = user.memberships.all()
    offices = user.administrations.all()
    if not memberships.exists() and not offices.exists():
        return True
    return (
        memberships.filter(team__school__district=district).exists()
        or offices.filter(Q(district=district) | Q(school__district=district)).exists()
    )


def remove_member(*, membership: Membership) -> None:
    """Let a member go; what they brought and wrote stays with the team. Raises LastLead.

    Somebody who is gone already is gone.
    """
    with transaction.atomic():
        try:
            _lock(membership)
        except Membership.DoesNotExist:
            return
        _keep_a_lead(membership)
        membership.delete()


def set_role(*, membership: Membership, role: str) -> Membership:
    """Make a member a lead, or a lead a member. Raises LastLead, and Membership.DoesNotExist for who is gone."""
    with transaction.atomic():
        _lock(membership)
        if role != TeamRole.LEAD:
            _keep_a_lead(membership)
        membership.role = TeamRole(role)
        membership.save(update_fields=["role"])
    return membership


def _lock(membership: Membership) -> None:
    """Make it the membership as it is now; nobody else changes the team's people until the transaction ends."""
    held(Team.objects.all()).get(pk=membership.team_id)
    membership.refresh_from_db(fields=["role"])


def _keep_a_lead(membership: Membership) -> None:
    """Raise LastLead when nobody but this member leads the team."""
    others = Membership.objects.filter(team=membership.team_id, role=TeamRole.LEAD).exclude(pk=membership.pk)
    if membership.role == TeamRole.LEAD and not others.exists():
        raise LastLead("A team needs a lead. Make someone else the lead first.")
