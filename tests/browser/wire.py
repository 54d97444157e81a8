"""A wire between one person's browser and the server: every byte that they receive is kept, and it can be cut.

The relay asks the server for plain answers (`Accept-Encoding: identity`), so that what is kept can be searched.
"""

import asyncio
import contextlib
import re
import threading

ENCODING = re.compile(rb"(?i)\r\nAccept-Encoding: [^\r\n]*")


class Wire:
    """A relay on its own port of 127.0.0.1; `received` is everything the browser got, in order."""

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.received = bytearray()
        self.is_cut = False
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        started.wait(5)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Pull the plug: open connections end, new ones are refused at once."""
        self.is_cut = True
        self._loop.call_soon_threadsafe(self._drop)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _drop(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()
        server.close()
        waiting = asyncio.all_tasks(self._loop)
        for task in waiting:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.is_cut:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, back}
        try:
            up = asyncio.ensure_future(self._copy(reader, back, self._plain))
            down = asyncio.ensure_future(self._copy(there, writer, self._keep))
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
            down.cancel()
            for end in (writer, back):
                self._writers.discard(end)
                end.transport.abort()

    @staticmethod
    async def _copy(source, target, through) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                target.write(through(data))
                await target.drain()

    @staticmethod
    def _plain(data: bytes) -> bytes:
        return ENCODING.sub(b"\r\nAccept-Encoding: identity", data)

    def _keep(self, data: bytes) -> bytes:
        self.received += data
        return data
