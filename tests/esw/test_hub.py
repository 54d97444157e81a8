"""The hub: everyone in the room hears, slow readers hold little, and who is here is told without flicker."""

import asyncio
import threading

import pytest

from esw.core import push
from esw.core.push import PENDING_AT_MOST, LocalHub, Message


def state(version, data=b"{}", **more):
    return Message("state", version, data, **more)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Seconds of the real hub are hundredths here."""
    monkeypatch.setattr(push, "GRACE", 0.05)
    monkeypatch.setattr(push, "NOTICE_EVERY", 0.05)


def run(coroutine):
    asyncio.run(asyncio.wait_for(coroutine, 10))


async def take(subscription, count):
    """The next `count` messages."""
    found = []
    async for message in subscription:
        found.append(message)
        if len(found) == count:
            return found
    return found


async def settled(condition):
    while not condition():  # noqa: ASYNC110 (the condition is the hub's own)
        await asyncio.sleep(0.005)


def test_a_message_reads_as_an_event_of_a_stream():
    assert state(7, b'{"a":1}').wire == b'event: state\nid: 7\ndata: {"a":1}\n\n'
    assert Message("beat", None, b"1\n2").wire == b"event: beat\ndata: 1\ndata: 2\n\n"


def test_before_any_stream_publishing_does_nothing_and_asks_for_nothing():
    hub = LocalHub()
    hub.publish("room", lambda: pytest.fail("nobody listens"))


def test_it_reaches_everyone_in_the_room_and_nobody_else_from_any_thread():
    async def scene():
        hub = LocalHub()
        async with hub.subscribe("a", "1") as one, hub.subscribe("a", "2") as two, hub.subscribe("b", "3") as other:
            thread = threading.Thread(target=hub.publish, args=("a", lambda: state(1)))
            thread.start()
            for each in (one, two):
                assert [m.id for m in await take(each, 1)] == [1]
            thread.join()
            other.end()
            assert await take(other, 1) == []

    run(scene())


def test_what_waits_for_a_slow_reader_is_kept_once_a_kind():
    async def scene():
        hub = LocalHub()
        async with hub.subscribe("room", "1") as slow:
            for version in range(1, 1000):
                slow.offer(state(version))
                slow.offer(Message("changed", None, b"%d" % version, key="notes"))
            found = await take(slow, 2)
            assert [(m.event, m.data) for m in found] == [("state", b"{}"), ("changed", b"999")]
            assert found[0].id == 999
            for number in range(1000):
                slow.offer(Message("changed", None, b"", key=str(number)))
            assert len(slow._pending) == PENDING_AT_MOST

    run(scene())


def test_an_older_state_never_follows_a_newer_one():
    async def scene():
        hub = LocalHub()
        async with hub.subscribe("room", "1") as screen:
            screen.offer(state(5, b"new", read_at=10.0))
            screen.offer(state(4, b"old", read_at=11.0))
            assert [m.data for m in await take(screen, 1)] == [b"new"]
            screen.offer(state(5, b"stale", read_at=9.0))
            screen.offer(state(5, b"fresh", read_at=12.0))
            assert [m.data for m in await take(screen, 1)] == [b"fresh"]

    run(scene())


def test_one_person_cannot_open_streams_without_end(settings):
    settings.STREAMS_A_PERSON = 3

    async def scene():
        hub = LocalHub()
        async with hub.subscribe("room", "colleague") as colleague:
            mine = [await hub.subscribe("room", "me").__aenter__() for _ in range(5)]
            assert hub.subscriptions("room") == (colleague, *mine[2:])
            assert await take(mine[0], 1) == []

    run(scene())


def test_a_reload_is_not_seen_and_leaving_is():
    async def scene():
        hub, told = LocalHub(), []

        async def notice(room):
            told.append(hub.present(room))

        hub.on_presence = notice
        async with hub.subscribe("room", "stays"):
            async with hub.subscribe("room", "goes"):
                await settled(lambda: told)
            assert hub.present("room") == {"stays", "goes"}  # within the grace
            async with hub.subscribe("room", "goes"):
                await asyncio.sleep(0.12)
            assert told == [{"stays", "goes"}]
            await settled(lambda: len(told) == 2)
            assert told[1] == {"stays"}

    run(scene())


def test_two_hundred_who_come_at_once_are_told_of_in_a_few_notices():
    async def scene():
        hub, told = LocalHub(), []

        async def notice(room):
            told.append(len(hub.present(room)))

        hub.on_presence = notice
        all_of_them = [await hub.subscribe("room", str(n)).__aenter__() for n in range(200)]
        await settled(lambda: told and told[-1] == 200)
        assert len(told) <= 2
        for each in all_of_them:
            await each.__aexit__(None, None, None)

    run(scene())


def test_a_notice_that_fails_is_followed_by_the_next():
    async def scene():
        hub, told = LocalHub(), []

        async def notice(room):
            told.append(hub.present(room))
            raise RuntimeError

        hub.on_presence = notice
        async with hub.subscribe("room", "1"):
            await settled(lambda: told)
            async with hub.subscribe("room", "2"):
                await settled(lambda: len(told) == 2)

    run(scene())


def test_who_polls_counts_as_here_for_a_while_even_without_a_loop():
    now = [100.0]
    hub = LocalHub(clock=lambda: now[0])
    hub.touch("room", "polls", 20)
    assert hub.present("room") == {"polls"}
    now[0] += 21
    assert hub.present("room") == frozenset()


def test_an_empty_room_is_forgotten():
    async def scene():
        hub = LocalHub()
        async with hub.subscribe("room", "1"):
            pass
        await settled(lambda: not hub._rooms)

    run(scene())


def test_stopping_ends_every_stream_and_lets_none_begin():
    async def scene():
        hub = LocalHub()
        async with hub.subscribe("room", "1") as open_one:
            threading.Thread(target=hub.stop).start()
            assert await take(open_one, 1) == []
        async with hub.subscribe("room", "2") as late:
            assert await take(late, 1) == []

    run(scene())


def test_a_screen_that_is_nobody_hears_everything_and_is_never_present():
    async def scene():
        hub = LocalHub()
        told = []
        hub.on_presence = told.append
        async with hub.subscribe("room", "a screen", counted=False) as screen:
            assert hub.present("room") == frozenset()
            hub.publish("room", state(1))
            assert [m.id for m in await take(screen, 1)] == [1]
            assert not screen.counted
        assert hub.present("room") == frozenset()
        await asyncio.sleep(0.15)
        assert told == []

    run(scene())
