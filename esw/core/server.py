"""The server: uvicorn in one process, which ends within two seconds whatever is open."""

import contextlib
import fcntl
import logging
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

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


def serve(*, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then end the process.

    Raises `AlreadyServed`, and `OSError` when the address is taken.
    """
    with _only_one(settings.DATA_DIR / "server.lock"), _listening(host, port) as listener:
        _allow_many_streams()
        config = uvicorn.Config(
            "esw.asgi:application",
            lifespan="on",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=settings.BEHIND_PROXY,
            forwarded_allow_ips=settings.PROXY_ADDRESSES if settings.BEHIND_PROXY else None,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ws="none",
            backlog=BACKLOG,
        )
        server = Server(config)
        server.run(sockets=[listener])
        _leave(0 if server.started else 1)


def _leave(code: int) -> None:
    """End now. Python would wait for the worker's thread, and a job that is cut off is found again at the start."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


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
