"""Files as answers: whole or in part, in pieces, with the right headers, and nothing twice."""

import asyncio
import random

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404
from django.test import RequestFactory

from esw.core import files
from esw.core.compression import TextGZipMiddleware
from esw.core.storage import PIECE

pytestmark = pytest.mark.both_storages
get = RequestFactory().get
NAME = "pages/0f/abc.jpg"
LARGEST_PIECE = 1024 * 1024
WHOLE = b"\xff" * PIECE * 2 + b"end"


@pytest.fixture
def picture():
    """A file of three pieces."""
    default_storage.save(NAME, ContentFile(WHOLE))
    return NAME


def serve(request, name=NAME):
    return files.serve_file(request, name, content_type="image/jpeg")


def asgi_request(**headers):
    listed = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": listed}
    return ASGIRequest(scope, None)


def body(answer):
    return b"".join(answer.streaming_content)


def test_it_says_what_it_is_and_may_be_kept_for_good(picture):
    answer = serve(get("/"), picture)
    assert answer.status_code == 200
    assert body(answer) == WHOLE
    assert dict(answer.items()) == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(len(WHOLE)),
        "Content-Disposition": "inline",
        "ETag": '"abc"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def pieces_of(request, name=NAME):
    async def pieces():
        return [piece async for piece in serve(request, name)]

    return asyncio.run(pieces())


def test_under_asgi_it_comes_in_pieces_without_the_whole_in_memory():
    whole = random.Random(1).randbytes(5 * LARGEST_PIECE + 3)
    default_storage.save("pages/0f/long.jpg", ContentFile(whole))
    pieces = pieces_of(asgi_request(), "pages/0f/long.jpg")
    assert b"".join(pieces) == whole
    assert max(map(len, pieces)) <= LARGEST_PIECE


def test_what_the_browser_holds_is_not_sent_again(picture):
    answer = serve(get("/", headers={"if-none-match": '"abc"'}), picture)
    assert answer.status_code == 304
    assert answer["ETag"] == '"abc"'
    assert serve(get("/", headers={"if-none-match": '"older"'}), picture).status_code == 200


def test_head_gives_the_headers_alone(picture):
    answer = serve(RequestFactory().head("/"), picture)
    assert answer.content == b""
    assert answer["Content-Length"] == str(len(WHOLE))


@pytest.mark.parametrize("name", ["pages/0f/gone.jpg", "gone/gone/gone.jpg", f"{NAME}/below.jpg"])
def test_a_file_that_is_gone_is_not_found(picture, name):
    with pytest.raises(Http404):
        serve(get("/"), name)


@pytest.mark.parametrize("name", ["../secret-key", "/etc/passwd", "pages/../../secret-key"])
def test_a_name_that_leads_out_of_the_storage_is_refused(picture, tmp_path, name):
    (tmp_path / "secret-key").write_text("secret")
    with pytest.raises(SuspiciousFileOperation):
        serve(get("/"), name)


def test_a_picture_is_not_compressed_again(picture):
    request = get("/", headers={"accept-encoding": "gzip"})
    answer = TextGZipMiddleware(lambda request: serve(request, picture))(request)
    assert "Content-Encoding" not in answer
    assert answer["Content-Length"] == str(len(WHOLE))


# --- in part --------------------------------------------------------------------------------------------------

LENGTH = len(WHOLE)


def test_a_part_is_answered_with_that_part_alone(picture):
    answer = serve(get("/", headers={"range": f"bytes={PIECE - 2}-{PIECE + 4}"}))
    assert (answer.status_code, body(answer)) == (206, b"\xff" * 7)
    assert answer["Content-Range"] == f"bytes {PIECE - 2}-{PIECE + 4}/{LENGTH}"
    assert answer["Content-Length"] == "7"
    assert (answer["Content-Type"], answer["ETag"], answer["Cache-Control"]) == (
        "image/jpeg", '"abc"', "private, max-age=31536000, immutable"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=-3", LENGTH - 3, LENGTH),
        (f"bytes={LENGTH - 1}-", LENGTH - 1, LENGTH),
        ("bytes=5-9999999999999999999", 5, LENGTH),
        (f"bytes=-{LENGTH * 2}", 0, LENGTH),
        (" Bytes = 4 - 8 ", 4, 9),
    ],
)
def test_each_way_to_ask_for_a_part_is_understood(picture, wanted, start, end):
    answer = serve(get("/", headers={"range": wanted}))
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {start}-{end - 1}/{LENGTH}")
    assert body(answer) == WHOLE[start:end]


@pytest.mark.parametrize("wanted", [f"bytes={LENGTH}-", "bytes=-0", "bytes=9999999999999999999-", "bytes=-00"])
def test_a_part_beyond_the_end_is_refused_with_the_length(picture, wanted):
    answer = serve(get("/", headers={"range": wanted}))
    assert (answer.status_code, answer.content, answer["Content-Range"]) == (416, b"", f"bytes */{LENGTH}")
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=0-1,5-6",
        "bytes=0-9,0-9,0-9",
        "bytes=" + ",".join(["0-"] * 500),
        "bytes=9-3",
        "bytes=-",
        "bytes=",
        "bytes",
        "lines=0-3",
        "bytes=0-" + "9" * 5000,
        "bytes=-" + "1" * 100_000,
        "bytes=٣-٤",
        "bytes=0x0-0x9",
        "bytes=+1-2",
        "bytes=--1",
        "bytes=1-2;drop",
    ],
)
def test_what_is_no_single_range_is_answered_with_the_whole(picture, wanted):
    request = get("/")
    request.META["HTTP_RANGE"] = wanted
    answer = serve(request)
    assert (answer.status_code, answer["Content-Length"]) == (200, str(LENGTH))


@pytest.mark.parametrize(
    ("begun_with", "status"),
    [('"abc"', 206), ('"older"', 200), ('W/"abc"', 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200)],
)
def test_a_part_is_added_only_to_what_the_browser_began_with(picture, begun_with, status):
    answer = serve(get("/", headers={"range": "bytes=0-3", "if-range": begun_with}))
    assert answer.status_code == status


def test_what_the_browser_holds_whole_it_does_not_get_in_part(picture):
    assert serve(get("/", headers={"range": "bytes=0-3", "if-none-match": '"abc"'})).status_code == 304
    assert serve(get("/", headers={"range": "bytes=0-3", "if-match": '"older"'})).status_code == 412


def test_head_says_the_whole_length_whatever_part_is_asked_for(picture):
    answer = serve(RequestFactory().head("/", headers={"range": "bytes=0-3"}))
    assert (answer.status_code, answer["Content-Length"], answer["Accept-Ranges"]) == (200, str(LENGTH), "bytes")


def test_an_empty_file_has_no_part(picture):
    default_storage.save("pages/0f/empty", ContentFile(b""))
    assert body(serve(get("/"), "pages/0f/empty")) == b""
    assert serve(get("/", headers={"range": "bytes=0-"}), "pages/0f/empty").status_code == 416


def test_under_asgi_a_part_is_that_part(picture):
    assert b"".join(pieces_of(asgi_request(range="bytes=10-"))) == WHOLE[10:]


def test_who_leaves_in_the_middle_closes_the_file(picture, monkeypatch, storage):
    closed = []

    def pieces(name, start, end):
        try:
            yield from read(name, start, end)
        finally:
            closed.append(name)

    read = default_storage.pieces
    monkeypatch.setattr(default_storage._wrapped, "pieces", pieces)

    async def first_piece():
        body = serve(asgi_request()).streaming_content
        piece = await anext(body)
        await body.aclose()
        return piece

    assert asyncio.run(first_piece())
    assert closed == [NAME]


# --- by the proxy -----------------------------------------------------------------------------------------------


def test_the_proxy_is_told_where_the_file_is_and_puts_the_rest_in(picture, settings, storage):
    settings.X_ACCEL_LOCATION = "/stored-files/"
    if storage == "s3":  # no nginx has that folder
        assert body(serve(get("/"))) == WHOLE
        return
    answer = serve(get("/", headers={"range": "bytes=0-3"}))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"] == "/stored-files/pages/0f/abc.jpg"
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", files.KEPT_FOR_GOOD)
    assert "ETag" not in answer


def test_the_proxy_is_not_told_of_a_file_that_is_gone(picture, settings):
    settings.X_ACCEL_LOCATION = "/stored-files/"
    with pytest.raises(Http404):
        serve(get("/"), "pages/0f/gone.jpg")
