"""The room on each kind of screen: no barrier for anyone, and light enough for a school's Wi-Fi."""

import gzip
import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.room import DISCUSSING, LOBBY, READING, SCORING, card, choose, press, table  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
FIRST_VISIT = 300_000


def barriers(page):
    """What axe finds, as rule and places. It is let in past the content policy, as an extension would be."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    ask = (
        "axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify("
        "found.violations.map(rule => [rule.id, rule.nodes.map(node => node.target.join(' '))])))"
    )
    answer = session.send("Runtime.evaluate", {"expression": ask, "awaitPromise": True})
    return json.loads(answer["result"]["value"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_state_of_the_room_has_a_barrier(table, scheme):  # noqa: F811
    room = table(LOBBY)
    facilitator = room.person(0, color_scheme=scheme)
    recorder = room.person(3, color_scheme=scheme)
    phone = room.person(2, color_scheme=scheme, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    everyone = (facilitator, recorder, phone)
    found = [barriers(page) for page in everyone]
    facilitator.get_by_role("button", name="Start").click()
    expect(facilitator.locator(".rail-step[aria-current=step]")).to_contain_text("Norms")
    for title in ("Read the task", "score alone", "Reveal"):
        found += [barriers(page) for page in everyone]
        press(facilitator, "next")
        expect(facilitator.locator(".rail-step[aria-current=step]")).to_contain_text(title)
        expect(phone.locator(".title-name")).to_contain_text(title)
        if title == "score alone":
            for page in everyone:
                choose(page, "Claim", 3)
                expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    press(facilitator, "reveal")
    for page in everyone:
        expect(page.locator("[data-crit-tab]").first).to_be_visible()
    found += [barriers(page) for page in everyone]
    phone.locator("[data-show=people]").tap()
    facilitator.get_by_role("button", name="People").first.click()
    found += [barriers(page) for page in (facilitator, phone)]
    assert [each for each in found if each] == []


def test_everything_in_scoring_goes_by_keyboard(table):  # noqa: F811
    room = table(SCORING)
    page = room.person(2)
    page.wait_for_selector(".viewer.is-drawn")
    card(page, "Claim").locator("input[name=level]").first.focus()
    page.keyboard.press("3")
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    card(page, "Claim").get_by_role("button", name="Point to a place").press("Enter")
    expect(page.locator(".overlay-cross")).to_be_attached()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    expect(card(page, "Claim").locator(".place")).to_have_text("pin 1")
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    expect(page.locator(".overlay-pin")).to_be_visible()
    page.wait_for_timeout(500)
    (level, x, y) = room.rows("Score", "level", "x", "y")[0]
    assert level == "3"
    assert float(x) < 0.5
    assert float(y) < 0.5


def test_the_button_says_what_is_missing_until_it_can_be_pressed(table):  # noqa: F811
    room = table(SCORING)
    page = room.person(2)
    button = page.locator("[data-done-button]")
    expect(button).to_have_text("0 of 3 scored")
    expect(button).to_have_attribute("aria-disabled", "true")
    button.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Choose a level for Claim")
    for title in ("Claim", "Evidence", "Reasoning"):
        choose(page, title, 2)
    expect(button).to_have_text("I am done")
    button.click()
    expect(button).to_contain_text("I need more time")
    expect(page.locator("[data-done-words]")).to_have_text("1 of 4")


def test_a_first_visit_is_light_and_can_be_read_before_the_viewer_is_there(table):  # noqa: F811
    room = table(READING)
    context = room.context(2)
    context.route("**/openseadragon*.js", lambda route: route.abort())
    page = room.enter(context)
    expect(page.locator(".now .prompt")).to_be_visible()
    context.unroute("**/openseadragon*.js")

    context = room.context(2)
    page = context.new_page()
    weights = {}

    def weigh(response):
        if "/pages/" in response.url or "/stream/" in response.url:
            return  # the work itself, which the viewer fetches page by page
        body = response.body()
        packed = response.url.endswith((".woff2", ".webp", ".jpg"))
        weights[response.url] = len(body) if packed else len(gzip.compress(body))

    page.on("requestfinished", lambda request: weigh(request.response()))
    page.goto(room.server.url + room.path)
    page.wait_for_selector(".is-live")
    page.wait_for_timeout(1500)
    assert sum(weights.values()) < FIRST_VISIT, weights
    assert len(weights) > 10  # the count saw the modules


def test_four_times_the_size_needs_no_sideways_scrolling(table):  # noqa: F811
    room = table(SCORING)
    page = room.person(2, viewport={"width": 320, "height": 256})
    expect(page.locator(".now .prompt")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def top(page, selector):
    return page.locator(selector).bounding_box()["y"]


@pytest.mark.parametrize("shape", [(390, 844), (820, 1180), (1366, 768)])
def test_the_scores_come_before_what_one_writes_about_them(table, shape):  # noqa: F811
    room = table(DISCUSSING)
    page = room.person(2, viewport={"width": shape[0], "height": shape[1]})
    expect(page.locator("[data-crit-tab]").first).to_be_visible()
    assert top(page, "[data-crit-tabs]") < top(page, ".note-form")
    assert page.evaluate("document.documentElement.scrollWidth") <= shape[0]
    if shape[0] == 820:
        expect(page.locator(".now .prompt")).to_be_visible()
        assert top(page, ".room-work") < top(page, ".room-now") < top(page, ".room-people")
        page.evaluate("for (const tool of document.querySelectorAll('.work-tools button')) tool.hidden = false")
        tools = page.locator(".work-tools button").all()
        assert len({round(tool.bounding_box()["x"]) for tool in tools}) == 1  # none lies on the work
