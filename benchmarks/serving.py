"""A real ESW server for a benchmark: in a process of its own, on a free port, with a folder of its own.

with embedded_server() as server:
    found = server.shell("…Django code that prints JSON…")
    httpx.get(server.url + "/healthz", cookies=server.cookies(email))
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

ROOT = Path(__file__).resolve().parent.parent
READY_WITHIN = 60.0  # seconds
LOG_IN = """
import json
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from teams.models import User
person = User.objects.get(email=EMAIL)
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print(json.dumps({settings.SESSION_COOKIE_NAME: session.session_key}))
"""


@dataclass
class Server:
    """A server that runs; its folder goes when it stops."""

    data_dir: Path
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def shell(self, code: str) -> Any:
        """Run Django code beside the server; what it printed last, read as JSON."""
        return _shell(code, self.environment)

    def cookies(self, email: str) -> dict[str, str]:
        """What a browser of this person holds after logging in."""
        found: dict[str, str] = self.shell(f"EMAIL = {email!r}\n{LOG_IN}")
        return found

    def peak_mib(self) -> int:
        """The most memory that the server's own process has held, in MiB; 0 where the system does not tell."""
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) // 1024
        return 0


def _shell(code: str, environment: dict[str, str]) -> Any:
    started = f"import django; django.setup()\n{code}"
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", started], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, timeout=600
    )
    said = ran.stdout.decode().strip().splitlines()
    return json.loads(said[-1]) if said else None


@contextlib.contextmanager
def embedded_server(*, before: str = "", **settings: str) -> Iterator[Server]:
    """A server with nothing beside it: SQLite, push and worker in one process.

    `before` is Django code that runs after `migrate` and before the start; `settings` are environment variables.
    """
    with tempfile.TemporaryDirectory(prefix="esw-bench-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = _environment(Path(folder), port) | settings
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        if before:
            _shell(before, environment)
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        with (Path(folder) / "server.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)  # noqa: S603
        try:
            server = Server(Path(folder), port, environment, process)
            _wait_for(server)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


def _environment(folder: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "DATABASE", "REDIS"))}
    return kept | {
        "DATA_DIR": str(folder),
        "STATIC_ROOT": str(folder / "static"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "esw.settings",
        "PYTHONWARNINGS": "ignore",
    }


def _manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True, timeout=600)  # noqa: S603


def _wait_for(server: Server) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.url}/healthz", timeout=5):  # noqa: S310
            return
        time.sleep(0.1)
    raise RuntimeError((server.data_dir / "server.log").read_text(encoding="utf-8", errors="replace")[-2000:])
