"""PostgreSQL is gone for a while: a sentence instead of an error, open streams stay open, and everything comes back."""

import asyncio

import httpx
import pytest

from tests.esw.processes import TOKEN, rooms
from tests.esw.server import start_server
from tests.esw.streams import Stream

pytestmark = pytest.mark.services
PAGE = "text/html"
NOTES = "from sessions_app.models import Note; print(*Note.objects.values_list('text', flat=True))"


@pytest.fixture(scope="module")
def house(postgres, tmp_path_factory):
    server = start_server(
        tmp_path_factory.mktemp("away"), {"DATABASE_URL": postgres.url, "HEARTBEAT_SECONDS": "1"}, start=False
    )
    server.manage("migrate", "-v0")
    room = rooms(server, 1)[0]
    server.start()
    yield server, room
    server.remove()
    print(server.tail())  # noqa: T201
    if postgres.process is None:
        postgres.start()


def is_a_sentence(answer):
    found = answer.json()
    return set(found) == {"error"} and found["error"].endswith(".") and "database" in found["error"]


def test_what_people_see_while_the_database_is_gone_and_that_all_is_well_when_it_is_back(house, postgres):
    server, room = house

    async def scene():
        screen = await room.open(server)
        version = await room.command(server, "start")
        await screen.event("state", lambda event: event.id == version)
        assert (await room.note(server, "before")).json() == {"saved": True}
        postgres.kill()

        for _ in range(3):  # again and again it is the same
            page = await room.get(server, accept=PAGE)
            assert page.status_code == 503
            assert 'http-equiv="refresh"' in page.text
            assert "saved is safe" in page.text
            assert page.headers["retry-after"] == "3"
        for answer in (
            await room.get(server, "state/"),
            await room.post(server, "commands/next/"),
            await room.note(server, "meanwhile"),
        ):
            assert answer.status_code == 503
            assert is_a_sentence(answer)
        async with httpx.AsyncClient(cookies=room.cookies[1] | {"csrftoken": TOKEN}, timeout=30) as browser:
            form = {"kind": "private", "text": "typed", "csrfmiddlewaretoken": TOKEN}
            answer = await browser.post(room.address(server, "notes/"), data=form, headers={"Accept": PAGE})
            assert answer.status_code == 503
            assert "refresh" not in answer.text  # or what was typed would be gone
            assert "Go back" in answer.text
            upload = await browser.post(
                f"{server.url}/samples/upload/", files={"files": b"x"}, headers={"Accept": "application/json"}
            )
            assert (upload.status_code, is_a_sentence(upload)) == (503, True)
            assert (await browser.get(f"{server.url}/healthz")).status_code == 503
        late = await Stream.open(room.address(server, "stream/"), room.cookies[1])
        assert late.status == 503
        assert set(await late.body()) == {"error"}

        postgres.start()  # it dies with the thread that starts it
        while (await room.get(server, accept=PAGE)).status_code != 200:  # noqa: ASYNC110 (it is asked over HTTP)
            await asyncio.sleep(0.1)
        assert (await room.note(server, "after")).json() == {"saved": True}
        version = await room.command(server, "next")
        await screen.event("state", lambda event: event.id == version)  # the stream from before
        await screen.event("beat", lambda event: event.data["version"] == version)
        screen.close()
        kept = await asyncio.to_thread(server.python, NOTES)
        assert kept.split() == ["before", "after"]
        assert "Traceback" not in server.log.read_text()

    asyncio.run(asyncio.wait_for(scene(), 120))
