"""Next steps as a board."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from sessions_app.models import NextStep, NextStepState
from teams.models import User

#: Done steps stay on the board this long; older ones are in their session's record.
KEPT = timedelta(days=120)
TITLES = {"planned": "Planned", "trying": "Trying", "done": "Done"}
EMPTY = {
    "planned": "What a session decides to do next stands here, with who does it and by when.",
    "trying": "Move a step here when you have begun.",
    "done": "What was tried, and what came of it.",
}


@dataclass(frozen=True, slots=True)
class Card:
    step: NextStep
    is_mine: bool
    may_move: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class BoardColumn:
    state: str
    title: str
    empty: str
    cards: tuple[Card, ...]


def board_of(*, user: User, mine: bool, now: datetime) -> tuple[BoardColumn, ...]:
    """The next steps of the person's teams by state, the soonest due first. Two queries."""
    leads = set(user.memberships.filter(role="lead").values_list("team_id", flat=True))
    rows = NextStep.objects.visible_to(user).exclude(done_at__lt=now - KEPT)
    if mine:
        rows = rows.filter(owner=user)
    rows = rows.select_related("owner", "team", "session").defer("session__state")  # large, and no card shows it
    rows = rows.order_by(F("due").asc(nulls_last=True), "created_at")

    def card(step: NextStep) -> Card:
        own = step.owner_id == user.pk
        return Card(
            step=step,
            is_mine=own,
            may_move=own or step.created_by_id == user.pk or step.team_id in leads,
            is_late=step.state != NextStepState.DONE and step.due is not None and step.due < now.date(),
        )

    cards = [card(step) for step in rows]
    return tuple(
        BoardColumn(state, TITLES[state], EMPTY[state], tuple(entry for entry in cards if entry.step.state == state))
        for state in NextStepState.values
    )
