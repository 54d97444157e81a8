"""Who may listen to a room: asked once before a stream opens, and again with each heartbeat.

A stream never passes through Django's middleware, so the cookie, the log-in, the person and the room
are checked here. Everything is synchronous and short; `stream.py` calls it in a thread.
"""

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from esw.core import clock
from sessions_app.domain.seats import seat_of
from sessions_app.models import Participant, Session
from teams.models import Membership, User


class NotLoggedIn(Exception):
    """Nobody is logged in with this cookie."""


@dataclass(frozen=True)
class Listener:
    """A person's place in a room. `person` is their participant id, the one that the public state shows."""

    session_id: UUID
    person: UUID
    user_id: UUID


class Pulse(NamedTuple):
    """How far a room is, and who may be in it (the ids that seats have as `person`)."""

    version: int
    activity: int
    members: frozenset[UUID]


def authorise_stream(session_key: str | None, session_id: UUID) -> Listener | None:
    """The seat of whoever holds this cookie, or None when there is no such room for them.

    Raises `NotLoggedIn`.
    """
    user = _user_of(session_key)
    session = Session.objects.visible_to(user).filter(pk=session_id).distinct().first()
    if session is None:
        return None
    return Listener(session_id=session.pk, person=_place_of(session, user), user_id=user.pk)


def _user_of(session_key: str | None) -> User:
    request = HttpRequest()
    request.session = _session_store()(session_key)
    user = get_user(request) if session_key else None
    if not isinstance(user, User) or not user.is_active:
        raise NotLoggedIn
    return user


def _session_store() -> type[SessionStore]:
    store: type[SessionStore] = import_module(settings.SESSION_ENGINE).SessionStore
    return store


def _place_of(session: Session, user: User) -> UUID:
    """The person's participant id; who looks at a finished session without having been in it gets their own id."""
    seat = seat_of(session=session, user=user, now=clock.now())
    return user.pk if seat._state.adding else seat.pk  # noqa: SLF001 (Django's own word for 'not saved')


def pulses(session_ids: Collection[UUID]) -> dict[UUID, Pulse]:
    """How far each room is and who may be in it; not a session that is gone. Three queries, however many rooms."""
    found = Session.objects.filter(pk__in=session_ids).order_by()
    rooms = list(found.values_list("pk", "version", "activity", "team_id"))
    members: dict[UUID, set[UUID]] = {team: set() for *_, team in rooms}
    allowed = Membership.objects.filter(team__in=members, user__is_active=True)
    for team, user in allowed.order_by().values_list("team_id", "user_id"):
        members[team].add(user)
    seats: dict[UUID, dict[UUID, UUID]] = {room: {} for room, *_ in rooms}
    taken = Participant.objects.filter(session__in=seats)
    for room, seat, user in taken.order_by().values_list("session_id", "pk", "user_id"):
        seats[room][seat] = user
    return {
        room: Pulse(
            version,
            activity,
            frozenset(members[team]).union(seat for seat, user in seats[room].items() if user in members[team]),
        )
        for room, version, activity, team in rooms
    }


def live_logins(session_keys: Collection[str]) -> frozenset[str]:
    """Those of the cookies whose log-in still stands: not logged out, not expired, no other password since.

    Two queries, however many listen.
    """
    store = _session_store()
    rows = store.get_model_class().objects.filter(session_key__in=session_keys, expire_date__gt=clock.now())
    logins = {row.session_key: row.get_decoded() for row in rows}
    people = User.objects.filter(is_active=True).in_bulk({login.get(SESSION_KEY) for login in logins.values()} - {None})
    hashes = {str(user.pk): user.get_session_auth_hash() for user in people.values()}
    return frozenset(
        key
        for key, login in logins.items()
        if constant_time_compare(login.get(HASH_SESSION_KEY, ""), hashes.get(login.get(SESSION_KEY, ""), "nobody"))
    )
