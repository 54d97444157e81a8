"""Answers that are files: asked for in part or whole, never wholly in memory, kept by the browser for good."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from esw.core.storage import private_storage

KEPT_FOR_GOOD = "private, max-age=31536000, immutable"
PARTIAL, NOT_SATISFIABLE = 206, 416
# One range in bytes. Several at once, other units and what is no range at all are answered with the whole file, as
# HTTP allows; no file has a length of twenty digits.
A_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,19})\s*-\s*(\d{0,19})\s*", re.ASCII | re.IGNORECASE)
# Threads of their own: a storage that is slow to answer holds up files, and nothing else.
_readers = ThreadPoolExecutor(max_workers=16, thread_name_prefix="file")


def serve_file(request: HttpRequest, name: str, *, content_type: str, etag: str = "") -> HttpResponseBase:
    """The file of the private storage called `name`, whose content never changes under its address.

    Answers 200, 206 for one range, 304 for what the browser holds, 412, or 416 for a range beyond the end. `etag`
    names the content (a checksum or a key that is never used twice), without quotes; left out, the name does. The
    caller has asked who may, and may set `Cache-Control` and `Content-Disposition` anew on the answer, whatever its
    status. Raises `Http404` when the file is gone.
    """
    quoted = f'"{etag or PurePosixPath(name).stem}"'
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": "inline",
        "Cache-Control": KEPT_FOR_GOOD,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    try:
        size = private_storage().size(name)
    except (FileNotFoundError, NotADirectoryError) as gone:
        raise Http404 from gone
    if settings.X_ACCEL_LOCATION and private_storage().is_folder:
        return _by_the_proxy(name, headers)
    headers |= {"ETag": quoted, "Accept-Ranges": "bytes"}
    answer = conditional(request, HttpResponse(headers=headers), quoted)
    if answer.status_code != 200:  # noqa: PLR2004
        return answer
    return _answer(request, name, size=size, wanted=_wanted(request, quoted), headers=headers)


def conditional(request: HttpRequest, answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    """`answer`, or 304 when the browser holds it already."""
    chosen: HttpResponseBase | None = get_conditional_response(request, etag=etag, response=answer)  # type: ignore[arg-type]
    return answer if chosen is None else chosen


def _by_the_proxy(name: str, headers: dict[str, str]) -> HttpResponseBase:
    """An answer whose body nginx puts in, ranges and its own ETag with it (deploy/nginx.conf)."""
    return HttpResponse(headers={**headers, "X-Accel-Redirect": settings.X_ACCEL_LOCATION + quote(name)})


def _wanted(request: HttpRequest, etag: str) -> str:
    """The range that counts: only when reading, and only of the very content that the browser began with."""
    if request.method != "GET" or request.headers.get("If-Range", etag).strip() != etag:
        return ""
    return request.headers.get("Range", "")


def byte_range(wanted: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last, of a `Range` header; None for the whole. Raises ValueError for 416."""
    found = A_RANGE.fullmatch(wanted)
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        start, end = max(size - int(found[2]), 0), size
    else:
        start, end = int(found[1]), int(found[2]) + 1 if found[2] else size
        if end <= start and found[2]:
            return None  # the last before the first: no range
    if start >= size:
        raise ValueError(wanted)
    return start, min(end, size)


def _answer(request: HttpRequest, name: str, *, size: int, wanted: str, headers: dict[str, str]) -> HttpResponseBase:
    try:
        part = byte_range(wanted, size)
    except ValueError:
        refused = {**headers, "Cache-Control": "private, no-store", "Content-Range": f"bytes */{size}"}
        return HttpResponse(status=NOT_SATISFIABLE, headers=refused)
    start, end = part or (0, size)
    headers = {**headers, "Content-Length": str(end - start)}
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    pieces = private_storage().pieces(name, start, end)
    body = _in_threads(pieces) if isinstance(request, ASGIRequest) else pieces
    return StreamingHttpResponse(body, status=PARTIAL if part else 200, headers=headers)


async def _in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read in a thread that is free again between pieces; what is open is closed however it ends."""
    reading: Future[bytes] = Future()
    reading.set_result(b"")
    try:
        while True:
            reading = _readers.submit(next, pieces, b"")
            piece = await asyncio.wrap_future(reading)
            if not piece:
                return
            yield piece
    finally:
        # Who leaves in the middle of a piece does not wait for it.
        reading.add_done_callback(lambda _: pieces.close())  # type: ignore[attr-defined]
