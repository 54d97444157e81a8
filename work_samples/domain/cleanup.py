"""What time and killed processes leave behind: work that nobody confirmed, files that no row names."""

import contextlib
import logging
import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from work_samples.domain import bringing, files
from work_samples.models import Page, Sample, Upload

log = logging.getLogger(__name__)

# A file lies there for a moment before its row is written: a large upload, the pages of a long PDF.
PATIENCE = timedelta(hours=1)
A_SAMPLE = re.compile(r"[0-9a-f]{32}")


def expire_unconfirmed(*, now: datetime, days: int) -> int:
    """Destroy samples that were brought more than `days` ago and never confirmed; returns how many."""
    expired = Sample.objects.waiting().filter(created_at__lt=now - timedelta(days=days))
    gone = 0
    for sample in expired:
        try:
            bringing.delete_sample(sample=sample)
        except bringing.NotBrought:  # confirmed at this very moment
            continue
        gone += 1
    if gone:
        log.info("let go of %s samples that nobody confirmed within %s days", gone, days)
    return gone


def delete_orphans(*, now: datetime) -> int:
    """Remove files that no row names; returns how many samples' folders were gone through.

    Uploads and drafts of a confirmed sample go at once: nothing is written there any more. Anything else
    goes when it is older than PATIENCE.
    """
    folders = [(kind, UUID(name)) for kind in files.FOLDERS for name in files.list_folders(kind) if _is_ours(name)]
    confirmed = set(Sample.objects.confirmed().values_list("pk", flat=True))
    for kind, sample_id in folders:
        if kind != files.PAGES and sample_id in confirmed:
            files.empty_folder(kind, sample_id)
        else:
            files.delete_old(kind, sample_id, before=now - PATIENCE, keep=_named(kind, sample_id))
    return len(folders)


def delete_broken_off(*, now: datetime) -> int:
    """Remove what uploads that were broken off by a dead server left where they arrive; returns how many files."""
    gone = 0
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*"):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < (now - PATIENCE).timestamp():
                path.unlink()
                gone += 1
    return gone


def _is_ours(name: str) -> bool:
    return A_SAMPLE.fullmatch(name) is not None


def _named(kind: str, sample_id: UUID) -> frozenset[str]:
    if kind == files.UPLOADS:
        return frozenset(Upload.objects.filter(sample=sample_id).values_list("file", flat=True))
    rows = Page.objects.filter(sample=sample_id).values_list("image", "thumbnail")
    return frozenset(name for row in rows for name in row)
