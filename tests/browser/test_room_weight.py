"""The room's first visit on a school's Wi-Fi: what goes over the wire, and what can be read before it has arrived."""

import os
import re
import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from tests.browser.room import READING, SCORING, Table
from tests.esw.server import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
FIRST_VISIT = 300_000  # bytes, over the wire
THE_WORK = re.compile(r"/pages/[0-9a-f-]+/(image|thumbnail)/")


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """Static files as an installation has them: named by their content, and compressed beforehand."""
    folder = tmp_path_factory.mktemp("static")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        cwd=ROOT,
        env=env | {"STATIC_ROOT": str(folder), "DATA_DIR": str(folder), "COMPRESS_STATIC": "1"},
        check=True,
        timeout=120,
    )
    return folder


@pytest.fixture
def room(serve, browser, packed):
    """A table that is laid on such an installation."""
    return lambda at: Table(serve({"STATIC_ROOT": str(packed), "COMPRESS_STATIC": "1"}, start=False), browser, at)


class Scales:
    """Every answer of a page with its bytes as they came over the wire, headers and all."""

    def __init__(self, page):
        self.bytes, self._names = {}, {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._name)
        session.on("Network.loadingFinished", self._weigh)
        session.send("Network.enable")

    def _name(self, event):
        self._names[event["requestId"]] = event["request"]["url"]

    def _weigh(self, event):
        address = self._names.get(event["requestId"], "")
        if address.startswith("http"):
            self.bytes[address] = self.bytes.get(address, 0) + event["encodedDataLength"]

    def of_the_room(self):
        return {address: size for address, size in self.bytes.items() if not THE_WORK.search(address)}


@pytest.mark.parametrize("at", [READING, SCORING], ids=["reading", "scoring"])
def test_a_first_visit_weighs_under_300_kb_beside_the_work_itself(room, at):
    laid = room(at)
    page = laid.context(2).new_page()
    scales = Scales(page)
    page.goto(laid.server.url + laid.path)
    page.wait_for_selector(".is-live")
    if at is SCORING:
        page.wait_for_selector(".viewer.is-drawn")
    settle(page, scales)
    weights = scales.of_the_room()
    heaviest = "\n".join(f"{size:8.0f} {address}" for address, size in sorted(weights.items(), key=lambda it: -it[1]))
    assert any("openseadragon" in address for address in weights) or at is READING, heaviest
    assert any("room.js" in address or "room." in address for address in weights), heaviest
    assert sum(weights.values()) < FIRST_VISIT, f"{sum(weights.values()):.0f} bytes:\n{heaviest}"


def settle(page, scales, *, patience=10.0):
    """Until half a second passes in which nothing arrives."""
    until = time.monotonic() + patience
    before = -1
    while before != len(scales.bytes) and time.monotonic() < until:
        before = len(scales.bytes)
        page.wait_for_timeout(500)


def test_the_prompt_and_the_page_can_be_read_before_the_viewer_is_there(room):
    laid = room(SCORING)
    context = laid.context(2)
    held = []
    context.route("**/openseadragon*.js", lambda route: held.append(route))  # noqa: PLW0108
    page = context.new_page()
    page.goto(laid.server.url + laid.path, wait_until="commit")
    expect(page.locator(".now .prompt")).to_be_visible()
    expect(page.locator("form[data-score]").first).to_be_visible()
    expect(page.locator(".viewer-plain")).to_be_visible()  # the work as a plain picture until then
    page.wait_for_selector("[data-room].is-live")
    assert page.locator(".viewer.is-drawn").count() == 0
    for route in held:
        route.continue_()
    expect(page.locator(".viewer.is-drawn")).to_be_visible()
    expect(page.locator(".viewer-plain")).to_be_hidden()


def test_the_prompt_can_be_read_without_any_script(room):
    laid = room(SCORING)
    page = laid.context(2, java_script_enabled=False).new_page()
    page.goto(laid.server.url + laid.path)
    expect(page.locator(".now .prompt")).to_be_visible()
    expect(page.locator(".viewer-plain")).to_be_visible()
