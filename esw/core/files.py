"""Answers that are files: never wholly in memory, kept by the browser for good, fetched again for nothing."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.core.handlers.asgi import ASGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

CHUNK = 256 * 1024


def serve_file(request: HttpRequest, path: str | os.PathLike[str], *, content_type: str, etag: str) -> HttpResponseBase:
    """The file at `path`, whose content never changes under its address.

    `etag` names the content (a checksum or a key that is never used twice), without quotes. The caller
    has asked who may. Raises `Http404` when the file is gone.
    """
    try:
        size = Path(path).stat().st_size
    except OSError as gone:
        raise Http404 from gone
    quoted = f'"{etag}"'
    answer: HttpResponse | StreamingHttpResponse
    if request.method == "HEAD":
        answer = HttpResponse()
    elif isinstance(request, ASGIRequest):
        answer = StreamingHttpResponse(_read_async(path))
    else:
        answer = StreamingHttpResponse(_read(path))
    for name, value in {
        "Content-Type": content_type,
        "Content-Length": str(size),
        "Content-Disposition": "inline",
        "ETag": quoted,
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }.items():
        answer[name] = value
    return conditional(request, answer, quoted)


def conditional(request: HttpRequest, answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    """`answer`, or 304 when the browser holds it already."""
    chosen: HttpResponseBase | None = get_conditional_response(request, etag=etag, response=answer)  # type: ignore[arg-type]
    return answer if chosen is None else chosen


def _read(path: str | os.PathLike[str]) -> Iterator[bytes]:
    with Path(path).open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


async def _read_async(path: str | os.PathLike[str]) -> AsyncIterator[bytes]:
    """Read in a thread that is free again between chunks; the file is open only while somebody reads it."""
    file = await asyncio.to_thread(Path(path).open, "rb")
    try:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
    finally:
        file.close()
