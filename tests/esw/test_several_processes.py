"""Two web processes on one PostgreSQL and one Redis are one ESW; and it goes on while Redis is away."""

import asyncio
import os
import signal

import pytest

from tests.esw.processes import alive, another, children, here, rooms, until
from tests.esw.server import start_server

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """A and B; beats come often, because the heal of what a silent Redis lost is theirs."""
    first = start_server(tmp_path_factory.mktemp("several"), {"HEARTBEAT_SECONDS": "3"})
    second = another(first)
    yield first, second
    second.kill()
    first.remove()
    print(first.tail())  # noqa: T201


@pytest.fixture(scope="module")
def free(servers):
    return iter(rooms(servers[0], 5))


@pytest.fixture
def room(free):
    return next(free)


def run(coroutine):
    asyncio.run(asyncio.wait_for(coroutine, 90))


def test_a_command_given_to_one_process_is_heard_in_the_other_and_it_is_the_same_truth(servers, room):
    first, second = servers

    async def scene():
        mine, yours = await room.open(first), await room.open(second, 1)
        for at, name in ((first, "start"), (second, "pause"), (first, "resume"), (second, "next")):
            version = await room.command(at, name)
            for screen in (mine, yours):
                event = await screen.event("state", lambda event, version=version: event.id == version)
                assert event.data["status"] == ("paused" if name == "pause" else "running")
        states = [(await room.get(at, "state/")).json() for at in servers]
        for state in states:
            state["step"].pop("seconds_left")
        assert states[0] == states[1]
        for screen in (mine, yours):
            screen.close()

    run(scene())


def test_who_is_here_is_the_union_of_both_and_who_leaves_leaves_everywhere(servers, room):
    first, second = servers

    async def scene():
        mine, yours = await room.open(first), await room.open(second, 1)
        both = {room.seats[0], room.seats[1]}
        for screen in (mine, yours):
            await screen.event("state", lambda event: here(event.data) == both)
        assert await room.here(first) == await room.here(second) == {0, 1}
        yours.close()
        await mine.event("state", lambda event: here(event.data) == {room.seats[0]})
        mine.close()

    run(scene())


def test_when_a_process_is_killed_the_others_see_its_people_leave_and_come_back(servers, room):
    first, second = servers

    async def scene():
        mine = await room.open(first)
        yours = await room.open(second, 1)
        await mine.event("state", lambda event: room.seats[1] in here(event.data))
        second.kill()
        await yours.end()
        await mine.event("state", lambda event: room.seats[1] not in here(event.data))
        assert await room.here(first) == {0}
        second.start()
        again = await room.open(second, 1)
        await mine.event("state", lambda event: room.seats[1] in here(event.data))
        mine.close()
        again.close()

    run(scene())


def test_without_redis_commands_and_notes_are_taken_and_when_it_is_back_every_screen_heals(servers, room):
    first, second = servers

    async def scene():
        mine, yours = await room.open(first), await room.open(second, 1)
        await room.command(first, "start")
        await yours.event("state", lambda event: event.data["status"] == "running")
        first.redis.kill()

        version = await room.command(first, "pause")
        await mine.event("state", lambda event: event.id == version)  # its own screens hear at once
        for number in range(3):
            assert (await room.note(second, f"kept {number}")).json() == {"saved": True}
        assert (await room.get(second, accept="text/html")).status_code == 200  # pages come, too
        await yours.event("beat", lambda event: event.data["version"] == version)  # and it learns that it is behind

        version = await room.command(first, "resume")
        first.redis.start()
        await yours.event("state", lambda event: event.id == version)
        version = await room.command(second, "next")
        await mine.event("state", lambda event: event.id == version)
        for at in servers:
            while await room.here(at) != {0, 1}:  # noqa: ASYNC110 (it is asked over HTTP)
                await asyncio.sleep(0.1)
        mine.close()
        yours.close()

    run(scene())


def test_several_processes_on_one_port_are_one_server_that_heals_itself_and_ends_at_once(servers, room):
    family = another(servers[0], "--processes", "2")
    try:
        parent = family.process.pid
        until(lambda: len(children(parent)) == 2)

        async def scene():
            streams = [await room.open(family, who) for who in (0, 1, 2) for _ in range(4)]
            version = await room.command(family, "start")
            for stream in streams:
                await stream.event("state", lambda event: event.id == version)
            before = children(parent)
            os.kill(before[0], signal.SIGKILL)
            await asyncio.to_thread(until, lambda: len(children(parent)) == 2 and before[0] not in children(parent))
            late = await room.open(family, 1)

            stopping = asyncio.create_task(asyncio.to_thread(family.stop))
            await late.end()
            took, code = await stopping
            assert code == 0
            assert took < 3
            for stream in [*streams, late]:
                stream.close()

        run(scene())
    finally:
        family.kill()


def test_children_do_not_outlive_their_parent(servers):
    family = another(servers[0], "--processes", "2")
    try:
        orphans = children(family.process.pid)
        assert len(orphans) == 2
        os.kill(family.process.pid, signal.SIGKILL)
        until(lambda: not any(alive(pid) for pid in orphans))
    finally:
        family.kill()
