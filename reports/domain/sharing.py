"""Sharing a record with the school, and taking that back."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from reports import access
from reports.models import SharedRecord
from sessions_app.models import Session, Status
from teams.models import User


class NotFinished(Exception):
    """A record comes when the session is finished; the message is a sentence for people."""

    sentence = "The record is written when the session finishes, so it cannot be shared yet."


@transaction.atomic
def share_record(*, session: Session, by: User, shared: bool, now: datetime) -> None:
    """Share the record with the school, or stop sharing it; asking twice changes nothing.

    Raises `PermissionDenied` for who neither facilitated nor leads the team, `NotFinished` before the end.
    """
    if not access.may_share(by, session):
        raise PermissionDenied("Whoever facilitated the session or leads the team shares its record.")
    if not shared:
        SharedRecord.objects.filter(session=session).delete()
        return
    if session.status != Status.FINISHED:
        raise NotFinished
    SharedRecord.objects.get_or_create(session=session, defaults={"by": by, "at": now})
