"""Nothing that a person typed in the room is lost, sent twice, or sent by somebody else."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import READING, SCORING, card, choose, press, table  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_what_is_written_without_a_network_is_sent_once_by_the_next_tab(table):  # noqa: F811
    room = table(SCORING)
    context = room.context(2)
    page = room.enter(context)
    context.set_offline(True)
    choose(page, "Claim", 2)
    choose(page, "Claim", 3)
    card(page, "Claim").locator("textarea").fill("Line 5 says so.")
    page.fill("#note-text", "I wavered.")
    page.get_by_role("button", name="Add note").click()
    page.fill("#note-text", "Half a sen")
    expect(card(page, "Claim").locator(".state")).to_have_text("waiting for Wi-Fi")
    expect(page.locator("[data-line]")).to_contain_text("No connection")
    page.wait_for_timeout(1200)
    page.close()
    assert room.rows("Score", "level") == []

    context.set_offline(False)
    page = room.enter(context)
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    expect(page.locator("#note-text")).to_have_value("Half a sen")
    expect(page.locator(".notes")).to_contain_text("I wavered.")
    assert room.rows("Score", "level", "rationale") == [["3", "Line 5 says so."]]
    assert room.rows("Note", "text", "step") == [["I wavered.", "2"]]


def test_a_killed_server_costs_no_word(table):  # noqa: F811
    room = table(SCORING)
    page = room.person(2)
    choose(page, "Claim", 1)
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    room.server.kill()
    choose(page, "Claim", 4)
    expect(card(page, "Claim").locator(".state")).to_have_text("waiting for Wi-Fi")
    room.server.start()
    expect(card(page, "Claim").locator(".state")).to_have_text("saved", timeout=20_000)
    assert room.rows("Score", "level") == [["4"]]


def test_nobody_else_on_this_browser_sees_or_sends_what_waits(table):  # noqa: F811
    room = table(READING)
    context = room.context(2)
    page = room.enter(context)
    page.route("**/notes/", lambda route: route.abort())
    page.fill("#note-text", "Mine, not sent yet")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("[data-kept]")).to_contain_text("Mine, not sent yet")
    room.log_in(context, 1)  # somebody else, while the first one's page is still open
    page.unroute("**/notes/")
    page.fill("#note-text", "Typed into the old page")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("[data-line]")).to_contain_text("Someone else is logged in")
    page.goto(room.server.url + room.path)
    page.wait_for_selector(".is-live")
    page.wait_for_timeout(1500)
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert room.rows("Note", "text") == []

    room.log_in(context, 2)
    page.goto(room.server.url + room.path)
    expect(page.locator(".notes")).to_contain_text("Typed into the old page")
    notes = room.rows("Note", "text", "participant__user__email")
    assert sorted(notes) == [["Mine, not sent yet", room.emails[2]], ["Typed into the old page", room.emails[2]]]


def test_words_that_are_refused_stay_in_sight_and_can_be_tried_again(table):  # noqa: F811
    room = table(READING)
    page = room.person(2)
    answer = {"status": 400, "content_type": "application/json", "body": '{"error": "Not this kind."}'}
    page.route("**/notes/", lambda route: route.fulfill(**answer))
    page.fill("#note-text", "Keep me")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator("[data-kept]")).to_contain_text("This could not be filed: Not this kind.")
    page.unroute("**/notes/")
    page.reload()
    expect(page.locator("[data-kept]")).to_contain_text("Keep me")
    page.locator("[data-kept]").get_by_role("button", name="Try again").click()
    expect(page.locator("[data-kept]")).to_be_hidden()
    assert room.rows("Note", "text") == [["Keep me"]]


def test_a_sentence_can_be_finished_after_the_room_has_moved_on(table):  # noqa: F811
    room = table(SCORING)
    facilitator, page = room.person(0), room.person(2)
    choose(page, "Claim", 3)
    card(page, "Claim").locator("textarea").click()
    page.keyboard.type("Because line")
    press(facilitator, "next")
    expect(page.locator("[data-kept]")).to_contain_text("The room has moved on")
    page.keyboard.type(" five")
    expect(page.locator("[data-kept] .state")).to_have_text("saved")
    page.wait_for_timeout(1500)
    assert room.rows("Score", "level", "rationale", "late") == [["3", "Because line five", "False"]]
