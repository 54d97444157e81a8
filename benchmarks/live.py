"""The live room under load: how long from a command to every screen, and what an open stream costs.

500 rooms with 8 screens each; every tenth room is given a command a second. ESW runs with the real view, log-ins and
commands, embedded (SQLite, one process) and as one process on PostgreSQL and Redis. In the same run django-eventstream
and Channels fan out the same bytes, published by a view that does nothing else.
"""

import asyncio
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

from benchmarks import _peers
from benchmarks._screens import Listening, Order, Screen, close_all, command_all, open_all
from benchmarks.report import milliseconds, percentile, table, write_section
from benchmarks.serving import Server, embedded_server
from tests.services import start_postgres, start_redis

ROOMS, SCREENS, EACH = 500, 8, 10
WARM_UP, SECONDS = 6.0, 30.0
QUIET = 4.0  # seconds until the last notice of who came has been told
TICKS = os.sysconf("SC_CLK_TCK")
TOKEN = "a" * 32
OURS = re.compile(rb'event: state\nid: \d+\ndata: \{"version":(\d+)')
THEIRS = re.compile(rb'"version":(\d+)')

ARRANGE = f"""
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from sessions_app.domain import commands, planning, seats
from sessions_app.models import Participant
from sessions_app.queries import public_state
from tests.sessions_app.meeting import START, Meeting
rooms = []
with transaction.atomic():
    meeting = Meeting(people={SCREENS}, samples=3, pages=2)
    for number in range({ROOMS}):
        session = meeting.session if not number else planning.plan_session(
            team=meeting.team, by=meeting.users[0], draft=meeting.draft, now=START)
        lead = Participant.objects.get(session=session, user=meeting.users[0])
        for name in ("open", "start"):
            session = commands.give_command(session=session, by=lead, name=name, args={{}}, now=START)
        for user in meeting.users:
            seats.seat_of(session=session, user=user, now=START)
        rooms.append(str(session.pk))
store = import_module(settings.SESSION_ENGINE).SessionStore
cookies = []
for person in meeting.users:
    login = store()
    login[SESSION_KEY] = str(person.pk)
    login[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    login[HASH_SESSION_KEY] = person.get_session_auth_hash()
    login.create()
    cookies.append(f"{{settings.SESSION_COOKIE_NAME}}={{login.session_key}}")
state = public_state(session.pk, here=[str(seat.pk) for seat in session.participants.all()], now=START)
print(json.dumps({{"rooms": rooms, "cookies": cookies, "state": state}}, default=str))
"""

Orders = dict[int, Callable[[], Order]]


@dataclass
class Figures:
    """What one server has shown."""

    p50: float
    p99: float
    slowest: float
    kilobytes: float
    processor: float
    threads: int
    commands: int
    lost: int

    def row(self, name: str) -> list[object]:
        return [
            name, milliseconds(self.p50), milliseconds(self.p99), milliseconds(self.slowest),
            f"{self.kilobytes:.0f} KB", f"{self.processor:.0%}", self.threads, self.commands, self.lost,
        ]  # fmt: skip


HEAD = [
    "", "command to screen p50", "p99", "slowest", "memory a stream", "processor", "threads", "commands", "not arrived",
]  # fmt: skip


def measure(url: str, pid: int, wanted: Sequence[Listening], orders: Orders, version: re.Pattern[bytes]) -> Figures:
    """Open every stream, give the commands, and look at the process meanwhile."""

    async def scene() -> Figures:
        before = resident(pid)
        began = time.perf_counter()
        screens: list[list[Screen]] = await open_all(url, wanted, version)
        print(f"  {len(wanted)} streams open after {time.perf_counter() - began:.0f} s", flush=True)
        await asyncio.sleep(QUIET)
        await command_all(url, orders, screens, seconds=WARM_UP)
        worked, looked = processor(pid), time.perf_counter()
        found = await command_all(url, orders, screens, seconds=SECONDS)
        share = (processor(pid) - worked) / (time.perf_counter() - looked)
        threads, after = len(os.listdir(f"/proc/{pid}/task")), resident(pid)  # noqa: PTH208 (it waits for nothing)
        close_all(screens)
        return Figures(
            p50=percentile(found.seconds, 0.5),
            p99=percentile(found.seconds, 0.99),
            slowest=max(found.seconds),
            kilobytes=(after - before) / len(wanted) / 1000,
            processor=share,
            threads=threads,
            commands=found.commands,
            lost=found.lost,
        )

    figures = asyncio.run(scene())
    print(f"  p50 {milliseconds(figures.p50)}, p99 {milliseconds(figures.p99)}", flush=True)
    return figures


def resident(pid: int) -> int:
    """Bytes of memory that the process holds now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def processor(pid: int) -> float:
    """Seconds of processor time that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / TICKS


# --- ESW ---------------------------------------------------------------------------------------------------
def ours(server: Server) -> tuple[Figures, str]:
    """ESW's figures, and a state as it goes over the wire."""
    made = server.shell(ARRANGE)
    wanted = [
        Listening(at, f"/sessions/{room}/stream/", {"Cookie": cookie})
        for at, room in enumerate(made["rooms"])
        for cookie in made["cookies"]
    ]
    headers = {"Cookie": f"{made['cookies'][0]}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}

    def orders_for(room: str) -> Callable[[], Order]:
        names = cycle(["pause", "resume"])
        return lambda: Order(f"/sessions/{room}/commands/{next(names)}/", headers)

    orders = {at: orders_for(made["rooms"][at]) for at in range(0, ROOMS, EACH)}
    state = json.dumps(made["state"], separators=(",", ":"), ensure_ascii=False)
    return measure(server.url, server.process.pid, wanted, orders, OURS), state


# --- the others --------------------------------------------------------------------------------------------
def theirs(peer: _peers.Peer, state: str) -> Figures:
    """A peer's figures, with a state of the same size."""
    wanted = [Listening(at, f"/stream/room-{at}/", {}) for at in range(ROOMS) for _ in range(SCREENS)]

    def orders_for(room: int) -> Callable[[], Order]:
        numbers = count(1)

        def order() -> Order:
            number = next(numbers)
            body = re.sub(r'"version":\d+', f'"version":{number}', state, count=1).encode()
            return Order(f"/publish/room-{room}/", {"Content-Type": "application/json"}, body, version=number)

        return order

    return measure(peer.url, peer.pid, wanted, {at: orders_for(at) for at in range(0, ROOMS, EACH)}, THEIRS)


def alone(state: str, redis: str) -> Iterator[tuple[str, Callable[[], Figures]]]:
    """ESW's hub and stream, asked what the others are asked."""

    def served(**environment: str) -> Callable[[], Figures]:
        def run() -> Figures:
            with _peers.serving_ours(**environment) as peer:
                return theirs(peer, state)

        return run

    yield "ESW, in the process", served()
    yield "ESW, on Redis", served(REDIS_URL=redis)


def peers(state: str, redis: str) -> Iterator[tuple[str, Callable[[], Figures]]]:
    """Each peer's name, and how to measure it. Raises `subprocess.CalledProcessError` where PyPI cannot be reached."""
    with _peers.installed() as folder:
        found = _peers.versions(folder)

        def served(project: str, **environment: str) -> Callable[[], Figures]:
            def run() -> Figures:
                with _peers.serving(folder, project, **environment) as peer:
                    return theirs(peer, state)

            return run

        name = f"django-eventstream {found['django-eventstream']}"
        yield f"{name}, in the process", served(_peers.EVENTSTREAM)
        yield f"{name}, on Redis", served(_peers.EVENTSTREAM, PEER_REDIS=redis)
        name = f"Channels {found['channels']}, channels-redis {found['channels-redis']}"
        for kind, layer in (("core", "core.RedisChannelLayer"), ("pubsub", "pubsub.RedisPubSubChannelLayer")):
            environment = {"PEER_REDIS": redis, "PEER_LAYER": f"channels_redis.{layer}"}
            yield f"{name}, {kind} layer", served(_peers.CHANNELS, **environment)


def tried(name: str, run: Callable[[], Figures]) -> list[object]:
    """A row, also of a server that could not do it."""
    print(f"{name} …", flush=True)
    try:
        return run().row(name)
    except (OSError, TimeoutError, RuntimeError) as problem:
        print(f"  {type(problem).__name__}: {problem}", flush=True)
        return [name, f"could not hold them ({type(problem).__name__})", *[""] * (len(HEAD) - 2)]


def main() -> None:
    print("ESW, embedded …", flush=True)
    with embedded_server() as server:
        figures, state = ours(server)
    whole = [figures.row("embedded: SQLite, in the process")]
    with start_redis() as redis:
        print("ESW on PostgreSQL and Redis …", flush=True)
        with start_postgres() as postgres, embedded_server(DATABASE_URL=postgres.url, REDIS_URL=redis.url) as server:
            whole.append(ours(server)[0].row("PostgreSQL and Redis, one of its processes"))
        fan_out = [tried(name, run) for name, run in alone(state, redis.url)]
        try:
            fan_out += [tried(name, run) for name, run in peers(state, redis.url)]
        except subprocess.CalledProcessError as problem:
            fan_out.append(["the others could not be installed", problem.returncode, *[""] * (len(HEAD) - 2)])
    setting = (
        f"{ROOMS} rooms with {SCREENS} open screens each, {ROOMS * SCREENS:,} streams to one process; every {EACH}th "
        f"room is given a command a second for {SECONDS:.0f} s. From sending the command's request to the arrival of "
        f"the new state ({len(state.encode()):,} bytes) on each of the room's screens. The screens are on the same "
        "machine and use part of it."
    )
    wanted = (
        "The whole of ESW: log-in and access, the row locked, the engine, the event log, the state read from the "
        "database; heartbeats go on meanwhile. Wanted: p99 under 100 ms, under 100 KB a stream. Where p99 is above "
        "that, one process has no more to give (see its processor), and commands wait for each other."
    )
    same = (
        "The fan-out alone, beside others: a view without log-in or database publishes the same bytes to the same "
        "streams, which uvicorn serves in one process."
    )
    lines = [setting, "", wanted, "", *table(HEAD, whole), "", same, "", *table(HEAD, fan_out)]
    write_section("live", "The live room", lines)


if __name__ == "__main__":
    main()
