"""Days as the site counts them.

What a cell of the school's page holds must not depend on who looks: a time zone of one's own would move a session of
the last evening from one cell to the next, and the difference would tell what that session gave.
"""

from datetime import date, datetime, time

from django.db.models import QuerySet
from django.utils import timezone

from sessions_app.models import Session


def site_day(moment: datetime) -> date:
    """The day of `moment` in the site's own time zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def within(sessions: QuerySet[Session], first: date | None, after: date | None) -> QuerySet[Session]:
    """Those finished from the day `first` on and before the day `after`, in the site's own time zone."""
    if first:
        sessions = sessions.filter(finished_at__gte=_midnight(first))
    if after:
        sessions = sessions.filter(finished_at__lt=_midnight(after))
    return sessions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())
