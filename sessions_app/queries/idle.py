"""When a session was last touched.

What people do leaves rows with a time, so that no post has to write the session's own row for this: the log of commands
and of who is done, notes, scores, what was agreed, next steps. Looking on leaves none, and keeps nothing open.
"""

from datetime import datetime

from django.db.models import Max, QuerySet

from sessions_app.models import Consensus, NextStep, Note, Score, Session, SessionEvent, Status

_ROWS = (
    (SessionEvent.objects, "at"),
    (Note.objects, "created_at"),
    (Score.objects, "updated_at"),
    (Consensus.objects, "at"),
    (NextStep.objects, "created_at"),
)


def last_touched(session: Session) -> datetime:
    """The last time that somebody did something in the session; when it began, or was made, if nobody ever did."""
    times: list[datetime | None] = [
        rows.filter(session=session).aggregate(last=Max(field))["last"] for rows, field in _ROWS
    ]
    return max(time for time in (*times, session.started_at, session.created_at) if time is not None)


def at_a_step(*, started_before: datetime) -> QuerySet[Session]:
    """The sessions that run or pause and began before a time: only they can have been left alone since."""
    return Session.objects.filter(status__in=[Status.RUNNING, Status.PAUSED], started_at__lt=started_before)
