"""pretalx, a Django application whose reviewers score proposals, with its own demo event, for comparison.

It is installed from PyPI into a virtual environment of its own, served by gunicorn with four workers as its
installation guide does, on SQLite, and gone when the benchmark ends. Nothing of it is in this repository.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INSTALL = ("pretalx", "gunicorn", "faker", "freezegun")
READY_WITHIN = 60.0  # seconds
WORKERS = 4

ARRANGE = """
import json
from django.test import Client
from django_scopes import scopes_disabled
from pretalx.event.models import Team
from pretalx.submission.models import Review, Submission
with scopes_disabled():
    reviewer = Review.objects.order_by("pk").first().user
    Team.objects.get(name="DemoCon Reviewers").members.add(reviewer)
    proposal = Submission.objects.order_by("pk").first().code
    counts = [Submission.objects.count(), Review.objects.count()]
browser = Client(HTTP_HOST=HOST)
browser.force_login(reviewer)
print(json.dumps({"cookies": {name: each.value for name, each in browser.cookies.items()},
                  "proposal": proposal, "counts": counts}))
"""
COUNT = """
import json
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
browser = Client(HTTP_HOST=HOST)
browser.cookies.load(COOKIES)
found = {}
for path in PATHS:
    assert browser.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as queries:
        browser.get(path)
    found[path] = len(queries)
print(json.dumps(found))
"""


@dataclass
class Pretalx:
    """It runs; `pages` by name, for a reviewer who is logged in by `cookies`."""

    url: str
    process: int
    cookies: dict[str, str]
    pages: dict[str, str]
    queries: dict[str, int]
    versions: dict[str, str]
    proposals: int
    reviews: int


@contextlib.contextmanager
def pretalx() -> Iterator[Pretalx]:
    """Install, fill and serve it. Raises `subprocess.CalledProcessError` where PyPI cannot be reached."""
    with tempfile.TemporaryDirectory(prefix="pretalx-bench-") as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        house = _House(Path(name), port)
        house.install()
        house.fill()
        with house.served() as process:
            yield house.described(process)


class _House:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.bin = folder / "venv" / "bin"
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTHON", "PRETALX"))
        }
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "pretalx.settings",
            "PRETALX_DATA_DIR": str(folder / "data"),
            "PRETALX_FILESYSTEM_STATIC": str(folder / "static"),
            "PRETALX_SITE_URL": self.url,
            "DJANGO_SUPERUSER_EMAIL": "admin@demo.example",
            "DJANGO_SUPERUSER_PASSWORD": "look-closely-together",
            "PRETALX_INIT_ORGANISER_NAME": "Organiser",
            "PRETALX_INIT_ORGANISER_SLUG": "organiser",
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def install(self) -> None:
        self._run(sys.executable, "-m", "venv", str(self.bin.parent))
        self._run(str(self.bin / "pip"), "install", "--quiet", "--disable-pip-version-check", *INSTALL)

    def fill(self) -> None:
        for command in (
            ("migrate", "--verbosity", "0"),
            ("collectstatic", "--noinput", "--verbosity", "0"),
            ("init", "--noinput"),
            ("create_test_event", "--stage", "review", "--seed", "1"),
        ):
            self._run(str(self.bin / "python"), "-m", "pretalx", *command)

    @contextlib.contextmanager
    def served(self) -> Iterator[int]:
        command = [
            str(self.bin / "gunicorn"), "pretalx.wsgi", "--workers", str(WORKERS), "--max-requests", "1200",
            "--max-requests-jitter", "50", "--log-level", "warning", "--bind", f"127.0.0.1:{self.port}",
        ]  # fmt: skip
        with (self.folder / "server.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=log, stderr=log)  # noqa: S603
        try:
            self._wait(process)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()

    def described(self, process: int) -> Pretalx:
        found = self._python(ARRANGE)
        event, proposal = "/orga/event/democon", found["proposal"]
        pages = {
            "the reviews, one a line": f"{event}/reviews/",
            "one proposal to review": f"{event}/submissions/{proposal}/reviews/",
            "one proposal": f"{event}/submissions/{proposal}/",
            "the proposals": f"{event}/submissions/",
            "the event's front page": f"{event}/",
        }
        names = f"COOKIES, PATHS = {found['cookies']!r}, {list(pages.values())!r}\n"
        said = self._python(
            "import json; from importlib.metadata import version as v\n"
            "print(json.dumps({n: v(n) for n in ('pretalx', 'Django', 'gunicorn')}))"
        )
        proposals, reviews = found["counts"]
        queries = self._python(names + COUNT)
        return Pretalx(self.url, process, found["cookies"], pages, queries, said, proposals, reviews)

    def _python(self, code: str) -> Any:
        started = f"import django; django.setup()\nHOST = '127.0.0.1:{self.port}'\n{code}"
        said = self._run(str(self.bin / "python"), "-c", started).decode().strip().splitlines()
        return json.loads(said[-1])

    def _run(self, *command: str) -> bytes:
        ran = subprocess.run(  # noqa: S603
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=600,
        )
        if ran.returncode:
            sys.stderr.write(ran.stderr.decode(errors="replace")[-3000:])
            ran.check_returncode()
        return ran.stdout

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/orga/login/", timeout=20):  # noqa: S310
                return
            time.sleep(0.2)
        raise RuntimeError((self.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-2000:])
