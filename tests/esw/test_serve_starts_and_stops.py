"""The server as a process: it starts, it ends, and it holds its folder alone."""

import http.client
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.esw.server import ROOT


def test_it_answers_soon_and_ends_within_two_seconds_of_sigterm(serve):
    server = serve(start=False)
    assert server.start() < 20  # seconds; about one on an idle machine

    assert server.stop() < 2
    assert server.returncode == 0


def test_it_serves_static_files_with_long_lives_by_their_hashed_names(serve):
    server = serve()
    name = server.python("from django.templatetags.static import static; print(static('css/tokens.css'))").strip()

    with urllib.request.urlopen(server.url + name, timeout=10) as answer:
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert answer.headers["Content-Type"].startswith("text/css")


@pytest.mark.embedded
def test_a_second_server_on_the_same_folder_is_refused_with_a_sentence(serve):
    server = serve()
    other = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", "0"],
        cwd=ROOT,
        env=server.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert other.returncode == 1
    assert "already running on this folder" in other.stderr
    assert "Traceback" not in other.stderr


def test_an_address_that_is_taken_is_said_in_a_sentence(serve, tmp_path):
    server = serve()
    other = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", str(server.port)],
        cwd=ROOT,
        env=server.environment() | {"EMBEDDED_WORKER": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert other.returncode == 1
    assert "Cannot listen" in other.stderr
    assert "Traceback" not in other.stderr


def test_it_will_not_serve_a_database_that_is_behind(serve):
    server = serve(start=False)
    server.python(
        "from django.db.migrations.recorder import MigrationRecorder as R; R.Migration.objects.all().delete()"
    )
    with pytest.raises(AssertionError, match=r"Run: python manage\.py migrate"):
        server.start()


def test_it_logs_no_address_with_its_query(serve):
    server = serve()
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{server.url}/no-such-page/?code=SECRET", timeout=10)
    time.sleep(0.1)
    assert "SECRET" not in server.log.read_text()


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def test_an_idle_server_hardly_uses_the_processor_and_keeps_its_connections(serve):
    server = serve()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    assert ask(connection) == 200
    time.sleep(1.5)
    before = processor_time(server.process.pid)
    time.sleep(4.5)  # longer than uvicorn, asked for nothing else, keeps a connection that a proxy may be about to use
    assert processor_time(server.process.pid) - before <= 0.4
    connection.auto_open = 0
    assert ask(connection) == 200
    connection.close()


def ask(connection: http.client.HTTPConnection) -> int:
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    answer.read()
    return answer.status


@pytest.mark.embedded
@pytest.mark.parametrize(("processes", "sentence"), [("2", "set REDIS_URL"), ("0", "At least one process")])
def test_it_will_not_be_several_processes_that_do_not_hear_of_each_other(tmp_path, processes, sentence):
    other = subprocess.run(
        [sys.executable, "manage.py", "serve", "--port", "0", "--processes", processes],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert other.returncode == 1
    assert sentence in other.stderr
    assert "Traceback" not in other.stderr
