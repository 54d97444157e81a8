"""The stream of a room, on a real server: who may listen, what comes, and when it ends."""

import asyncio
import json
import uuid

import httpx
import pytest

from tests.esw.server import start_server
from tests.esw.streams import Stream

ROOM = """
import json
from tests.sessions_app.meeting import Meeting
from tests.factories import UserFactory
meeting = Meeting(people=3)
meeting.give("open")
stranger = UserFactory()
print(json.dumps({
    "session": str(meeting.session.pk), "facilitator": meeting.users[0].email, "teacher": meeting.users[1].email,
    "seats": [str(each.seat.pk) for each in meeting.people], "stranger": stranger.email}))
"""
TOKEN = "a" * 32


class Room:
    """A session in the lobby on a server, and people's cookies."""

    def __init__(self, server):
        facts = json.loads(server.python(ROOM))
        self.server, self.session, self.seats = server, facts["session"], facts["seats"]
        self.emails = facts
        names = ("facilitator", "teacher", "stranger")
        self.cookies = dict(zip(names, server.log_in_all([facts[name] for name in names]), strict=True))

    @property
    def url(self):
        return f"{self.server.url}/sessions/{self.session}"

    async def open(self, who="teacher", **options):
        return await Stream.open(f"{self.url}/stream/", self.cookies.get(who), **options)

    async def command(self, name, who="facilitator", **data):
        async with httpx.AsyncClient(cookies=self.cookies[who] | {"csrftoken": TOKEN}, timeout=20) as browser:
            answer = await browser.post(
                f"{self.url}/commands/{name}/", data=data,
                headers={"X-CSRFToken": TOKEN, "Accept": "application/json"},
            )  # fmt: skip
        assert answer.status_code == 200, answer.text
        return answer.json()["version"]

    async def state(self):
        # As the facilitator: who asks for the state counts as here for a while.
        async with httpx.AsyncClient(cookies=self.cookies["facilitator"], timeout=20) as browser:
            return (await browser.get(f"{self.url}/state/", headers={"Accept": "application/json"})).json()


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    server = start_server(tmp_path_factory.mktemp("stream"), {"HEARTBEAT_SECONDS": "0.5"}, start=False)
    room = Room(server)
    server.start()
    yield room
    server.remove()
    print(server.tail())  # noqa: T201


def run(coroutine):
    asyncio.run(asyncio.wait_for(coroutine, 60))


def here(state):
    return {person["id"] for person in state["people"] if person["here"]}


def test_it_starts_with_the_whole_state_as_state_serves_it(room):
    async def scene():
        stream = await room.open()
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        first = await stream.next()
        assert (first.name, first.id) == ("state", first.data["version"])
        assert room.seats[1] in here(first.data)
        fetched = await room.state()
        for each in (fetched, first.data):
            each.pop("people")  # who is here may have changed in between
        assert fetched == first.data
        stream.close()

    run(scene())


def test_it_carries_the_headers_that_keep_it_private_and_unbuffered(room):
    async def scene():
        stream = await room.open()
        wanted = {
            "cache-control": "no-store",
            "x-accel-buffering": "no",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }
        assert wanted.items() <= stream.headers.items()
        assert "default-src 'none'" in stream.headers["content-security-policy"]
        assert "set-cookie" not in stream.headers
        assert "server" not in stream.headers
        stream.close()

    run(scene())


@pytest.mark.parametrize(
    ("who", "method", "status"),
    [("stranger", "GET", 404), ("nobody", "GET", 401), ("teacher", "POST", 405), ("teacher", "HEAD", 405)],
)
def test_who_may_not_listen_gets_one_sentence(room, who, method, status):
    async def scene():
        stream = await room.open(who, method=method)
        assert stream.status == status
        if method != "HEAD":
            assert set(await stream.body()) == {"error"}
        stream.close()

    run(scene())


def test_a_room_that_is_not_there_is_as_a_strangers(room):
    async def scene():
        stranger = await room.open("stranger")
        unknown = await Stream.open(f"{room.server.url}/sessions/{uuid.uuid4()}/stream/", room.cookies["teacher"])
        assert unknown.status == 404
        assert await unknown.body() == await stranger.body()
        forged = await Stream.open(f"{room.url}/stream/", {"sessionid": "x" * 32})
        assert forged.status == 401

    run(scene())


def test_a_command_reaches_every_screen_at_once(room):
    async def scene():
        screens = [await room.open("teacher"), await room.open("facilitator")]
        version = await room.command("start")
        for screen in screens:
            event = await screen.event("state", lambda event: event.id == version)
            assert event.data["status"] == "running"
        version = await room.command("pause")
        for screen in screens:
            assert (await screen.event("state", lambda event: event.id == version)).data["status"] == "paused"
            screen.close()

    run(scene())


def test_coming_and_going_is_seen(room):
    async def scene():
        screen = await room.open("facilitator")
        await screen.event("state", lambda event: room.seats[1] not in here(event.data))
        other = await room.open("teacher")
        await screen.event("state", lambda event: room.seats[1] in here(event.data))
        other.close()
        await screen.event("state", lambda event: room.seats[1] not in here(event.data))
        screen.close()

    run(scene())


def test_it_beats_with_the_version_and_the_activity(room):
    async def scene():
        screen = await room.open()
        first = await screen.next()
        beat = await screen.event("beat")
        assert set(beat.data) == {"version", "activity"}
        assert beat.data["version"] == first.data["version"]
        screen.close()

    run(scene())


def test_who_logs_out_or_leaves_the_team_stops_hearing_and_others_do_not(room):
    async def scene():
        stays = await room.open("facilitator")
        goes = await room.open("teacher")
        await goes.next()
        email = room.emails["teacher"]
        await asyncio.to_thread(
            room.server.python,
            f"from teams.models import Membership as M; M.objects.filter(user__email={email!r}).delete()",
        )
        await goes.end()
        assert (await room.open("teacher")).status == 404
        await asyncio.to_thread(
            room.server.python, "from django.contrib.sessions.models import Session as S; S.objects.all().delete()"
        )
        await stays.end()
        assert (await room.open("facilitator")).status == 401

    run(scene())
