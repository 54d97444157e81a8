"""The worker inside the server: jobs run, and what a killed server dropped is found and finished."""

import json
import time

import pytest

pytestmark = pytest.mark.embedded
QUEUE = """
import uuid; from esw.core import clock, jobs
print(jobs.enqueue(task="tests.slow", target=uuid.uuid4(), now=clock.now()).target)
"""
JOBS = """
import json; from esw.core.models import Job
print(json.dumps({j.task: [j.state, j.attempts, j.done, j.of] for j in Job.objects.all()}))
"""


@pytest.fixture
def server(serve):
    """A server that is not running yet, with one slow job waiting in its database."""
    server = serve(start=False, importing="tests.esw.slow_task")
    server.python(QUEUE)
    return server


def wait_for(server, *words, seconds=15):
    """Wait until the tasks have noted these words, in this order."""
    until = time.monotonic() + seconds
    notes = server.data_dir / "notes"
    while time.monotonic() < until:
        if notes.exists() and notes.read_text().split() == list(words):
            return
        time.sleep(0.02)
    raise AssertionError(notes.read_text() if notes.exists() else "no task began")


def jobs_of(server):
    return json.loads(server.python(JOBS))


def test_a_waiting_job_is_found_at_the_start_and_a_job_queued_inside_the_server_runs_at_once(server):
    (server.data_dir / "go").touch()
    server.start()
    wait_for(server, "began", "ended", "quick")
    server.stop()
    assert jobs_of(server) == {"tests.slow": ["done", 1, 2, 2], "tests.quick": ["done", 1, 0, 0]}


def test_a_job_cut_off_by_sigkill_is_finished_after_the_restart(server):
    server.start()
    wait_for(server, "began")
    server.kill()
    assert jobs_of(server) == {"tests.slow": ["running", 1, 1, 2]}

    (server.data_dir / "go").touch()
    server.start()
    wait_for(server, "began", "began", "ended", "quick")
    server.stop()
    assert jobs_of(server)["tests.slow"] == ["done", 2, 2, 2]


def test_a_job_that_is_running_does_not_hold_up_the_shutdown(server):
    server.start()
    wait_for(server, "began")
    assert server.stop() < 2

    (server.data_dir / "go").touch()
    server.start()
    wait_for(server, "began", "began", "ended", "quick")


def test_the_schedule_runs_inside_the_server(serve):
    server = serve({"LOG_LEVEL": "INFO", "CELERY_LOG_LEVEL": "INFO"})
    until = time.monotonic() + 10
    while "esw.core.requeue_lost_jobs" not in server.tail() and time.monotonic() < until:
        time.sleep(0.05)
    assert "Sending due task requeue lost jobs (esw.core.requeue_lost_jobs)" in server.tail()
