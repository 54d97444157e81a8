"""Commands: lock, apply, bump the version, log, save; on commit tell every screen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from esw.core.database import held
from sessions_app import access, live
from sessions_app.domain.locking import locked
from sessions_app.engine import BadArgument, Command, Event, IllegalCommand, State, apply, in_progress
from sessions_app.engine_arguments import blank, step_index
from sessions_app.models import Done, Participant, Session, SessionEvent
from sessions_app.queries.idle import last_touched
from sessions_app.queries.scoring import missing_scores
from sessions_app.signals import session_finished
from work_samples import task_queries
from work_samples.models import Task


@transaction.atomic
def give_command(*, session: Session, by: Participant, name: str, args: Mapping[str, Any], now: datetime) -> Session:
    """Apply the command and return the session as it then is.

    Raises `PermissionDenied` for who may not, `IllegalCommand` when it is not possible now, `BadArgument`
    when it cannot be understood. A command that changes nothing leaves the version as it was.
    """
    row = locked(session)
    before = State.from_json(row.state)
    if not access.may_command(access.role_of(by, before), name):
        raise PermissionDenied("Only the facilitator can do that.")
    after, events = apply(before, Command(name=name, by=str(by.pk), args=args), now=now)
    if events:
        keep(row, before, after, events, by=by, now=now)
    return row


@transaction.atomic
def close_idle(*, session: Session, before: datetime, now: datetime) -> bool:
    """Finish a session at a step that nobody has touched since `before`; False when somebody has, or it is over.

    It ends, for its clock and its record, when it was last touched: nobody looked at work all night.
    """
    row = locked(session)
    state = State.from_json(row.state)
    touched = last_touched(row)
    if not in_progress(state) or touched >= before:
        return False
    after, events = apply(state, Command(name="finish", by=""), now=touched)
    keep(row, state, after, (Event("closed_idle", {}), *events), by=None, now=now, finished_at=touched)
    return True


def keep(
    row: Session,
    before: State,
    after: State,
    events: Sequence[Event],
    *,
    by: Participant | None,
    now: datetime,
    finished_at: datetime | None = None,
) -> None:
    """Save what came of commands to a row that is held, log it, and tell everyone on commit."""
    row.state, row.status = after.to_json(), after.status
    row.version += 1
    row.started_at = row.started_at or (now if after.index is not None else None)
    row.finished_at = (finished_at or now) if after.status == "finished" else None
    if row.task_id is None and row.started_at is not None:
        row.task = _task_of(row)
    row.save(update_fields=["state", "status", "version", "started_at", "finished_at", "task"])
    SessionEvent.objects.bulk_create(
        SessionEvent(session=row, version=row.version, name=event.name, participant=by, data=dict(event.data), at=now)
        for event in events
    )
    live.publish_state_on_commit(row)
    if before.status != after.status == "finished":
        transaction.on_commit(partial(session_finished.send_robust, sender=Session, session_id=row.pk))


def _task_of(row: Session) -> Task | None:
    """The task's pages as they stand now: from here on the session keeps these, whatever is brought later."""
    standing = task_queries.standing(row.assignment)
    return None if standing is None else held(Task.objects.all()).filter(pk=standing.pk).first()


@transaction.atomic
def set_done(*, session: Session, by: Participant, step: object, done: bool, now: datetime) -> Session:
    """Say that one is done with the step on the screen, or not yet.

    Raises `IllegalCommand` when the room is at another step or, in a scoring step, a criterion has no score, and
    `BadArgument` when `step` (a number from 1, as it came) is none of this session's.
    """
    row = locked(session)
    state = State.from_json(row.state)
    if state.index is None or state.status == "finished":
        raise IllegalCommand("This session is not at a step.")
    if blank(step):
        raise BadArgument("Say which step you are done with.")
    if step_index(step, count=len(state.steps)) != state.index:
        raise IllegalCommand(f"The room has moved on: it is at step {state.index + 1} now.")
    if done and (missing := missing_scores(session=row, by=by, state=state)):
        raise IllegalCommand(f"{missing} {'criterion has' if missing == 1 else 'criteria have'} no score yet.")
    rows = Done.objects.filter(participant=by, step=state.index)
    if done == rows.exists():
        return row
    if done:
        Done.objects.create(session=row, participant=by, step=state.index)
    else:
        rows.delete()
    row.version += 1
    row.save(update_fields=["version"])
    count = Done.objects.filter(session=row, step=state.index).count()
    SessionEvent.objects.create(
        session=row, version=row.version, name="done", data={"step": state.index + 1, "count": count}, at=now
    )
    live.publish_state_on_commit(row)
    return row
