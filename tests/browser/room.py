"""A team in a room, for browser tests: a real server, a session at a step, and people with browsers."""

import json

import pytest

ARRANGE = """
import json
from pathlib import Path
from django.conf import settings
from PIL import Image, ImageDraw
from esw.core import clock
from sessions_app.domain import commands
from teams.models import User
from tests.factories import UserFactory
from tests.sessions_app.meeting import Meeting
from work_samples.models import Page

UserFactory.reset_sequence(User.objects.count(), force=True)  # a second table has people of its own
meeting = Meeting(people=4, samples=2, pages=1, protocol=PROTOCOL)
folder = Path(settings.MEDIA_ROOT)
folder.mkdir(parents=True, exist_ok=True)
for page in Page.objects.all():
    picture = Image.new("RGB", (1500, 2000), "#fffef8")
    for line in range(200, 1900, 80):
        ImageDraw.Draw(picture).line((100, line, 1400, line), fill="#b9cfe0", width=3)
    page.image, page.thumbnail = f"{page.pk}.jpg", f"{page.pk}.webp"
    picture.save(folder / page.image.name)
    picture.resize((150, 200)).save(folder / page.thumbnail.name)
    page.save()
for name, args in COMMANDS:
    commands.give_command(
        session=meeting.session, by=meeting.facilitator.seat, name=name, args=args, now=clock.now()
    )
print(json.dumps({"session": str(meeting.session.pk), "emails": [user.email for user in meeting.users]}))
"""
LOBBY = [["open", {}]]
READING = [*LOBBY, ["start", {}], ["next", {}]]
SCORING = [*READING, ["next", {}]]
DISCUSSING = [*SCORING, ["next", {}], ["reveal", {}], ["next", {}]]
AGREEING = [*DISCUSSING, ["next", {}]]
NEXT_STEPS = [*AGREEING, ["go_to", {"step": 11}]]


class Table:
    """One session on a running server; people are counted as in `Meeting`: 0 facilitates, 3 records."""

    def __init__(self, server, browser, at, protocol="calibration-scoring"):
        self.server = server
        self.browser = browser
        arranged = server.python(f"COMMANDS = {at!r}\nPROTOCOL = {protocol!r}\n{ARRANGE}")
        made = json.loads(arranged.strip().splitlines()[-1])
        self.emails = made["emails"]
        self.path = f"/sessions/{made['session']}/"
        if server.process is None:
            server.start()
        self.problems = []

    def context(self, number, **shape):
        context = self.browser.new_context(**({"viewport": {"width": 1366, "height": 768}} | shape))
        context.set_default_timeout(15_000)
        self.log_in(context, number)
        return context

    def log_in(self, context, number):
        """Become somebody else in this browser, as a log-out and a log-in would: the old page's token is void."""
        cookies = self.server.log_in(self.emails[number])
        context.clear_cookies()
        context.add_cookies([{"name": name, "value": value, "url": self.server.url} for name, value in cookies.items()])

    def enter(self, context):
        page = self.open(context, self.path)
        page.wait_for_selector("[data-room].is-live")
        return page

    def open(self, context, path):
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self._console)
        page.goto(self.server.url + path)
        return page

    def _console(self, message):
        if "Security Policy" in message.text:
            self.problems.append(message.text)

    def person(self, number, **shape):
        return self.enter(self.context(number, **shape))

    def rows(self, model, *fields, room="sessions_app"):
        """What the database holds, as lists."""
        names = ", ".join(map(repr, fields))
        code = (
            f"import json\nfrom {room}.models import {model}\n"
            f"rows = {model}.objects.order_by('pk').values_list({names})\n"
            "print(json.dumps([list(map(str, row)) for row in rows]))"
        )
        return json.loads(self.server.python(code).strip().splitlines()[-1])


@pytest.fixture
def table(serve, browser):
    """A function that lays a table: `table(SCORING)`."""
    laid = []

    def lay(at):
        laid.append(Table(serve(start=False), browser, at))
        return laid[-1]

    yield lay
    for each in laid:
        assert each.problems == []


def press(page, name):
    """A button of the facilitator's bar, and yes when it asks."""
    form = page.locator(f".room-bar form[data-command={name}]")
    asks = form.get_attribute("data-confirm")
    form.locator("button").click()
    if asks:
        page.locator("[data-confirm-yes]").click()


def card(page, title):
    return page.locator(f"form[data-score][data-title='{title}']")


def choose(page, title, level):
    card(page, title).locator(f"input[name=level][value='{level}']").click()
