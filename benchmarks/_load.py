"""A small load tool, the same for ESW and for its peer: so many browsers ask for one page again and again.

It speaks HTTP/1.1 by hand, so that it takes little of the processor that the server needs, keeps its connections
where the server does, and accepts gzip. `curl` would say the same bytes.
"""

import asyncio
import gzip
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.report import percentile

PATIENCE = 30.0  # seconds for one answer
OK = 200
TICKS = os.sysconf("SC_CLK_TCK")


class NotThePage(Exception):
    """The server answered something else than the page."""


@dataclass(frozen=True)
class Target:
    """A page of a running server: `cookies` log somebody in, `process` is the server's first process."""

    url: str
    path: str
    cookies: dict[str, str]
    process: int


@dataclass
class Load:
    """What a load has shown. `seconds` holds how long each answer took, to its last byte."""

    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0
    processor: float = 0.0  # seconds of the server's processes, all together
    wire: int = 0  # bytes of the body as it was sent
    gzipped: int = 0  # … and as gzip would send it, where the server left that to a proxy

    @property
    def p50(self) -> float:
        return percentile(self.seconds, 0.5)

    @property
    def p95(self) -> float:
        return percentile(self.seconds, 0.95)

    @property
    def a_second(self) -> float:
        return len(self.seconds) / self.elapsed

    @property
    def processor_each(self) -> float:
        """Processor seconds of the server for one answer."""
        return self.processor / len(self.seconds)


def load(target: Target, *, browsers: int, seconds: float, warm_up: int = 10) -> Load:
    """Ask for the page with so many browsers for so long. Raises `NotThePage`."""
    return asyncio.run(_load(target, browsers, seconds, warm_up))


async def _load(target: Target, browsers: int, seconds: float, warm_up: int) -> Load:
    found = Load()
    clients = [_Browser(target) for _ in range(browsers)]
    for _ in range(max(1, warm_up // browsers)):
        await asyncio.gather(*(client.get(found) for client in clients))
    found.seconds.clear()
    before, began = processor_seconds(target.process), time.perf_counter()
    await asyncio.gather(*(client.go_on(found, began + seconds) for client in clients))
    found.elapsed = time.perf_counter() - began
    found.processor = processor_seconds(target.process) - before
    for client in clients:
        await client.close()
    return found


class _Browser:
    """One connection, opened anew when the server closes it."""

    def __init__(self, target: Target) -> None:
        address = urlsplit(target.url)
        self.host, self.port = address.hostname or "", address.port or 80
        cookies = "; ".join(f"{name}={value}" for name, value in target.cookies.items())
        self.request = (
            f"GET {target.path} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: text/html\r\n"
            f"Accept-Encoding: gzip\r\nCookie: {cookies}\r\n\r\n"
        ).encode()
        self.path = target.path
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def go_on(self, found: Load, until: float) -> None:
        while time.perf_counter() < until:
            await self.get(found)

    async def get(self, found: Load) -> None:
        async with asyncio.timeout(PATIENCE):
            began = time.perf_counter()
            headers, body = await self._ask()
            found.seconds.append(time.perf_counter() - began)
        if not found.wire:
            found.wire = len(body)
            found.gzipped = len(body if headers.get("content-encoding") else gzip.compress(body, 6))

    async def _ask(self) -> tuple[dict[str, str], bytes]:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        assert self.reader is not None  # noqa: S101 (for the types)
        self.writer.write(self.request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        if int(head[0].split()[1]) != OK:
            raise NotThePage(f"{self.path} answered {head[0]} {headers.get('location', '')}")
        body = await self._body(self.reader, headers)
        if headers.get("connection", "").lower() == "close":
            await self.close()
        return headers, body

    @staticmethod
    async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            parts = []
            while size := int(await reader.readline(), 16):
                parts.append(await reader.readexactly(size))
                await reader.readline()
            await reader.readline()
            return b"".join(parts)
        if "content-length" in headers:
            return await reader.readexactly(int(headers["content-length"]))
        return await reader.read()

    async def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            with suppress(OSError):
                await self.writer.wait_closed()
            self.writer = None


def processor_seconds(process: int) -> float:
    """What this process and its descendants have used so far (Linux; 0 elsewhere)."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            name, _, rest = stat.read_text(encoding="utf-8").rpartition(")")
            fields = rest.split()
            key = int(name.split()[0])
            parents[key], used[key] = int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS
    family = {process}
    while more := {key for key, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(used.get(key, 0.0) for key in family)
