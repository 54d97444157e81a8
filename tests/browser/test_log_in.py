"""Logging in at the table: a code from the phone's mail, typed with one thumb, and back to where one was."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.room import LOBBY, READING, table  # noqa: F401 (a fixture)
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "reduced_motion": "reduce"}


def newest_code(server):
    """Where nothing is mailed, letters are files."""
    letters = sorted((server.data_dir / "mail").iterdir(), key=lambda each: each.stat().st_mtime_ns)
    return re.search(r"Subject: (\d{6}) is your code", letters[-1].read_text())[1]


def test_i_scan_the_code_of_a_room_and_log_in_by_mail_on_my_phone(table, browser):  # noqa: F811
    at = table(LOBBY)
    watch = Watch()
    code = at.server.python(
        f"from sessions_app.models import Session; print(Session.objects.get(pk={at.path.split('/')[2]!r}).join_code)"
    ).strip()
    page = browser.new_context(**PHONE).new_page()
    watch.listen(page)
    page.called = "log-in by code"
    page.goto(f"{at.server.url}/join/?code={code}")
    page.get_by_label("E-mail address").fill(at.emails[1])
    page.get_by_role("button", name="Mail me a code").click()
    field = page.get_by_label("The six digits from the letter")
    expect(field).to_be_focused()
    watch.barriers(page)
    watch.look(page)
    watch.width(page, 390)
    right = newest_code(at.server)
    page.keyboard.type(f"{(int(right) + 1) % 1_000_000:06}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You have four tries left.")
    expect(field).to_be_focused()
    watch.barriers(page)
    page.keyboard.type(f"{right[:3]} {right[3:]}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{at.path}")
    page.wait_for_selector("[data-room].is-live")
    watch.done()


def test_logged_out_in_the_room_i_log_in_by_code_and_my_words_arrive(table):  # noqa: F811
    at = table(READING)
    page = at.person(1)
    at.server.python("from django.contrib.sessions.models import Session; Session.objects.all().delete()")
    page.fill("#note-text", "I noticed the second line.")
    page.get_by_role("button", name="Add note").click()
    page.get_by_role("link", name="Log in again").click()
    page.get_by_label("E-mail address").fill(at.emails[1])
    page.get_by_role("button", name="Mail me a code").click()
    page.get_by_label("The six digits from the letter").fill(newest_code(at.server))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{at.path}")
    expect(page.locator(".notes")).to_contain_text("I noticed the second line.")
    assert at.rows("Note", "text") == [["I noticed the second line."]]
