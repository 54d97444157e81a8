"""Files as answers: in pieces, with the right headers, and nothing twice."""

import asyncio

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.http import Http404
from django.test import RequestFactory

from esw.core import files
from esw.core.compression import TextGZipMiddleware

get = RequestFactory().get


@pytest.fixture
def picture(tmp_path):
    """A file of three pieces."""
    path = tmp_path / "page.jpg"
    path.write_bytes(b"\xff" * files.CHUNK * 2 + b"end")
    return path


def serve(request, path):
    return files.serve_file(request, path, content_type="image/jpeg", etag="abc")


def asgi_request(**headers):
    listed = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": listed}
    return ASGIRequest(scope, None)


def test_it_says_what_it_is_and_may_be_kept_for_good(picture):
    answer = serve(get("/"), picture)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == picture.read_bytes()
    assert dict(answer.items()) == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(picture.stat().st_size),
        "Content-Disposition": "inline",
        "ETag": '"abc"',
        "Cache-Control": "private, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def test_under_asgi_it_comes_in_pieces_without_the_whole_in_memory(picture):
    async def pieces():
        return [len(piece) async for piece in serve(asgi_request(), picture)]

    assert asyncio.run(pieces()) == [files.CHUNK, files.CHUNK, 3]


def test_what_the_browser_holds_is_not_sent_again(picture):
    answer = serve(get("/", headers={"if-none-match": '"abc"'}), picture)
    assert answer.status_code == 304
    assert answer["ETag"] == '"abc"'
    assert serve(get("/", headers={"if-none-match": '"older"'}), picture).status_code == 200


def test_head_gives_the_headers_alone(picture):
    answer = serve(RequestFactory().head("/"), picture)
    assert answer.content == b""
    assert answer["Content-Length"] == str(picture.stat().st_size)


def test_a_file_that_is_gone_is_not_found(tmp_path):
    with pytest.raises(Http404):
        serve(get("/"), tmp_path / "gone.jpg")


def test_a_picture_is_not_compressed_again(picture):
    request = get("/", headers={"accept-encoding": "gzip"})
    answer = TextGZipMiddleware(lambda request: serve(request, picture))(request)
    assert "Content-Encoding" not in answer
    assert answer["Content-Length"] == str(picture.stat().st_size)
