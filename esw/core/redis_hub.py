"""A hub that spans processes: each is a LocalHub for its own streams, and tells the others through Redis.

What a process publishes goes to its own streams at once, and over one Redis channel to the other processes, each of
which holds one subscription. Redis keeps who is here, and nothing else:

    <prefix>:processes     sorted set: process → until when it counts as alive (Redis's clock, milliseconds)
    <prefix>:here:<room>   hash: process → the people that it says are in the room (ids)

A process says so with each of its notices, and that it is alive every HEART seconds. One that is killed counts for
ALIVE seconds more; whoever finds it gone tells the others, and they send their rooms' states again.

Redis holds no truth. Without it every process goes on alone: commands and posts are saved, its own streams hear of
them, and the others' screens heal with their heartbeat (sessions_app/stream.py). When it is back each process says
again who is here, and all its screens get the state.
"""

import asyncio
import json
import logging
import random
import uuid
from collections.abc import Iterable
from typing import Any, cast

import redis.asyncio
from django.conf import settings
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from esw.core.push import GRACE, LocalHub, Message, RoomHook, _Room
from esw.core.redis_link import ANSWER_WITHIN, FAILURES, Away, client, link

log = logging.getLogger(__name__)

#: A process says so often (seconds) that it is alive …
HEART = 3.0
#: … and counts as alive for so long after that.
ALIVE = 9.0
#: A room that nobody came to or left for so long (seconds) is forgotten by Redis.
FORGOTTEN_AFTER = 7 * 24 * 3600
#: What a lost subscription waits before it is made anew, first and at most (seconds).
FIRST_WAIT, LONGEST_WAIT = 0.1, 1.5
#: In the event loop nobody is held up, so an answer may take longer there.
LOOP_ANSWER_WITHIN = 2.0
#: So many rooms are told of at a time.
TOGETHER = 4

NOW = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
"""
#: Say who is here. KEYS: processes, here. ARGV: process, alive (ms), forgotten after (s), people.
SAY = (
    NOW
    + """
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
if ARGV[4] == '' then
  redis.call('HDEL', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
end
for _, process in ipairs(redis.call('HKEYS', KEYS[2])) do
  if not redis.call('ZSCORE', KEYS[1], process) then redis.call('HDEL', KEYS[2], process) end
end
redis.call('EXPIRE', KEYS[2], ARGV[3])
"""
)
#: What the other living processes say. KEYS: processes, here. ARGV: process.
ASK = (
    NOW
    + """
local said = {}
local all = redis.call('HGETALL', KEYS[2])
for at = 1, #all, 2 do
  local until_ = redis.call('ZSCORE', KEYS[1], all[at])
  if all[at] ~= ARGV[1] and until_ and tonumber(until_) > now then said[#said + 1] = all[at + 1] end
end
return said
"""
)
#: Say that this process lives. KEYS: processes. ARGV: process, alive (ms). Returns whether it was known, and how many
#: others have died meanwhile.
LIVE = (
    NOW
    + """
local until_ = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
local gone = redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
return {(until_ and tonumber(until_) > now) and 1 or 0, gone}
"""
)


class RedisHub(LocalHub):
    """The hub of one of several processes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._process = uuid.uuid4().hex
        self._channel = f"{settings.REDIS_PREFIX}:push"
        self._processes = f"{settings.REDIS_PREFIX}:processes"
        self._redis: redis.asyncio.Redis | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._saying = asyncio.Lock()
        self._is_subscribed = False
        self._unsaid: set[str] = set()
        self._remembered: dict[str, frozenset[str]] = {}

    def _here(self, room: str) -> str:
        return f"{settings.REDIS_PREFIX}:here:{room}"

    # --- from any thread -------------------------------------------------------------------------------
    def _may_listen(self, room: str) -> bool:
        if super()._may_listen(room):
            return True
        others = 1 if self._is_subscribed else 0
        try:
            ((_, listening),) = link.ask(lambda: client().pubsub_numsub(self._channel))
        except Away:
            return False
        return int(listening) > others

    def _send(self, room: str, message: Message) -> None:
        super()._send(room, message)
        try:
            link.ask(lambda: client().publish(self._channel, self._packed(room, message)))
        except Away:
            log.debug("only this process heard of a change in %s", room)

    def present(self, room: str) -> frozenset[str]:
        return super().present(room) | self._elsewhere(room)

    def _elsewhere(self, room: str) -> frozenset[str]:
        """Who is here as the other processes say; while Redis is away, as they last said."""
        try:
            said = link.ask(
                lambda: client().eval(ASK, 2, self._processes, self._here(room), self._process),
            )
        except Away:
            return self._remembered.get(room, frozenset())
        people = frozenset(name for each in cast("list[bytes]", said) for name in each.decode().split())
        with self._lock:
            if room in self._rooms:
                self._remembered[room] = people
        return people

    def stop(self) -> None:
        super().stop()
        self._in_loop(self._part)

    # --- in the event loop -----------------------------------------------------------------------------
    def _bind(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is loop:
            return
        super()._bind(loop)
        # Whatever an earlier loop or a parent process had is gone with it.
        self._process = uuid.uuid4().hex
        self._tasks, self._saying, self._is_subscribed = set(), asyncio.Lock(), False
        self._redis = redis.asyncio.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=LOOP_ANSWER_WITHIN,
            socket_timeout=LOOP_ANSWER_WITHIN,
            retry=Retry(NoBackoff(), 0),
            protocol=2,
        )
        self._keep(self._listen(self._redis))
        self._keep(self._live(self._redis))

    def _keep(self, work: Any) -> None:
        """Run a coroutine as a task that is not forgotten while it runs."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _part(self) -> None:
        """Say goodbye: the people of this process count for a moment, in which their browsers come back elsewhere."""
        for task in self._tasks:
            task.cancel()
        if self._redis is not None:
            self._keep(self._goodbye(self._redis))

    async def _goodbye(self, server: redis.asyncio.Redis) -> None:
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await server.eval(LIVE, 1, self._processes, self._process, str(int(GRACE * 1000)))
        except FAILURES as problem:
            log.debug("went without a goodbye: %s", type(problem).__name__)

    # Hearing.
    async def _listen(self, server: redis.asyncio.Redis) -> None:
        """Hold one subscription for as long as this process lives."""
        wait, has_missed = FIRST_WAIT, False
        while True:
            pubsub = server.pubsub()
            try:
                await pubsub.subscribe(self._channel)
                async for content in self._heard(pubsub):
                    if content is None:  # the subscription stands
                        wait, self._is_subscribed = FIRST_WAIT, True
                        link.answered()
                        self._keep(self._settle(has_missed=has_missed))
                    else:
                        self._take(content)
            except Exception as problem:  # noqa: BLE001 (a process that hears nothing shows old screens)
                link.failed(problem)
            finally:
                self._is_subscribed = False
                await self._let_go(pubsub)
            has_missed = True
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311
            wait = min(LONGEST_WAIT, wait * 2)

    async def _heard(self, pubsub: PubSub) -> Any:
        """What arrives; None first, when the subscription stands. A line that is silent is asked, then given up."""
        is_asked = False
        while True:
            message = await pubsub.get_message(timeout=HEART)
            if message is None:
                if is_asked:
                    raise redis.ConnectionError("the subscription does not answer")
                is_asked = True
                await pubsub.ping()
                continue
            is_asked = False
            if message["type"] == "subscribe":
                yield None
            elif message["type"] == "message":
                yield message["data"]

    @staticmethod
    async def _let_go(pubsub: PubSub) -> None:
        try:
            await pubsub.aclose()  # type: ignore[no-untyped-call]
        except FAILURES:
            log.debug("a lost subscription could not be closed")

    def _take(self, content: bytes) -> None:
        try:
            head, _, data = content.partition(b"\n")
            facts = json.loads(head)
            if facts["from"] == self._process:
                return
            if facts["room"] is None:
                self._keep(self._each_room(super()._tell))  # a process is gone, and its people with it
            else:
                self._fan_out(facts["room"], Message(facts["event"], facts["id"], data, facts["key"], facts["at"]))
        except (ValueError, KeyError, TypeError):
            log.warning("another process said something that this one does not understand")

    def _packed(self, room: str | None, message: Message) -> bytes:
        head = {
            "from": self._process,
            "room": room,
            "event": message.event,
            "id": message.id,
            "key": message.key,
            "at": message.read_at,
        }
        return json.dumps(head).encode() + b"\n" + message.data

    # Saying who is here.
    async def _tell(self, name: str) -> None:
        """The others' states name the people of this process as soon as this one's does."""
        await self._say([name])
        await super()._tell(name)

    def _forget(self, name: str, room: _Room) -> None:
        super()._forget(name, room)
        self._remembered.pop(name, None)
        if room.announced:
            self._keep(self._tell(name))

    async def _say(self, names: Iterable[str]) -> None:
        """Write down who is in these rooms, as this process last told its screens."""
        async with self._saying:
            for name in names:
                with self._lock:
                    room = self._rooms.get(name)
                    people = " ".join(sorted(room.announced)) if room else ""
                try:
                    await self._write(name, people)
                    self._unsaid.discard(name)
                except FAILURES:
                    self._unsaid.add(name)

    async def _write(self, name: str, people: str) -> None:
        if self._redis is None or link.is_paused or self._stopped:
            raise TimeoutError
        alive, keys = str(int(ALIVE * 1000)), (self._processes, self._here(name))
        await self._redis.eval(SAY, 2, *keys, self._process, alive, str(FORGOTTEN_AFTER), people)

    async def _live(self, server: redis.asyncio.Redis) -> None:
        """Say again and again that this process lives, and look whether others do."""
        while True:
            try:
                answer = await server.eval(LIVE, 1, self._processes, self._process, str(int(ALIVE * 1000)))
                was_known, gone = cast("list[int]", answer)
                await self._say(list(self._unsaid) if was_known else self._all_rooms())
                if gone:
                    await server.publish(self._channel, self._packed(None, Message("gone", None, b"")))
                    self._keep(self._each_room(super()._tell))
            except Exception as problem:  # noqa: BLE001 (a process that stops saying so seems dead)
                log.debug("no sign of life: %s", type(problem).__name__)
            await asyncio.sleep(HEART * random.uniform(0.75, 1.0))  # noqa: S311

    async def _settle(self, *, has_missed: bool) -> None:
        """Redis answers (again): say who is here; what others published meanwhile has not arrived."""
        await self._say(self._all_rooms())
        if has_missed and self.on_gap is not None:
            await self._each_room(self.on_gap)

    async def _each_room(self, work: RoomHook) -> None:
        few = asyncio.Semaphore(TOGETHER)

        async def one(name: str) -> None:
            async with few:
                try:
                    await work(name)
                except Exception as problem:  # noqa: BLE001 (the next heartbeat tells it)
                    log.warning("%s was not told: %s", name, type(problem).__name__)

        await asyncio.gather(*(one(name) for name in self._all_rooms()))

    def _all_rooms(self) -> list[str]:
        with self._lock:
            return list(self._rooms)
