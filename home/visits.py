"""When somebody was here last. A visit ends after half an hour without home; what was new stays new until then."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from teams.models import User

VISIT = timedelta(minutes=30)
KEY = "home-since"


def since(user: User, session: SessionBase, *, now: datetime) -> datetime | None:
    """The moment from which things are new to this person, None on a first visit; remembers this look at home."""
    last = user.last_looked_at
    if last is None or now - last > VISIT or KEY not in session:
        session[KEY] = last.isoformat() if last else ""
    User.objects.filter(pk=user.pk).update(last_looked_at=now)
    kept = session[KEY]
    return datetime.fromisoformat(kept) if kept else None
