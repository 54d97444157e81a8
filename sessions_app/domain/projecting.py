"""Putting a session on the projector: a link that opens once, and the screen that opened it."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from esw.core.one_use import hashed, new_code, new_secret, normal_link
from sessions_app import access, live
from sessions_app.domain.locking import locked
from sessions_app.engine import IllegalCommand, State
from sessions_app.models import Participant, Projector, Session

#: A link that nobody has opened is worth nothing after this.
LINK_LASTS = timedelta(minutes=15)


class LinkRefused(Exception):
    """The link opens nothing any more; `sentence` says why to who holds it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


USED = "A link opens on one screen, and this one has been opened already."
EXPIRED = "This link was not opened in time."
ENDED = "This projector was turned off, or a newer link was made."


@transaction.atomic
def make_link(*, session: Session, by: Participant, now: datetime) -> tuple[Projector, str]:
    """A new link and its code, which is told this once; what showed the session before ends.

    Raises `PermissionDenied` for who may not, `IllegalCommand` when the session is over.
    """
    row = _held(session, by)
    if row.is_over:
        raise IllegalCommand("This session is finished, so there is nothing to show any more.")
    _end(row, now)
    code = new_code()
    projector = Projector.objects.create(
        session=row, made_by=by, made_at=now, link_hash=hashed(code), link_expires_at=now + LINK_LASTS
    )
    live.publish_changed_on_commit(row.pk, ["people"])
    return projector, code


def projector_of_link(*, code: str, now: datetime) -> Projector | None:
    """What the link would open; None when there never was one. Raises `LinkRefused` when it opens no more."""
    found: Projector | None = Projector.objects.filter(link_hash=hashed(normal_link(code))).first()
    if found is None:
        return None
    if found.opened_at is not None:
        raise LinkRefused(USED)
    if found.ended_at is not None:
        raise LinkRefused(ENDED)
    if found.link_expires_at <= now:
        raise LinkRefused(EXPIRED)
    return found


@transaction.atomic
def open_link(*, code: str, now: datetime) -> tuple[Projector, str] | None:
    """Open the link: the projector, and the secret that this screen's cookie keeps; None when there never was one.

    Of two screens that open it at the same moment one wins. Raises `LinkRefused`.
    """
    found = projector_of_link(code=code, now=now)
    if found is None:
        return None
    secret = new_secret()
    opened = Projector.objects.filter(pk=found.pk, opened_at=None, ended_at=None).update(
        opened_at=now, cookie_hash=hashed(secret)
    )
    if not opened:
        raise LinkRefused(USED)
    live.publish_changed_on_commit(found.session_id, ["people"])
    return found, secret


@transaction.atomic
def turn_off(*, session: Session, by: Participant, now: datetime) -> None:
    """Take the session off the projector, opened or not. Raises `PermissionDenied`."""
    row = _held(session, by)
    if _end(row, now):
        live.publish_changed_on_commit(row.pk, ["people"])


def _held(session: Session, by: Participant) -> Session:
    row = locked(session)
    if not access.may_project(access.role_of(by, State.from_json(row.state))):
        raise PermissionDenied("Only the facilitator puts the session on the projector.")
    return row


def _end(session: Session, now: datetime) -> int:
    return Projector.objects.filter(session=session, ended_at=None).update(ended_at=now)
