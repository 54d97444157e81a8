"""Every screen shows the same step and the same clock, however it hears of them."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.room import LOBBY, READING, press, table  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def now(page):
    return page.locator(".rail-step[aria-current=step]")


def test_two_tabs_share_one_stream_and_the_second_goes_on_alone(table):  # noqa: F811
    room = table(READING)
    facilitator, context = room.person(0), room.context(2)
    streams = []
    context.on("request", lambda request: streams.append(request.url) if "/stream/" in request.url else None)
    first = room.enter(context)
    first.wait_for_timeout(500)
    second = room.enter(context)
    press(facilitator, "extend")
    for page in (first, second):
        expect(page.locator("[data-clock-words]")).to_have_text(re.compile("of 11 min"))
    assert len(streams) == 1
    first.close()
    press(facilitator, "pause")
    expect(second.locator("[data-clock-words]")).to_contain_text("paused")
    assert len(streams) == 2


def test_a_room_behind_a_proxy_without_streams_follows_all_the_same(table):  # noqa: F811
    room = table(READING)
    facilitator, context = room.person(0), room.context(2)
    context.route("**/stream/", lambda route: route.abort())
    page = room.enter(context)
    press(facilitator, "next")
    expect(now(page)).to_contain_text("score alone", timeout=12_000)


def test_the_lobby_becomes_the_room_by_itself_and_a_double_tap_moves_one_step(table):  # noqa: F811
    room = table(LOBBY)
    facilitator, page = room.person(0), room.person(2)
    facilitator.get_by_role("button", name="Start").click()
    expect(now(page)).to_contain_text("Norms")
    expect(now(facilitator)).to_contain_text("Norms")
    facilitator.locator(".room-bar form[data-command=next] button").dblclick()
    expect(now(page)).to_contain_text("Read the task")
    page.wait_for_timeout(1500)
    expect(now(page)).to_contain_text("Read the task")


def test_anyone_may_take_over_and_everyone_sees_it(table):  # noqa: F811
    room = table(READING)
    facilitator, page = room.person(0), room.person(2)
    page.get_by_role("button", name="People").first.click()
    page.get_by_role("button", name="Take over as facilitator").click()
    page.locator("[data-confirm-yes]").click()
    expect(page.locator(".room-bar form[data-command=next]")).to_be_visible()
    expect(facilitator.locator("#toasts")).to_contain_text("facilitates now")
    expect(facilitator.locator(".room-bar form")).to_have_count(0)


def test_the_last_minute_and_the_end_are_said_once(table):  # noqa: F811
    room = table(READING)
    context = room.context(2)
    clock = {"left": 63, "since": time.monotonic()}

    def nearly_over(route):
        """The server's state, with as little time left as the test can wait for."""
        state = route.fetch().json()
        state["step"]["seconds_left"] = round(clock["left"] - (time.monotonic() - clock["since"]))
        route.fulfill(json=state)

    context.route("**/stream/", lambda route: route.abort())
    context.route("**/state/", nearly_over)
    clock["since"] = time.monotonic()
    page = room.enter(context)
    page.evaluate(
        "window.said = []; new MutationObserver((changes) => changes[0].target.textContent && "
        "window.said.push(changes[0].target.textContent)).observe("
        "document.querySelector('[data-say]'), {childList: true})"
    )
    expect(page.locator("[data-clock-time]")).to_have_text(re.compile(r"0:5\d"), timeout=15_000)
    clock.update(left=4, since=time.monotonic())
    expect(page.locator("[data-clock-time]")).to_have_text(re.compile(r"^\+0:0\d"), timeout=20_000)
    page.wait_for_timeout(500)
    assert page.evaluate("window.said") == ["One minute left.", "Time is up."]
