"""One session, one writer at a time."""

from sessions_app.models import Session


def locked(session: Session) -> Session:
    """The session's row as it is now, held until the transaction ends.

    SQLite has no row locks; there the transaction itself takes its turn (`transaction_mode` IMMEDIATE).
    """
    return Session.objects.select_for_update().get(pk=session.pk)
