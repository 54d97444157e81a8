"""Who may enter a room, and who may do what in it.

A session is its team's: members enter, everyone else is told that there is nothing. The state says who
facilitates; the other parts stand on the participant.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Q

if TYPE_CHECKING:
    from sessions_app.engine import State
    from sessions_app.models import NextStep, Participant, Session
    from teams.models import User

FACILITATORS = frozenset({"facilitator", "co_facilitator"})
#: How long a projector shows after the session's end, and how long at most, whatever the session does.
PROJECTOR_STAYS = timedelta(hours=4)
PROJECTOR_LASTS = timedelta(hours=24)


def sessions_of(user: "User") -> Q:
    return Q(team__memberships__user=user)


def role_of(participant: "Participant", state: "State") -> str:
    """'facilitator' for who facilitates now, else the participant's own part."""
    return "facilitator" if state.facilitator == str(participant.pk) else participant.role


def may_command(role: str, command: str) -> bool:
    """The facilitator and co-facilitators everything, the timekeeper `extend`, any member `take_over`."""
    if command == "take_over" or role in FACILITATORS:
        return True
    return role == "timekeeper" and command == "extend"


def may_record(role: str) -> bool:
    """Who writes down what the room agreed: the recorder and whoever facilitates."""
    return role == "recorder" or role in FACILITATORS


def may_respond(role: str, *, presents: bool) -> bool:
    """The presenter answers what they heard; who writes down what the room says may do it for them."""
    return presents or may_record(role)


def next_steps_of(user: "User") -> Q:
    return Q(team__memberships__user=user)


def may_update_next_step(user: "User", step: "NextStep") -> bool:
    """Its owner, who wrote it, and the team's leads."""
    if user.pk in {step.owner_id, step.created_by_id}:
        return True
    return step.team.memberships.filter(user=user, role="lead").exists()


def may_plan(user: "User", session: "Session") -> bool:
    """Who planned the session, who facilitates it, and the team's leads, as long as it has not begun."""
    if session.status not in {"planned", "lobby"}:
        return False
    facilitates = session.participants.filter(user=user, pk=session.state["facilitator"]).exists()
    leads = session.team.memberships.filter(user=user, role="lead").exists()
    return session.created_by_id == user.pk or facilitates or leads


def presents(user: "User") -> Q:
    """Whose task and teaching lie on the table, whoever facilitates by now: for `Session.objects.filter`."""
    return Q(participants__user=user, participants__role="presenter")


def may_strike(user: "User", session: "Session") -> bool:
    """The presenter alone: what was noted is about their work. Not the facilitator, not who leads the team."""
    return session.participants.filter(user=user, role="presenter").exists()


def may_type_scores(role: str) -> bool:
    """Who types in what was scored on paper: whoever may reveal."""
    return role in FACILITATORS


def may_set_focus(role: str) -> bool:
    """The presenter and whoever facilitates."""
    return role == "presenter" or role in FACILITATORS


def may_project(role: str) -> bool:
    """Who puts the session on the projector, and takes it off."""
    return role in FACILITATORS


def projectors_showing(now: datetime) -> Q:
    """Projectors that a screen has opened and that nothing has ended: no hand, no new link, no time.

    Whoever made the link and is not in the team any more takes nothing of the team's along on a screen.
    """
    in_time = Q(session__finished_at=None) | Q(session__finished_at__gt=now - PROJECTOR_STAYS)
    by_the_team = Q(made_by__user__is_active=True, made_by__user__memberships__team=F("session__team"))
    return Q(ended_at=None, opened_at__gt=now - PROJECTOR_LASTS) & in_time & by_the_team
