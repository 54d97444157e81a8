"""Thin tasks: they take a key and call one domain function."""

from celery import shared_task

from esw.core import clock, jobs
from reports import documents
from reports.domain import kept
from reports.makers import MAKERS


@shared_task(name="reports.make_document")
def make_document(job_id: str) -> None:
    """Make the document that the job is for."""
    with jobs.working(job_id) as held:
        if held is not None:
            job, report = held
            kept.make(job=job, report=report, makers=MAKERS)


@shared_task(name="reports.tidy")
def tidy() -> None:
    """Let go of documents that nobody asks for or that are no longer true, and of what killed processes left."""
    kept.tidy(makers=MAKERS, now=clock.now())
    documents.forget_leftovers(older_than=documents.FORGET_AFTER)
