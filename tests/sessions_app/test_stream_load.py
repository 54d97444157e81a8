"""A thousand open streams on one embedded process: no thread and no database connection each, and a quick end."""

import asyncio
import json
import os
import resource
import time
from pathlib import Path

import pytest

from tests.esw.server import start_server
from tests.esw.streams import Stream

PEOPLE, ROOMS = 50, 20
ROOMS_OF_A_TEAM = f"""
import json
import os
from django.db import transaction
from sessions_app.domain import planning
from tests.sessions_app.meeting import START, Meeting
with transaction.atomic():
    meeting = Meeting(people={PEOPLE}, samples=1, pages=1)
    plan = lambda: planning.plan_session(team=meeting.team, by=meeting.users[0], draft=meeting.draft, now=START)
    sessions = [meeting.session] + [plan() for _ in range({ROOMS} - 1)]
    from sessions_app.domain import commands
    from sessions_app.models import Participant
    for session in sessions:
        by = Participant.objects.get(session=session, user=meeting.users[0])
        commands.give_command(session=session, by=by, name="open", args={{}}, now=START)
print(json.dumps({{"sessions": [str(s.pk) for s in sessions], "emails": [u.email for u in meeting.users]}}))
"""


def threads(pid):
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def database_handles(pid):
    found = 0
    for each in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found += "esw.sqlite3" in str(each.readlink())
        except FileNotFoundError:  # closed meanwhile
            continue
    return found


@pytest.fixture
def server(tmp_path):
    server = start_server(tmp_path, start=False)
    yield server
    server.remove()
    print(server.tail())  # noqa: T201


@pytest.mark.load
def test_a_thousand_streams_hold_no_thread_and_no_connection_and_end_within_two_seconds_of_sigterm(server):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < PEOPLE * ROOMS + 200:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("this machine allows too few open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, PEOPLE * ROOMS + 200), hard))
    facts = json.loads(server.python(ROOMS_OF_A_TEAM))
    cookies = server.log_in_all(facts["emails"])
    server.start()
    pid = server.process.pid
    before = threads(pid)

    async def scene():
        gate = asyncio.Semaphore(50)

        async def listen(session, cookie):
            async with gate:
                stream = await Stream.open(f"{server.url}/sessions/{session}/stream/", cookie)
                assert stream.status == 200
                await stream.event("state")
                return stream

        began = time.monotonic()
        wanted = [listen(session, cookie) for session in facts["sessions"] for cookie in cookies]
        streams = await asyncio.gather(*wanted)
        print(f"{len(streams)} streams open after {time.monotonic() - began:.1f} s")  # noqa: T201
        await asyncio.sleep(1.5)  # the last notices of presence are told

        assert threads(pid) - before <= 12  # the stream's four, and what Django keeps of its own
        assert database_handles(pid) <= 12  # each connection holds up to three files while it asks
        print(f"threads {before} → {threads(pid)}, handles {database_handles(pid)}")  # noqa: T201

        stopping = asyncio.create_task(asyncio.to_thread(server.stop))
        await asyncio.gather(*(each.end() for each in streams))
        took = await stopping
        print(f"ended {took:.2f} s after SIGTERM")  # noqa: T201
        assert took < 2
        for each in streams:
            each.close()

    asyncio.run(asyncio.wait_for(scene(), 200))
    assert server.returncode == 0
