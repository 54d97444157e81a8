"""A request that carries too much is refused in a sentence, before it costs disk or memory."""

import asyncio
import json

import pytest

from esw.core.asgi import is_logged_in, limit_bodies
from tests.factories import UserFactory

COOKIE = (b"cookie", b"sessionid=abc")
INVENTED = (b"cookie", b"sessionid=invented")


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
    asyncio.run(limit_bodies(app, logged_in="abc".__eq__)(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"]), sum(took)


MEGABYTE = b"x" * 1_000_000


def test_a_form_passes():
    assert ask("/me/", MEGABYTE) == (200, {}, 1_000_000)


def test_work_may_be_large_where_it_is_brought_by_somebody_who_is_logged_in():
    assert ask("/samples/upload/", *[MEGABYTE] * 5, headers=[COOKIE]) == (200, {}, 5_000_000)
    assert ask("/samples/upload/", *[MEGABYTE] * 5)[0] == 413
    assert ask("/samples/upload/", *[MEGABYTE] * 5, headers=[INVENTED])[0] == 413
    assert ask("/me/", *[MEGABYTE] * 5, headers=[COOKIE])[0] == 413


@pytest.mark.parametrize("length", [True, False])
def test_too_much_is_refused_with_one_sentence(length):
    status, answer, took = ask("/samples/upload/", *[MEGABYTE] * 6, headers=[COOKIE], length=length)
    assert status == 413
    assert answer == {"error": "That is more than 5 MB at once. Bring fewer or smaller files at a time."}
    assert took <= 5_000_000


@pytest.mark.django_db
def test_a_log_in_is_one_that_the_server_knows(client):
    assert not is_logged_in("")
    assert not is_logged_in("invented")
    client.force_login(UserFactory())
    key = client.cookies["sessionid"].value
    assert is_logged_in(key)
    client.logout()
    assert not is_logged_in(key)
