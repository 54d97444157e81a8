"""The same fan-out by others: django-eventstream, and Channels with channels-redis.

They are installed from PyPI into a virtual environment of their own, served by uvicorn as ESW is, each as a small
Django project (written below, nothing of theirs is in this repository), and gone when the benchmark ends. Their
command is less than ESW's: a view that publishes what was posted, without a log-in, a transaction or a state to read.
"""

import contextlib
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

INSTALL = ("django~=5.2.0", "django-eventstream", "channels", "channels-redis", "uvicorn")
NAMES = ("django-eventstream", "channels", "channels-redis")
READY_WITHIN = 60.0  # seconds
ROOT = Path(__file__).resolve().parent.parent

EVENTSTREAM = """
import os, resource
from urllib.parse import urlsplit
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else 65536, hard))
import django
from django.conf import settings
redis = {}
if os.environ.get("PEER_REDIS"):
    address = urlsplit(os.environ["PEER_REDIS"])
    redis = {"EVENTSTREAM_REDIS": {"host": address.hostname, "port": address.port, "db": 0}}
settings.configure(
    SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF="project", USE_TZ=True, DATABASES={}, MIDDLEWARE=[],
    LOGGING_CONFIG=None, INSTALLED_APPS=["django_eventstream"], **redis,
)
django.setup()
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.urls import include, path
from django_eventstream import send_event
import django_eventstream.urls
def publish(request, channel):
    send_event(channel, "state", request.body.decode(), json_encode=False)
    return HttpResponse("{}", headers={"Content-Length": "2"})
def health(request):
    return HttpResponse("ok")
urlpatterns = [
    path("healthz", health),
    path("publish/<channel>/", publish),
    path("stream/<channel>/", include(django_eventstream.urls), {"format-channels": ["{channel}"]}),
]
application = get_asgi_application()
"""
CHANNELS = """
import os, resource
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else 65536, hard))
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF="project", USE_TZ=True, DATABASES={}, MIDDLEWARE=[],
    LOGGING_CONFIG=None, INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={"default": {
        "BACKEND": os.environ["PEER_LAYER"], "CONFIG": {"hosts": [os.environ["PEER_REDIS"]]}}},
)
django.setup()
from channels.generic.http import AsyncHttpConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.http import HttpResponse
from django.urls import path, re_path
async def publish(request, channel):
    await get_channel_layer().group_send(channel, {"type": "room.state", "data": request.body.decode()})
    return HttpResponse("{}", headers={"Content-Length": "2"})
def health(request):
    return HttpResponse("ok")
urlpatterns = [path("healthz", health), path("publish/<channel>/", publish)]
class Stream(AsyncHttpConsumer):
    async def handle(self, body):
        self.room = self.scope["url_route"]["kwargs"]["channel"]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
        await self.send_body(b"retry: 1500\\n\\n", more_body=True)
    async def http_request(self, message):
        if not message.get("more_body"):
            await self.handle(b"")
    async def room_state(self, event):
        await self.send_body(f"event: state\\ndata: {event['data']}\\n\\n".encode(), more_body=True)
    async def disconnect(self):
        await self.channel_layer.group_discard(self.room, self.channel_name)
application = ProtocolTypeRouter({"http": URLRouter([
    path("stream/<channel>/", Stream.as_asgi()), re_path("", get_asgi_application()),
])})
"""


@dataclass(frozen=True)
class Peer:
    """A peer that serves at `url`, in the process `pid`."""

    url: str
    pid: int


@contextlib.contextmanager
def installed() -> Iterator[Path]:
    """A folder with the peers' virtual environment. Raises `subprocess.CalledProcessError` without PyPI."""
    with tempfile.TemporaryDirectory(prefix="peers-bench-") as name:
        folder = Path(name)
        _run(sys.executable, "-m", "venv", str(folder / "venv"))
        _run(str(folder / "venv/bin/pip"), "install", "--quiet", "--disable-pip-version-check", *INSTALL)
        yield folder


def versions(folder: Path) -> dict[str, str]:
    """Which versions were installed, by name."""
    code = f"from importlib.metadata import version; print(*[version(name) for name in {NAMES!r}])"
    ran = subprocess.run([folder / "venv/bin/python", "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return dict(zip(NAMES, ran.stdout.split(), strict=True))


@contextlib.contextmanager
def serving(folder: Path, project: str, **environment: str) -> Iterator[Peer]:
    """Serve a project (its code) in one uvicorn process."""
    home = folder / "project"
    home.mkdir(exist_ok=True)
    (home / "project.py").write_text(project, encoding="utf-8")
    command = [str(folder / "venv/bin/python"), "-m", "uvicorn", "project:application", "--lifespan", "off"]
    with _served(command, home, environment) as peer:
        yield peer


@contextlib.contextmanager
def serving_ours(**environment: str) -> Iterator[Peer]:
    """Serve ESW's own fan-out (`_fanout.py`) in the same way."""
    command = [sys.executable, "-m", "uvicorn", "benchmarks._fanout:application"]
    with (
        tempfile.TemporaryDirectory(prefix="esw-bench-") as folder,
        _served(command, ROOT, environment | {"DATA_DIR": folder, "ALLOWED_HOSTS": "127.0.0.1"}) as peer,
    ):
        yield peer


@contextlib.contextmanager
def _served(command: list[str], home: Path, environment: dict[str, str]) -> Iterator[Peer]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quietly = ["--port", str(port), "--no-access-log", "--log-level", "error", "--timeout-graceful-shutdown", "1"]
    without = ("DJANGO", "PYTHON", "DATABASE", "REDIS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(without)}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603
            [*command, *quietly], cwd=home, env=kept | environment, stdout=log, stderr=log
        )
        try:
            url = f"http://127.0.0.1:{port}"
            if not _answers(url, process):
                log.seek(0)
                raise RuntimeError(log.read().decode(errors="replace")[-2000:])
            yield Peer(url, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


def _answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310
            return True
        time.sleep(0.1)
    return False


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=900)  # noqa: S603
