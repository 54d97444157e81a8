"""A person's browser without a screen, over HTTP/2: curl, which this machine brings along."""

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.compose import HOST
from tests.services import Missing
from tests.services.service import find

PAGE = "text/html,application/xhtml+xml,*/*;q=0.8"
JSON = "application/json"


def curl():
    """The path of a curl that speaks HTTP/2. Raises `Missing`."""
    program = find("curl")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    if "HTTP2" not in said:
        raise Missing("curl is here without HTTP/2")
    return program


@dataclass
class Answer:
    status: int
    http: str  # "2" or "1.1"
    headers: dict
    body: bytes

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


@dataclass
class Person:
    """Somebody with cookies of their own; `stack` says where."""

    stack: object
    folder: Path
    options: list = field(default_factory=list)

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.jar = self.folder / "cookies"
        self.jar.touch()

    def _command(self, path, *options, accept):
        return [
            curl(), "--silent", "--show-error", "--http2", "--cacert", self.stack.folder / "tls/fullchain.pem",
            "--resolve", f"{HOST}:{self.stack.ports['443']}:127.0.0.1", "--cookie", self.jar, "--cookie-jar", self.jar,
            "--header", f"Accept: {accept}", "--header", f"Origin: {self.stack.url}", *self.options, *options,
            self.stack.url + path,
        ]  # fmt: skip

    def ask(self, path, *options, accept=PAGE):
        """An answer, whatever its status; redirects are not followed."""
        head, body = self.folder / "head", self.folder / "body"
        body.write_bytes(b"")
        said = subprocess.run(
            self._command(
                path, "--max-time", "60", "--dump-header", head, "--output", body,
                "--write-out", "%{http_code} %{http_version}", *options, accept=accept,
            ),
            capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
        assert said.returncode == 0, said.stderr
        status, http = said.stdout.split()
        pairs = re.findall(r"^([^:\s]+): (.*?)\r?$", head.read_text(), re.MULTILINE)
        return Answer(int(status), http, {name.lower(): value for name, value in pairs}, body.read_bytes())

    def get(self, path, accept=PAGE):
        return self.ask(path, accept=accept)

    @property
    def token(self):
        found = re.findall(r"\scsrftoken\s(\S+)$", self.jar.read_text(), re.MULTILINE)
        return found[-1] if found else ""

    def post(self, path, fields=(), files=(), accept=JSON):
        """Post a form; `files` are paths for its field `files`, and make it one of several parts."""
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        kind = "--form-string" if files else "--data-urlencode"
        data = [part for name, value in pairs for part in (kind, f"{name}={value}")]
        data += [part for path in files for part in ("--form", f"files=@{path}")]
        return self.ask(
            path, "--header", f"X-CSRFToken: {self.token}", *(data or ["--data", ""]), accept=accept
        )  # fmt: skip

    def log_in(self, email, password):
        assert self.get("/accounts/login/").status == 200
        answer = self.post("/accounts/login/", {"login": email, "password": password}, accept=PAGE)
        assert answer.status == 302, answer.text
        return self

    def stream(self, path):
        """A running curl that prints what it hears at once."""
        return subprocess.Popen(
            self._command(path, "--no-buffer", "--max-time", "60", accept="text/event-stream"),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
