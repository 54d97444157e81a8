"""Who may enter a room, and who may do what in it.

A session is its team's: members enter, everyone else is told that there is nothing. The state says who
facilitates; the other parts stand on the participant.
"""

from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from sessions_app.engine import State
    from sessions_app.models import NextStep, Participant, Session
    from teams.models import User

FACILITATORS = frozenset({"facilitator", "co_facilitator"})


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


def may_set_focus(role: str) -> bool:
    """The presenter and whoever facilitates."""
    return role == "presenter" or role in FACILITATORS
