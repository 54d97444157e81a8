"""A session in which people score alone, and pages of people in it, on a server that several tests share."""

import itertools
import json

from playwright.sync_api import expect

from tests.browser.room import card
from tests.factories import PASSWORD

WAITS = "No connection. What you write is kept and sent later."
MEETINGS = itertools.count()
ARRANGE = """
import json
from esw.core import clock
from sessions_app.domain import commands
from tests.factories import UserFactory
from tests.sessions_app.meeting import Meeting
UserFactory.reset_sequence(FIRST)
meeting = Meeting(people=4, samples=2, pages=1)
for name in ("open", "start", "next", "next"):
    commands.give_command(session=meeting.session, by=meeting.facilitator.seat, name=name, args={}, now=clock.now())
print(json.dumps({"session": str(meeting.session.pk), "emails": [user.email for user in meeting.users]}))
"""


class Room:
    """`python` runs code beside the server and gives its last line; people are counted from 0, who facilitates."""

    def __init__(self, python, browser, url):
        self.python, self.browser, self.url = python, browser, url
        made = json.loads(python(f"FIRST = {100 * next(MEETINGS)}\n{ARRANGE}"))
        self.session, self.emails = made["session"], made["emails"]
        self.path = f"/sessions/{self.session}/"
        self.problems = []

    def page(self, number, url=None):
        """Somebody who has just logged in, at home; `url` when it is not the server's own."""
        context = self.browser.new_context(ignore_https_errors=True, viewport={"width": 1366, "height": 768})
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto((url or self.url) + "/accounts/login/")
        page.fill("[name=login]", self.emails[number])
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/")
        return page

    def enter(self, number, url=None):
        page = self.page(number, url)
        page.goto((url or self.url) + self.path)
        page.wait_for_selector("[data-room].is-live")
        return page

    def rows(self, model, *fields):
        """What the database holds of this session."""
        code = (
            f"import json; from sessions_app.models import {model}\n"
            f"rows = {model}.objects.filter(session={self.session!r}).values_list(*{fields!r})\n"
            "print(json.dumps([list(map(str, row)) for row in rows]))"
        )
        return sorted(json.loads(self.python(code)))


def line(page):
    """What the room says above everything else."""
    return page.locator("[data-line]")


def state(page, title):
    """Whether a score is saved, as its card says."""
    return card(page, title).locator(".state")


def step(page):
    return page.locator(".rail-step[aria-current=step]")


def add_note(page, text):
    page.fill("#note-text", text)
    page.get_by_role("button", name="Add note").click()


def same_clock(*pages):
    """Every screen shows the same seconds, but for the moment between two looks."""
    seconds = []
    for page in pages:
        expect(page.locator("[data-clock-time]")).not_to_be_empty()
        minutes, rest = page.locator("[data-clock-time]").inner_text().strip().split(":")
        seconds.append(int(minutes) * 60 + int(rest))
    assert max(seconds) - min(seconds) <= 2, seconds
