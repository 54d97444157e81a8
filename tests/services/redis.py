"""A throw-away Redis."""

import contextlib
import shutil
import socket

from tests.services.service import Service, find


class Redis(Service):
    """In memory alone: what it knew is gone when it stops, as with any Redis that nobody configured."""

    name = "redis"

    def __init__(self) -> None:
        self.program = find("redis-server", "valkey-server")
        super().__init__()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "save": "",
            "appendonly": "no",
            "dir": str(self.folder),
        }
        return [self.program, *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            contextlib.closing(socket.create_connection(("127.0.0.1", self.port), 5)) as line,
        ):
            line.settimeout(5)
            line.sendall(b"PING\r\n")
            return line.recv(7) == b"+PONG\r\n"
        return False


def start_redis() -> Redis:
    """A running, empty Redis. Raises `Missing`."""
    redis = Redis()
    try:
        redis.start()
    except BaseException:
        redis.kill()
        shutil.rmtree(redis.folder, ignore_errors=True)
        raise
    return redis
