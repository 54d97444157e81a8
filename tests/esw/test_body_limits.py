"""A request that carries too much is refused in a sentence, before it costs disk or memory."""

import asyncio
import json

import pytest

from esw.core.asgi import limit_bodies

COOKIE = (b"cookie", b"sessionid=abc")


@pytest.fixture(autouse=True)
def small(settings):
    settings.MAX_REQUEST_BYTES = 1_000_000
    settings.MAX_UPLOAD_REQUEST_BYTES = 5_000_000
    settings.UPLOAD_PATHS = frozenset({"/samples/upload/"})


def ask(path, *pieces, headers=(), length=True):
    """What comes back to a body of these pieces, and how many bytes the application took."""
    took, sent = [], []
    waiting = [
        {"type": "http.request", "body": piece, "more_body": n < len(pieces)} for n, piece in enumerate(pieces, 1)
    ]

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    async def app(scope, receive, send):
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            took.append(len(message["body"]))
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    listed = [*headers]
    if length:
        listed.append((b"content-length", str(sum(map(len, pieces))).encode()))
    scope = {"type": "http", "method": "POST", "path": path, "headers": listed}
    asyncio.run(limit_bodies(app)(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"]), sum(took)


MEGABYTE = b"x" * 1_000_000


def test_a_form_passes():
    assert ask("/me/", MEGABYTE) == (200, {}, 1_000_000)


def test_work_may_be_large_where_it_is_brought_by_somebody_who_is_logged_in():
    assert ask("/samples/upload/", *[MEGABYTE] * 5, headers=[COOKIE]) == (200, {}, 5_000_000)
    assert ask("/samples/upload/", *[MEGABYTE] * 5)[0] == 413
    assert ask("/me/", *[MEGABYTE] * 5, headers=[COOKIE])[0] == 413


@pytest.mark.parametrize("length", [True, False])
def test_too_much_is_refused_with_one_sentence(length):
    status, answer, took = ask("/samples/upload/", *[MEGABYTE] * 6, headers=[COOKIE], length=length)
    assert status == 413
    assert answer == {"error": "That is more than 5 MB at once. Bring fewer or smaller files at a time."}
    assert took <= 5_000_000
