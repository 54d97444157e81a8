from celery import shared_task

from esw.core import clock, jobs


@shared_task(name="esw.core.requeue_lost_jobs")
def requeue_lost_jobs() -> None:
    jobs.requeue_lost(now=clock.now())
