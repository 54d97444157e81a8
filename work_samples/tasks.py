"""Thin tasks: they take a key and call one domain function."""

from celery import shared_task
from django.conf import settings

from esw.core import clock, jobs
from work_samples.domain import cleanup, pages, phoning, pieces, retention, silencing, suggesting, task_pages, telling


@shared_task(name="work_samples.make_pages")
def make_pages(job_id: str) -> None:
    """Make the pages that the job's sample waits for."""
    sample_id = None
    with jobs.working(job_id) as held:
        if held is not None:
            job, report = held
            sample_id = job.target
            pages.make_pages(job=job, report=report)
    if sample_id is not None:
        pages.queue_what_is_left(sample_id=sample_id, now=clock.now())
        suggesting.queue(sample_id=sample_id, now=clock.now())


@shared_task(name="work_samples.read_pages")
def read_pages(job_id: str) -> None:
    """Read the job's sample, to offer places where a name may stand."""
    with jobs.working(job_id) as held:
        if held is not None:
            job, report = held
            suggesting.read_pages(job=job, report=report)


@shared_task(name="work_samples.expire_unconfirmed")
def expire_unconfirmed() -> None:
    """Let go of work that nobody confirmed, of files that no row names, of uploads that were broken off, of phones and
    files on their way whose time is over; find files that nobody is at.
    """
    now = clock.now()
    cleanup.expire_unconfirmed(now=now, days=settings.UNCONFIRMED_UPLOAD_DAYS)
    pieces.sweep(now=now)
    phoning.sweep(now=now)
    cleanup.delete_orphans(now=now)
    cleanup.delete_broken_off(now=now)
    pages.queue_forgotten(now=now)


@shared_task(name="work_samples.tell_of_withdrawal")
def tell_of_withdrawal(job_id: str) -> None:
    """Tell by e-mail who looks after the job's withdrawal."""
    with jobs.working(job_id) as held:
        if held is not None:
            telling.tell(withdrawal_id=held[0].target, now=clock.now())


@shared_task(name="work_samples.silence_withdrawn")
def silence_withdrawn(job_id: str) -> None:
    """Silence more of the recording of the job's withdrawal."""
    withdrawal_id = None
    with jobs.working(job_id) as held:
        if held is not None:
            job, report = held
            withdrawal_id = job.target
            silencing.make(job=job, report=report)
    if withdrawal_id is not None:
        silencing.queue_what_is_left(withdrawal_id=withdrawal_id, now=clock.now())


@shared_task(name="work_samples.make_task_pages")
def make_task_pages(job_id: str) -> None:
    """Make the pages of the task that the job is for."""
    with jobs.working(job_id) as held:
        if held is not None:
            job, report = held
            task_pages.make_task_pages(job=job, report=report)


@shared_task(name="work_samples.keep_to_the_rules")
def keep_to_the_rules() -> None:
    """Mark work that is older than its district keeps it, and destroy what was marked long enough ago."""
    retention.run(now=clock.now())
