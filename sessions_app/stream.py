"""GET /sessions/<uuid>/stream/: one room's events as Server-Sent Events, served ahead of Django.

Behind Django's middleware each open stream would keep a thread and a database connection for as long as
it lives. Here the questions are asked in a thread of a small pool, the connection is closed before the
first byte, and what stays is a coroutine that waits.

    event: state    id: <version>, the whole public state: on connect and on every change
    event: changed  {"topics", "activity"}: which panels to fetch anew
    event: beat     {"version", "activity"} every HEARTBEAT_SECONDS: a screen that is behind fetches anew

The heartbeat is read once per room, and asks again who may listen. A stream that ends says nothing: the
browser comes back and gets the state, or learns that it may not.
"""

import asyncio
import logging
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.db import connections

from esw.core.asgi import answer_error, session_key
from esw.core.headers import plain_headers
from esw.core.push import Message, Subscription, hub
from sessions_app import live, stream_access

log = logging.getLogger(__name__)

PATH = re.compile(r"/sessions/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/stream/")
#: What an EventSource waits before it comes back, in milliseconds; `room.js` backs off further by itself.
RETRY = b"retry: 1500\n\n"
#: Few on purpose: questions are short, and each thread may hold a database connection while it asks.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="stream")

P = ParamSpec("P")
T = TypeVar("T")


async def stream(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable, session_id: UUID) -> None:
    """Serve one stream until the person leaves, may no longer listen, or the server stops."""
    if scope["method"] != "GET":
        await answer_error(send, 405, "This address is only for listening.", allow="GET")
        return
    cookie = session_key(scope)
    try:
        seat = await in_thread(stream_access.authorise_stream, cookie, session_id)
    except stream_access.NotLoggedIn:
        await answer_error(send, 401, "Please log in again.")
        return
    if seat is None:
        await answer_error(send, 404, "There is nothing here.")
        return
    async with hub().subscribe(live.room_name(session_id), str(seat.person), ticket=cookie) as messages:
        messages.offer(await _fresh.state(session_id))
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
    """Call a function that reads the database in one of few threads, and let go of its connection."""

    def call() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

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


# --- heartbeats ------------------------------------------------------------------------------------------
class _Hearts:
    """One heart for each room that somebody listens to."""

    def __init__(self) -> None:
        self._beating: dict[str, asyncio.Task[None]] = {}

    def listen(self, room: str) -> None:
        task = self._beating.get(room)
        if task is None or task.done():
            self._beating[room] = asyncio.create_task(self._live(room))

    async def _live(self, room: str) -> None:
        # Rooms that came back together after a restart do not beat together.
        wait = settings.HEARTBEAT_SECONDS * random.uniform(0.5, 1.0)  # noqa: S311
        while hub().subscriptions(room):
            await asyncio.sleep(wait)
            wait = settings.HEARTBEAT_SECONDS
            try:
                await beat(room)
            except Exception as problem:  # noqa: BLE001 (the next beat may find the database again)
                log.warning("no heartbeat in %s: %s", room, type(problem).__name__)
        del self._beating[room]


async def beat(room: str) -> None:
    """Tell everyone who listens how far the room is, and end the streams of those who may not listen any more."""
    listening = hub().subscriptions(room)
    if not listening:
        return
    pulse = await in_thread(stream_access.room_pulse, UUID(room))
    logins = await in_thread(stream_access.live_logins, {each.ticket for each in listening})
    if pulse is None:
        for each in listening:
            each.end()
        return
    facts: dict[str, Any] = {"version": pulse.version, "activity": pulse.activity}
    message = Message("beat", None, live.encode(facts))
    for each in listening:
        if UUID(each.person) in pulse.members and each.ticket in logins:
            each.offer(message)
        else:
            each.end()


_fresh = _Fresh()
_hearts = _Hearts()
