"""An EventSource for tests: a plain socket and a coroutine, so that a thousand cost little."""

import asyncio
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

PATIENCE = 20


@dataclass
class Event:
    name: str
    id: int | None
    data: object


class Stream:
    """`await Stream.open(url, cookies)`, then `status`, `headers`, and `await stream.event("state")`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}

    @classmethod
    async def open(cls, url, cookies=None, *, method="GET"):
        address = urlsplit(url)
        reader, writer = await asyncio.wait_for(asyncio.open_connection(address.hostname, address.port), PATIENCE)
        stream = cls(reader, writer)
        cookie = "; ".join(f"{name}={value}" for name, value in (cookies or {}).items())
        lines = [f"{method} {address.path} HTTP/1.1", f"Host: {address.netloc}", "Accept: text/event-stream"]
        lines += [f"Cookie: {cookie}"] if cookie else []
        writer.write("\r\n".join([*lines, "", ""]).encode())
        stream.status = int((await stream._line()).split()[1])
        while line := await stream._line():
            name, _, value = line.partition(": ")
            stream.headers[name.lower()] = value
        return stream

    async def _line(self) -> str:
        line = await asyncio.wait_for(self.reader.readline(), PATIENCE)
        if not line:
            raise EOFError
        return line.decode().rstrip("\r\n")

    async def body(self):
        """The JSON of a short answer."""
        return json.loads(await self.reader.readexactly(int(self.headers["content-length"])))

    async def next(self) -> Event:
        """The next event. Raises EOFError when the stream has ended."""
        name, number, data = "", None, ""
        while True:
            line = await self._line()
            field, _, value = line.partition(": ")
            if field == "event":
                name = value
            elif field == "id":
                number = int(value)
            elif field == "data":
                data += value
            elif line == "0":  # the last chunk
                raise EOFError
            elif not line and name:
                return Event(name, number, json.loads(data))

    async def event(self, name: str, condition=lambda event: True) -> Event:
        """The next event of this name that meets the condition."""

        async def look():
            while True:
                found = await self.next()
                if found.name == name and condition(found):
                    return found

        return await asyncio.wait_for(look(), PATIENCE)

    async def end(self) -> None:
        """Wait until the server ends the stream."""

        async def read():
            try:
                while True:
                    await self.next()
            except (EOFError, ConnectionError):
                return

        await asyncio.wait_for(read(), PATIENCE)

    def close(self) -> None:
        self.writer.close()
