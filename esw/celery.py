"""The Celery application. Tasks are thin: they take a primary key and call one domain function."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "esw.settings")

app = Celery("esw")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
