"""What happens here when something happens in a room below."""

from typing import Any
from uuid import UUID

from reports.domain import kept, record_file
from reports.models import KeptDocument


def forget_records(session_id: UUID, **_: Any) -> None:
    """A note was struck or brought back: the kept records that tell it otherwise go now, and not within the hour."""
    for row in KeptDocument.objects.filter(kind=record_file.KIND, subject=session_id):
        kept.forget(row)
