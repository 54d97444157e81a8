"""Coming into a session: a member of the team who enters takes part in it."""

from datetime import datetime

from django.db import transaction

from esw.core.ids import normal_code
from esw.core.limits import Limit
from sessions_app import live
from sessions_app.domain.locking import locked
from sessions_app.engine import State, join
from sessions_app.models import Participant, Session
from teams.models import User


def seat_of(*, session: Session, user: User, now: datetime) -> Participant:
    """The person's place in the session, made when they have none.

    The caller has fetched `session` through access. Who comes in while the room is open was there
    (`joined_at`). Who first looks when it is over was not: they get a place that is not saved.
    """
    seat = Participant.objects.filter(session=session, user=user).select_related("user").first()
    if session.is_over:
        return seat or Participant(session=session, user=user)
    if seat is not None and (seat.joined_at is not None or not session.is_live):
        return seat
    return _take_seat(session=session, user=user, now=now)


@transaction.atomic
def _take_seat(*, session: Session, user: User, now: datetime) -> Participant:
    row = locked(session)
    seat, created = Participant.objects.get_or_create(session=row, user=user)
    if row.is_live and seat.joined_at is None:
        seat.joined_at = now
        seat.save(update_fields=["joined_at"])
    if created:
        row.state = join(State.from_json(row.state), str(seat.pk)).to_json()
        row.version += 1
        row.save(update_fields=["state", "version"])
        live.publish_state_on_commit(row)
    return seat


class NoSuchRoom(Exception):
    """The code opens no room for this person; `too_many`: they have guessed too often and must wait."""

    def __init__(self, sentence: str, *, too_many: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.too_many = too_many


WRONG_CODES = Limit("wrong-room-codes", 10, 600)


def session_by_code(*, user: User, code: str, now: datetime) -> Session:
    """The session whose code was typed, with a seat in it.

    Guessing is counted by account (a school sits behind one address): after ten misses in ten minutes every
    code is refused for a while. A code that belongs to another team opens nothing and says nothing else. It is
    counted before it is looked up, and given back when it was right: so many guesses at once are no way around.
    """
    if not WRONG_CODES.take(str(user.pk)):
        raise NoSuchRoom("That was too many wrong codes. Wait ten minutes, or open the room from Home.", too_many=True)
    session: Session | None = Session.objects.visible_to(user).filter(join_code=normal_code(code)).first()
    if session is None:
        raise NoSuchRoom("No room of yours has this code. Look at it again: it has six letters and digits.")
    WRONG_CODES.give_back(str(user.pk))
    seat_of(session=session, user=user, now=now)
    return session
