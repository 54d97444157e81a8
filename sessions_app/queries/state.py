"""The public state: what every screen agrees on. It never holds a level, a reason, or whose tick is missing."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count

from rubrics.models import Criterion, Level
from sessions_app import access
from sessions_app.engine import RunStep, State, current_step, is_revealed, seconds_left
from sessions_app.models import Done, Session

#: Before the start nothing is on the table; the step has number 0.
LOBBY_STEP = RunStep(key="lobby", title="Lobby", minutes=0, makes="nothing")


def public_state(session_id: UUID, *, here: Collection[str], now: datetime) -> dict[str, Any]:
    """The state as JSON has it (docs/architecture.md, The public state), for people `here` (participant ids).

    Raises `Session.DoesNotExist`. Six queries, however many people look; four once the rubric is known here.
    """
    session = Session.objects.only("version", "state", "rubric_version").get(pk=session_id)
    return state_of(session, here=here, now=now)


def state_of(session: Session, *, here: Collection[str], now: datetime) -> dict[str, Any]:
    """`public_state` of a session whose row has just been read or written: one query less.

    This is read with each command and each coming and going, so it fetches what it shows and no more.
    """
    state = State.from_json(session.state)
    step = current_step(state) or LOBBY_STEP
    return {
        "version": session.version,
        "status": state.status,
        "step": {
            "number": 0 if state.index is None else state.index + 1,
            "of": len(state.steps),
            "title": step.title,
            "makes": step.makes,
            "speaks": step.speaks,
            "sample": step.sample,
            "round": step.round,
            "open": list(step.open),
            "minutes": step.minutes,
            "seconds_left": seconds_left(state, now=now),
            "running": state.status == "running",
        },
        "people": [
            {
                "id": str(seat.pk),
                "name": str(seat.user),
                "role": access.role_of(seat, state),
                "here": str(seat.pk) in here,
            }
            for seat in session.participants.select_related("user").only("session", "role", "user__name", "user__email")
        ],
        "done": Done.objects.filter(session=session, step=state.index).count() if state.index is not None else 0,
        "samples": [
            {
                "id": str(entry.sample_id),
                "label": entry.label,
                "pages": entry.pages,
                "revealed": is_revealed(state, str(entry.sample_id)),
            }
            for entry in session.on_table.annotate(pages=Count("sample__pages"))
        ],
        "rubric": _rubric(session.rubric_version_id),
    }


@lru_cache(maxsize=256)
def _rubric(version: UUID | None) -> dict[str, Any]:
    """The rubric of a session; a version that a session uses never changes, so it is read once."""
    if version is None:
        return {"id": None, "levels": [], "criteria": []}
    levels = Level.objects.filter(version=version).values_list("value", "name")
    criteria = Criterion.objects.filter(version=version).values_list("pk", "title")
    return {
        "id": str(version),
        "levels": [{"value": value, "name": name} for value, name in levels],
        "criteria": [{"id": str(key), "title": title} for key, title in criteria],
    }
