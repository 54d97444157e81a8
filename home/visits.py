"""When somebody was here last. A visit ends after half an hour without home; what was new stays new until then."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from teams.models import User

VISIT = timedelta(minutes=30)
KEY = "home-since"


def since(user: User, session: SessionBase, *, now: datetime) -> datetime | None:
    """The moment from which things are new to this person; None on a first visit."""
    if _is_new(user, session, now=now):
        return user.last_looked_at
    kept = session[KEY]
    return datetime.fromisoformat(kept) if kept else None


def looked(user: User, session: SessionBase, *, since: datetime | None, now: datetime) -> None:
    """Remember that this person was shown what is new since then. Called once the page is written."""
    if _is_new(user, session, now=now):
        session[KEY] = since.isoformat() if since else ""
    User.objects.filter(pk=user.pk).update(last_looked_at=now)


def _is_new(user: User, session: SessionBase, *, now: datetime) -> bool:
    return user.last_looked_at is None or now - user.last_looked_at > VISIT or KEY not in session
