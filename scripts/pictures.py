"""`make pictures`: the pictures in docs/pictures, taken from the running demo school.

The demo is made in a temporary folder, its clock set to HOUR, and Chromium looks at it through windows of fixed sizes,
so that pictures differ only where ESW does. `PICTURES` says which there are; the functions below say how each comes
about. Named ones are taken alone: `python scripts/pictures.py reveal projector`.
"""

import contextlib
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
HOUR = "2026-11-24T20:30+00:00"  # half past three on a Tuesday afternoon in ZONE
ZONE = "America/New_York"
PASSWORD = "look-closely-together"  # noqa: S105 (the demo's, as README has it)
READY_WITHIN = 180  # seconds
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
]  # fmt: skip

WIDE, TALL, PHONE, WALL = (1366, 768), (1366, 1040), (390, 844), (1280, 720)
#: name → the window it is taken through, in CSS pixels.
PICTURES = {
    "home": TALL,
    "plan": TALL,
    "redact": WIDE,
    "lobby": WIDE,
    "room": WIDE,
    "room-dark": WIDE,
    "phone": PHONE,
    "reveal": WIDE,
    "projector": WALL,
    "record": TALL,
    "school": (1366, 1200),
}
DENSITY, PHONE_DENSITY = 1.5, 2  # pixels of the file (WebP) for one of the window
QUALITY = 80
PORT = 8000  # as README has it, so that addresses in the pictures are too; another one when it is taken
FACILITATOR, PRINCIPAL = "facilitator@demo.example", "admin@demo.example"
TEACHERS = [f"teacher{number}@demo.example" for number in range(1, 7)]


@dataclass
class Studio:
    """The demo school on `url`, a browser, and what has been taken so far."""

    url: str
    demo: dict[str, Any]
    browser: Browser
    wanted: frozenset[str]
    taken: list[str] = field(default_factory=list)
    contexts: dict[str, BrowserContext] = field(default_factory=dict)

    def who(self, email: str) -> BrowserContext:
        """This person's own browser, logged in."""
        if email not in self.contexts:
            context = self.window(WIDE)
            page = context.new_page()
            page.goto(f"{self.url}/accounts/login/")
            page.fill("[name=login]", email)
            page.fill("[name=password]", PASSWORD)
            page.press("[name=password]", "Enter")
            page.wait_for_url(f"{self.url}/")
            page.close()
            self.contexts[email] = context
        return self.contexts[email]

    def window(self, size: tuple[int, int], density: float = DENSITY, **more: Any) -> BrowserContext:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=density,
            reduced_motion="reduce",
            timezone_id=ZONE,
            locale="en-US",
            **more,
        )
        context.set_default_timeout(30_000)
        return context

    def open(self, email: str, address: str, size: tuple[int, int] = WIDE, scheme: str = "light") -> Page:
        page = self.who(email).new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(self.url + address)
        return page

    def take(self, name: str, page: Page) -> None:
        """Keep what the page shows, once its pictures and fonts are there."""
        width, height = PICTURES[name]
        if name not in self.wanted:
            return
        page.set_viewport_size({"width": width, "height": height})
        page.bring_to_front()
        page.evaluate("document.fonts.ready")
        page.wait_for_load_state("load")
        page.wait_for_timeout(1200)  # for what is drawn when the page is idle
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        shot.save(FOLDER / f"{name}.webp", "WEBP", quality=QUALITY, method=6)
        self.taken.append(name)
        print(
            f"  {name}: {shot.width} × {shot.height}, {(FOLDER / f'{name}.webp').stat().st_size // 1024} KB", flush=True
        )


# --- pages that stand still ------------------------------------------------------------------------------------


def still_pages(studio: Studio) -> None:
    """Home, plan, redact, the record of a finished session, the school."""
    demo = studio.demo
    studio.take("home", studio.open(FACILITATOR, "/"))
    studio.take("plan", studio.open(FACILITATOR, f"/sessions/{demo['sessions']['planned']}/plan/"))
    studio.take("record", studio.open(FACILITATOR, f"/sessions/{demo['sessions']['finished']}/record/"))
    page = studio.open(PRINCIPAL, "/schools/")
    if page.url.endswith("/schools/"):
        page.locator("main a[href^='/schools/']").first.click()
    studio.take("school", page)
    redact(studio)


def redact(studio: Studio) -> None:
    """Somebody's draft of a sample, read already: a place is offered where a name stands."""
    page = studio.open(TEACHERS[0], f"/assignments/{studio.demo['assignment']}/")
    link = page.locator("a[href*='/redact/']").first
    page.goto(studio.url + (link.get_attribute("href") or ""))
    if "/samples/" not in page.url:
        page.locator("a[href^='/samples/'][href*='/redact/']").first.click()
    page.locator("[data-offers-list] li").first.wait_for(timeout=READY_WITHIN * 1000)
    page.get_by_text("Still reading the pages").wait_for(state="hidden", timeout=READY_WITHIN * 1000)
    studio.take("redact", page)


# --- the meeting ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What one person gives the first sample: levels, in the order of the criteria, and some reasons and places."""

    levels: tuple[int, ...]
    reasons: dict[int, str] = field(default_factory=dict)
    places: dict[int, tuple[float, float]] = field(default_factory=dict)

    def first(self, count: int) -> "Given":
        return Given(self.levels[:count], self.reasons, self.places)


#: They part over the second criterion, so that there is something to talk about.
GIVEN = {
    FACILITATOR: Given(
        (3, 2, 3),
        {0: "Takes a side in the first line and keeps to it.", 1: "Quotes the article. What follows from it?"},
        {0: (0.72, 0.19), 1: (0.80, 0.33)},
    ),
    TEACHERS[0]: Given((3, 2, 3), {1: "The article is there. What it shows is left to the reader."}),
    TEACHERS[1]: Given((3, 3, 3), {1: "‘That means’ says what the numbers have to do with the claim."}),
    TEACHERS[2]: Given((3, 4, 2), {1: "Turns the quotation into a reason: time, not food, is the problem."}),
    TEACHERS[3]: Given((4, 1, 3), {1: "One source, and no word about where it comes from."}),
    TEACHERS[4]: Given((3, 2, 3)),
    TEACHERS[5]: Given((2, 3, 3), {1: "Uses two numbers from the article and compares them."}),
}
#: Who is still at it when the room is shown.
UNDONE = {FACILITATOR: 2, TEACHERS[2]: 2, TEACHERS[5]: 0}


class Meeting:
    """The session that waits in the lobby, with everyone in the room."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.path = f"/sessions/{studio.demo['sessions']['lobby']}/"
        self.pages = {email: studio.open(email, self.path) for email in (FACILITATOR, *TEACHERS)}
        self.facilitator = self.pages[FACILITATOR]

    def post(self, email: str, part: str, **words: Any) -> None:
        context = self.studio.who(email)
        token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrftoken")
        headers = {"X-CSRFToken": token, "Accept": "application/json"}
        answer = context.request.post(self.studio.url + self.path + part, data=words, headers=headers)
        if not answer.ok:
            sys.exit(f"{part} was refused: {answer.status} {answer.text()[:300]}")

    def command(self, name: str, **words: Any) -> None:
        self.post(FACILITATOR, f"commands/{name}/", **words)

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self.studio.who(FACILITATOR).request.get(self.studio.url + self.path + "state/").json()
        return found

    def go_to(self, step: int) -> None:
        self.command("go_to", step=step)
        for page in self.pages.values():
            page.locator(f".now[data-number='{step}']").wait_for(state="attached")

    def score(self, email: str, given: Given) -> None:
        state = self.state
        sample = state["step"]["sample"]
        work = self.studio.who(email).request.get(self.studio.url + self.path + "panel/work/").text()
        page = re.search(rf'data-page="([0-9a-f-]+)" data-sample="{sample}"', work)
        for at, level in enumerate(given.levels):
            words: dict[str, Any] = {
                "sample": sample,
                "criterion": state["rubric"]["criteria"][at]["id"],
                "level": level,
                "rationale": given.reasons.get(at, ""),
                "client_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{email}{at}")),
            }
            if page and at in given.places:
                words |= {"page": page[1], "x": given.places[at][0], "y": given.places[at][1]}
            self.post(email, "scores/", **words)


def meet(studio: Studio) -> None:
    """The lobby, the room, the phone, the reveal and the projector, in the order of a meeting."""
    meeting = Meeting(studio)
    for page in meeting.pages.values():
        page.wait_for_function("document.querySelectorAll('.people-row:not(.is-away)').length >= 7")
    studio.take("lobby", meeting.facilitator)
    meeting.command("start")
    for page in meeting.pages.values():
        page.locator(".room.is-live").wait_for()
    meeting.go_to(3)
    for email, given in GIVEN.items():
        meeting.score(email, given.first(UNDONE.get(email, len(given.levels))))
        if email not in UNDONE:
            meeting.post(email, "done/", step=3, done=True)
    rooms(studio, meeting)
    for email in UNDONE:
        meeting.score(email, GIVEN[email])
    meeting.go_to(4)
    meeting.command("reveal", sample=meeting.state["step"]["sample"])
    meeting.go_to(5)
    claim = meeting.state
    for email in (TEACHERS[0], TEACHERS[3], TEACHERS[2]):
        criterion = claim["rubric"]["criteria"][1]["id"]
        meeting.post(email, "claim/", sample=claim["step"]["sample"], criterion=criterion, claimed=True)
    page = meeting.pages[TEACHERS[0]]
    page.locator(".dot.is-mine:visible").wait_for()
    page.locator(".viewer.is-drawn").wait_for()
    studio.take("reveal", page)
    project(studio, meeting)


def rooms(studio: Studio, meeting: Meeting) -> None:
    """The same step on three screens: the facilitator's, a teacher's in the dark, and a phone."""
    room = meeting.facilitator
    room.reload()
    room.locator(".viewer.is-drawn").wait_for()
    room.locator(".overlay-pin").first.wait_for()
    studio.take("room", room)
    dark = meeting.pages[TEACHERS[1]]
    dark.emulate_media(color_scheme="dark")
    dark.reload()
    dark.locator(".viewer.is-drawn").wait_for()
    studio.take("room-dark", dark)
    context = studio.window(PHONE, PHONE_DENSITY, is_mobile=True, has_touch=True)
    context.add_cookies(studio.who(TEACHERS[2]).cookies())  # type: ignore[arg-type]
    phone = context.new_page()
    phone.goto(studio.url + meeting.path)
    phone.locator(".room.is-live").wait_for()
    studio.take("phone", phone)
    context.close()


def project(studio: Studio, meeting: Meeting) -> None:
    page = studio.open(FACILITATOR, f"{meeting.path}projector/")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open here in a new window").click()
    wall = opened.value
    wall.locator(".wall.is-live").wait_for()
    studio.take("projector", wall)


# --- the stage ----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def demo_school() -> Iterator[tuple[str, dict[str, Any]]]:
    """The demo school in a temporary folder, on a free port; stopped and gone afterwards."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="esw-pictures-") as folder:
        command = [sys.executable, str(ROOT / "scripts" / "demo_at.py"), HOUR, "--port", str(port), "--data", folder]
        with (Path(folder) / "server.log").open("wb") as log:
            server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
        try:
            _wait_for(server, url, Path(folder) / "server.log")
            yield url, json.loads((Path(folder) / "demo.json").read_text())
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _free_port() -> int:
    for wanted in (PORT, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", wanted))
            return int(probe.getsockname()[1])
    sys.exit("There is no free port.")


def _wait_for(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310
            return
        time.sleep(0.2)
    sys.exit(f"The demo school did not start:\n{log.read_text(errors='replace')[-3000:]}")


def main() -> None:
    wanted = frozenset(sys.argv[1:]) or frozenset(PICTURES)
    if unknown := wanted - set(PICTURES):
        sys.exit(f"There is no picture called {', '.join(sorted(unknown))}. There are: {', '.join(PICTURES)}.")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Pictures need Chromium: put `chromium` on the PATH, or say CHROMIUM=its path.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    print("Making the demo school", flush=True)
    with demo_school() as (url, demo), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        studio = Studio(url=url, demo=demo, browser=browser, wanted=wanted)
        still_pages(studio)
        meet(studio)
        browser.close()
    if missing := wanted - set(studio.taken):
        sys.exit(f"These pictures were not taken: {', '.join(sorted(missing))}.")


if __name__ == "__main__":
    main()
