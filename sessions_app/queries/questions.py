"""The focus question, before its time: the presenter sees it, and may change it, before the others do."""

from django.db.models import Prefetch, QuerySet

from sessions_app import access
from sessions_app.models import Participant, Session, Status
from teams.models import User


def with_my_seat(sessions: QuerySet[Session], user: User) -> QuerySet[Session]:
    """The sessions, each with the person's own seat as `my_seats` (one more query for all of them)."""
    mine = Participant.objects.filter(user=user)
    return sessions.prefetch_related(Prefetch("participants", queryset=mine, to_attr="my_seats"))


def question_for(session: Session, user: User) -> str:
    """The focus question, or '' while the room is not open and it is not this person's to word.

    `session` comes from `with_my_seat`.
    """
    if session.status != Status.PLANNED:
        return session.focus_question
    seats: list[Participant] = session.my_seats  # type: ignore[attr-defined]
    words_it = session.created_by_id == user.pk or any(
        access.may_set_focus("facilitator" if str(seat.pk) == session.state.get("facilitator") else seat.role)
        for seat in seats
    )
    return session.focus_question if words_it else ""
