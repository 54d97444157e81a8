"""A real server in a process of its own, on a free port, with its own folder: for browsers, kills and counts.

    server = start_server(tmp_path)
    server.url, server.data_dir, server.process
    server.python("from teams.models import User; print(User.objects.count())")   # in another process
    cookies = server.log_in("person@school.example")                              # {"sessionid": …}
    server.kill(); server.start()                                                 # SIGKILL, and again on the same port
    server.stop()                                                                 # SIGTERM; returns the seconds it took

Or the fixture `serve` (in tests/esw/conftest.py), which stops what it started and shows the log of a failed test.
Everything has a time limit. The database is migrated once a test run and copied. In the run on services
(scripts/test.sh) a server has a PostgreSQL database and a Redis of its own, and a Celery worker with the schedule in a
process beside it, which is killed, stopped and started with it.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from tests.services import Missing, Redis, start_redis

ROOT = Path(__file__).resolve().parent.parent.parent
PORTS = range(8100, 8200)
START_PATIENCE = 60
STOP_PATIENCE = 20

LOG_IN = """
import json, sys
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from teams.models import User
store = import_module(settings.SESSION_ENGINE).SessionStore
keys = []
with transaction.atomic():
    people = {each.email: each for each in User.objects.filter(email__in=EMAILS)}
    for email in EMAILS:
        session = store()
        session[SESSION_KEY] = str(people[email].pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = people[email].get_session_auth_hash()
        session.create()
        keys.append(session.session_key)
print(json.dumps({"name": settings.SESSION_COOKIE_NAME, "keys": keys}))
"""


@dataclass
class Server:
    """One server and its folder. `port` stays the same over kills and starts."""

    data_dir: Path
    port: int
    env: dict[str, str] = field(default_factory=dict)
    importing: str = "esw"  # a module that the server loads first: a test's own tasks, say
    database_url: str = ""  # SQLite in the folder unless it says otherwise
    redis: Redis | None = None
    redis_url: str = ""
    process: subprocess.Popen | None = None
    worker: subprocess.Popen | None = None
    returncode: int | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir / "server.log"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
        ours = {
            "DATA_DIR": str(self.data_dir),
            "SITE_URL": self.url,
            "STATIC_ROOT": str(shared(self.data_dir.parent, "static", _collect_static)),
            "DATABASE_URL": self.database_url or f"sqlite:///{self.data_dir / 'esw.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "esw.settings",
            "REDIS_URL": self.redis_url,
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
        }
        return kept | ours | self.env

    def start(self) -> float:
        """Start and wait until it answers; the seconds it took. Fails with the log when it does not."""
        began = time.monotonic()
        if self.redis_url:
            self.worker = self._run(
                "-m", "celery", "-A", "esw", "worker", "--beat", "--schedule", str(self.data_dir / "beat"),
                "--concurrency", "1", "--include", self.importing, "--without-gossip", "--without-mingle",
            )  # fmt: skip
        loaded = f"import django; django.setup(); import {self.importing}, manage; manage.main()"
        self.process = self._run("-c", loaded, "serve", "--port", str(self.port))
        while time.monotonic() - began < START_PATIENCE:
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                return time.monotonic() - began
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server did not start:\n{self.tail()}")

    def _run(self, *arguments: str) -> subprocess.Popen:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> float:
        """SIGTERM, and the seconds until it was gone; SIGKILL and a failure when it is not."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired as stuck:
            self.kill()
            raise AssertionError(f"the server did not stop:\n{self.tail()}") from stuck
        self.returncode = self.process.returncode
        self.process = None
        took = time.monotonic() - began
        self.kill()
        return took

    def kill(self) -> None:
        """SIGKILL: what a power cut does."""
        for process in (self.process, self.worker):
            if process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait(STOP_PATIENCE)
        self.process = self.worker = None

    def remove(self) -> None:
        """Kill it, and end what was started for it alone."""
        self.kill()
        if self.redis is not None:
            self.redis.remove()
            self.redis = None
        if self.database_url:
            _sql(f'DROP DATABASE IF EXISTS "{urlsplit(self.database_url).path[1:]}" WITH (FORCE)')

    def python(self, code: str, *, timeout: float = 120) -> str:
        """What `code` prints in a process of its own, with Django set up on this server's folder."""
        setup = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", setup + code],
            cwd=ROOT,
            env=self.environment() | {"EMBEDDED_WORKER": "0"},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def manage(self, *command: str, timeout: float = 300) -> str:
        """What a management command prints."""
        return self.python(f"from django.core.management import call_command as c; c(*{command!r})", timeout=timeout)

    def log_in(self, *emails: str) -> dict[str, str]:
        """The cookies of one person who is logged in; for many people see `log_in_all`."""
        return self.log_in_all(list(emails))[0]

    def log_in_all(self, emails: list[str]) -> list[dict[str, str]]:
        found = json.loads(self.python(f"EMAILS = {emails!r}\n{LOG_IN}"))
        return [{found["name"]: key} for key in found["keys"]]

    def tail(self, lines: int = 80) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""


def start_server(
    folder: Path, env: dict[str, str] | None = None, *, start: bool = True, importing: str = "esw"
) -> Server:
    """A server on a fresh, migrated database in `folder`/data; `start=False` to fill the database first."""
    data_dir = Path(folder) / "data"
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    server = Server(data_dir=data_dir, port=free_port(), env=dict(env or {}), importing=importing)
    if on_services():
        _give_services(server, Path(folder))
    elif not (database := data_dir / "esw.sqlite3").exists():
        shutil.copy(shared(Path(folder), "database", _migrate) / "esw.sqlite3", database)
    if start:
        server.start()
    return server


def free_port() -> int:
    """A port that nothing listens on, from our own range; each process of the tests begins at another place."""
    for offset in range(len(PORTS)):
        port = PORTS[(os.getpid() * 7 + offset) % len(PORTS)]
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


# --- beside services ---------------------------------------------------------------------------------------
def on_services() -> bool:
    """Whether this run of the tests is the one on PostgreSQL and Redis."""
    return bool(os.environ.get("REDIS_URL")) and os.environ.get("DATABASE_URL", "").startswith("postgres")


def _give_services(server: Server, folder: Path) -> None:
    """A database and a Redis of its own."""
    template = (shared(folder, "template", _migrate_template) / "name").read_text()
    name = f"esw_{uuid.uuid4().hex}"
    with (folder.parent / "template.lock").open("w") as lock:  # PostgreSQL copies nothing that somebody else reads
        fcntl.flock(lock, fcntl.LOCK_EX)
        _sql(f'CREATE DATABASE {name} TEMPLATE "{template}"')
    server.database_url = _database_url(name)
    try:
        server.redis = start_redis()
        server.redis_url = server.redis.url
    except Missing:
        server.redis_url = os.environ["REDIS_URL"]


def _database_url(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _sql(statement: str) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()


# --- made once a run, whichever process of the tests is first ----------------------------------------------
def shared(test_folder: Path, name: str, make) -> Path:
    """The folder that `make(folder)` fills once for this run of the tests, beside their `tmp_path`s."""
    base = test_folder.parent
    base = base.parent if base.name.startswith("popen-") else base  # a process of xdist
    folder = base / f"shared-{name}"
    with (base / f"shared-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / ".made").exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            (folder / ".made").touch()
    return folder


def _migrate(folder: Path) -> None:
    _manage(folder, "migrate", "-v0")
    with contextlib.closing(sqlite3.connect(folder / "esw.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # one file, whole, to be copied


def _migrate_template(folder: Path) -> None:
    name = f"esw_template_{uuid.uuid4().hex}"
    _sql(f"CREATE DATABASE {name}")
    _manage(folder, "migrate", "-v0", database_url=_database_url(name))
    (folder / "name").write_text(name)


def _collect_static(folder: Path) -> None:
    subprocess.run(["sh", "scripts/bundle.sh"], cwd=ROOT, check=True, timeout=120, capture_output=True)
    _manage(folder, "collectstatic", "--noinput", "-v0")


def _manage(folder: Path, *command: str, database_url: str = "") -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
    env |= {"DATA_DIR": str(folder), "STATIC_ROOT": str(folder), "REDIS_URL": ""}
    env["DATABASE_URL"] = database_url or f"sqlite:///{folder / 'esw.sqlite3'}"
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=env | {"COMPRESS_STATIC": "0"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
