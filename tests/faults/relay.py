"""A proxy that has a bad day: it answers 502 with the page of deploy/problems, or keeps an answer to itself.

relay = Relay(server.port)
relay.mode = "ok"         # passes everything on
relay.away()              # 502 to everything, and open streams end
relay.mode = "swallow"    # the server gets posts and answers them, and the browser hears 502
relay.passed              # (method, path) of what reached the server
"""

import asyncio
import contextlib
import re

from tests.browser.wire import Wire
from tests.esw.server import ROOT

PROBLEMS = ROOT / "deploy/problems"


class Relay(Wire):
    """One request a connection, so that it knows where each ends."""

    def __init__(self, target_port):
        self.mode = "ok"
        self.passed = []
        self.refused = 0
        super().__init__(target_port)

    def away(self):
        self.mode = "away"
        self._loop.call_soon_threadsafe(self._drop)

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._answer(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path = head.split(" ", 2)[:2]
        length = re.search(r"(?i)\r\ncontent-length: (\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        if self.mode == "away":
            self.refused += 1
            writer.write(bad_gateway(method, head))
            await writer.drain()
            return
        self.passed.append((method, path))
        there, back = await asyncio.open_connection("127.0.0.1", self.target_port)
        self._writers.add(back)
        try:
            head = re.sub(r"(?i)\r\n(connection|accept-encoding): [^\r\n]*", "", head)
            head = head.replace("\r\n\r\n", "\r\nConnection: close\r\nAccept-Encoding: identity\r\n\r\n")
            back.write(head.encode("latin-1") + body)
            await back.drain()
            if self.mode == "swallow" and method == "POST":
                await there.read()
                writer.write(bad_gateway(method, head))
                await writer.drain()
            else:
                await self._copy(there, writer, self._keep)
        finally:
            self._writers.discard(back)
            back.transport.abort()


def bad_gateway(method, head):
    """As nginx answers with deploy/nginx.conf."""
    name = "away" if method in {"GET", "HEAD"} else "sent"
    kind = "json" if re.search(r"(?i)\r\naccept: application/json", head) else "html"
    body = (PROBLEMS / f"{name}.{kind}").read_bytes()
    content_type = {"json": "application/json", "html": "text/html; charset=utf-8"}[kind]
    head = (
        f"HTTP/1.1 502 Bad Gateway\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        "Retry-After: 5\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
