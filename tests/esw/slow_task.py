"""A task for the server of a test: it works until a file tells it to go on, and then queues another job."""

import time
from pathlib import Path

from celery import shared_task
from django.conf import settings

from esw.core import clock, jobs

PATIENCE = 30


@shared_task(name="tests.slow")
def slow(job_id: str) -> None:
    with jobs.working(job_id) as held:
        if held is None:
            return
        job, report = held
        report(1, 2)
        note("began")
        until = time.monotonic() + PATIENCE
        while not (settings.DATA_DIR / "go").exists() and time.monotonic() < until:
            time.sleep(0.02)
        report(2, 2)
        note("ended")
        jobs.enqueue(task="tests.quick", target=job.target, now=clock.now())


@shared_task(name="tests.quick")
def quick(job_id: str) -> None:
    with jobs.working(job_id) as held:
        if held is not None:
            note("quick")


def note(word: str) -> None:
    """Write down what happened, for the test to read."""
    with Path(settings.DATA_DIR / "notes").open("a") as notes:
        notes.write(f"{word}\n")
