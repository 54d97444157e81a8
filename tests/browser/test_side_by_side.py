"""Two people look at samples side by side: each pins what they see, and both pins stand on the same places."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import LOBBY, Table
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
DESCRIBING = [*LOBBY, ["start", {}], ["next", {}]]


def pane(page, number):
    return page.locator(".pane").nth(number)


def pin_note(page, number, words, *, share):
    """Write a note that points into a pane; the place in shares of the pane."""
    form = page.locator(".write form[data-note]")
    form.locator("[data-point]").click()
    expect(page.locator(".overlay-cross")).to_be_attached()
    box = pane(page, number).bounding_box()
    page.mouse.click(box["x"] + box["width"] * share[0], box["y"] + box["height"] * share[1])
    expect(page.locator("[data-point-help]")).to_be_hidden()
    form.locator("textarea").fill(words)
    form.get_by_role("button", name="Add note").click()
    expect(form.locator("textarea")).to_have_value("")


def test_two_people_pin_what_they_see_side_by_side(serve, browser):
    table = Table(serve(start=False), browser, DESCRIBING, protocol="atlas")
    one, two = table.person(0), table.person(2, color_scheme="dark")
    watch = Watch()
    for page in (one, two):
        watch.listen(page)
        page.wait_for_selector(".viewer.is-drawn")
        page.get_by_role("button", name="Two side by side").click()
        expect(page.locator(".pane[data-drawn]")).to_have_count(2)

    # the one points into A, the other, who has turned B, into B: each pin stands in its own pane on both screens
    pin_note(one, 0, "a line in A", share=(0.5, 0.4))
    pane(two, 1).locator(".openseadragon-canvas").click()
    two.keyboard.press("r")
    pin_note(two, 1, "a line in B", share=(0.5, 0.5))
    for page in (one, two):
        for number in (0, 1):
            expect(pane(page, number).locator(".overlay-pin:not([display])")).to_have_count(1)
    (ax, ay), (bx, by) = sorted((float(x), float(y)) for x, y in table.rows("Note", "x", "y"))
    assert (bx, by) == pytest.approx((0.5, 0.5), abs=0.02)  # the middle of a page stays its middle
    assert (ax, ay) == pytest.approx((0.5, 0.4), abs=0.2)

    # looking closer with one brings the other along, until each moves alone
    def closeness(number):
        box = pane(one, number).locator(".overlay-pin:not([display])").evaluate("pin => pin.getScreenCTM().e")
        frame = pane(one, number).bounding_box()
        return round(box - frame["x"])

    was = closeness(1)
    pane(one, 0).locator(".openseadragon-canvas").focus()
    one.keyboard.press("ArrowRight")
    one.wait_for_function(
        """was => {
          const pane = document.querySelectorAll(".pane")[1];
          const pin = pane.querySelector(".overlay-pin:not([display])");
          return Math.abs(pin.getScreenCTM().e - pane.getBoundingClientRect().x - was) > 5;
        }""",
        arg=was,
    )
    one.called, two.called = "side by side", "side by side, dark"
    for page in (one, two):
        watch.barriers(page)
    assert table.problems == []
    watch.done()
