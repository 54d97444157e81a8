"""A disk that is full where the server itself writes: bodies of requests, files in the private storage."""

import asyncio
import errno
import json
import tempfile

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from esw.core import disk
from esw.core.asgi import limit_bodies, sorry_when_full

MEGABYTE = b"x" * 1_000_000


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def ask(app, pieces=3):
    """What is sent back to a body of so many megabytes, and how many pieces nobody has fetched."""
    sent = []
    waiting = [{"type": "http.request", "body": MEGABYTE, "more_body": n < pieces} for n in range(1, pieces + 1)]

    async def receive():
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/samples/upload/", "headers": []}
    asyncio.run(limit_bodies(sorry_when_full(app), logged_in=lambda _: True)(scope, receive, send))
    return sent, len(waiting)


def test_a_body_that_finds_no_room_is_let_go_and_answered_with_a_sentence(monkeypatch, settings):
    """By Django's own handler, which spools a body before anybody looks at it."""
    from django.core.handlers.asgi import ASGIHandler

    settings.UPLOAD_PATHS = frozenset()
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "write", full)
    sent, left = ask(ASGIHandler())
    assert sent[0]["status"] == 507
    assert json.loads(sent[1]["body"]) == {"error": disk.NO_ROOM}
    assert left == 0


def test_any_other_trouble_is_not_called_a_full_disk():
    async def app(scope, receive, send):
        raise OSError(errno.EIO, "broken")

    with pytest.raises(OSError, match="broken"):
        ask(app)


def test_an_answer_that_has_begun_is_not_answered_twice():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        full()

    with pytest.raises(OSError, match="No space"):
        ask(app)


class TooMuch(File):
    """A file of which one piece fits."""

    def chunks(self, chunk_size=None):
        yield MEGABYTE
        full()


def test_a_file_that_does_not_fit_is_not_left_half_in_the_storage():
    with pytest.raises(OSError, match="No space"):
        default_storage.save("reports/a/half.pdf", TooMuch(None, name="x"))
    assert not default_storage.exists("reports/a/half.pdf")


def test_a_file_that_stood_there_before_stays_whole():
    name = default_storage.save("reports/a/whole.pdf", ContentFile(b"whole"))
    with pytest.raises(OSError, match="No space"):
        default_storage.save(name, TooMuch(None, name="x"))
    with default_storage.open(name) as file:
        assert file.read() == b"whole"
