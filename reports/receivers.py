"""What happens here when something happens in a room below."""

from typing import Any
from uuid import UUID

from esw.core.afterwards import after_commit
from reports.domain import kept, record_file
from reports.models import KeptDocument
from sessions_app.models import SessionSample


def forget_records(session_id: UUID, **_: Any) -> None:
    """A note was struck or brought back: the kept records that tell it otherwise go now, and not within the hour."""
    for row in KeptDocument.objects.filter(kind=record_file.KIND, subject=session_id):
        kept.forget(row)


def forget_records_of_work(sample_id: UUID, **_: Any) -> None:
    """A page was withdrawn, came back or is destroyed: the kept records that show it otherwise go now."""
    for session_id in SessionSample.objects.filter(sample=sample_id).values_list("session_id", flat=True):
        after_commit(forget_records, session_id)
