"""Jobs: queued on commit, claimed under a lease, reported in plain words, found again when lost.

The queue may say the same twice (a broker hands out again what a dead worker had, beat runs twice, a job that waits
long is queued anew): `claim` gives a job to one of those who ask, and to nobody once it is done.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from kombu.exceptions import OperationalError

from esw.core import clock
from esw.core.afterwards import after_commit
from esw.core.models import Job, JobState
from esw.core.redis_link import Away, client, link
from esw.core.storage import StorageAway

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)
#: What the broker took and nobody began may be lost with the broker; it is queued again after so long.
PENDING_PATIENCE = timedelta(seconds=30)
#: What was written down and never reached the broker.
UNSENT_PATIENCE = timedelta(seconds=5)
#: Nothing works this long. A job that hangs loses its lease then, and another worker tries.
LONGEST_WORK = timedelta(minutes=30)
#: How long a job waits for a store of files that is away, before it says so.
STORAGE_PATIENCE = timedelta(days=1)
MAX_ATTEMPTS = 3
ENQUEUE_ATTEMPTS = 5
GAVE_UP = "This was tried three times and stopped each time. Try again, or bring the work as a photo or a PDF."


class JobFailed(Exception):
    """Raised by the work itself: it cannot be done, and `sentence` says why to the person who waits."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def enqueue(*, task: str, target: UUID, now: datetime) -> Job:
    """Write the job's row and queue its task when the transaction commits; a live job is returned as it is."""
    for _ in range(ENQUEUE_ATTEMPTS):
        live = Job.objects.filter(task=task, target=target, state__in=[JobState.PENDING, JobState.RUNNING]).first()
        if live is not None:
            return live
        try:
            with transaction.atomic():
                job = Job.objects.create(task=task, target=target, created_at=now)
        except IntegrityError:  # somebody was faster, and theirs may be over by now
            continue
        after_commit(send, job)
        return job
    raise DatabaseError("others queue and finish this job again and again")


def send(job: Job) -> None:
    """Hand the job to the broker; when the broker is away the row waits and is found again later."""
    try:
        if settings.REDIS_URL:
            link.ask(lambda: client().ping())  # Celery would wait much longer for one that does not answer
        current_app.send_task(job.task, args=[str(job.pk)], retry=False)
    except (OSError, OperationalError, Away) as problem:
        log.warning("job %s waits: the broker is away (%s)", job.pk, type(problem).__name__)
        sent_at = None
    else:
        sent_at = clock.now()
    Job.objects.filter(pk=job.pk).update(sent_at=sent_at)


def claim(job_id: UUID | str, *, now: datetime) -> Job | None:
    """Take the job under a lease, or None when it is gone, done, or held by a worker that is alive."""
    free = Q(state=JobState.PENDING) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, lease_until=now + LEASE, error=""
    )
    return Job.objects.filter(pk=job_id).first() if taken else None


def _as_read(job: Job) -> QuerySet[Job]:
    """The job's row, unless it has moved on since `job` was read: finished, or taken by another worker."""
    return Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts)


def report(job: Job, *, done: int, of: int, now: datetime) -> None:
    """Show progress and keep the lease."""
    _as_read(job).update(done=done, of=of, lease_until=now + LEASE)


def finish(job: Job, *, now: datetime) -> None:
    _as_read(job).update(state=JobState.DONE, finished_at=now, lease_until=None, done=F("of"))


def fail(job: Job, sentence: str, *, now: datetime) -> None:
    _as_read(job).update(state=JobState.FAILED, error=sentence[:300], finished_at=now, lease_until=None)


def _wait_again(job: Job, *, now: datetime) -> None:
    """Put the job back and queue it, unless somebody else just did."""
    row = _as_read(job)
    if job.state == JobState.PENDING:
        row = row.filter(sent_at=job.sent_at)
    if row.update(state=JobState.PENDING, lease_until=None, sent_at=now):
        send(job)


@contextmanager
def working(job_id: str) -> Iterator[tuple[Job, Callable[[int, int], None]] | None]:
    """Claim a job and see it to its end, as a context: `if held: …` inside.

    Yields the job with a function that reports progress, or None when there is nothing to do. `JobFailed`
    becomes the job's sentence. Anything else is logged by its kind alone (never its words, which may quote
    a file) and the job goes back to waiting, or is given up after MAX_ATTEMPTS.
    """
    job = claim(job_id, now=clock.now())
    if job is None:
        yield None
        return
    try:
        with _keeping(job):
            yield job, lambda done, of: report(job, done=done, of=of, now=clock.now())
    except JobFailed as failed:
        fail(job, failed.sentence, now=clock.now())
    except StorageAway as away:
        _wait_for_storage(job, away.sentence, now=clock.now())
    except Exception as problem:  # noqa: BLE001 (the last line of defence for every job)
        log.error("job %s (%s) broke: %s", job.pk, job.task, type(problem).__name__)  # noqa: TRY400
        _put_back(job)
    else:
        finish(job, now=clock.now())


@contextmanager
def _keeping(job: Job) -> Iterator[None]:
    """Say, in a thread, that somebody is at it: one page may take longer than a lease."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, over), name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()


def _keep(job: Job, over: threading.Event) -> None:
    every = LEASE.total_seconds() / 3
    for _ in range(int(LONGEST_WORK.total_seconds() / every)):
        if over.wait(every):
            return
        try:
            _as_read(job).update(lease_until=clock.now() + LEASE)
        except DatabaseError as problem:
            log.warning("the lease of job %s was not kept: %s", job.pk, type(problem).__name__)
        finally:
            connections.close_all()


def _put_back(job: Job) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        fail(job, GAVE_UP, now=clock.now())
        return
    _wait_again(job, now=clock.now())


def put_off(job: Job, *, now: datetime) -> None:
    """Give way: that was no try. `requeue_lost` queues the job anew after PENDING_PATIENCE."""
    _as_read(job).update(state=JobState.PENDING, attempts=F("attempts") - 1, lease_until=None, sent_at=now)


def _wait_for_storage(job: Job, sentence: str, *, now: datetime) -> None:
    """Where its files lie is away: that was no try. `requeue_lost` queues it anew, for a day."""
    if now - job.created_at > STORAGE_PATIENCE:
        fail(job, sentence, now=now)
        return
    log.warning("job %s waits: the store of files is away", job.pk)
    put_off(job, now=now)


def requeue_lost(*, now: datetime, after_restart: bool = False) -> int:
    """Queue again what no worker holds any more; returns how many.

    `after_restart`: the only worker there was is this process, just begun, so every running job is lost.
    """
    expired, waiting = Q(state=JobState.RUNNING), Q(state=JobState.PENDING)
    if not after_restart:
        expired &= Q(lease_until__lt=now)
        unsent = Q(sent_at=None, created_at__lt=now - UNSENT_PATIENCE)
        waiting &= unsent | Q(sent_at__lt=now - PENDING_PATIENCE)
    lost = list(Job.objects.filter(expired | waiting).order_by("created_at"))
    for job in lost:
        if job.attempts >= MAX_ATTEMPTS:
            fail(job, GAVE_UP, now=now)
        else:
            _wait_again(job, now=now)
    return len(lost)


def sweep(*, now: datetime) -> int:
    """Forget jobs that have been over for long, but not a target's newest: a screen may show it. Returns how many."""
    before = now - timedelta(days=settings.FINISHED_JOBS_KEPT_DAYS)
    newer = Job.objects.filter(target=OuterRef("target"), created_at__gt=OuterRef("created_at"))
    over = Job.objects.filter(state__in=[JobState.DONE, JobState.FAILED], finished_at__lt=before)
    return over.filter(Exists(newer)).delete()[0]


def latest(target: UUID, *, task: str = "") -> Job | None:
    """The newest job for a row, finished or not; of one task where it is named."""
    rows = Job.objects.filter(target=target, task=task) if task else Job.objects.filter(target=target)
    return rows.order_by("-created_at").first()
