"""GET /sessions/<uuid>/stream/: one room's events as Server-Sent Events, served ahead of Django.

Behind Django's middleware each open stream would keep a thread and a database connection for as long as
it lives. Here the questions are asked in a thread of a small pool, before the first byte, and what stays is a
coroutine that waits.

    event: state    id: <version>, the whole public state: on connect and on every change
    event: changed  {"topics", "activity"}: which panels to fetch anew
    event: beat     {"version", "activity"} every HEARTBEAT_SECONDS: a screen that is behind fetches anew

GET /projector/<uuid>/stream/ is the same for a projector: let in by its own cookie, and nobody in the room.

Heartbeats are read for many rooms at once, and ask again who may listen. A stream that ends says nothing: the
browser comes back and gets the state, or learns that it may not.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar
from uuid import UUID

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.db import close_old_connections

from esw.core import clock
from esw.core.asgi import answer_error, cookie, session_key
from esw.core.headers import plain_headers
from esw.core.push import Message, Subscription, hub
from sessions_app import live, projector_access, stream_access

log = logging.getLogger(__name__)

_ID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
PATH = re.compile(f"/sessions/{_ID}/stream/")
PROJECTOR_PATH = re.compile(f"/projector/{_ID}/stream/")
#: What an EventSource waits before it comes back, in milliseconds; `room.js` backs off further by itself.
RETRY = b"retry: 1500\n\n"
#: A room's heartbeat comes late by at most this part of HEARTBEAT_SECONDS, so that others may be asked with it.
BEATS_IN_TURN = 15
#: At most so many are asked about in one query.
ROOMS_AT_ONCE = 50
#: Few on purpose: questions are short, and each thread may hold a database connection while it asks.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="stream")

P = ParamSpec("P")
T = TypeVar("T")


async def stream(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable, session_id: UUID) -> None:
    """Serve one stream until the person leaves, may no longer listen, or the server stops."""
    if not await _only_listens(scope, send):
        return
    key = session_key(scope)
    try:
        seat = await in_thread(stream_access.authorise_stream, key, session_id)
    except stream_access.NotLoggedIn:
        await answer_error(send, 401, "Please log in again.")
        return
    if seat is None:
        await answer_error(send, 404, "There is nothing here.")
        return
    await _follow(hub().subscribe(live.room_name(session_id), str(seat.person), ticket=key), receive, send)


async def project(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable, projector_id: UUID) -> None:
    """Serve a projector's stream until it is turned off, shown elsewhere, too old, or the server stops."""
    if not await _only_listens(scope, send):
        return
    screen = await in_thread(_screen, cookie(scope, projector_access.COOKIE), projector_id)
    if screen is None:
        await answer_error(send, 404, "There is nothing here.")
        return
    session_id, ticket = screen
    room = live.room_name(session_id)
    listening = hub().subscribe(room, f"projector {projector_id}", ticket=ticket, counted=False)
    await _follow(listening, receive, send)


def _screen(secret: str, projector_id: UUID) -> tuple[UUID, str] | None:
    found = projector_access.projector_of(projector_id=projector_id, cookie=secret, now=clock.now())
    return None if found is None else (found.session_id, found.cookie_hash)


async def _only_listens(scope: HTTPScope, send: ASGISendCallable) -> bool:
    if scope["method"] == "GET":
        return True
    await answer_error(send, 405, "This address is only for listening.", allow="GET")
    return False


async def _follow(listening: Subscription, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    async with listening as messages:
        messages.offer(await _fresh.state(UUID(messages.room)))
        _hearts.listen(messages.room)
        await _serve(messages, receive, send)


async def _serve(messages: Subscription, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    headers = plain_headers(content_type="text/event-stream; charset=utf-8", x_accel_buffering="no")
    await send({"type": "http.response.start", "status": 200, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": RETRY, "more_body": True})
    watch = asyncio.create_task(_end_when_gone(messages, receive))
    try:
        async for message in messages:
            await send({"type": "http.response.body", "body": message.wire, "more_body": True})
    finally:
        watch.cancel()
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _end_when_gone(messages: Subscription, receive: ASGIReceiveCallable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    messages.end()


# --- asking the database ---------------------------------------------------------------------------------
async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that reads the database in one of few threads, which keep a connection where that pays."""

    def call() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_threads, call)


class _Fresh:
    """The state, read once for all who ask at the same time; a reading begins after it was asked for.

    When a room of two hundred comes back after a restart, it is read a few times and not two hundred.
    """

    def __init__(self) -> None:
        self._planned: dict[UUID, asyncio.Task[Message]] = {}
        self._reading: dict[UUID, asyncio.Task[Message]] = {}

    async def state(self, session_id: UUID) -> Message:
        task = self._planned.get(session_id)
        if task is None:
            task = asyncio.create_task(self._read(session_id, self._reading.get(session_id)))
            self._planned[session_id] = task
        return await asyncio.shield(task)

    async def _read(self, session_id: UUID, before: "asyncio.Task[Message] | None") -> Message:
        if before is not None:
            await asyncio.wait([before])
        mine = self._reading[session_id] = self._planned.pop(session_id)
        try:
            return await in_thread(live.state_message, session_id)
        finally:
            if self._reading.get(session_id) is mine:
                del self._reading[session_id]


async def announce_presence(room: str) -> None:
    """The hub's notice that somebody came or went: send the state again."""
    await in_thread(live.publish_state, UUID(room))


async def heal(room: str) -> None:
    """Tell this process's screens how the room is: what others published for a while may not have arrived."""
    state = await _fresh.state(UUID(room))
    for each in hub().subscriptions(room):
        each.offer(state)
    await beat([room])


# --- heartbeats ------------------------------------------------------------------------------------------
class _Hearts:
    """When each room that somebody listens to is due; rooms that are due at about the same time are asked together."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}
        self._beating: asyncio.Task[None] | None = None

    def listen(self, room: str) -> None:
        # Rooms that came back together after a restart do not beat together.
        first = settings.HEARTBEAT_SECONDS * random.uniform(0.5, 1.0)  # noqa: S311
        self._due.setdefault(room, time.monotonic() + first)
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._live())

    async def _live(self) -> None:
        while self._due:
            await asyncio.sleep(settings.HEARTBEAT_SECONDS / BEATS_IN_TURN)
            now = time.monotonic()
            due = [room for room, moment in self._due.items() if moment <= now]
            for room in due:
                if hub().subscriptions(room):
                    self._due[room] = now + settings.HEARTBEAT_SECONDS
                else:
                    del self._due[room]
            for first in range(0, len(due), ROOMS_AT_ONCE):
                await self._beat(due[first : first + ROOMS_AT_ONCE])

    async def _beat(self, rooms: Sequence[str]) -> None:
        try:
            await beat(rooms)
        except Exception as problem:  # noqa: BLE001 (the next beat may find the database again)
            log.warning("no heartbeat in %d rooms: %s", len(rooms), type(problem).__name__)


async def beat(rooms: Sequence[str]) -> None:
    """Tell everyone who listens how far their room is, and end the streams of those who may not listen any more."""
    listening = {room: found for room in rooms if (found := hub().subscriptions(room))}
    if not listening:
        return
    everyone = [each for found in listening.values() for each in found]
    tickets = {each.ticket for each in everyone if each.counted}
    screens = {each.ticket for each in everyone if not each.counted}
    pulses, logins, showing = await in_thread(_ask, [UUID(room) for room in listening], tickets, screens)
    for room, found in listening.items():
        pulse = pulses.get(UUID(room))
        if pulse is None:
            for each in found:
                each.end()
            continue
        message = Message("beat", None, live.encode({"version": pulse.version, "activity": pulse.activity}))
        for each in found:
            seated = UUID(each.person) in pulse.members and each.ticket in logins if each.counted else None
            if seated or (seated is None and each.ticket in showing):
                each.offer(message)
            else:
                each.end()


def _ask(
    rooms: Collection[UUID], tickets: set[str], screens: set[str]
) -> tuple[dict[UUID, stream_access.Pulse], frozenset[str], frozenset[str]]:
    """How far the rooms are, and whose log-ins and projectors still hold: asked together, over one connection."""
    pulses = stream_access.pulses(rooms)
    logins = stream_access.live_logins(tickets)
    showing = projector_access.still_showing(screens, clock.now()) if screens else frozenset()
    return pulses, logins, showing


_fresh = _Fresh()
_hearts = _Hearts()
