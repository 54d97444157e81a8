"""Pins on the work: they stay on their place however the page is zoomed, moved and turned, for hand and keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import SCORING, card, choose, table  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def tip(page):
    """Where the first pin points to, in pixels of the window."""
    page.wait_for_timeout(600)  # the flight ends
    at = page.locator(".overlay-pin").first.evaluate(
        "pin => { const at = pin.getScreenCTM(); return [at.e, at.f]; }",
    )
    return tuple(at)


def point(page, title, at):
    card(page, title).locator("[data-point]").click()
    expect(page.locator(".overlay-cross")).to_be_attached()
    page.mouse.click(*at)
    expect(page.locator("[data-point-help]")).to_be_hidden()


def kept_place(room, page):
    expect(card(page, "Claim").locator(".state")).to_have_text("saved")
    ((x, y),) = room.rows("Score", "x", "y")
    return float(x), float(y)


def test_a_pin_stays_on_its_place_and_leads_to_its_words_and_back(table):  # noqa: F811
    room = table(SCORING)
    page = room.person(2)
    page.wait_for_selector(".viewer.is-drawn")
    choose(page, "Claim", 3)
    at = page.locator(".viewer-stage").bounding_box()
    place = (at["x"] + at["width"] / 2 + 40, at["y"] + 150)
    point(page, "Claim", place)
    assert tip(page) == pytest.approx(place, abs=1.5)
    was = kept_place(room, page)

    # closer, and turned: what lies under the tip is the same place of the page
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Turn the page").click()
    moved = tip(page)
    assert moved != pytest.approx(place, abs=20)
    point(page, "Claim", moved)
    assert kept_place(room, page) == pytest.approx(was, abs=0.005)

    # by keyboard alone, on the turned page: the cross begins in the middle
    page.locator(".openseadragon-canvas").focus()
    page.keyboard.press("0")
    page.keyboard.press("i")
    expect(page.locator(".viewer.is-inverted")).to_be_visible()
    card(page, "Evidence").locator("input[value='2']").click()
    card(page, "Evidence").locator("[data-point]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".overlay-cross")).to_be_attached()
    page.keyboard.press("Enter")
    expect(card(page, "Evidence").locator(".state")).to_have_text("saved")
    assert [0.5, 0.5] in [pytest.approx([float(x), float(y)], abs=0.03) for x, y in room.rows("Score", "x", "y") if x]
    page.locator(".openseadragon-canvas").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys, while you are in the work")).to_be_visible()
    page.keyboard.press("Escape")
    card(page, "Evidence").locator("[data-unpoint]").click()

    # from the pin to its words by hand and by keyboard, and from the words to the pin
    pin = page.get_by_role("button", name="Pin 1: Claim")
    pin.click()
    expect(card(page, "Claim").locator(".place")).to_be_focused()
    pin.focus()
    page.keyboard.press("Enter")
    expect(card(page, "Claim").locator(".place")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".overlay-pin.is-mine.is-lit")).to_be_visible()

    # another page hides it; beside its own it shows again; focus brings it into sight
    page.locator(".strip-page").nth(1).click()
    expect(pin).to_be_hidden()
    page.locator(".strip-page").nth(0).click()
    expect(pin).to_be_visible()
    page.get_by_role("button", name="Two side by side").click()
    expect(pin).to_be_visible()
    for _ in range(4):
        page.get_by_role("button", name="Closer").click()
    page.wait_for_timeout(600)
    pin.focus()
    x, y = tip(page)
    assert at["x"] < x < at["x"] + at["width"]
    assert at["y"] < y < at["y"] + at["height"]
