"""What the schedule does for the shared ground. Each may run twice at once: beat may, by mistake, run twice."""

from importlib import import_module

from celery import shared_task
from django.conf import settings

from esw.core import clock, jobs


@shared_task(name="esw.core.requeue_lost_jobs")
def requeue_lost_jobs() -> None:
    jobs.requeue_lost(now=clock.now())


@shared_task(name="esw.core.sweep")
def sweep() -> None:
    """Forget log-ins that have expired and jobs that are long over."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    jobs.sweep(now=clock.now())
