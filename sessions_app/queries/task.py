"""The task's pages that a session is run with."""

from django.urls import reverse

from sessions_app.engine import State, current_step, in_progress
from sessions_app.models import Session
from sessions_app.queries.parts import TablePage
from work_samples import task_queries
from work_samples.models import Task, TaskPage


def task_of(session: Session) -> Task | None:
    """What the session keeps; one that has none yet shows what stands, until its next command keeps that."""
    if session.task_id is not None or session.started_at is None or session.is_over:
        return session.task
    return task_queries.standing(session.assignment)


def pages_of_task(session: Session) -> list[TablePage]:
    """The pages of the session's task, with their addresses in the room."""

    def address(name: str, page: TaskPage) -> str:
        return reverse(f"sessions_app:{name}", args=[session.pk, page.pk])

    task = task_of(session)
    return [
        TablePage(
            id=page.pk,
            number=page.number,
            width=page.width,
            height=page.height,
            image_url=address("task_page_image", page),
            thumbnail_url=address("task_page_thumbnail", page),
        )
        for page in (task.pages.all() if task is not None else ())
    ]


def is_open(session: Session) -> bool:
    """Whether the task is on the table now: the step opens it, or all is over and the record shows it."""
    state = State.from_json(session.state)
    step = current_step(state)
    return session.is_over or (in_progress(state) and step is not None and "task" in step.open)
