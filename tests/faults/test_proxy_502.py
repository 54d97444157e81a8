"""The proxy answers 502 for a while in a running meeting: what people see, and what arrives."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import card, choose, press
from tests.esw.server import start_server
from tests.faults.relay import Relay
from tests.faults.room import WAITS, add_note, line, state, step

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
AWAY = 10_000  # milliseconds: long in a meeting


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = start_server(tmp_path_factory.mktemp("proxy"))
    made.django = lambda code: made.python(code).strip().splitlines()[-1]
    yield made
    made.remove()
    print(made.tail())  # noqa: T201 (pytest shows it when a test failed)


@pytest.fixture
def proxy(server):
    relay = Relay(server.port)
    yield relay
    relay.close()


def test_the_room_says_that_it_waits_and_goes_on_by_itself(meet, proxy):
    room = meet()
    facilitator, page = room.enter(0), room.enter(2, proxy.url)
    choose(page, "Claim", 2)
    expect(state(page, "Claim")).to_have_text("saved")
    expect(page.locator("[data-clock-words]")).to_contain_text("of 10 min")

    proxy.away()
    choose(page, "Evidence", 3)
    card(page, "Evidence").locator("textarea").fill("Line 5 says so.")
    expect(state(page, "Evidence")).to_have_text("waiting for Wi-Fi")
    add_note(page, "Typed while it was away.")
    page.fill("#note-text", "Half a sen")
    expect(line(page)).to_have_text(WAITS)
    press(facilitator, "extend")
    page.wait_for_timeout(AWAY)
    expect(line(page)).to_have_text(WAITS)
    expect(card(page, "Claim").locator("input[name=level][value='2']")).to_be_checked()  # what is there stays there
    assert proxy.refused > 2

    proxy.mode = "ok"
    expect(state(page, "Evidence")).to_have_text("saved", timeout=10_000)
    expect(line(page)).to_be_empty()
    expect(page.locator("[data-clock-words]")).to_contain_text("of 11 min", timeout=10_000)
    expect(page.locator("#note-text")).to_have_value("Half a sen")
    expect(page.locator(".notes")).to_contain_text("Typed while it was away.")
    assert room.rows("Score", "level", "rationale") == [["2", ""], ["3", "Line 5 says so."]]
    assert room.rows("Note", "text") == [["Typed while it was away."]]


def test_what_the_server_took_while_the_proxy_said_502_is_there_once(meet, proxy):
    room = meet()
    page = room.enter(2, proxy.url)
    proxy.mode = "swallow"
    choose(page, "Claim", 4)
    card(page, "Claim").locator("textarea").fill("It takes a side.")
    add_note(page, "Heard and not answered.")
    expect(page.locator("[data-kept]")).to_contain_text("It is kept here and sent by itself.")
    expect(line(page)).to_have_text(WAITS)
    assert [path for method, path in proxy.passed if method == "POST" and path.startswith(room.path)]

    proxy.mode = "ok"
    expect(state(page, "Claim")).to_have_text("saved", timeout=10_000)
    expect(page.locator("[data-kept]")).to_be_hidden(timeout=10_000)
    expect(line(page)).to_be_empty()
    assert room.rows("Score", "level", "rationale") == [["4", "It takes a side."]]
    assert room.rows("Note", "text") == [["Heard and not answered."]]


def test_a_button_that_was_pressed_in_vain_says_so_and_works_when_it_is_pressed_again(meet, proxy):
    room = meet()
    page = room.enter(0, proxy.url)
    proxy.away()
    press(page, "next")
    expect(page.locator("#toasts")).to_contain_text("Please press again in a moment.")
    proxy.mode = "ok"
    expect(page.locator("form[data-busy]")).to_have_count(0)
    expect(line(page)).to_be_empty(timeout=10_000)
    press(page, "next")
    expect(step(page)).to_contain_text("Reveal")


def test_a_page_that_was_asked_for_comes_back_by_itself_and_a_form_is_still_there(meet, proxy):
    room = meet()
    page = room.page(1, proxy.url)
    proxy.away()
    page.goto(proxy.url + "/library/")
    expect(page.get_by_role("heading")).to_have_text("ESW is away for a moment")
    proxy.mode = "ok"
    expect(page.get_by_role("heading", name="Library").first).to_be_visible(timeout=15_000)

    page.goto(proxy.url + "/assignments/new/")
    page.fill("[name=title]", "Longer lunch")
    page.fill("[name=prompt]", "Should lunch be longer?")
    proxy.away()
    page.locator("form [type=submit]").last.click()
    expect(page.get_by_role("heading")).to_have_text("ESW was away when you sent this")
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)  # nothing comes by itself over what was typed
    proxy.mode = "ok"
    page.go_back()
    expect(page.locator("[name=title]")).to_have_value("Longer lunch")
    expect(page.locator("[name=prompt]")).to_have_value("Should lunch be longer?")
