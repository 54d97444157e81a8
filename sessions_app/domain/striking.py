"""The presenter strikes what was noted on their task and teaching, and brings it back, as long as that is open."""

import uuid
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sessions_app import access
from sessions_app.domain.locking import locked
from sessions_app.domain.writing import shared
from sessions_app.engine import BadArgument, IllegalCommand, State
from sessions_app.models import Session, SessionEvent
from sessions_app.queries.striking import shared_note, window
from sessions_app.signals import notes_struck
from teams.models import User

NOT_YOURS = "Only who presented in this session looks through its notes and strikes them."
OVER = "The seven days in which notes could be struck are over, so the record stays as it is."
GONE = "That note is not there any more: whoever wrote it has taken it back."


@transaction.atomic
def strike_note(*, session: Session, by: User, note: uuid.UUID, struck: bool, now: datetime) -> None:
    """Strike a shared note, or bring it back (`struck` False); asking twice changes nothing.

    From then on its writer alone reads it, and the presenter who may bring it back. Raises `PermissionDenied` for
    who does not present, `IllegalCommand` once seven days have passed since the finish, `BadArgument` for a note
    that others may not read.
    """
    row = locked(session)
    if not access.may_strike(by, row):
        raise PermissionDenied(NOT_YOURS)
    if not window(row, now=now).is_open:
        raise IllegalCommand(OVER)
    found = shared_note(row, State.from_json(row.state), note)
    if found is None:
        raise BadArgument(GONE)
    if found.is_struck == struck:
        return
    found.struck_at = now if struck else None
    found.save(update_fields=["struck_at"])
    SessionEvent.objects.create(
        session=row,
        version=row.version,
        name="struck" if struck else "brought_back",
        participant=row.participants.get(user=by),
        data={"note": str(found.pk)},
        at=now,
    )
    shared(row, "notes")
    transaction.on_commit(partial(notes_struck.send_robust, sender=Session, session_id=row.pk))
