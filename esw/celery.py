"""The Celery application. Tasks are thin: they take a primary key and call one domain function."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esw.settings")

app = Celery("esw")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def find_lost_jobs(**_: object) -> None:
    """A worker that starts does not wait for the schedule: what died with the one before may be due already."""
    app.send_task("esw.core.requeue_lost_jobs")
