"""Workers and the schedule in processes of their own: what dies is found again, and twice does no harm."""

import contextlib
import json
import os
import signal
import time

import pytest

from tests.esw.server import start_server
from tests.esw.test_embedded_worker import QUEUE, jobs_of, wait_for

pytestmark = pytest.mark.services
QUICK = {"JOB_LEASE_SECONDS": "3", "LOST_JOBS_EVERY": "1"}
MANY = """
import json, uuid; from esw.core import clock, jobs
print(json.dumps([str(jobs.enqueue(task="tests.quick", target=uuid.uuid4(), now=clock.now()).pk) for _ in range(20)]))
"""
HOW_THEY_ENDED = """
import json; from esw.core.models import Job
print(json.dumps(list(Job.objects.values_list("state", "attempts"))))
"""


@pytest.fixture
def house(tmp_path):
    """A database and a Redis, without a web server; what `celery` starts is killed at the end."""
    server = start_server(tmp_path, dict(QUICK), start=False, importing="tests.esw.slow_task")
    started = []

    def celery(*arguments):
        process = server._run("-m", "celery", "-A", "esw", *arguments)
        started.append(process)
        return process

    server.celery = celery
    yield server
    for process in started:
        kill(process)
    server.remove()
    print(server.tail())  # noqa: T201


def worker(house, name="one"):
    return house.celery(
        "worker", "--include", "tests.esw.slow_task", "--concurrency", "1", "-n", f"{name}@test",
        "--without-gossip", "--without-mingle",
    )  # fmt: skip


def beat(house, name="one"):
    return house.celery("beat", "--schedule", str(house.data_dir / f"beat-{name}"), "--pidfile=")


def kill(process):
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


def test_a_worker_killed_in_the_middle_of_a_job_loses_its_lease_and_another_finishes(house):
    first = worker(house)
    house.python(QUEUE)
    wait_for(house, "began", seconds=30)
    kill(first)
    assert jobs_of(house)["tests.slow"] == ["running", 1, 1, 2]

    (house.data_dir / "go").touch()
    beat(house)
    worker(house, "two")
    wait_for(house, "began", "began", "ended", "quick", seconds=60)
    until(lambda: jobs_of(house) == {"tests.slow": ["done", 2, 2, 2], "tests.quick": ["done", 1, 0, 0]})


def test_a_job_that_works_longer_than_its_lease_keeps_it(house):
    worker(house)
    beat(house)
    house.python(QUEUE)
    wait_for(house, "began", seconds=30)
    time.sleep(2 * float(QUICK["JOB_LEASE_SECONDS"]))
    (house.data_dir / "go").touch()
    wait_for(house, "began", "ended", "quick", seconds=30)
    until(lambda: jobs_of(house)["tests.slow"] == ["done", 1, 2, 2])


def test_two_schedules_at_once_and_a_lost_broker_leave_each_job_done_once(house):
    (house.data_dir / "go").touch()
    house.redis.kill()
    house.python(MANY)  # nobody fails, and nothing is queued
    house.redis.start()
    beat(house, "one")
    beat(house, "two")
    worker(house, "one")
    worker(house, "two")
    until(lambda: notes(house) == ["quick"] * 20)
    until(lambda: json.loads(house.python(HOW_THEY_ENDED)) == [["done", 1]] * 20)
    assert notes(house) == ["quick"] * 20


def notes(house):
    path = house.data_dir / "notes"
    return path.read_text().split() if path.exists() else []


def until(condition, within=60):
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)
