"""What is sent to the screens when things change. Domain code calls the `…_on_commit` functions.

Nothing here fails its caller: what was committed is true whether or not the screens heard of it, and
their next heartbeat tells them.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from esw.core import clock
from esw.core.push import Message, hub
from sessions_app.models import Session
from sessions_app.queries.state import state_of

log = logging.getLogger(__name__)


def room_name(session_id: UUID) -> str:
    """The hub's name for a session's room."""
    return str(session_id)


def encode(data: Any) -> bytes:
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def state_message(session_id: UUID) -> Message:
    """The public state as an event, with who is here as the hub knows it. Raises `Session.DoesNotExist`."""
    return _state_message(Session.objects.only("version", "state", "rubric_version").get(pk=session_id))


def _state_message(session: Session) -> Message:
    read_at = time.time()  # before what changes without a new version: who is here
    state = state_of(session, here=hub().present(room_name(session.pk)), now=clock.now())
    return Message("state", state["version"], encode(state), read_at=read_at)


def publish_state(session_id: UUID) -> None:
    """Send the present public state to every screen in the room."""
    _publish_state(session_id, lambda: state_message(session_id))


def _publish_state(session_id: UUID, message: Callable[[], Message]) -> None:
    try:
        hub().publish(room_name(session_id), message)
    except Exception as problem:  # noqa: BLE001 (what was committed stands; a heartbeat heals the screens)
        log.warning("state of %s not published: %s", session_id, type(problem).__name__)


def publish_changed(session_id: UUID, topics: Iterable[str]) -> None:
    """Tell every screen which panels to fetch anew: `notes`, `people`, `reveal`, `decisions`, `now`."""
    named = sorted(set(topics))

    def message() -> Message:
        activity = Session.objects.filter(pk=session_id).values_list("activity", flat=True).first()
        return Message("changed", None, encode({"topics": named, "activity": activity}), key=",".join(named))

    try:
        hub().publish(room_name(session_id), message)
    except Exception as problem:  # noqa: BLE001
        log.warning("change of %s not published: %s", session_id, type(problem).__name__)


def publish_state_on_commit(session: Session) -> None:
    """When the transaction commits, send the state that this row, held and saved in it, then has."""
    transaction.on_commit(partial(_publish_state, session.pk, partial(_state_message, session)))


def publish_changed_on_commit(session_id: UUID, topics: Iterable[str]) -> None:
    """`publish_changed` when the transaction commits."""
    transaction.on_commit(partial(publish_changed, session_id, tuple(topics)))
