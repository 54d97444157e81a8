"""People at a table without screens: HTTP clients that go from one web process to the other and keep every byte.

Each person asks the two processes by turns, whatever they ask for, and listens to one of them. Headers and bodies are
kept as they came, uncompressed; what Redis is told, by whomever, is kept too (`Ear`).
"""

import itertools
import json
import logging
import re
import socket
import threading
import time
import uuid
from html.parser import HTMLParser

import httpx

from tests.factories import PASSWORD

logging.getLogger("httpx").setLevel(logging.WARNING)  # thousands of requests
PATIENCE = 60
JSON = {"Accept": "application/json"}
PAGE = {"Accept": "text/html"}
PANELS = ["all", "rail", "now", "work", "people", "notes", "reveal", "decisions"]


class Keeping(httpx.BaseTransport):
    """Sends each request to the next process, and keeps what comes back."""

    def __init__(self, ports, received):
        self.ports = itertools.cycle(ports)
        self.received = received
        self.inner = httpx.HTTPTransport(limits=httpx.Limits(max_connections=20))

    def handle_request(self, request):
        request.url = request.url.copy_with(port=next(self.ports))
        answer = self.inner.handle_request(request)
        self.received += b"\n".join(name + b": " + value for name, value in answer.headers.raw) + b"\n\n"
        answer.stream = Kept(answer.stream, self.received)
        return answer

    def close(self):
        self.inner.close()


class Kept(httpx.SyncByteStream):
    def __init__(self, stream, received):
        self.stream, self.received = stream, received

    def __iter__(self):
        for data in self.stream:
            self.received += data
            yield data

    def close(self):
        self.stream.close()


class Person:
    """Somebody with a browser; `ports` are the web processes', in the order in which they ask them."""

    def __init__(self, name, ports):
        self.name = name.split()[0]
        self.full_name = name
        self.received = bytearray()
        # Cookies do not look at ports: one address for both, as behind a proxy.
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{ports[0]}", timeout=PATIENCE, headers={"Accept-Encoding": "identity"},
            transport=Keeping(ports, self.received),
        )  # fmt: skip
        self.states = []
        self.events = threading.Event()
        self.room = ""
        self.listening = None

    # --- asking
    def get(self, path, headers=PAGE):
        answer = self.client.get(path, headers=headers)
        assert answer.status_code < 400, (self.name, path, answer.status_code, answer.text[:500])
        return answer

    def post(self, path, json=None, *, headers=JSON, expect=(200, 302), **how):
        """Post JSON, or a form with `form=`, or files with `files=` beside it."""
        if "form" in how:
            how["data"] = how.pop("form")
        else:
            how["json"] = json or {}
        token = {"X-CSRFToken": self.client.cookies["csrftoken"]}
        answer = self.client.post(path, headers=headers | token, **how)
        assert answer.status_code in expect, (self.name, path, answer.status_code, answer.text[:500])
        return answer

    def log_in(self):
        self.get("/accounts/login/")
        form = {"login": f"{self.name.lower()}@school.example", "password": PASSWORD}
        assert self.post("/accounts/login/", form=form, headers=PAGE).status_code == 302

    # --- in the room
    def enter(self, session):
        """Open the room's page and listen to it for as long as the client lives."""
        self.room = f"/sessions/{session}/"
        self.get(self.room)
        self.listening = threading.Thread(target=self._listen, name=f"{self.name} listens", daemon=True)
        self.listening.start()

    def _listen(self):
        wait = {"Accept": "text/event-stream"}
        try:
            with self.client.stream("GET", self.room + "stream/", headers=wait, timeout=None) as answer:
                name = ""
                for line in answer.iter_lines():
                    if line.startswith("event: "):
                        name = line[7:]
                    elif line.startswith("data: ") and name == "state":
                        self.states.append(json.loads(line[6:]))
        except (httpx.HTTPError, RuntimeError):
            pass  # the server or the test ended

    def state(self):
        return self.get(self.room + "state/", JSON).json()

    def hears(self, version):
        """Wait until the stream has told of this version."""
        wait_for(lambda: self.states and self.states[-1]["version"] >= version, f"{self.name} hears {version}")

    def panels(self):
        """Everything that a screen may fetch of the room."""
        return "".join(self.get(f"{self.room}panel/{name}/").text for name in PANELS)

    def command(self, name, **args):
        return self.post(f"{self.room}commands/{name}/", args).json()["version"]

    def write(self, place, **fields):
        answer = self.post(f"{self.room}{place}/", fields | {"client_id": str(uuid.uuid4())}).json()
        assert answer["saved"] is True
        return answer

    def score(self, sample, criterion, level, rationale):
        assert "late" not in self.write("scores", sample=sample, criterion=criterion, level=level, rationale=rationale)

    def close(self):
        self.client.close()


class Ear:
    """Everything that Redis is told: each command with its arguments, by web, workers and scripts alike."""

    def __init__(self, redis):
        self.heard = bytearray()
        self.line = socket.create_connection(("127.0.0.1", redis.port), 10)
        self.line.sendall(b"MONITOR\r\n")
        assert self.line.recv(5) == b"+OK\r\n"
        self.line.settimeout(None)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        try:
            while data := self.line.recv(65536):
                self.heard += data
        except OSError:
            pass  # closed, or Redis ended

    def close(self):
        self.line.close()


def everything_in(client):
    """All keys of a Redis with all their values, as text."""
    read = {
        b"string": client.get,
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"hash": client.hgetall,
        b"zset": lambda key: client.zrange(key, 0, -1, withscores=True),
    }
    return "\n".join(f"{key!r} {read[client.type(key)](key)!r}" for key in client.scan_iter("*"))


class Fields(HTMLParser):
    """What a page's form would send as it stands: `fields`, by name."""

    def __init__(self, page):
        super().__init__()
        self.fields = {}
        self.select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        has = dict(attrs)
        name, kind = has.get("name"), has.get("type")
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select and (self.select not in self.fields or "selected" in has):
            self.fields[self.select] = has.get("value")
        elif tag == "input" and name and (kind not in {"radio", "checkbox"} or "checked" in has):
            self.fields[name] = has.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = ""


def wait_for(condition, what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"it did not happen in time: {what}"
        time.sleep(0.05)
    return found


def markers(data, sample):
    """Whose reasons for a sample are in these bytes."""
    return {name.decode() for name in re.findall(rb"MARK (\w+) %s \w+ KRAM" % sample.encode(), bytes(data))}
