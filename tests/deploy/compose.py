"""docker-compose.yml without containers: its own commands, with its own environment, as processes of this machine.

    with Stack(folder) as stack:            # reads docker-compose.yml, .env.example and deploy/nginx.conf
        stack.up()                          # every service, in its order, each waiting for what it depends on
        stack.run("web", "python", "manage.py", "check")     # as `docker compose run web …`
        stack.services["worker"].process, stack.log("web"), stack.url

What a container would change is changed here, and nothing else: the names of hosts and their ports become 127.0.0.1
and free ports, the folders of containers become folders below `folder`, and PostgreSQL's data folder is made by
`tests.services`. Each service has only the environment that the file and the image give it.
"""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.esw.server import ROOT
from tests.services import Postgres, Service
from tests.services.postgres import FOLDERS
from tests.services.service import die_with_parent, find, free_port

HOST = "esw.school.example"
PATIENCE = 90
VARIABLE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-?+])([^}]*))?\})")


class NotSet(Exception):
    """The compose file insists on a variable that has no value."""


def interpolate(value, env):
    """`value` with `${NAME}`, `${NAME:-default}`, `${NAME:?problem}`, `${NAME:+instead}` and `$$` filled in."""
    if isinstance(value, dict):
        return {key: interpolate(each, env) for key, each in value.items()}
    if isinstance(value, list):
        return [interpolate(each, env) for each in value]
    return VARIABLE.sub(lambda found: _filled(found, env), value) if isinstance(value, str) else value


def _filled(found, env):
    dollar, bare, name, how, other = found.groups()
    if dollar:
        return "$"
    value = env.get(bare or name)
    is_there = bool(value) if how and how.startswith(":") else value is not None
    if how and how.endswith("?") and not is_there:
        raise NotSet(other or name)
    if how and how.endswith("+"):
        return other if is_there else ""
    return (value or "") if is_there or not how else other


def read_env(path):
    """The variables of an `.env` file, as Docker Compose reads one without quotes."""
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def read_compose(env, path=ROOT / "docker-compose.yml"):
    return interpolate(yaml.safe_load(path.read_text()), env)


def image_environment():
    """What the Dockerfile's last stage sets for every process, but PATH, which is this machine's here."""
    said = re.findall(r"^ENV (.*)$", (ROOT / "Dockerfile").read_text().split("\nFROM packages")[0], re.MULTILINE)
    pairs = dict(pair.split("=", 1) for line in said for pair in shlex.split(line))
    return {name: value for name, value in pairs.items() if not name.startswith(("PATH", "PIP_"))}


def image_healthcheck():
    """The command of the Dockerfile's HEALTHCHECK."""
    found = re.search(r"^HEALTHCHECK .*?CMD (\[.*?\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE | re.DOTALL)
    return ["CMD", *yaml.safe_load(found[1])]


class Process(Service):
    """One service of the compose file. Nothing says from outside that it works but its healthcheck."""

    def __init__(self, stack, name):
        self.name = name
        super().__init__()
        self.stack = stack

    def command(self):
        return self.stack.here(self.stack.file["services"][self.name]["command"])

    def start(self):
        """Start it. Whether it works is asked by those that depend on it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), cwd=ROOT, env=self.stack.environment(self.name), stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 (no threads are started between fork and exec)
            )  # fmt: skip
        return self


class Database(Postgres):
    """PostgreSQL with the settings that the compose file gives it; the image would make its role and database."""

    def __init__(self, stack):
        super().__init__()
        service = stack.file["services"]["postgres"]
        self.settings |= dict(pair.split("=", 1) for pair in service["command"][1:] if "=" in pair)
        self.made = service["environment"]

    def make(self):
        self.create()
        self.start()
        assert self.made["POSTGRES_USER"] == "esw"  # as initdb made it
        self.sql(f"CREATE DATABASE {self.made['POSTGRES_DB']}", database="postgres")
        return self


@dataclass
class Stack:
    """All services. `folder` holds what would be volumes."""

    folder: Path
    settings: dict = field(default_factory=dict)  # lines of .env beside those of .env.example
    static: Path | None = None
    services: dict = field(default_factory=dict)

    def __post_init__(self):
        self.ports = {}
        for name in ("5432", "6379", "8000", "80", "443"):
            self.ports[name] = next(port for port in iter(free_port, None) if port not in self.ports.values())
        self.url = f"https://{HOST}:{self.ports['443']}"
        example = read_env(ROOT / ".env.example")
        given = {"SITE_URL": self.url, "POSTGRES_PASSWORD": "only0for0tests", "TLS_FOLDER": str(self.folder / "tls")}
        self.env = example | given | self.settings
        self.file = read_compose(self.env)
        self.places = self._places()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        for service in reversed(list(self.services.values())):
            service.kill()
            shutil.rmtree(service.folder, ignore_errors=True)
        shutil.rmtree(self.nginx, ignore_errors=True)

    # --- what is another one here ------------------------------------------------------------------------------
    def _places(self):
        # nginx's workers are another user and must be able to enter.
        self.nginx = Path(tempfile.mkdtemp(prefix="esw-nginx-"))
        self.nginx.chmod(0o755)
        shutil.copytree(ROOT / "deploy/problems", self.nginx / "srv/problems")
        return {
            "/etc/esw-tls": str(self.folder / "tls"),
            "/var/cache/nginx": str(self.nginx),
            "/tmp/nginx.pid": str(self.nginx / "pid"),  # noqa: S108 (the container's)
            "/srv": str(self.nginx / "srv"),
            "/data": str(self.folder / "data"),
        }

    def here(self, value):
        """An argument, a list of them, or a text, with hosts, ports and folders as they are on this machine."""
        if isinstance(value, list):
            return [self.here(each) for each in value]
        if value in self.ports:
            return str(self.ports[value])
        value = value.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 (not everywhere, here)
        for container, port in (("postgres", "5432"), ("redis", "6379"), ("web", "8000")):
            value = value.replace(f"{container}:{port}", f"127.0.0.1:{self.ports[port]}")
        for port in ("80/", "8000/"):
            value = value.replace(f"127.0.0.1:{port}", f"127.0.0.1:{self.ports[port[:-1]]}/")
        for there, mine in self.places.items():
            value = re.sub(rf"(?<![\w.]){re.escape(there)}(?![\w-])", mine, value)
        return value

    def environment(self, name):
        """What the image and the compose file say, and where this machine keeps its programs."""
        service = self.file["services"][name]
        said = dict(image_environment()) if "build" in service else {}
        if "env_file" in service:
            said |= self.env
        said |= service.get("environment") or {}
        path = [str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin", *self._postgres_programs()]
        ours = {"PATH": os.pathsep.join(path), "LANG": "C.UTF-8", "HOSTNAME": socket.gethostname()}
        if "build" in service and self.static is not None:
            ours["STATIC_ROOT"] = str(self.static)  # which the image has in its own folder
        return {key: self.here(str(value)) for key, value in said.items()} | ours

    def _postgres_programs(self):
        return [str(Path(find("pg_isready", also=FOLDERS)).parent)]

    def write_proxy(self):
        """deploy/nginx.conf on this machine's ports and folders, and a certificate that it signed itself."""
        text = (ROOT / "deploy/nginx.conf").read_text()
        for port in ("80", "443"):
            text = re.sub(rf"listen {port}\b", f"listen 127.0.0.1:{self.ports[port]}", text)
        (self.nginx / "nginx.conf").write_text(self.here(text))
        tls = self.folder / "tls"
        tls.mkdir(exist_ok=True)
        subprocess.run(
            [
                find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
                "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem",
            ],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip

    # --- starting ----------------------------------------------------------------------------------------------
    def up(self, *names):
        """Start these services (all of them) and what they depend on, in the file's own order of waiting."""
        for name in names or self.file["services"]:
            self._start(name)
        for name in names or self.file["services"]:
            if self.file["services"][name]["restart"] == "no":
                self.wait_completed(name)
            else:
                self.wait_healthy(name)

    def _start(self, name):
        if name in self.services:
            return
        for other, how in self.file["services"][name].get("depends_on", {}).items():
            self._start(other)
            if how["condition"] == "service_completed_successfully":
                self.wait_completed(other)
            else:
                self.wait_healthy(other)
        self.services[name] = self._made(name)

    def _made(self, name):
        (self.folder / "data").mkdir(exist_ok=True, mode=0o700)
        if name == "postgres":
            database = Database(self)
            self.services[name] = database
            database.port = self.ports["5432"]
            return database.make()
        if name == "proxy":
            self.write_proxy()
        process = Process(self, name)
        if name == "proxy":
            process.command = lambda: [*Process.command(process), "-e", "stderr", "-c", str(self.nginx / "nginx.conf")]
        if name == "redis":
            process.port = self.ports["6379"]
        self.services[name] = process
        return process.start()

    def wait_completed(self, name):
        assert self.services[name].process.wait(PATIENCE) == 0, self.log(name)

    def wait_healthy(self, name):
        """Until its healthcheck is content; fails with its log."""
        until = time.monotonic() + PATIENCE
        while not self.is_healthy(name):
            process = self.services[name].process
            assert process.poll() is None, f"{name} ended:\n{self.log(name)}"
            assert time.monotonic() < until, f"{name} is not healthy:\n{self.log(name)}"
            time.sleep(0.1)

    def is_healthy(self, name):
        """What its healthcheck says; a service without one is as healthy as it is alive."""
        service = self.file["services"][name]
        check = service.get("healthcheck") or {"test": image_healthcheck()}
        if check.get("disable"):
            return True
        kind, *command = check["test"]
        if kind == "CMD-SHELL":
            command = ["sh", "-c", *command]
        done = subprocess.run(
            self.here(command), cwd=ROOT, env=self.environment(name), capture_output=True, timeout=60, check=False
        )
        return done.returncode == 0

    def run(self, name, *command, env=None, timeout=180):
        """What a command prints in a container of this service (`docker compose run`)."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(name) | (env or {}), capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def django(self, code, timeout=180, name="worker"):
        """The last line that `code` prints in a container of ESW, with Django set up."""
        setup = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'esw.settings'; django.setup()\n"
        said = self.run(name, "python", "-c", setup + code, timeout=timeout)
        return said.strip().splitlines()[-1] if said.strip() else ""

    def log(self, name):
        """What a service has said."""
        return self.services[name].log.read_text(errors="replace")
