"""What stands around Django in the ASGI application: short answers, a limit on bodies, start and stop."""

import asyncio
import json
import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, LifespanScope
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import InterfaceError, OperationalError, connections
from django.http.cookie import parse_cookie

from esw.core import database, disk
from esw.core.headers import plain_headers

log = logging.getLogger(__name__)


def header(scope: HTTPScope, name: bytes) -> str:
    """A request header, several of one name joined as HTTP joins them ("; " for cookies)."""
    joint = b"; " if name == b"cookie" else b", "
    return joint.join(value for key, value in scope["headers"] if key == name).decode("latin-1")


def cookie(scope: HTTPScope, name: str) -> str:
    """What a cookie says, '' without it; nobody has asked yet whether it is true."""
    return parse_cookie(header(scope, b"cookie")).get(name, "")


def session_key(scope: HTTPScope) -> str:
    """What the log-in's cookie says, '' without one."""
    return cookie(scope, settings.SESSION_COOKIE_NAME)


async def answer_error(send: ASGISendCallable, status: int, sentence: str, **headers: str) -> None:
    """Answer with one sentence as JSON."""
    body = json.dumps({"error": sentence}, ensure_ascii=False).encode()
    length = {"content_length": str(len(body))}
    listed = plain_headers(content_type="application/json", **length, **headers)
    await send({"type": "http.response.start", "status": status, "headers": listed, "trailers": False})
    await send({"type": "http.response.body", "body": body, "more_body": False})


# --- bodies ----------------------------------------------------------------------------------------------
class TooLarge(Exception):
    """More came than this address takes."""


def is_logged_in(key: str) -> bool:
    """Whether somebody's log-in stands behind this cookie."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return bool(key) and SESSION_KEY in store(key)


async def body_limit(scope: HTTPScope, logged_in: Callable[[str], bool]) -> int:
    """How many bytes a request may carry: much where files are brought by somebody who is logged in, else little."""

    def ask() -> bool:
        try:
            return logged_in(session_key(scope))
        finally:
            connections.close_all()

    brings = scope["path"] in settings.UPLOAD_PATHS and await asyncio.to_thread(ask)
    return settings.MAX_UPLOAD_REQUEST_BYTES if brings else settings.MAX_REQUEST_BYTES


def limit_bodies(app: Any, *, logged_in: Callable[[str], bool] = is_logged_in) -> ASGI3Application:
    """Refuse a body that is too large before Django writes it to disk, with one sentence (413)."""

    async def limited(scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        limit = await body_limit(scope, logged_in)
        length = header(scope, b"content-length")
        if length.isdigit() and int(length) > limit:
            await _refuse(receive, send, limit)
            return
        started = refused = False
        taken = 0

        async def counted() -> Any:
            nonlocal taken, refused
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > limit:  # sent without a length: Django is told that the sender left
                    refused = True
                    return {"type": "http.disconnect"}
            return message

        async def watched(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        await app(scope, counted, watched)
        if refused and not started:
            await _refuse(receive, send, limit)

    return limited


async def _refuse(receive: ASGIReceiveCallable, send: ASGISendCallable, limit: int) -> None:
    await _let_go(receive, limit)
    sentence = f"That is more than {limit // 1_000_000} MB at once. Bring fewer or smaller files at a time."
    await answer_error(send, 413, sentence, connection="close")


async def _let_go(receive: ASGIReceiveCallable, limit: int) -> None:
    """Let go of what is still coming, up to the limit, because a browser that is sending does not listen."""
    left = limit
    while left > 0:
        message = await receive()
        if message["type"] != "http.request" or not message.get("more_body", False):
            break
        left -= len(message.get("body", b""))


def sorry_when_full(app: Any) -> ASGI3Application:
    """Answer 507 with a sentence when there is no room for the body of a request; goes inside `limit_bodies`.

    Django writes a body to disk before it looks at it. A full disk that a view meets is answered inside.
    """

    async def guarded(scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        started = is_whole = False

        async def heard() -> Any:
            nonlocal is_whole
            message = await receive()
            is_whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message

        async def watched(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await app(scope, heard, watched)
        except OSError as problem:
            if started or not disk.is_full(problem):
                raise
            log.error("there is no room left for the body of a request")  # noqa: TRY400 (its words may name a file)
            if not is_whole:
                await _let_go(receive, settings.MAX_UPLOAD_REQUEST_BYTES)
            await answer_error(send, disk.NO_ROOM_STATUS, disk.NO_ROOM, connection="close")

    return guarded


# --- when the database is away ---------------------------------------------------------------------------
def sorry_when_away(app: ASGI3Application) -> ASGI3Application:
    """Answer 503 with a sentence when what stands ahead of Django cannot ask the database."""

    async def guarded(scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await app(scope, receive, watched)
        except (OperationalError, InterfaceError) as problem:
            log.warning("the database did not answer (%s)", type(problem).__name__)
            if not started:
                sentence, status = database.trouble(problem)
                await answer_error(send, status, sentence, retry_after=database.RETRY_AFTER)

    return guarded


# --- start and stop --------------------------------------------------------------------------------------
async def lifespan(
    _scope: LifespanScope,
    receive: ASGIReceiveCallable,
    send: ASGISendCallable,
    *,
    start: Callable[[], None],
    stop: Callable[[], None],
) -> None:
    """The server's start and stop, each called in a thread; Django itself refuses to hear of them."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await asyncio.to_thread(start)
            except Exception as problem:
                log.exception("the server could not start")
                await send({"type": "lifespan.startup.failed", "message": type(problem).__name__})
                return
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await asyncio.to_thread(stop)
            await send({"type": "lifespan.shutdown.complete"})
            return
