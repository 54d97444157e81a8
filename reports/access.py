"""Who may read a record: the team; those who administer its school or district once the team has shared it."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from insights.access import schools_of
from sessions_app.access import FACILITATORS, role_of
from sessions_app.engine import State
from sessions_app.models import Session
from teams.models import School, User

_WHOLE = ("team__school", "assignment", "protocol_version__protocol", "rubric_version", "shared_record")


class Audience(StrEnum):
    """Whose copy of the record it is; the school's leaves out student work, single scores and names."""

    TEAM = "team"
    SCHOOL = "school"


@dataclass(frozen=True, slots=True)
class Readable:
    """A session whose record somebody may read, and as whom."""

    session: Session
    audience: Audience


def shared_with(user: User) -> Q:
    """For `Session.objects.filter`: finished sessions whose record was shared with `user`'s school or district."""
    schools = School.objects.filter(schools_of(user))
    return Q(shared_record__isnull=False, status="finished", team__school__in=schools)


def readable(user: User, session_id: UUID) -> Readable | None:
    """The session and the copy that `user` may read; None when there is none for them."""
    sessions = Session.objects.select_related(*_WHOLE)
    if own := sessions.visible_to(user).filter(pk=session_id).first():
        return Readable(own, Audience.TEAM)
    if shared := sessions.filter(shared_with(user), pk=session_id).first():
        return Readable(shared, Audience.SCHOOL)
    return None


def may_share(user: User, session: Session) -> bool:
    """Whoever facilitated, and those who lead the team."""
    seat = session.participants.filter(user=user).first()
    if seat is not None and role_of(seat, State.from_json(session.state)) in FACILITATORS:
        return True
    return session.team.memberships.filter(user=user, role="lead").exists()
