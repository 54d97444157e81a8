"""What a team's page gathers: upcoming sessions, past ones as a timeline, work, rubrics, open next steps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from home import queries
from rubrics.models import Rubric
from sessions_app.models import NextStep, NextStepState, Session, Status
from teams.models import Team, User
from work_samples.domain.usage import usage_of

UPCOMING_SHOWN = 5
PAST_SHOWN = 12
ASSIGNMENTS_SHOWN = 6
RUBRICS_SHOWN = 8
STEPS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Limited:
    """The first few of a list, and how many more there are."""

    rows: list[Any]
    more: int


def sections(team: Team, user: User, now: datetime) -> dict[str, Any]:
    """The context of the page, for a member of the team; the number of queries is fixed."""
    upcoming = list(queries.ahead_of(user, now=now).filter(team=team)[:UPCOMING_SHOWN])
    return {
        "upcoming": [queries.ahead(session, user=user, now=now) for session in upcoming],
        "past": _first(past_sessions(team, user), PAST_SHOWN),
        "sheets": queries.sheets(queries.assignments_of(user, team=team.pk)[:ASSIGNMENTS_SHOWN]),
        "rubrics": _first(rubrics_of(team, user), RUBRICS_SHOWN),
        "steps": _first(open_steps(team), STEPS_SHOWN),
        "usage": usage_of(team.pk),
    }


def past_sessions(team: Team, user: User) -> Any:
    """Finished sessions, newest first, each with how many people came, samples were looked at, steps decided."""
    return (
        Session.objects.visible_to(user)
        .filter(team=team, status=Status.FINISHED)
        .select_related("assignment", "protocol_version__protocol")
        .defer("state", "protocol_version__data")  # large, and no list shows them
        .annotate(
            looked_at=Count("on_table", distinct=True),
            steps=Count("next_steps", distinct=True),
        )
        .order_by("-finished_at", "-starts_at")
    )


def rubrics_of(team: Team, user: User) -> Any:
    """The team's rubrics, with the number of their newest version."""
    mine = Rubric.objects.visible_to(user).filter(team=team)
    return mine.annotate(newest=Max("versions__number")).order_by("title")


def open_steps(team: Team) -> Any:
    """What the team has promised and not done yet, the soonest first."""
    undone = NextStep.objects.filter(team=team).exclude(state=NextStepState.DONE)
    return undone.select_related("owner").order_by("due", "created_at")


def _first(rows: Any, shown: int) -> Limited:
    found = list(rows[:shown])
    return Limited(found, rows.count() - shown if len(found) == shown else 0)
