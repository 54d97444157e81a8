"""What docker-compose.yml says, started and used over HTTP/2 through its own proxy."""

import json
import re
import select
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.deploy.curl import JSON, Person
from tests.esw.server import ROOT
from tests.factories import PASSWORD
from tests.work_samples import files

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]

ARRANGE = """
import json
from tests.sessions_app.meeting import Meeting
meeting = Meeting(people=3)
print(json.dumps({"email": meeting.users[0].email, "name": meeting.users[0].name, "session": str(meeting.session.pk),
                  "assignment": str(meeting.assignment.pk)}))
"""
LOST = """
import uuid
from datetime import timedelta
from esw.core import clock
from esw.core.models import Job
print(Job.objects.create(task="work_samples.make_pages", target=uuid.uuid4(),
                         created_at=clock.now() - timedelta(hours=1)).pk)
"""
STATE = "from esw.core.models import Job; print(Job.objects.get(pk='{}').state)"


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def served(stack):
    """Everything that the file names, with a team that is about to meet, and a job that a broker had forgotten."""
    stack.up("migrate")
    stack.table = json.loads(stack.django(ARRANGE))
    stack.lost = stack.django(LOST)
    stack.up()
    return stack


@pytest.fixture(scope="module")
def rosa(served, tmp_path_factory):
    """Who facilitates, and may bring work."""
    return Person(served, tmp_path_factory.mktemp("rosa")).log_in(served.table["email"], PASSWORD)


@pytest.fixture(scope="module")
def page(served, rosa, tmp_path_factory):
    """The address of a page image: a photo was brought, and the worker made it."""
    photo = files.jpeg(tmp_path_factory.mktemp("photo"), "maria.jpg", files.paper(1200, 900))
    answer = rosa.post("/samples/upload/", {"assignment": served.table["assignment"]}, files=[photo])
    assert answer.status == 200, answer.text
    sample = answer.json()["files"][0]["sample"]
    status = wait_for(
        lambda: (found := rosa.get(f"/samples/{sample}/status/", JSON).json())["state"] in {"ready", "failed"} and found
    )
    assert status["state"] == "ready", status
    return status["pages"][0]["image"]


@pytest.fixture
def nobody(served, tmp_path):
    return Person(served, tmp_path / "nobody")


def test_every_service_is_up_and_healthy(served):
    assert set(served.services) == set(served.file["services"])
    for name, service in served.services.items():
        if name != "migrate":
            assert service.process.poll() is None, name
            assert served.is_healthy(name), name


def test_it_answers_over_http_2(nobody):
    answer = nobody.get("/healthz")
    assert (answer.status, answer.http) == (200, "2")


def test_plain_http_is_sent_to_https(served, nobody):
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    with pytest.raises(urllib.error.HTTPError) as moved:
        urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{served.ports['80']}/library/?a=1", timeout=20)
    assert moved.value.code == 301
    assert moved.value.headers["Location"] == "https://127.0.0.1/library/?a=1"


def test_somebody_logs_in_and_reads_a_page_with_its_static_files(served, rosa):
    page = rosa.get("/")
    assert page.status == 200
    assert served.table["name"] in rosa.get("/me/").text
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    address = next(part for part in page.text.split('"') if part.startswith("/static/css/tokens"))
    style = rosa.get(address)
    assert (style.status, style.http) == (200, "2")
    assert "immutable" in style.headers["cache-control"]
    assert "#HttpOnly_esw.school.example\tFALSE\t/\tTRUE\t" in rosa.jar.read_text()  # TRUE: over https alone


def test_the_server_knows_whom_the_proxy_speaks_for(served, nobody):
    """A stranger's own X-Forwarded-For is not believed, and https outside is https inside."""
    code = (
        "from django.test import RequestFactory as F; from allauth.account.adapter import get_adapter as g\n"
        "print(g().get_client_ip(F().get('/', headers={'x-forwarded-for': '203.0.113.9'})))"
    )
    assert served.django(code, name="web") == "203.0.113.9"
    nobody.options = ["--header", "X-Forwarded-Proto: http", "--header", "X-Forwarded-Host: evil.example"]
    page = nobody.get("/accounts/password/reset/")
    assert page.status == 200
    assert "evil.example" not in page.text
    assert "strict-transport-security" in page.headers


def test_the_stream_passes_unbuffered(served, rosa):
    room = f"/sessions/{served.table['session']}/"
    before = rosa.get(f"{room}state/", accept=JSON).json()["version"]
    stream = rosa.stream(f"{room}stream/")
    heard = bytearray()

    def hears(words):
        while words not in heard:
            assert select.select([stream.stdout], [], [], 20)[0], bytes(heard)
            data = stream.stdout.read1(65536)
            assert data, "the stream ended"
            heard.extend(data)

    try:
        hears(b"event: state\nid: %d\n" % before)
        hears(b"\n\n")
        assert rosa.post(f"{room}commands/open/").status in {200, 409}
        answer = rosa.post(f"{room}commands/start/")
        assert answer.status == 200, answer.text
        hears(b"event: state\nid: %d\n" % answer.json()["version"])
    finally:
        stream.kill()
        stream.wait(10)


def test_an_upload_becomes_pages_in_the_worker(rosa, page):
    image = rosa.get(page)
    assert (image.status, image.headers["content-type"]) == (200, "image/jpeg")


def test_beat_finds_a_job_that_a_broker_had_forgotten(served):
    wait_for(lambda: served.django(STATE.format(served.lost)) == "done")


def test_a_body_that_is_too_large_is_refused_in_a_sentence(rosa, tmp_path):
    just_over, far_over = tmp_path / "over", tmp_path / "far"
    just_over.write_bytes(b"a" * 10_000_001)
    far_over.write_bytes(b"a" * 13_000_000)
    for body, words in ((just_over, "more than 10 MB"), (far_over, "too much at once")):
        for accept in (JSON, "text/html"):
            answer = rosa.ask("/me/", "--data-binary", f"@{body}", accept=accept)
            assert answer.status == 413
            assert words in answer.text
            assert answer.http == "2"
    assert json.loads(rosa.ask("/me/", "--data-binary", f"@{far_over}", accept=JSON).body)["error"].endswith(".")


def test_the_first_administrator_builds_a_school_in_the_browser(served, tmp_path):
    """As docs/deployment.md says it."""
    served.run(
        "web", "python", "manage.py", "createsuperuser", "--noinput", "--email", "it@school.example", "--name", "Ida",
        env={"DJANGO_SUPERUSER_PASSWORD": "a-long-first-password"},
    )  # fmt: skip
    ida = Person(served, tmp_path / "ida").log_in("it@school.example", "a-long-first-password")

    def add(kind, **fields):
        answer = ida.post(f"/staff/teams/{kind}/add/", fields | {"_save": "Save"}, accept="text/html")
        assert answer.status == 302, answer.text
        name = kind.capitalize()
        return served.django(f"from teams.models import {name} as M; print(M.objects.get(name={fields['name']!r}).pk)")

    assert ida.get("/staff/").status == 200
    district = add("district", name="Two Hills")
    school = add("school", name="Birch Lane", district=district)
    none = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    team = add("team", name="Grade 9 Science", school=school, **none)
    person = served.django("from teams.models import User; print(User.objects.get(email='it@school.example').pk)")
    lead = {
        "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0", "memberships-0-user": person,
        "memberships-0-role": "lead", "memberships-0-team": team, "name": "Grade 9 Science", "school": school,
    }  # fmt: skip
    assert ida.post(f"/staff/teams/team/{team}/change/", lead, accept="text/html").status == 302
    assert "Grade 9 Science" in ida.get(f"/teams/{team}/").text


DOCKER = """#!/bin/sh
# Stands in for docker compose in the lines of docs/deployment.md: services are processes here.
set -eu
shift
case $1 in
exec) shift 3; exec "$@" ;;
run) shift 5; for word; do shift; [ "$word" != /data ] || word=$DATA; set -- "$@" "$word"; done; exec "$@" ;;
up | stop) ;;
*) echo "docker compose $1?" >&2; exit 2 ;;
esac
"""


def documented(name):
    """The lines of a block of docs/deployment.md."""
    text = (ROOT / "docs/deployment.md").read_text()
    return re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", text, re.DOTALL)[1]


def test_a_backup_as_documented_brings_everything_back(served, tmp_path, page):
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    postgres, data = served.services["postgres"], served.folder / "data"
    here = served.environment("postgres")
    env = here | {
        "PATH": f"{tmp_path}:{here['PATH']}", "DATA": str(data), "PGHOST": "127.0.0.1", "PGPORT": str(postgres.port),
    }  # fmt: skip

    def follow(name):
        done = subprocess.run(
            ["sh", "-euc", documented(name)], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    count = "from sessions_app.models import Session; from teams.models import User; "
    count += "print(Session.objects.count(), User.objects.count())"
    before = served.django(count)
    rosa = Person(served, tmp_path / "rosa").log_in(served.table["email"], PASSWORD)
    image = rosa.get(page).body

    follow("backup")
    shutil.rmtree(data / "files")
    postgres.sql("DELETE FROM django_session")
    postgres.sql("DROP TABLE sessions_app_score CASCADE")
    kept = rosa.jar.read_text()
    assert rosa.get(page).status != 200
    follow("restore")

    assert served.django(count) == before
    rosa.jar.write_text(kept)  # even who was logged in is so again
    assert rosa.get(page).body == image


def test_while_the_server_is_away_the_proxy_says_so_and_it_comes_back(served, rosa):
    served.services["web"].kill()
    page, data = rosa.get("/library/"), rosa.get("/library/", accept=JSON)
    sent = rosa.post("/me/", {"name": "Rosa"}, accept="text/html")
    assert {page.status, data.status, sent.status} == {502}
    assert "away for a moment" in page.text
    assert "away for a moment" in data.json()["error"]
    assert "Back button" in sent.text
    assert page.headers["retry-after"] == "5"
    assert page.headers["cache-control"] == "no-store"
    assert rosa.get("/problems/page.css").status == 200

    served.services["web"].start()
    served.wait_healthy("web")
    assert rosa.get("/library/").status == 200


def test_no_log_holds_an_address_beyond_its_first_part(served, nobody):
    nobody.get("/join/?code=SECRET-CODE")
    nobody.get("/accounts/password/reset/key/SECRET-KEY/")
    time.sleep(0.2)
    for name in served.services:
        assert "SECRET" not in served.log(name), name
    assert " GET /join HTTP/2.0 " in served.log("proxy")


def test_everything_ends_when_told(served):
    """Last: SIGTERM to all, as `docker compose stop` does."""
    for name in ("proxy", "beat", "worker", "web"):
        process = served.services[name].process
        process.terminate()
        assert process.wait(30) in {0, -15}, served.log(name)
    assert "Traceback" not in served.log("web")
