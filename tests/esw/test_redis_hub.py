"""The hub of several processes, on a real Redis: two hubs in one loop are two processes to each other."""

import asyncio
import contextlib
import time

import pytest

from esw.core import push, redis_hub, redis_link
from esw.core.push import Message
from esw.core.redis_hub import RedisHub

pytestmark = pytest.mark.services
ROOM = "7f2c0f0e-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def redis(redis_server, settings, monkeypatch):
    """An empty Redis; seconds of the real hub are tenths here."""
    settings.REDIS_URL = redis_server.url
    quick = {
        push: {"GRACE": 0.1, "NOTICE_EVERY": 0.05},
        redis_hub: {"GRACE": 0.1, "HEART": 0.2, "ALIVE": 1.0, "LONGEST_WAIT": 0.3},
        redis_link: {"PAUSE": 0.3},
    }
    for module, values in quick.items():
        for name, value in values.items():
            monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(redis_hub, "link", redis_link.Link())
    redis_link.client.cache_clear()
    redis_link.client().flushall()
    yield redis_server
    redis_link.client().close()
    redis_link.client.cache_clear()
    if redis_server.process is None:
        redis_server.start()


async def process(told=None, healed=None):
    """A hub that hears the others; who is present at each of its notices goes to `told`."""
    hub = RedisHub()

    async def notice(room):
        if told is not None:
            told.append(await asyncio.to_thread(hub.present, room))
        await asyncio.to_thread(hub.publish, room, Message("state", 1, b"{}"))

    async def heal(room):
        if healed is not None:
            healed.append(room)

    hub.on_presence, hub.on_gap = notice, heal
    hub.begin()
    await until(lambda: hub._is_subscribed)
    return hub


async def until(condition, within=10):
    """Wait until it holds; what blocks runs in a thread, as it does in a server."""
    end = time.monotonic() + within
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)


async def next_of(subscription, event):
    async for message in subscription:
        if message.event == event:
            return message
    raise AssertionError("the stream ended")


def run(scene):
    async def whole():
        hubs = []

        async def begin(**told):
            hubs.append(await process(**told))
            return hubs[-1]

        try:
            await asyncio.wait_for(scene(begin), 40)
        finally:
            for hub in hubs:
                await die(hub)

    asyncio.run(whole())


async def die(hub):
    """What SIGKILL leaves: nothing is said any more."""
    tasks = list(hub._tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if hub._redis is not None:
        await hub._redis.aclose()
    hub._redis = None


def test_what_one_process_publishes_every_screen_of_every_process_hears_once():
    async def scene(begin):
        here, there = await begin(), await begin()
        async with here.subscribe(ROOM, "1") as mine, there.subscribe(ROOM, "2") as yours:
            words = "größer ≥ 3\nzwei".encode()
            await asyncio.to_thread(here.publish, ROOM, Message("changed", None, words, key="notes", read_at=5.0))
            for screen in (mine, yours):
                message = await asyncio.wait_for(next_of(screen, "changed"), 10)
                assert (message.data, message.key, message.id, message.read_at) == (words, "notes", None, 5.0)
            await asyncio.to_thread(here.publish, ROOM, Message("last", None, b""))
            for screen in (mine, yours):  # nothing of the first came a second time in between
                assert not [key for key in screen._pending if key[0] == "changed"]
                await asyncio.wait_for(next_of(screen, "last"), 10)
                assert not [key for key in screen._pending if key[0] == "changed"]

    run(scene)


def test_who_is_here_is_the_same_in_every_process_also_where_nobody_ever_listened():
    async def scene(begin):
        here, there, worker = await begin(), await begin(), RedisHub()
        async with here.subscribe(ROOM, "1"), there.subscribe(ROOM, "2"):
            await asyncio.to_thread(there.touch, ROOM, "3", 30)
            for hub in (here, there, worker):
                await until(lambda hub=hub: hub.present(ROOM) == {"1", "2", "3"})
            assert worker.present("another room") == frozenset()
        await until(lambda: worker.present(ROOM) == {"3"})

    run(scene)


def test_what_a_worker_publishes_reaches_the_screens_and_costs_nothing_when_nobody_listens():
    async def scene(begin):
        worker = RedisHub()
        await asyncio.to_thread(worker.publish, ROOM, lambda: pytest.fail("nobody listens"))
        here = await begin()
        async with here.subscribe(ROOM, "1") as screen:
            await asyncio.to_thread(worker.publish, ROOM, lambda: Message("changed", None, b"x"))
            assert (await asyncio.wait_for(next_of(screen, "changed"), 10)).data == b"x"

    run(scene)


def test_a_projector_listens_and_is_nobody():
    async def scene(begin):
        here, worker = await begin(), RedisHub()
        async with here.subscribe(ROOM, "1"), here.subscribe(ROOM, "projector", counted=False):
            await until(lambda: worker.present(ROOM) == {"1"})

    run(scene)


def test_coming_and_going_is_told_to_the_screens_of_the_other_process():
    async def scene(begin):
        here, there = await begin(), await begin()
        async with there.subscribe(ROOM, "2") as screen:
            await asyncio.wait_for(next_of(screen, "state"), 10)
            async with here.subscribe(ROOM, "1"):
                await asyncio.wait_for(next_of(screen, "state"), 10)
                assert await asyncio.to_thread(there.present, ROOM) == {"1", "2"}
            await until(lambda: there.present(ROOM) == {"2"})

    run(scene)


def test_the_people_of_a_process_that_was_killed_leave_within_a_bounded_time_and_screens_are_told():
    async def scene(begin):
        told = []
        here, there = await begin(), await begin(told=told)
        async with there.subscribe(ROOM, "2"), here.subscribe(ROOM, "1"):
            await until(lambda: there.present(ROOM) == {"1", "2"})
            await die(here)
            await until(lambda: there.present(ROOM) == {"2"})
            await until(lambda: told[-1] == {"2"})

    run(scene)


def test_a_process_that_stops_says_goodbye(monkeypatch):
    async def scene(begin):
        here, there = await begin(), await begin()
        async with there.subscribe(ROOM, "2"), here.subscribe(ROOM, "1"):
            await until(lambda: there.present(ROOM) == {"1", "2"})
            monkeypatch.setattr(redis_hub, "ALIVE", 600.0)  # it counts for long, unless it says that it goes
            await asyncio.sleep(2 * redis_hub.HEART)
            here.stop()
            await until(lambda: there.present(ROOM) == {"2"})

    run(scene)


def test_after_a_restart_of_redis_everybody_is_here_again_and_the_screens_are_healed(redis):
    async def scene(begin):
        healed = []
        here, there, worker = await begin(healed=healed), await begin(), RedisHub()
        async with here.subscribe(ROOM, "1") as screen, there.subscribe(ROOM, "2"):
            await until(lambda: worker.present(ROOM) == {"1", "2"})
            await asyncio.to_thread(redis.kill)
            await until(lambda: not here._is_subscribed)
            redis.start()  # it dies with the thread that starts it
            await until(lambda: healed == [ROOM])
            await until(lambda: worker.present(ROOM) == {"1", "2"})
            await until(lambda: there._is_subscribed)
            await asyncio.to_thread(there.publish, ROOM, Message("changed", None, b"again"))
            assert (await asyncio.wait_for(next_of(screen, "changed"), 10)).data == b"again"

    run(scene)


def test_without_redis_a_process_goes_on_alone_and_nobody_waits(redis):
    async def scene(begin):
        here, there = await begin(), await begin()
        async with here.subscribe(ROOM, "1") as screen, there.subscribe(ROOM, "2"):
            await until(lambda: here.present(ROOM) == {"1", "2"})
            await asyncio.to_thread(redis.kill)
            began = time.monotonic()
            for number in range(50):
                await asyncio.to_thread(here.publish, ROOM, Message("changed", None, b"%d" % number))
                assert here.present(ROOM) == {"1", "2"}  # as they last said
            assert time.monotonic() - began < 5  # fifty times a refused connection, at the very most
            assert (await asyncio.wait_for(next_of(screen, "changed"), 10)).data == b"49"

    run(scene)


def test_a_redis_that_takes_connections_and_never_answers_holds_nobody_up_for_long(settings):
    async def scene(_begin):
        async def deaf(_reader, writer):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(30)
            writer.close()

        server = await asyncio.start_server(deaf, "127.0.0.1", 0)
        settings.REDIS_URL = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        redis_link.client.cache_clear()
        hub = RedisHub()
        began = time.monotonic()
        for _ in range(20):
            await asyncio.to_thread(hub.publish, ROOM, Message("changed", None, b""))
        assert time.monotonic() - began < 20 * redis_link.ANSWER_WITHIN / 2  # most did not even ask
        server.close()

    run(scene)


def test_redis_keeps_ids_and_nothing_else():
    async def scene(begin):
        here = await begin()
        async with here.subscribe(ROOM, "person-id"):
            worker = RedisHub()
            await until(lambda: worker.present(ROOM) == {"person-id"})
            await asyncio.to_thread(here.publish, ROOM, Message("changed", None, b"a secret"))
            client = redis_link.client()
            assert sorted(client.keys()) == [f"esw:here:{ROOM}".encode(), b"esw:processes"]
            assert client.hgetall(f"esw:here:{ROOM}") == {here._process.encode(): b"person-id"}

    run(scene)
