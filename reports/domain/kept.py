"""Documents that take a moment: made in a job, kept, and made again when what they tell has changed.

A view works out a digest of what the document would be made from and asks:

    standing = ask(kind="record", subject=session.pk, variant="team", digest=…, now=…)

`standing.state` is `ready` (then `standing.document.file` is in the private storage), `pending`, `running` or
`failed`. Asking queues the job once, however many ask. What failed is not tried again by asking, but by `again`, or
when the digest is another one.
"""

import errno
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from esw.core import clock, jobs
from esw.core.afterwards import after_commit
from esw.core.database import held
from esw.core.models import Job, JobState
from esw.core.storage import private_storage
from reports.documents import SENTENCES, CannotMake
from reports.models import KeptDocument

log = logging.getLogger(__name__)

MAKE = "reports.make_document"
FOLDER = "reports"
READY = "ready"
GAVE_UP = "Making this file was tried three times and stopped each time. Try again in a moment."
GONE = "There is nothing to make this file from any more."
KEPT_FOR = timedelta(days=30)
CHECK_EVERY = timedelta(hours=1)
CHECKED_AT_ONCE = 200
#: A file lies there for a moment before its row names it.
PATIENCE = timedelta(hours=1)

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished document, and the digest of what it was made from."""

    data: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Maker:
    """How one kind of document is made.

    `make` returns None when there is nothing to make it from any more; `digest` says what it would be made from now,
    or None likewise.
    """

    make: Callable[[KeptDocument, Report], Made | None]
    digest: Callable[[KeptDocument], str | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a document is; `error` is a sentence when it failed."""

    state: str
    done: int
    of: int
    error: str
    document: KeptDocument

    @property
    def is_ready(self) -> bool:
        return self.state == READY


def ask(
    *, kind: str, subject: UUID, variant: str, digest: str, now: datetime, options: Mapping[str, Any] | None = None
) -> Standing:
    """Where the document stands; queues its job where there is neither a fresh file nor a job."""
    row = KeptDocument.objects.filter(kind=kind, subject=subject, variant=variant).first()
    if row is None:
        row, _ = KeptDocument.objects.get_or_create(
            kind=kind,
            subject=subject,
            variant=variant,
            defaults={"options": dict(options or {}), "asked_at": now, "checked_at": now},
        )
    if _is_fresh(row, digest):
        if row.asked_at < now - CHECK_EVERY:
            KeptDocument.objects.filter(pk=row.pk).update(asked_at=now)
        return Standing(READY, 0, 0, "", row)
    job = jobs.latest(row.pk)
    if job is not None and job.state == JobState.FAILED and row.tried == digest:
        return _standing(job, row)
    if job is None or job.state in {JobState.DONE, JobState.FAILED}:
        job = _queue(row, digest, options, now=now)
    return _standing(job, row)


def again(*, kind: str, subject: UUID, variant: str, now: datetime) -> None:
    """Try once more what failed; what was made, is being made or was never asked for stays as it is."""
    row = KeptDocument.objects.filter(kind=kind, subject=subject, variant=variant).first()
    job = jobs.latest(row.pk) if row is not None else None
    if row is not None and job is not None and job.state == JobState.FAILED:
        jobs.enqueue(task=MAKE, target=row.pk, now=now)


@transaction.atomic
def _queue(row: KeptDocument, digest: str, options: Mapping[str, Any] | None, *, now: datetime) -> Job:
    KeptDocument.objects.filter(pk=row.pk).update(tried=digest, asked_at=now, options=dict(options or {}))
    return jobs.enqueue(task=MAKE, target=row.pk, now=now)


def _is_fresh(row: KeptDocument, digest: str) -> bool:
    return bool(row.file) and row.digest == digest and default_storage.exists(row.file)


def _standing(job: Job, row: KeptDocument) -> Standing:
    error = GAVE_UP if job.error == jobs.GAVE_UP else job.error
    state = JobState.RUNNING.value if job.state == JobState.DONE else str(job.state)
    return Standing(state, job.done, job.of, error, row)


# --- the job ----------------------------------------------------------------------------------------------------


def make(*, job: Job, report: Report, makers: Mapping[str, Maker]) -> None:
    """Make the job's document and keep it in place of the one before. Raises JobFailed.

    Safe to begin anew: what a killed run left is no row's file, and is swept.
    """
    row = KeptDocument.objects.filter(pk=job.target).first()
    if row is None:
        return
    try:
        made = makers[row.kind].make(row, report)
        if made is None:
            forget(row)
            raise jobs.JobFailed(GONE)
        name = default_storage.save(f"{FOLDER}/{row.pk.hex}/{uuid.uuid4().hex}.pdf", ContentFile(made.data))
    except CannotMake as problem:
        raise jobs.JobFailed(problem.sentence) from problem
    except OSError as problem:
        if problem.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise jobs.JobFailed(SENTENCES["disk"]) from problem
        raise
    if not _swap(row, name, made, job=job):
        default_storage.delete(name)


@transaction.atomic
def _swap(row: KeptDocument, name: str, made: Made, *, job: Job) -> bool:
    """Name the new file and let go of the old one, unless another run took over."""
    locked = held(KeptDocument.objects.filter(pk=row.pk)).first()
    is_ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts).exists()
    if locked is None or not is_ours:
        return False
    before, now = locked.file, clock.now()
    locked.file, locked.digest, locked.made_at, locked.checked_at = name, made.digest, now, now
    locked.save(update_fields=["file", "digest", "made_at", "checked_at"])
    if before:
        after_commit(default_storage.delete, before)
    return True


# --- letting go -------------------------------------------------------------------------------------------------


def forget(row: KeptDocument) -> None:
    """Delete a document with its file."""
    KeptDocument.objects.filter(pk=row.pk).delete()
    if row.file:
        default_storage.delete(row.file)


def tidy(*, makers: Mapping[str, Maker], now: datetime) -> int:
    """Let go of what nobody asks for, of what is no longer true, and of files that no row names; returns how many.

    A note that was struck and work that was destroyed leave the kept files within the hour, asked for or not.
    """
    gone = 0
    for row in KeptDocument.objects.filter(asked_at__lt=now - KEPT_FOR):
        forget(row)
        gone += 1
    due = KeptDocument.objects.filter(checked_at__lt=now - CHECK_EVERY).order_by("checked_at")
    for row in due[:CHECKED_AT_ONCE]:
        maker = makers.get(row.kind)
        if maker is None or maker.digest(row) != row.digest:
            forget(row)
            gone += 1
        else:
            KeptDocument.objects.filter(pk=row.pk).update(checked_at=now)
    return gone + _delete_orphans(now=now)


def _delete_orphans(*, now: datetime) -> int:
    named = set(KeptDocument.objects.exclude(file="").values_list("file", flat=True))
    before = now - PATIENCE
    lost = [
        file.name for file in private_storage().walk(FOLDER) if file.name not in named and file.modified < before
    ]  # fmt: skip
    for name in lost:
        default_storage.delete(name)
    return len(lost)
