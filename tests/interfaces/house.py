"""One real server with a real demo school in it, and people with browsers, seen over HTTP alone.

Nothing here reaches into the server: a browser logs in through the log-in page, keeps its cookies, and sends the
CSRF token that it was given. A test that changes a session plans one of its own (`house.room()`), so that no test
leans on another.
"""

import contextlib
import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property

import httpx

from tests.esw.server import Server

PASSWORD = "look-closely-together"
PATIENCE = 60
JSON = {"Accept": "application/json"}
PAGE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
HTMX = {"HX-Request": "true", "Accept": "*/*"}
ANYTHING = {"Accept": "*/*"}

FACILITATOR, ADMIN, STRANGER = "facilitator@demo.example", "admin@demo.example", "stranger@elsewhere.example"
TEACHERS = [f"teacher{number}@demo.example" for number in range(1, 7)]
ROLES = {"presenter": TEACHERS[0], "timekeeper": TEACHERS[3], "recorder": TEACHERS[2]}

DRAW = """
from home.demo import load
from tests.home.demo_stub import paint
load.paint = paint  # one grey picture for every page: what is drawn is tested elsewhere
from django.core.management import call_command
call_command("demo_school")
"""


def new_id() -> str:
    return str(uuid.uuid4())


class Browser:
    """One person's browser; `email` None is somebody who is not logged in."""

    def __init__(self, url: str, email: str | None, *, password: str = PASSWORD, log_in: bool = True) -> None:
        self.email = email
        self.client = httpx.Client(base_url=url, timeout=PATIENCE, limits=httpx.Limits(max_connections=40))
        if email is not None and log_in:
            answer = self.log_in(email, password)
            assert answer.status_code == 302, answer.text
            assert answer.headers["location"] == "/"

    def log_in(self, email: str, password: str = PASSWORD) -> httpx.Response:
        """As the log-in page does it."""
        page = self.client.get("/accounts/login/", headers=PAGE)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]
        data = {"login": email, "password": password, "csrfmiddlewaretoken": token}
        return self.client.post("/accounts/login/", data=data, headers=PAGE)

    @property
    def cookies(self) -> dict[str, str]:
        return dict(self.client.cookies)

    @property
    def token(self) -> str:
        if "csrftoken" not in self.client.cookies:
            self.client.get("/accounts/login/")
        return self.client.cookies["csrftoken"]

    def get(self, address: str, headers=JSON, **how) -> httpx.Response:
        return self.client.get(address, headers=headers, **how)

    def post(self, address: str, data=None, headers=JSON, **how) -> httpx.Response:
        """Post JSON; pass `form` for a form, `content` with a `Content-Type` for anything else."""
        form = how.pop("form", None)
        if form is not None:
            how["data"] = form
        elif "content" not in how and "files" not in how:
            how["content"] = json.dumps({} if data is None else data)
            headers = {"Content-Type": "application/json", **headers}
        return self.client.post(address, headers={"X-CSRFToken": self.token, **headers}, **how)

    def close(self) -> None:
        self.client.close()


@dataclass
class House:
    """The server, what demo.json says, and everybody's browser."""

    server: Server
    demo: dict = field(default_factory=dict)
    _browsers: dict = field(default_factory=dict)

    def browser(self, email: str | None) -> Browser:
        """The browser of a person, logged in once."""
        if email not in self._browsers:
            self._browsers[email] = Browser(self.server.url, email)
        return self._browsers[email]

    def nobody(self) -> Browser:
        """A browser that nobody has logged in with yet."""
        return Browser(self.server.url, None)

    @cached_property
    def facilitator(self) -> Browser:
        return self.browser(FACILITATOR)

    @cached_property
    def stranger(self) -> Browser:
        return self.browser(STRANGER)

    @cached_property
    def admin(self) -> Browser:
        return self.browser(ADMIN)

    def teacher(self, number: int) -> Browser:
        return self.browser(TEACHERS[number - 1])

    @cached_property
    def users(self) -> dict[str, str]:
        """The ids of people as the plan's form offers them, by name."""
        return dict(self._choices(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]+)</option>', "facilitator"))

    @cached_property
    def _plan_page(self) -> str:
        answer = self.facilitator.get("/sessions/plan/", headers=PAGE)
        assert answer.status_code == 200
        return answer.text

    def _choices(self, pattern: str, name: str):
        part = re.search(rf'<select[^>]*name="{name}"(.*?)</select>', self._plan_page, re.DOTALL)[1]
        return [(text.strip(), key) for key, text in re.findall(pattern, part)]

    @cached_property
    def plan_fields(self) -> dict:
        """What the plan's form takes; people by e-mail are looked up once."""
        rubric = self._choices(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]+)</option>', "rubric")[0][1]
        names = {FACILITATOR: "Rosa Medina", **dict(zip(TEACHERS, NAMES, strict=True))}
        self.user_ids = {email: self.users[name] for email, name in names.items()}
        return {
            "purpose": "calibrate",
            "focus_question": "Where does a quotation become evidence?",
            "protocol": "calibration-scoring",
            "assignment": self.demo["assignment"],
            "samples": self.demo["samples"][:2],
            "rubric": rubric,
            "starts_at": "2030-05-14T15:00",
            "minutes_at_hand": "90",
        }

    def plan(self, *, by: str = FACILITATOR, facilitator: str = FACILITATOR, people=None, roles=None, **more):
        """The answer to a plan that is posted as the page posts it."""
        fields = self.plan_fields | {"facilitator": self.user_ids[facilitator]}
        fields |= {role: self.user_ids[email] for role, email in (ROLES if roles is None else roles).items()}
        everyone = [FACILITATOR, *TEACHERS[:5]] if people is None else people
        fields["people"] = [self.user_ids.get(email, email) for email in everyone]
        return self.browser(by).post("/sessions/plan/", form=fields | more, headers=PAGE)

    def room(self, *, step: int | None = None, **how) -> "Room":
        """A session of its own: planned, or opened and started and at `step`. teacher6 is not in its plan."""
        answer = self.plan(**how)
        assert answer.status_code == 302, re.findall(r"invalid-feedback[^<]*<[^<]*", answer.text)
        room = Room(self, re.search(r"/sessions/([0-9a-f-]{36})/", answer.headers["location"])[1])
        if step is not None:
            room.run_to(step)
        return room


NAMES = ["Maya Ellis", "David Kim", "Aisha Noor", "Tom Weller", "Lena Petrova", "Jun Sato"]


@dataclass
class Room:
    """One session, and what people do in it."""

    house: House
    id: str

    @property
    def address(self) -> str:
        return f"/sessions/{self.id}/"

    def who(self, who) -> Browser:
        return who if isinstance(who, Browser) else self.house.browser(who)

    def get(self, part: str = "", who=FACILITATOR, headers=JSON, **how) -> httpx.Response:
        return self.who(who).get(self.address + part, headers=headers, **how)

    def post(self, part: str, data=None, who=FACILITATOR, headers=JSON, **how) -> httpx.Response:
        return self.who(who).post(self.address + part, data, headers=headers, **how)

    def state(self, who=FACILITATOR) -> dict:
        answer = self.get("state/", who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @property
    def version(self) -> int:
        return self.state()["version"]

    def command(self, name: str, who=FACILITATOR, **args) -> httpx.Response:
        return self.post(f"commands/{name}/", args, who)

    def give(self, name: str, who=FACILITATOR, **args) -> int:
        """A command that must be taken; the version after it."""
        answer = self.command(name, who, **args)
        assert answer.status_code == 200, answer.text
        return answer.json()["version"]

    def run_to(self, step: int) -> "Room":
        self.give("open")
        self.give("start")
        if step > 1:
            self.give("go_to", step=step)
        return self

    def wall(self) -> tuple[Browser, str]:
        """A browser that opened this session's projector link, and its address."""
        page = self.post("projector/", form={}, headers=PAGE)
        link = re.search(r'data-copy="http://[^/]+([^"]+)"', page.text)[1]
        browser = self.house.nobody()
        answer = browser.post(link, form={}, headers=PAGE)
        assert answer.status_code == 303, answer.text
        return browser, answer.headers["location"]

    # --- what is on the table; ids do not change while a session runs
    @cached_property
    def facts(self) -> dict:
        return self.state()

    @property
    def samples(self) -> list[str]:
        return [sample["id"] for sample in self.facts["samples"]]

    @property
    def criteria(self) -> list[str]:
        return [criterion["id"] for criterion in self.facts["rubric"]["criteria"]]

    @property
    def levels(self) -> list[int]:
        return [level["value"] for level in self.facts["rubric"]["levels"]]

    def seat(self, email: str) -> str:
        """The id of a person in this room."""
        name = {FACILITATOR: "Rosa Medina", **dict(zip(TEACHERS, NAMES, strict=True))}[email]
        return next(person["id"] for person in self.facts["people"] if person["name"] == name)

    # --- what people write
    def score(self, who=TEACHERS[1], *, sample=0, criterion=0, level=3, headers=JSON, **more) -> httpx.Response:
        data = {
            "sample": self.samples[sample],
            "criterion": self.criteria[criterion],
            "level": level,
            "rationale": "",
            "client_id": new_id(),
        }
        return self.post("scores/", data | more, who, headers)

    def score_all(self, who=TEACHERS[1], *, sample=0, level=3, **more) -> None:
        for number in range(len(self.criteria)):
            answer = self.score(who, sample=sample, criterion=number, level=level, **more)
            assert answer.json() == {"saved": True}, answer.text

    def note(self, who=TEACHERS[1], *, kind="private", text="A note.", headers=JSON, **more) -> httpx.Response:
        return self.post("notes/", {"kind": kind, "text": text, "client_id": new_id()} | more, who, headers)

    def consensus(self, who=TEACHERS[2], *, sample=0, criterion=0, level=3, **more) -> httpx.Response:
        data = {"sample": self.samples[sample], "criterion": self.criteria[criterion], "level": level}
        return self.post("consensus/", data | {"rationale": "", "client_id": new_id()} | more, who)

    def done(self, who=TEACHERS[1], *, step=None, done=True, **more) -> httpx.Response:
        number = self.state()["step"]["number"] if step is None else step
        return self.post("done/", {"step": number, "done": done} | more, who)

    def panel(self, name: str, who=TEACHERS[1]) -> str:
        answer = self.get(f"panel/{name}/", who, headers=PAGE)
        assert answer.status_code == 200, answer.text
        return answer.text

    def step_making(self, makes: str, sample: int | None = 0) -> int:
        """The number of the first step that makes this (of a sample), as Calibration scoring runs."""
        # norms, read, then score, reveal, discuss, agree for each sample, then next steps and debrief
        each = ["scores", "reveal", "notes", "consensus"]
        if makes in {"next_steps", "debrief"}:
            return 2 + 4 * len(self.samples) + (1 if makes == "next_steps" else 2)
        return 3 + 4 * (sample or 0) + each.index(makes)


def together(count: int, call) -> list:
    """What `call(number)` gives, `count` times at once from as many threads."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


def is_sentence(answer: httpx.Response) -> bool:
    """Whether a refusal is `{"error": one sentence}` and nothing that speaks of code."""
    found = answer.json()
    words = found.get("error", "") if isinstance(found, dict) else ""
    hints = ("Traceback", "Exception", "Error(", " at 0x", "NoneType", "django", "sqlite")
    return (
        set(found) == {"error"}
        and isinstance(words, str)
        and 10 < len(words) < 300
        and words.strip().endswith((".", "?"))
        and not any(hint in words for hint in hints)
    )


def assert_refused(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.text[:300]}"
    assert answer.headers["content-type"].startswith("application/json"), answer.text[:300]
    assert is_sentence(answer), answer.text


def wait_for(condition, seconds: float = PATIENCE):
    """What `condition()` gives once it is true of anything."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


# --- streams ---------------------------------------------------------------------------------------------------
class Listener:
    """An EventSource: events as (name, id, data)."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._stack = contextlib.ExitStack()
        client = self._stack.enter_context(
            httpx.Client(base_url=browser.client.base_url, cookies=browser.cookies, timeout=20)
        )
        self.answer = self._stack.enter_context(client.stream("GET", address, headers={"Accept": "text/event-stream"}))
        self.status = self.answer.status_code
        self._lines = self.answer.iter_lines()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self._stack.close()

    def body(self):
        return json.loads(self.answer.read())

    def next(self):
        name, number, data = "", None, ""
        for line in self._lines:
            key, _, value = line.partition(": ")
            if key == "event":
                name = value
            elif key == "id":
                number = int(value)
            elif key == "data":
                data += value
            elif not line and name:
                return name, number, json.loads(data)
        raise EOFError

    def event(self, wanted: str, condition=lambda data: True, within: float = 20):
        """The next event of this name whose data meets the condition."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            name, number, data = self.next()
            if name == wanted and condition(data):
                return number, data
        raise AssertionError(f"no such event within {within} s")
