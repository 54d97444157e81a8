"""Thin tasks: each calls one domain function, and may run twice at once."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings

from esw.core import clock
from sessions_app.domain import commands
from sessions_app.queries.idle import at_a_step


@shared_task(name="sessions_app.close_idle")
def close_idle() -> None:
    """Close the sessions that nobody has touched for IDLE_SESSION_HOURS."""
    now = clock.now()
    before = now - timedelta(hours=settings.IDLE_SESSION_HOURS)
    for session in at_a_step(started_before=before):
        commands.close_idle(session=session, before=before, now=now)
