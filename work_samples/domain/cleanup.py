"""What time and killed processes leave behind: work that nobody confirmed, files that no row names."""

import contextlib
import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from esw.core import stored
from esw.core.storage import SCRATCH, Stored, private_storage
from work_samples.domain import bringing, files, usage
from work_samples.models import Sample

log = logging.getLogger(__name__)

# A file lies there for a moment before its row is written: a large upload, the pages of a long PDF.
PATIENCE = timedelta(hours=1)


def expire_unconfirmed(*, now: datetime, days: int) -> int:
    """Destroy samples that were brought, or sent back, more than `days` ago and never confirmed; returns how many.

    One that waits for the second person stays: its uploader has covered every name.
    """
    before = now - timedelta(days=days)
    expired = Sample.objects.waiting().filter(created_at__lt=before).exclude(sent_back_at__gte=before)
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
    """Remove files that no row names, and put right how much each team uses; returns how many went.

    What was written to the uploads and drafts of a sample before it was confirmed goes at once; anything else when it
    is older than PATIENCE.
    """
    known, gone, there = stored.named(), 0, list[Stored]()
    confirmed = dict(Sample.objects.confirmed().values_list("pk", "confirmed_at"))

    def is_over(file: Stored) -> bool:
        kind, sample, _ = file.name.split("/")
        was_confirmed = confirmed.get(UUID(sample)) if kind != files.PAGES else None
        return file.modified < (was_confirmed or now - PATIENCE) or file.modified < now - PATIENCE

    for kind in files.FOLDERS:
        ours = [file for file in private_storage().walk(kind) if stored.A_NAME.fullmatch(file.name)]
        lost = stored.without_row(ours, is_over=is_over, known=known)
        files.delete(*(file.name for file in lost))
        gone += len(lost)
        there += ours
    private_storage().give_up_half(before=now - PATIENCE, remove=True)
    usage.put_right(there=[file for file in there if file.name in known], before=now - PATIENCE)
    return gone


def delete_broken_off(*, now: datetime) -> int:
    """Remove what uploads that were broken off by a dead server left where they arrive; returns how many files."""
    gone = 0
    arriving = Path(settings.FILE_UPLOAD_TEMP_DIR)
    for path in (*arriving.glob("*.upload*"), *arriving.glob(f"{SCRATCH}*")):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < (now - PATIENCE).timestamp():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                gone += 1
    return gone
