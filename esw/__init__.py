"""Examining Student Work: settings, urls, ASGI, the Celery app, and what every room shares."""

from esw.celery import app as celery_app

__all__ = ["celery_app"]
