"""Thousands of open event streams and the commands that they wait for, from one process and by hand-written HTTP.

A screen notes when each version arrived, and nothing else, so that the machine's processor is left to the server.
"""

import asyncio
import re
import resource
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

OPENING_AT_ONCE = 40
PATIENCE = 30.0  # seconds
TAIL = 4096  # bytes of an event whose rest has not arrived
OK = 200


class Screen(asyncio.Protocol):
    """One open stream: when which version arrived, and what a state weighs."""

    def __init__(self, request: bytes, version: re.Pattern[bytes]) -> None:
        self._request, self._version = request, version
        self._rest = b""
        self.arrived: dict[int, float] = {}
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (for the types)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        text = self._rest + data
        end = 0
        for found in self._version.finditer(text):
            self.arrived.setdefault(int(found[1]), now)
            end = found.end()
        self._rest = text[end:][-TAIL:]
        if not self.opened.done():
            if not text.startswith(b"HTTP/1.1 200"):
                self.opened.set_exception(ConnectionError(text[:200].decode(errors="replace")))
            elif b"\r\n\r\n" in text:
                self.opened.set_result(None)

    def connection_lost(self, _problem: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the stream ended"))


@dataclass(frozen=True)
class Listening:
    """A stream to open: its address and the headers that let somebody in."""

    room: int
    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Order:
    """A command for a room: what to post where. `version` is in the answer unless it is known before."""

    path: str
    headers: dict[str, str]
    body: bytes = b""
    version: int | None = None


@dataclass
class Arrivals:
    """What a run has shown; seconds from the moment a command was sent to its arrival on each screen."""

    seconds: list[float] = field(default_factory=list)
    commands: int = 0
    lost: int = 0


async def open_all(url: str, wanted: Sequence[Listening], version: re.Pattern[bytes]) -> list[list[Screen]]:
    """The screens of each room. Raises `ConnectionError` when a stream is refused."""
    allow_files(len(wanted) + 500)
    address = urlsplit(url)
    host, port = address.hostname or "", address.port or 0
    gate = asyncio.Semaphore(OPENING_AT_ONCE)
    rooms: list[list[Screen]] = [[] for _ in range(1 + max(each.room for each in wanted))]

    async def one(each: Listening) -> None:
        async with gate:
            request = head("GET", each.path, f"{host}:{port}", each.headers | {"Accept": "text/event-stream"})
            loop = asyncio.get_running_loop()
            _, screen = await loop.create_connection(lambda: Screen(request, version), host, port)
            await asyncio.wait_for(screen.opened, PATIENCE)
            rooms[each.room].append(screen)

    await asyncio.gather(*(one(each) for each in wanted))
    return rooms


def close_all(rooms: Sequence[Sequence[Screen]]) -> None:
    for screen in (each for room in rooms for each in room):
        if screen.transport is not None:
            screen.transport.abort()


async def command_all(
    url: str, rooms: dict[int, Callable[[], Order]], screens: Sequence[Sequence[Screen]], *, seconds: float
) -> Arrivals:
    """Give each of these rooms a command a second, evenly spread, over a connection of its own, for so long."""
    found = Arrivals()
    until = time.perf_counter() + seconds
    began = [
        asyncio.create_task(_command(url, order, screens[room], found, offset=at / len(rooms), until=until))
        for at, (room, order) in enumerate(rooms.items())
    ]
    await asyncio.gather(*began)
    return found


async def _command(
    url: str, order: Callable[[], Order], screens: Sequence[Screen], found: Arrivals, *, offset: float, until: float
) -> None:
    line = await Line.open(url)
    sent: dict[int, float] = {}
    due = time.perf_counter() + offset
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        each = order()
        began = time.perf_counter()
        answer = await asyncio.wait_for(line.post(each), PATIENCE)
        version = each.version if each.version is not None else int(re.search(rb'"version": ?(\d+)', answer)[1])  # type: ignore[index]
        sent[version] = began
        due = max(due + 1.0, time.perf_counter())
    await asyncio.sleep(2.0)  # what is still on its way
    line.close()
    found.commands += len(sent)
    for screen in screens:
        for version, began in sent.items():
            if (at := screen.arrived.get(version)) is None:
                found.lost += 1
            else:
                found.seconds.append(at - began)


class Line:
    """A connection that is kept, for one post after the other."""

    def __init__(self, host: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._host, self._reader, self._writer = host, reader, writer

    @classmethod
    async def open(cls, url: str) -> "Line":
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        return cls(address.netloc, reader, writer)

    async def post(self, order: Order) -> bytes:
        """The answer's body. Raises `ConnectionError` when it is not 200."""
        headers = order.headers | {"Content-Length": str(len(order.body)), "Accept": "application/json"}
        self._writer.write(head("POST", order.path, self._host, headers) + order.body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"(?i)content-length: (\d+)", answer)
        body = await self._reader.readexactly(int(length[1])) if length else b""
        if int(answer.split()[1]) != OK:
            raise ConnectionError(f"{answer.splitlines()[0]} {body[:200]!r}")
        return body

    def close(self) -> None:
        with suppress(OSError):
            self._writer.close()


def head(method: str, path: str, host: str, headers: dict[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def allow_files(count: int) -> None:
    """Each stream is an open file. Raises `OSError` where the machine allows too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < count:
        if hard != resource.RLIM_INFINITY and hard < count:
            raise OSError(f"this machine allows {hard} open files, and {count} are needed")
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
