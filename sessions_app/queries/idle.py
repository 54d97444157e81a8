"""When a session was last touched.

What people do leaves rows with a time, so that no post has to write the session's own row for this: the log of commands
and of who is done, notes, scores, what was agreed, next steps. Looking on leaves none, and keeps nothing open.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from sessions_app.models import Consensus, NextStep, Note, Score, Session, SessionEvent, Status

_TIMES = (
    (SessionEvent, "at"),
    (Note, "created_at"),
    (Score, "updated_at"),
    (Consensus, "at"),
    (NextStep, "created_at"),
)


def last_touched(session_id: UUID) -> datetime | None:
    """The last time that somebody did something in the session, None when nobody ever did."""
    times = [
        model._default_manager.filter(session=session_id).aggregate(last=Max(field))["last"]  # noqa: SLF001 (Django's)
        for model, field in _TIMES
    ]
    return max((time for time in times if time is not None), default=None)


def at_a_step(*, started_before: datetime) -> QuerySet[Session]:
    """The sessions that run or pause and began before a time: only they can have been left alone since."""
    return Session.objects.filter(status__in=[Status.RUNNING, Status.PAUSED], started_at__lt=started_before)
