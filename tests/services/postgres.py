"""A throw-away PostgreSQL."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess

import psycopg2

from tests.services.service import Service, find

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/opt/postgresql*/bin", "/opt/homebrew/bin")
#: A test's data need not outlive a power cut, and everything else here is waiting for the disk. What was committed
#: does outlive SIGKILL (so commits stay synchronous): tests look whether what was called saved is there.
HURRIED = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


class Postgres(Service):
    """It refuses to run as root, so root starts it as somebody who owns nothing else."""

    name = "postgres"
    stop_signal = signal.SIGINT  # 'fast': it does not wait for connections to end

    def __init__(self) -> None:
        self.initdb, self.postgres = find("initdb", also=FOLDERS), find("postgres", also=FOLDERS)
        super().__init__()
        self.data = self.folder / "data"
        self.settings = dict(HURRIED)

    @property
    def url(self) -> str:
        return f"postgresql://esw@127.0.0.1:{self.port}/esw"

    def user(self) -> int | None:
        if os.geteuid() != 0:
            return None
        for name in ("postgres", "nobody"):
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name).pw_uid
        raise AssertionError("there is no unprivileged user to run PostgreSQL as")

    def command(self) -> list[str]:
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **self.settings,
        }
        listed = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.postgres, "-D", str(self.data), *listed]

    def answers(self) -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(f"postgresql://esw@127.0.0.1:{self.port}/postgres", connect_timeout=5).close()
            return True
        return False

    def create(self) -> None:
        """Make the data folder, with a superuser `esw` who needs no password."""
        user = self.user()
        if user is not None:
            os.chown(self.folder, user, -1)
        done = subprocess.run(
            [self.initdb, "-D", self.data, "-U", "esw", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            cwd=self.folder,
            user=user,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def sql(self, statement: str, database: str = "esw") -> list[tuple]:
        """Run a statement, outside any transaction; its rows."""
        connection = psycopg2.connect(f"postgresql://esw@127.0.0.1:{self.port}/{database}")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


def start_postgres() -> Postgres:
    """A running PostgreSQL with an empty database `esw`. Raises `Missing`."""
    postgres = Postgres()
    try:
        postgres.create()
        postgres.start()
        postgres.sql("CREATE DATABASE esw", database="postgres")
    except BaseException:
        postgres.kill()
        shutil.rmtree(postgres.folder, ignore_errors=True)
        raise
    return postgres
