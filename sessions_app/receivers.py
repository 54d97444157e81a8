"""What happens here when something happens in a room below."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sessions_app.domain import withdrawn


def work_changed(sample_id: UUID, **_: Any) -> None:
    """A page on the table was withdrawn, came back or is destroyed."""
    withdrawn.show_anew(sample=sample_id)


def work_destroyed(sample_id: UUID, pages: Sequence[UUID], whole: bool, **_: Any) -> None:  # noqa: FBT001 (a signal's)
    """What was quoted from work that was destroyed by hand goes with it."""
    withdrawn.forget_quotations(sample=sample_id, pages=pages, whole=whole)
