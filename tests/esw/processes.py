"""Several web processes on one PostgreSQL and one Redis, and a session that people listen to in any of them."""

import contextlib
import json
import os
import signal
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.esw.server import START_PATIENCE, Server, free_port
from tests.esw.streams import Stream

TOKEN = "a" * 32
JSON = {"X-CSRFToken": TOKEN, "Accept": "application/json"}
ROOMS = """
import json
from tests.sessions_app.meeting import Meeting
def room():
    meeting = Meeting(people=3)
    meeting.give("open")
    return {
        "session": str(meeting.session.pk), "emails": [user.email for user in meeting.users],
        "seats": [str(each.seat.pk) for each in meeting.people]}
print(json.dumps([room() for _ in range(COUNT)]))
"""


@dataclass
class Web:
    """One more web process beside a server, on a port of its own and everything else shared."""

    server: Server
    port: int
    arguments: tuple[str, ...] = ()
    process: object = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = self.server._run(
            "-c", "import django; django.setup(); import manage; manage.main()",
            "serve", "--port", str(self.port), *self.arguments,
        )  # fmt: skip
        until = time.monotonic() + START_PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"it did not start:\n{self.server.tail()}")

    def stop(self):
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self.process = None
        return time.monotonic() - began, code

    def kill(self):
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)
            self.process = None


def another(server, *arguments):
    """A web process beside `server`, started."""
    return Web(server, free_port(), arguments).start()


class Room:
    """A session in the lobby, and people's browsers; `at` names the process that is asked."""

    def __init__(self, session, seats, cookies):
        self.session, self.seats, self.cookies = session, seats, cookies

    def address(self, at, part=""):
        return f"{at.url}/sessions/{self.session}/{part}"

    async def open(self, at, who=0):
        stream = await Stream.open(self.address(at, "stream/"), self.cookies[who])
        assert stream.status == 200
        return stream

    async def post(self, at, part, who=0, **data):
        async with httpx.AsyncClient(cookies=self.cookies[who] | {"csrftoken": TOKEN}, timeout=30) as browser:
            return await browser.post(self.address(at, part), data=data, headers=JSON)

    async def command(self, at, name, **data):
        answer = await self.post(at, f"commands/{name}/", **data)
        assert answer.status_code == 200, answer.text
        return answer.json()["version"]

    async def note(self, at, text, who=1):
        return await self.post(at, "notes/", who, kind="private", text=text, client_id=str(uuid.uuid4()))

    async def get(self, at, part="", who=0, accept="application/json"):
        async with httpx.AsyncClient(cookies=self.cookies[who], timeout=30) as browser:
            return await browser.get(self.address(at, part), headers={"Accept": accept})

    async def here(self, at):
        """The seats (by number) that are here, as this process says."""
        state = (await self.get(at, "state/")).json()
        return {number for number, seat in enumerate(self.seats) if seat in here(state)}


def rooms(server, count):
    """So many rooms, each with three people of its own."""
    made = json.loads(server.python(f"COUNT = {count}\n{ROOMS}"))
    cookies = iter(server.log_in_all([email for each in made for email in each["emails"]]))
    return [Room(each["session"], each["seats"], [next(cookies) for _ in each["emails"]]) for each in made]


def here(state):
    return {person["id"] for person in state["people"] if person["here"]}


def children(pid):
    """The processes that a process has started and that live."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        state, parent = _stat(each.name)
        if int(parent) == pid and state != "Z":
            found.append(int(each.name))
    return found


def alive(pid):
    return _stat(pid)[0] != "Z"


def _stat(pid):
    """A process's state and parent; as a dead one's when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[:2]
    except OSError:
        return "Z", "0"


def until(condition, within=20):
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
