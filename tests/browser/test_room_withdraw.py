"""Something is wrong, in the room: who presses on a phone takes the page from every screen; it comes back covered."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.room import SCORING, table  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def test_a_page_that_is_withdrawn_without_a_connection_leaves_every_screen_and_comes_back_covered(table):  # noqa: F811
    room = table(SCORING)
    wide, phone = room.person(2), room.person(3, **PHONE)
    wide.wait_for_selector(".viewer.is-drawn")
    first = wide.locator(".strip-page[aria-current] img")
    seen = first.get_attribute("src")

    phone.get_by_role("button", name="Work", exact=True).click()
    phone.get_by_role("button", name="Something is wrong").click()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="A name shows").click()
    expect(first).to_have_attribute("src", seen)
    phone.context.set_offline(False)

    expect(wide.locator(".strip-page[aria-current] img")).to_have_attribute("src", re.compile(r"\?withdrawn$"))
    expect(wide.locator(".strip-page").first).to_have_attribute("data-alt", "This page was withdrawn.")
    wide.wait_for_selector("[data-drawn], .viewer.is-drawn")
    ((key,),) = room.rows("Withdrawal", "pk", room="work_samples")

    # who brought it covers the name by keyboard alone
    uploader = room.open(room.context(1), f"/withdrawals/{key}/")
    uploader.wait_for_selector("[data-cover].is-live")
    box = uploader.get_by_role("button", name="New box")
    box.focus()
    uploader.keyboard.press("Enter")
    expect(uploader.locator("[data-cover-state]")).to_have_text("saved")
    uploader.get_by_role("button", name="Cover it and bring it back").click()
    expect(uploader).to_have_url(re.compile("/samples/"))

    back = wide.locator(".strip-page[aria-current] img")
    expect(back).not_to_have_attribute("src", re.compile(r"\?withdrawn$"))
    assert back.get_attribute("src") != seen
