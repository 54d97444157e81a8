"""The demo's two tasks in one place."""

from home.demo import argument, fractions
from home.demo.content import Task

TASKS: tuple[Task, ...] = (argument.TASK, fractions.TASK)


def task_by_key(key: str) -> Task:
    """The task with that key. Raises ``KeyError``."""
    return {task.key: task for task in TASKS}[key]
