"""Django's part of the server: so many requests at a time, each in a thread that keeps its database connection.

Left to itself Django works on each request in a thread of its own: two hundred phones that come back at once are two
hundred threads and as many connections, more than PostgreSQL takes. And a new connection to PostgreSQL costs about as
much as the page (7 ms on two cores, measured), so threads are kept and handed from request to request.

A request takes a thread when its body has arrived and gives it back before its answer is sent: a phone that is slow to
send or to read keeps nobody waiting. In that thread it goes through the middleware and its view in one piece: were one
part of the chain asynchronous, Django would pass it from thread to loop and back three times. What serves static files
is; so it stands beside the chain.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import IO, Any, cast

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponseBase
from django.middleware.security import SecurityMiddleware
from servestatic.middleware import ServeStaticMiddleware


class Threads:
    """Single threads, lent one at a time; the one that was used last first, so that few of them are in use."""

    def __init__(self, size: int) -> None:
        self._places = asyncio.Semaphore(size)
        self._free: list[ThreadPoolExecutor] = []

    async def borrow(self) -> ThreadPoolExecutor:
        """A thread that nobody else uses, as soon as there is one."""
        await self._places.acquire()
        return self._free.pop() if self._free else ThreadPoolExecutor(max_workers=1, thread_name_prefix="page")

    def give_back(self, thread: ThreadPoolExecutor) -> None:
        self._free.append(thread)
        self._places.release()

    def give_back_when_idle(self, thread: ThreadPoolExecutor) -> None:
        """Somebody left while their page was being made; the thread makes it to the end."""
        loop = asyncio.get_running_loop()
        done = thread.submit(lambda: None)
        done.add_done_callback(lambda _: loop.call_soon_threadsafe(self.give_back, thread))


class Turn:
    """One request's time in a thread."""

    def __init__(self, threads: Threads) -> None:
        self._threads = threads
        self._thread: ThreadPoolExecutor | None = None
        self._context: ThreadSensitiveContext | None = None

    async def begin(self) -> None:
        """From here on what is synchronous runs in the thread. In the request's own task."""
        self._thread = await self._threads.borrow()
        self._context = ThreadSensitiveContext(executor=self._thread)
        await self._context.__aenter__()  # type: ignore[no-untyped-call]

    def is_made(self) -> None:
        """The answer is made; others may have the thread. What is left to close runs there in between."""
        if self._thread is not None:
            self._threads.give_back(self._thread)
            self._thread = None

    async def end(self) -> None:
        """However it ended. In the request's own task."""
        if self._context is not None:
            await self._context.__aexit__(None, None, None)  # type: ignore[no-untyped-call]
        if self._thread is not None:
            self._threads.give_back_when_idle(self._thread)


_turn: ContextVar[Turn] = ContextVar("turn")


Answers = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


class Pages(ASGIHandler):
    """Django's own handler, with turns."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = Threads(settings.PAGE_THREADS)
        static = ServeStaticMiddleware(self._page)
        self._static_prefix = static.static_prefix
        self._static = cast("Answers", convert_exception_to_response(SecurityMiddleware(static)))

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 (Django's shape)
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._static if request.path_info.startswith(self._static_prefix) else self._page
        return await answer(request)

    async def _page(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        turn = Turn(self._threads)
        _turn.set(turn)
        try:
            await super().handle(scope, receive, send)
        finally:
            await turn.end()

    async def read_body(self, receive: Any) -> IO[bytes]:
        body = await super().read_body(receive)
        await _turn.get().begin()
        return body

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        _turn.get().is_made()
        await super().send_response(response, send)
