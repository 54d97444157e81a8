"""Celery's worker and its schedule inside the server, for a machine with no service at all.

The same tasks, the same schedule and the same jobs as with workers of their own; only the broker is this
process's memory. Nothing is lost with it, because a job's truth is its row: what was waiting or running
when the process died is found again at the next start.

A task is never waited for when the server stops. Its decoder is a child process that dies with the
server, and its job goes back to waiting.
"""

import logging
import threading
import time
from datetime import UTC, datetime
from typing import Any

from celery.beat import Scheduler, Service
from celery.worker import WorkController
from celery.worker import state as worker_state
from django.conf import settings
from django.db import connections

from esw.celery import app
from esw.core import clock, jobs

log = logging.getLogger(__name__)

STOP_PATIENCE = 0.6


class FromTheStart(Scheduler):
    """A schedule in memory. Everything is due once when the server starts, because it may never run for an hour."""

    def setup_schedule(self) -> None:
        self.install_default_entries(self.schedule)
        self.merge_inplace(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at = datetime(2000, 1, 1, tzinfo=UTC)


class EmbeddedWorker:
    """One worker thread, and a thread for the schedule."""

    def __init__(self) -> None:
        self._controller: WorkController | None = None
        self._service: Any = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Find lost jobs and begin to work. Returns at once."""
        try:
            found = jobs.requeue_lost(now=clock.now(), after_restart=True)
        finally:
            connections.close_all()
        if found:
            log.info("%s jobs were waiting or cut off and go on now", found)
        worker_state.should_stop = worker_state.should_terminate = None
        self._controller = WorkController(
            app=app,
            pool="threads",
            concurrency=1,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        self._thread = threading.Thread(target=self._controller.start, name="worker", daemon=True)
        self._thread.start()
        self._service = Service(app, scheduler_cls=FromTheStart)
        threading.Thread(target=self._service.start, name="schedule", daemon=True).start()

    def ask_to_stop(self) -> None:
        """Take no more tasks. Safe in a signal handler."""
        worker_state.should_stop = 0  # type: ignore[assignment]

    def stop(self) -> None:
        """Take no more tasks, and wait a moment for the thread; a task that is running is left behind."""
        if self._thread is None:
            return
        self._service.stop()
        self.ask_to_stop()
        self._thread.join(STOP_PATIENCE)
        self._thread = None


_worker = EmbeddedWorker()


def start() -> None:
    """Start the worker if this server is to have one."""
    if settings.EMBEDDED_WORKER:
        _worker.start()


def ask_to_stop() -> None:
    """The first half of `stop`, for a signal handler."""
    _worker.ask_to_stop()


def stop() -> None:
    """Stop it if it was started."""
    began = time.monotonic()
    _worker.stop()
    log.debug("worker stopped in %.2f s", time.monotonic() - began)
