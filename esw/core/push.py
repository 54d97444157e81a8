"""Push: what happens in a room reaches every screen in it, and a room knows who is there.

Domain code says `hub().publish(room, message)` from whatever thread it runs in; an open stream says
`async with hub().subscribe(room, person) as messages`. `LocalHub` serves one process; `RedisHub` (redis_hub.py)
is a LocalHub that also tells the other processes and hears them. Callers only ever see `Hub`.

A phone that reads slowly never makes the server's memory grow: what waits for it is kept once per kind,
and the newer replaces the older. What was published may be lost; heartbeats carry the version, so a
screen that missed something notices.
"""

import asyncio
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import TracebackType
from typing import Any, Self

from django.conf import settings

log = logging.getLogger(__name__)

#: A person who reloads is back within this many seconds and never seemed to be away.
GRACE = 5.0
#: A person who polls instead of streaming counts as present for so many seconds after each poll.
POLLED = 20.0
#: At most one notice of who is here in so many seconds, a room.
NOTICE_EVERY = 0.5
#: The most that waits for one slow reader; kinds are few, so this is a guard and not a working limit.
PENDING_AT_MOST = 48


@dataclass(frozen=True)
class Message:
    """One event as it goes over the wire.

    `id` orders messages of one event: an older one never follows a newer one. Between equal ids, the one
    whose facts were read later (`read_at`, seconds since the epoch) wins: take the time before reading.
    Of messages that wait for a slow reader, those with the same `event` and `key` replace each other.
    """

    event: str
    id: int | None
    data: bytes
    key: str = ""
    read_at: float = field(default_factory=time.time)

    @cached_property
    def wire(self) -> bytes:
        """The event in the text/event-stream format, encoded once for all its readers."""
        head = f"event: {self.event}\n" + ("" if self.id is None else f"id: {self.id}\n")
        lines = b"".join(b"data: " + line + b"\n" for line in self.data.splitlines() or [b""])
        return head.encode() + lines + b"\n"


RoomHook = Callable[[str], Awaitable[None]]


class Hub(ABC):
    """What rooms and streams see of push. Methods may be called from any thread unless they say otherwise."""

    #: Somebody came to a room or left it: send its state again.
    on_presence: RoomHook | None = None
    #: Messages of other processes may have been missed: tell this process's screens how the room is now.
    on_gap: RoomHook | None = None

    @abstractmethod
    def begin(self) -> None:
        """Belong to the running event loop, and hear what other processes say. Streams may begin without it."""

    @abstractmethod
    def publish(self, room: str, message: Message | Callable[[], Message | None]) -> None:
        """Send to every screen in the room, and never wait.

        A function instead of a message is called once, in the caller's thread, and only when somebody may
        be listening.
        """

    @abstractmethod
    def subscribe(self, room: str, person: str, *, ticket: str = "", counted: bool = True) -> "Subscription":
        """Listen, as an async context that yields messages. In the event loop only.

        `ticket` is what let the person in; whoever opened the stream may check it again later. A screen that
        is nobody (a projector) is not `counted`: it never makes `person` present.
        """

    @abstractmethod
    def subscriptions(self, room: str) -> tuple["Subscription", ...]:
        """The open subscriptions of this process, oldest first."""

    @abstractmethod
    def present(self, room: str) -> frozenset[str]:
        """Who is in the room: a stream is open, or was until a moment ago, or they polled lately."""

    @abstractmethod
    def touch(self, room: str, person: str, seconds: float = POLLED) -> None:
        """A person without a stream was here just now: they count as present for so many seconds."""

    @abstractmethod
    def stop(self) -> None:
        """End every stream, and let no new one begin. Safe in a signal handler."""


class Subscription:
    """What waits for one open stream. Used in the event loop only."""

    def __init__(self, hub: "LocalHub", room: str, person: str, ticket: str, *, counted: bool = True) -> None:
        self.room, self.person, self.ticket, self.counted = room, person, ticket, counted
        self._hub = hub
        self._pending: dict[tuple[str, str], Message] = {}
        self._newest: dict[str, tuple[int, float]] = {}
        self._wake = asyncio.Event()
        self._ended = False

    def offer(self, message: Message) -> None:
        """Queue a message, unless something newer of its kind was queued before."""
        if self._ended or self._is_older(message):
            return
        place = (message.event, message.key)
        self._pending.pop(place, None)
        self._pending[place] = message
        if len(self._pending) > PENDING_AT_MOST:
            del self._pending[next(iter(self._pending))]
        self._wake.set()

    def end(self) -> None:
        """Let the reader's loop finish; what still waits is dropped (a new stream starts with the state)."""
        self._ended = True
        self._pending.clear()
        self._wake.set()

    def _is_older(self, message: Message) -> bool:
        if message.id is None:
            return False
        order = (message.id, message.read_at)
        if order < self._newest.get(message.event, order):
            return True
        self._newest[message.event] = order
        return False

    async def __aiter__(self) -> AsyncIterator[Message]:
        while not self._ended:
            if self._pending:
                yield self._pending.pop(next(iter(self._pending)))
            else:
                self._wake.clear()
                await self._wake.wait()

    async def __aenter__(self) -> Self:
        self._hub._enter(self)  # noqa: SLF001 (two halves of one thing)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended = True
        self._hub._leave(self)  # noqa: SLF001


@dataclass
class _Room:
    subscriptions: list[Subscription] = field(default_factory=list)
    until: dict[str, float] = field(default_factory=dict)  # person → monotonic time until which they count
    announced: frozenset[str] = frozenset()
    notice: asyncio.TimerHandle | asyncio.Task[None] | None = None
    last_notice: float = float("-inf")
    expiry: asyncio.TimerHandle | None = None

    def present(self, now: float) -> frozenset[str]:
        streaming = {each.person for each in self.subscriptions if each.counted}
        return frozenset(streaming.union(person for person, until in self.until.items() if until > now))


class LocalHub(Hub):
    """A hub for one process. Rooms change under a lock, so that any thread may ask who is present."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rooms: dict[str, _Room] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = False

    def begin(self) -> None:
        self._bind(asyncio.get_running_loop())

    # --- from any thread -------------------------------------------------------------------------------
    def publish(self, room: str, message: Message | Callable[[], Message | None]) -> None:
        if not self._may_listen(room):
            return
        made = message() if callable(message) else message
        if made is not None:
            self._send(room, made)

    def _may_listen(self, room: str) -> bool:
        with self._lock:
            known = self._rooms.get(room)
            return known is not None and bool(known.subscriptions)

    def _send(self, room: str, message: Message) -> None:
        self._in_loop(self._fan_out, room, message)

    def subscriptions(self, room: str) -> tuple[Subscription, ...]:
        with self._lock:
            known = self._rooms.get(room)
            return tuple(known.subscriptions) if known else ()

    def present(self, room: str) -> frozenset[str]:
        with self._lock:
            known = self._rooms.get(room)
            return known.present(self._clock()) if known else frozenset()

    def touch(self, room: str, person: str, seconds: float = POLLED) -> None:
        with self._lock:
            known = self._rooms.setdefault(room, _Room())
            known.until[person] = max(known.until.get(person, 0.0), self._clock() + seconds)
        self._in_loop(self._presence_moved, room)

    def stop(self) -> None:
        self._stopped = True
        self._in_loop(self._end_all)

    def _in_loop(self, function: Callable[..., None], *args: Any) -> None:
        """Run a function in the event loop; without one (yet, or any more) there is nobody to reach."""
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            log.debug("the event loop is closed")

    # --- in the event loop -----------------------------------------------------------------------------
    def subscribe(self, room: str, person: str, *, ticket: str = "", counted: bool = True) -> Subscription:
        return Subscription(self, room, person, ticket, counted=counted)

    def _enter(self, subscription: Subscription) -> None:
        self._bind(asyncio.get_running_loop())
        if self._stopped:
            subscription.end()
            return
        with self._lock:
            room = self._rooms.setdefault(subscription.room, _Room())
            mine = [each for each in room.subscriptions if each.person == subscription.person]
            room.subscriptions.append(subscription)
        for oldest in mine[: max(0, len(mine) + 1 - settings.STREAMS_A_PERSON)]:
            oldest.end()
            self._leave(oldest)
        self._presence_moved(subscription.room)

    def _leave(self, subscription: Subscription) -> None:
        with self._lock:
            room = self._rooms.get(subscription.room)
            if room is None or self._stopped or subscription not in room.subscriptions:
                return
            room.subscriptions.remove(subscription)
            if subscription.counted:
                room.until[subscription.person] = max(room.until.get(subscription.person, 0.0), self._clock() + GRACE)
        self._presence_moved(subscription.room)

    def _bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """Belong to this loop. Streams of another one (an earlier test's, say) are gone with it."""
        if self._loop is loop:
            return
        with self._lock:
            self._loop = loop
            for room in self._rooms.values():
                room.subscriptions.clear()
                room.notice = room.expiry = None

    def _fan_out(self, room: str, message: Message) -> None:
        for each in self.subscriptions(room):
            each.offer(message)

    def _end_all(self) -> None:
        with self._lock:
            everyone = [each for room in self._rooms.values() for each in room.subscriptions]
        for each in everyone:
            each.end()

    def _presence_moved(self, name: str) -> None:
        """Look again at who is here: plan a notice if that changed, and the next look; forget an empty room."""
        with self._lock:
            room = self._rooms.get(name)
            if room is None or self._stopped or self._loop is None:
                return
            now = self._clock()
            room.until = {person: until for person, until in room.until.items() if until > now}
            if room.expiry is not None:
                room.expiry.cancel()
                room.expiry = None
            if not room.subscriptions and not room.until:
                self._forget(name, room)
                return
            if room.until:
                room.expiry = self._loop.call_later(
                    max(0.01, min(room.until.values()) - now + 0.01), self._presence_moved, name
                )
            if room.notice is None and room.present(now) != room.announced:
                delay = max(0.0, room.last_notice + NOTICE_EVERY - now)
                room.notice = self._loop.call_later(delay, self._give_notice, name)

    def _forget(self, name: str, room: _Room) -> None:
        if isinstance(room.notice, asyncio.TimerHandle):
            room.notice.cancel()
        del self._rooms[name]

    def _give_notice(self, name: str) -> None:
        with self._lock:
            room = self._rooms.get(name)
            if room is None or self._stopped or self._loop is None:
                return
            room.announced = room.present(self._clock())
            room.notice = self._loop.create_task(self._notify(name, room))

    async def _tell(self, name: str) -> None:
        if self.on_presence is not None:
            await self.on_presence(name)

    async def _notify(self, name: str, room: _Room) -> None:
        try:
            await self._tell(name)
        except Exception as problem:  # noqa: BLE001 (a notice may be lost; the next one or a heartbeat heals)
            log.warning("presence of %s not announced: %s", name, type(problem).__name__)
        finally:
            room.last_notice = self._clock()
            room.notice = None
        self._presence_moved(name)


@cache
def hub() -> Hub:
    """This process's hub."""
    if settings.REDIS_URL:
        from esw.core.redis_hub import RedisHub  # noqa: PLC0415 (it extends what stands here)

        return RedisHub()
    return LocalHub()
