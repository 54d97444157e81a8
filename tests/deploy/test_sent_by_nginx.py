"""Files that nginx sends after ESW has said who may: whole, in part, with its headers, never asked for directly."""

import os
import re
import shutil
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.services.service import Service, find

ROOT = Path(__file__).resolve().parents[2]
WHOLE = bytes(range(256)) * 40


class Nginx(Service):
    """nginx with the one location of deploy/nginx.conf, before an ESW that sends everybody to one file."""

    name = "nginx"

    def __init__(self, behind):
        self.program = find("nginx", also=("usr/sbin",))
        super().__init__()
        conf = (ROOT / "deploy/nginx.conf").read_text()
        place = re.search(r"location /stored-files/ \{.*?\n        \}", conf, re.DOTALL)[0]
        place = place.replace("/data/files/", f"{self.folder}/files/")
        temp = " ".join(f"{one}_temp_path {self.folder}/{one};" for one in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # fmt: skip
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"{user} pid {self.folder}/pid; error_log stderr crit; events {{}}\n"
            f"http {{ access_log off; charset utf-8; {temp}\n server {{ listen 127.0.0.1:{self.port};\n"
            f"location / {{ proxy_pass http://127.0.0.1:{behind}; }}\n{place}\n}} }}"
        )
        (self.folder / "files/pages").mkdir(parents=True)
        (self.folder / "files/pages/one.jpg").write_bytes(WHOLE)

    def command(self):
        return [self.program, "-e", "stderr", "-c", str(self.folder / "nginx.conf"), "-g", "daemon off;"]

    def answers(self):
        try:
            return ask(self.port).status == 200
        except OSError:
            return False


class Esw(BaseHTTPRequestHandler):
    def answer(self):
        self.send_response(200)
        for name, value in {
            "X-Accel-Redirect": "/stored-files/pages/one.jpg",
            "Content-Type": "image/jpeg",
            "Cache-Control": "private, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Disposition": "inline",
            "Content-Length": "0",
        }.items():
            self.send_header(name, value)
        self.end_headers()

    do_GET = do_HEAD = answer  # noqa: N815 (the server's own words)

    def log_message(self, *_):
        pass


def ask(port, path="/pages/1/image/", **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=10)
    except urllib.error.HTTPError as refused:
        return refused


@pytest.fixture(scope="module")
def port():
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    with HTTPServer(("127.0.0.1", 0), Esw) as behind:
        Thread(target=behind.serve_forever, daemon=True).start()
        with Nginx(behind.server_port) as nginx:
            nginx.start()
            yield nginx.port
        behind.shutdown()


def test_it_sends_the_file_with_esws_headers(port):
    answer = ask(port)
    assert answer.read() == WHOLE
    told = dict(answer.headers)
    assert told["Content-Type"] == "image/jpeg"
    assert told["Cache-Control"] == "private, max-age=31536000, immutable"
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["Cross-Origin-Resource-Policy"] == "same-origin"
    assert told["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "X-Accel-Redirect" not in told


def test_it_sends_a_part_and_refuses_one_beyond_the_end(port):
    part = ask(port, Range="bytes=5-9")
    assert (part.status, part.read(), part.headers["Content-Range"]) == (206, WHOLE[5:10], f"bytes 5-9/{len(WHOLE)}")
    assert ask(port, Range=f"bytes={len(WHOLE)}-").status == 416


def test_what_the_browser_holds_is_not_sent_again(port):
    etag = ask(port).headers["ETag"]
    assert ask(port, **{"If-None-Match": etag}).status == 304
    assert ask(port, **{"If-Range": '"older"', "Range": "bytes=0-3"}).status == 200


@pytest.mark.parametrize("path", ["/stored-files/pages/one.jpg", "/stored-files/", "/stored-files/../nginx.conf"])
def test_nobody_can_ask_for_a_file_itself(port, path):
    answer = ask(port, path)
    assert answer.status in {200, 404} if ".." in path else answer.status == 404
    assert b"events" not in answer.read()
