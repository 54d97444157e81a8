"""The first meeting, from a photo to the record, on what a district runs: PostgreSQL, Redis, two web processes, a
Celery worker that is killed in the middle of a job, and beat.

A facilitator and five teachers, by HTTP alone, each going from one web process to the other. Every byte that each of
them receives is kept, and everything that Redis is told, and what the processes log. Each reason carries a marker that
says whose it is: before a reveal nobody and nothing holds another person's.
"""

import contextlib
import re
import sys

import pytest
import redis

from tests.deploy.compose import Process, Stack
from tests.deploy.conftest import require_programs
from tests.deploy.table import JSON, PAGE, Ear, Fields, Person, everything_in, markers, wait_for
from tests.esw.server import _collect_static, free_port, shared
from tests.factories import PASSWORD
from tests.work_samples import files

pytestmark = [pytest.mark.services, pytest.mark.timeout(400)]

NAMES = ["Rosa Medina", "Maya Ellis", "Aisha Noor", "Tom Weaver", "Lena Park", "Jun Sato"]
LEVELS = {"Rosa": 3, "Maya": 2, "Aisha": 2, "Tom": 1, "Lena": 4, "Jun": 3}
CRITERIA = ["Claim", "Evidence"]
STEPS = 3  # until the first sample is scored: norms, read, score alone

ARRANGE = f"""
from sessions_app.domain.catalogue import load_catalogue
from teams.models import Membership
from tests.factories import RubricFactory, TeamFactory, UserFactory, VersionFactory
load_catalogue()
team = TeamFactory(name="Grade 7 ELA")
for name in {NAMES!r}:
    user = UserFactory(name=name, email=name.split()[0].lower() + "@school.example", password={PASSWORD!r})
    Membership.objects.create(team=team, user=user, role="lead" if name.startswith("Rosa") else "member")
VersionFactory(rubric=RubricFactory(team=team, created_by=user), criteria={CRITERIA!r})
"""
JOBS = "from esw.core.models import Job; print(*Job.objects.order_by('created_at').values_list('state', 'attempts'))"

SCORES = "from sessions_app.models import Score; print(Score.objects.filter(late=False).count())"


class Web(Process):
    """One web process, as compose starts it, alone on a port of its own."""

    def __init__(self, stack, number):
        super().__init__(stack, "web")
        self.port = stack.web_ports[number]

    def command(self):
        return [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(self.port)]

    def start(self):
        super().start()
        wait_for(self.answers, "the web process answers")
        return self

    def answers(self):
        import httpx

        assert self.process.poll() is None, self.log.read_text()
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    require_programs()
    folder = tmp_path_factory.mktemp("meeting")
    ports = [free_port()]
    ports.append(next(port for port in range(ports[0] + 1, ports[0] + 90) if _is_free(port)))
    settings = {
        "SITE_URL": f"http://127.0.0.1:{ports[0]}", "JOB_LEASE_SECONDS": "4", "LOST_JOBS_EVERY": "2",
        "HEARTBEAT_SECONDS": "2", "WORKER_PROCESSES": "1",
    }  # fmt: skip
    with Stack(folder, settings, static=shared(folder, "static", _collect_static)) as made:
        made.web_ports = ports
        made.up("migrate", "worker", "beat")
        made.django(ARRANGE)
        for number in (0, 1):
            made.services[f"web {number}"] = Web(made, number).start()
        yield made
        for name in made.services:
            print(f"--- {name}\n{made.log(name)[-4000:]}")  # noqa: T201 (pytest shows it when a test failed)


def _is_free(port):
    import socket

    with contextlib.closing(socket.socket()) as probe, contextlib.suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


@pytest.fixture(scope="module")
def people(stack):
    seated = [Person(name, stack.web_ports[:: 1 if at % 2 else -1]) for at, name in enumerate(NAMES)]
    yield seated
    for person in seated:
        person.close()


@pytest.fixture(scope="module")
def ear(stack):
    listening = Ear(stack.services["redis"])
    yield listening
    listening.close()


@pytest.fixture
def keys(stack):
    with redis.Redis(port=stack.services["redis"].port) as client:
        yield client


def mark(person, sample, criterion):
    return f"MARK {person.name} {sample} {criterion} KRAM"


def first(pattern, text):
    found = re.search(pattern, text)
    assert found, (pattern, text[:3000])
    return found[1]


# --- the parts of a meeting ------------------------------------------------------------------------------------
def bring(stack, maya, folder):
    """The presenter brings a photo, a HEIC and a scan; the worker dies over the scan and another finishes it."""
    form = {"title": "Longer lunch", "prompt": "Should lunch be longer?", "grade": "7", "subject": "ELA"}
    form = Fields(maya.get("/assignments/new/").text).fields | form
    place = maya.post("/assignments/new/", form=form, headers=PAGE).headers["location"]
    assignment = place.split("/")[2]
    scan = files.pdf(folder, 40, "maria-lopez-scan.pdf")
    brought = [
        files.jpeg(folder, "maria-lopez.jpg", files.paper(2400, 1800)),
        files.heic(folder, "IMG_0042.heic", files.paper(1600, 1200, seed=2)),
    ]
    samples = [upload(maya, assignment, scan), *(upload(maya, assignment, path) for path in brought)]

    def status(sample):
        return maya.get(f"/samples/{sample}/status/", JSON).json()

    half = wait_for(lambda: (found := status(samples[0]))["state"] == "running" and found["done"] > 1 and found, "runs")
    stack.services["worker"].kill()
    assert half["done"] < half["of"] == 40
    assert status(samples[0])["state"] != "ready"
    stack.services["worker"].start()
    for sample in samples:
        wait_for(lambda sample=sample: status(sample)["state"] == "ready", "the other worker finishes", 90)
    assert len(status(samples[0])["pages"]) == 40
    assert "('done', 2)" in stack.django(JOBS)  # begun twice, done once

    for sample in samples:
        boxes = [{"page": page["number"], "x": 0.1, "y": 0.05, "w": 0.5, "h": 0.08} for page in status(sample)["pages"]]
        maya.post(f"/samples/{sample}/confirm/", {"redactions": boxes})
    assert list((stack.folder / "data/files").rglob("*maria*")) == []
    assert not any((stack.folder / "data/files/uploads").rglob("*"))
    return assignment, samples


def upload(person, assignment, path):
    with path.open("rb") as data:
        answer = person.post("/samples/upload/", files={"files": (path.name, data)}, form={"assignment": assignment})
    return answer.json()["files"][0]["sample"]


def plan(rosa, assignment, samples):
    page = rosa.get("/sessions/plan/").text
    ids = {
        name.strip(): key for key, name in re.findall(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]+)</option>', page)
    }
    fields = {
        "purpose": "calibrate", "focus_question": "Where does evidence become an argument?",
        "protocol": "calibration-scoring", "assignment": assignment, "samples": samples[1:],
        "rubric": first(r'name="rubric".*?<option value="([0-9a-f-]{36})"', page.replace("\n", " ")),
        "starts_at": "2030-05-14T15:00", "minutes_at_hand": "90", "people": [ids[name] for name in NAMES],
    }  # fmt: skip
    roles = zip(("facilitator", "presenter", "timekeeper", "recorder"), NAMES, strict=False)
    answer = rosa.post("/sessions/plan/", form=fields | {role: ids[name] for role, name in roles}, headers=PAGE)
    assert answer.status_code == 302, re.findall(r"invalid-feedback[^<]*<[^<]*", answer.text)
    return first(r"/sessions/([0-9a-f-]{36})/", answer.headers["location"])


def go(people, name, title=None, **args):
    """A command of the facilitator's, heard by everyone, whichever process they listen to."""
    version = people[0].command(name, **args)
    for person in people:
        person.hears(version)
        if title:
            assert person.states[-1]["step"]["title"].startswith(title)


def score_alone(people, sample, label, criteria, *, levels=LEVELS):
    for person in people:
        for title, criterion in zip(CRITERIA, criteria, strict=True):
            person.score(sample, criterion, levels[person.name], mark(person, label, title))


def told(ear, since):
    """What Redis was told since then of this room; without who is here, when, and by which process."""
    text = bytes(ear.heard[since:]).decode(errors="replace")
    plain = (re.sub(r"^\+?[\d.]+ \[\d+ [^\]]+\] ", "", line) for line in text.splitlines())
    told = {line for line in plain if line.lower().startswith('"publish"') and "/celery" not in line}
    fleeting = r'\\"here\\":(true|false)|\\"from\\": \\"\w+\\"|\\"at\\": [\d.]+'
    return {re.sub(fleeting, "", line) for line in told}


# --- the meeting -------------------------------------------------------------------------------------------------
def test_a_team_holds_its_whole_meeting_on_services(  # noqa: C901, PLR0915 (a meeting is one long story)
    stack, people, ear, keys, tmp_path
):
    rosa, maya, aisha, tom, lena, jun = people
    maya.log_in()
    assignment, samples = bring(stack, maya, tmp_path)
    for person in people:
        if person is not maya:
            person.log_in()
    session = plan(rosa, assignment, samples)
    rosa.room = f"/sessions/{session}/"
    rosa.command("open")
    code = re.sub(r"\W", "", first(r'class="code-box[^>]*>([^<]+)<', rosa.get(rosa.room).text))
    assert session in jun.post("/join/", form={"code": code}, headers=PAGE).headers["location"]
    for person in people:
        person.enter(session)
    everybody = lambda: all(each["here"] for each in rosa.state()["people"])  # noqa: E731
    wait_for(everybody, "each process knows who listens to the other")

    go(people, "start", "Norms and roles")
    go(people, "next")
    go(people, "next", "Read and score alone")
    facts = rosa.state()
    on_table = {sample["label"]: sample["id"] for sample in facts["samples"]}
    criteria = [criterion["id"] for criterion in facts["rubric"]["criteria"]]

    # --- alone; then once more with other levels, and not a byte tells the difference
    go(people, "pause")
    first_label = facts["samples"][0]["label"]
    score_alone(people, on_table[first_label], first_label, criteria)
    quiet = still_bytes(lena)
    givers = [person for person in people if person is not lena]
    news, began = set(), len(ear.heard)
    for levels in (dict.fromkeys(LEVELS, 1), LEVELS):
        since = len(ear.heard)
        score_alone(givers, on_table[first_label], first_label, criteria, levels=levels)
        news |= told(ear, since)
        assert still_bytes(lena) == quiet
    assert len(news) <= 1, news  # the room's state, when somebody's being here was told: whatever the levels were
    assert b'"level\\"' not in ear.heard[began:]  # and no score as JSON
    go(people, "resume")
    step = rosa.state()["step"]["number"]
    for person in people:
        person.post(f"{person.room}done/", {"step": step, "done": True})
    assert rosa.state()["done"] == 6

    # --- blind until the reveal: whoever fetched whatever from whichever process
    go(people, "next", "Reveal")
    for person in people:
        person.panels()
        assert markers(person.received, first_label) - {person.name} == set(), person.name
    holds_no_words(stack, ear, keys)

    go(people, "reveal", sample=on_table[first_label])
    for person in people:
        person.panels()
        assert markers(person.received, first_label) == {each.name for each in people}  # the check would have noticed
    assert (
        stack.django("from sessions_app.models import Score; print(Score.objects.filter(late=False).count())") == "12"
    )

    # --- discuss, agree
    lena.post(f"{lena.room}claim/", {"sample": on_table[first_label], "criterion": criteria[0], "claimed": True})
    go(people, "next", "Discuss")
    aisha.write("notes", kind="evidence", text="The quotation stands alone.", sample=on_table[first_label])
    go(people, "next", "Agree")
    agreed = {"sample": on_table[first_label], "rationale": "It takes a side."}
    tom.write("consensus", **agreed, criterion=criteria[0], level=3)
    tom.write("consensus", **agreed, criterion=criteria[1], level="", other_rationale="It explains.")
    assert "It explains." in maya.panels()

    # --- the other sample, and what next
    label = facts["samples"][1]["label"]
    go(people, "next", "Read and score alone")
    score_alone(people, on_table[label], label, criteria)
    go(people, "next", "Reveal")
    for person in people:
        person.panels()
        assert markers(person.received, label) - {person.name} == set(), (person.name, label)
    holds_no_words(stack, ear, keys)
    go(people, "reveal", sample=on_table[label])
    go(people, "go_to", "Next steps", step=facts["step"]["of"] - 1)
    ids = {each["name"]: each["id"] for each in facts["people"]}
    aisha.write("next-steps", text="Ask what each quotation proves.", owner=ids["Aisha Noor"])
    assert "Ask what each quotation proves." in jun.panels()
    go(people, "next", "Debrief")
    go(people, "finish")

    # --- the record, made by the worker
    page = maya.get(f"{maya.room}record/").text
    for words in ("Where does evidence become an argument?", "It takes a side.", "It explains.",
                  "Ask what each quotation proves.", "Scorer 1"):  # fmt: skip
        assert words in page, words
    assert maya.get(f"{maya.room}record/?format=json").json()
    pdf = wait_for(
        lambda: (answer := maya.get(f"{maya.room}record/?format=pdf", JSON)).status_code == 200 and answer,
        "the PDF",
        90,
    )
    assert pdf.content.startswith(b"%PDF")
    for name in ("web 0", "web 1"):
        assert "Traceback" not in stack.log(name), stack.log(name)


def still_bytes(person):
    """What a person gets of a paused room, from both processes, without tokens that are new each time."""
    fleeting = re.compile(r"\b[A-Za-z0-9]{64}\b")
    pages = [
        person.get(person.room).text,
        person.panels(),
        person.panels(),
        person.get(person.room + "state/", JSON).text,
    ]
    return [fleeting.sub("", page) for page in pages]


def holds_no_words(stack, ear, keys):
    """Neither Redis (what it keeps, and all that it was ever told) nor a log, a mail or a job holds a reason."""
    assert b"publish" in bytes(ear.heard).lower()  # the ear is open
    places = {"redis was told": bytes(ear.heard).decode(errors="replace"), "redis keeps": everything_in(keys)}
    places |= {name: stack.log(name) for name in stack.services}
    places |= {str(mail): mail.read_text() for mail in (stack.folder / "data/mail").glob("*")}
    places["jobs"] = stack.django("from esw.core.models import Job; print(list(Job.objects.values()))")
    for place, text in places.items():
        assert "MARK" not in text, place
        assert "KRAM" not in text, place


def test_the_check_of_redis_would_notice(ear, keys):
    keys.publish("esw:push", b"MARK Tom A Claim KRAM")
    wait_for(lambda: markers(ear.heard, "A") == {"Tom"}, "the ear hears")
    keys.set("esw:cache:1:slip", b"MARK Tom A Claim KRAM", ex=60)
    assert "MARK Tom A Claim KRAM" in everything_in(keys)
