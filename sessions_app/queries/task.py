"""The task's pages that a session is run with."""

from sessions_app.engine import State, current_step, in_progress
from sessions_app.models import Session
from work_samples import task_queries
from work_samples.models import Task


def task_of(session: Session) -> Task | None:
    """What the session keeps; one that has none yet shows what stands, until its next command keeps that."""
    if session.task_id is not None or session.started_at is None or session.is_over:
        return session.task
    return task_queries.standing(session.assignment)


def is_open(session: Session) -> bool:
    """Whether the task is on the table now: the step opens it, or all is over and the record shows it."""
    state = State.from_json(session.state)
    step = current_step(state)
    return session.is_over or (in_progress(state) and step is not None and "task" in step.open)
