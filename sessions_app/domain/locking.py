"""One session, one writer at a time."""

from esw.core.database import held
from sessions_app.models import Session


def locked(session: Session) -> Session:
    """The session's row as it is now, held until the transaction ends."""
    return held(Session.objects.all()).get(pk=session.pk)
