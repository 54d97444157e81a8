"""Reading the task of an assignment: what stands, what is on its way, what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from esw.core import jobs
from esw.core.models import JobState
from work_samples.models import Assignment, Task, TaskPage


@dataclass(frozen=True, slots=True)
class TaskSheet:
    """The pages that stand now, whether others are being made, and why the last ones could not be."""

    pages: Sequence[TaskPage]
    is_busy: bool
    error: str


def standing(assignment: Assignment) -> Task | None:
    """The task whose pages an assignment shows now."""
    found: Task | None = Task.objects.filter(assignment=assignment).standing().first()
    return found


def sheet(assignment: Assignment) -> TaskSheet:
    task = standing(assignment)
    newest = Task.objects.filter(assignment=assignment, removed_at=None).order_by("-created_at").first()
    pages = list(task.pages.all()) if task else []
    if newest is None or newest.made_at is not None:
        return TaskSheet(pages, is_busy=False, error="")
    job = jobs.latest(newest.pk)
    error = newest.error or (job.error if job is not None and job.state == JobState.FAILED else "")
    return TaskSheet(pages, is_busy=not error, error=error)
