"""The server: uvicorn in one process or several, which ends within two seconds whatever is open.

Several processes need `REDIS_URL`, where they hear of each other. A parent opens the socket that all of them accept
from, starts them, starts one that died again, and passes SIGTERM on; it serves nobody itself.
"""

import contextlib
import fcntl
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import NoReturn

import uvicorn
from django.conf import settings

from esw.core import embedded
from esw.core.push import hub
from esw.core.secrets import private_folder

log = logging.getLogger(__name__)

#: Requests that are under way when the server is told to stop may take this long to end, in seconds.
GRACE_SECONDS = 1
#: A phone that sleeps or lost its network takes nothing in; after this long it counts as gone, in milliseconds.
UNACKNOWLEDGED_MS = 30_000
BACKLOG = 2048
#: How long an idle connection stays open: longer than the proxy (deploy/nginx.conf) and other programs keep theirs, so
#: that they close it. Who closes first may close it under a request that is on its way, and that one is lost.
KEEP_ALIVE_SECONDS = 90


class AlreadyServed(Exception):
    """Another server with an embedded worker runs on the same folder."""


class Server(uvicorn.Server):
    """uvicorn, which on a signal first ends the streams: it would wait for them before anything else."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        hub().stop()
        embedded.ask_to_stop()
        super().handle_exit(sig, frame)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does, without sending itself the signal again at the end: stopping when told is no failure."""
        with super().capture_signals():
            try:
                yield
            finally:
                self._captured_signals.clear()


def serve(*, host: str, port: int, processes: int = 1) -> None:
    """Serve until SIGTERM or SIGINT, then end the process.

    Raises `AlreadyServed`, and `OSError` when the address is taken.
    """
    with _only_one(settings.DATA_DIR / "server.lock"), _listening(host, port) as listener:
        _allow_many_streams()
        if processes == 1:
            _serve_from(listener)
        else:
            _leave(Family(listener, processes).run())


def _serve_from(listener: socket.socket) -> NoReturn:
    config = uvicorn.Config(
        "esw.asgi:application",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=settings.BEHIND_PROXY,
        forwarded_allow_ips=settings.PROXY_ADDRESSES if settings.BEHIND_PROXY else None,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        ws="none",
        backlog=BACKLOG,
    )
    server = Server(config)
    server.run(sockets=[listener])
    _leave(0 if server.started else 1)


def _leave(code: int) -> NoReturn:
    """End now. Python would wait for the worker's thread, and a job that is cut off is found again at the start."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


class Family:
    """Processes that accept from one socket, and the parent that keeps so many of them alive."""

    #: A child that dies younger than this (seconds) could not serve; the next waits so long.
    TOO_YOUNG = 2.0
    #: After so many in a row the parent gives up, and whoever started it sees that it failed.
    TOO_MANY_DEATHS = 10
    #: Children that are told to stop may take this long (seconds) before they are killed.
    PATIENCE = GRACE_SECONDS + 4.0

    def __init__(self, listener: socket.socket, size: int) -> None:
        self._listener, self._size = listener, size
        self._born: dict[int, float] = {}
        self._stopping = False
        self._early_deaths = 0
        # Never written to: it is at its end when the parent is gone, however it went.
        self._lifeline, self._held = os.pipe()

    def run(self) -> int:
        """Keep the children alive until a signal; the code to exit with."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        while not self._stopping and self._early_deaths < self.TOO_MANY_DEATHS:
            while len(self._born) < self._size and not self._stopping:
                self._bear()
            self._bury(wait=0.2)
        failed = not self._stopping
        self._end()
        return 1 if failed else 0

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _bear(self) -> None:
        pid = os.fork()
        if pid:
            self._born[pid] = time.monotonic()
            return
        try:
            os.close(self._held)
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            threading.Thread(target=_end_with_parent, args=(self._lifeline,), name="lifeline", daemon=True).start()
            _serve_from(self._listener)
        except BaseException:
            log.exception("a process could not serve")
            os._exit(1)

    def _bury(self, *, wait: float) -> None:
        """Wait a moment; take note of the children that are dead."""
        time.sleep(wait)
        while self._born:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            age = time.monotonic() - self._born.pop(pid, 0.0)
            if self._stopping:
                continue
            log.warning("process %s ended with %s and is started again", pid, os.waitstatus_to_exitcode(status))
            self._early_deaths = self._early_deaths + 1 if age < self.TOO_YOUNG else 0
            if age < self.TOO_YOUNG:
                time.sleep(min(self.TOO_YOUNG, 0.2 * self._early_deaths))

    def _end(self) -> None:
        self._stopping = True
        self._pass_on(signal.SIGTERM)
        until = time.monotonic() + self.PATIENCE
        while self._born and time.monotonic() < until:
            self._bury(wait=0.02)
        self._pass_on(signal.SIGKILL)

    def _pass_on(self, number: int) -> None:
        for pid in self._born:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


def _end_with_parent(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG) as listener:
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
        yield listener


@contextlib.contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold a lock that dies with the process: two memories would know different rooms, and work each job twice."""
    if not settings.EMBEDDED_WORKER:
        yield
        return
    private_folder(path.parent)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            raise AlreadyServed from held
        yield


def _allow_many_streams() -> None:
    """Each stream is an open file; many systems start with 1,024."""
    import resource  # noqa: PLC0415 (Unix only)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
