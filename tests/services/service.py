"""A server program in a process of its own."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

START_PATIENCE = 60
STOP_PATIENCE = 20
#: Nobody else's range: neither the ports that the tests' own servers take nor those that the system hands out.
PORTS = range(20_000, 30_000)
PR_SET_PDEATHSIG = 1


class Missing(Exception):
    """The program is not installed here."""


class Service:
    """One server; `port` and folder stay the same over kills and starts."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"esw-{self.name}-"))
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    # What each program brings.
    def command(self) -> list[str]:
        raise NotImplementedError

    def user(self) -> int | None:
        """The user id that it runs as; None for whoever runs the tests."""
        return None

    def answers(self) -> bool:
        """Whether it takes work now."""
        raise NotImplementedError

    # What is alike.
    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> Self:
        """Start it and wait until it answers. Fails with its log when it does not."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.user(),
                preexec_fn=die_with_parent,  # noqa: PLW1509 (no threads are started between fork and exec)
            )
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.answers():
                return self
            time.sleep(0.02)
        self.kill()
        raise AssertionError(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-4000:]}")

    def stop(self) -> None:
        """Ask it to end, and wait; SIGKILL when it does not."""
        if self.process is None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def kill(self) -> None:
        """SIGKILL to it and its children: what a power cut does."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(STOP_PATIENCE)
            self.process = None

    def remove(self) -> None:
        """Stop it and delete what it kept."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()


def die_with_parent() -> None:
    """In the child: end with the thread that started it, however that ends (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """A port that nothing listens on; each test process begins at another place."""
    for offset in range(len(PORTS)):
        port = PORTS[(os.getpid() * 37 + offset * 7 + time.monotonic_ns()) % len(PORTS)]
        with contextlib.closing(socket.socket()) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")


def find(*names: str, also: tuple[str, ...] = ()) -> str:
    """The path of a program. Raises `Missing`."""
    for name in names:
        if found := shutil.which(name) or next((str(path) for path in _beside(name, also)), None):
            return found
    raise Missing(f"{names[0]} is not installed (scripts/services.sh installs it where it may)")


def _beside(name: str, folders: tuple[str, ...]) -> list[Path]:
    """The newest first: Debian keeps PostgreSQL's programs under their version's own folder."""
    found = [path for pattern in folders for path in Path("/").glob(f"{pattern.lstrip('/')}/{name}")]
    return sorted(found, key=lambda path: [int(part) for part in path.parts if part.isdigit()], reverse=True)
