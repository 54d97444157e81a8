"""What people see in a running meeting while PostgreSQL, Redis or the worker is gone for ten seconds.

Everything runs as docker-compose.yml says, behind its own proxy; people look at it in a real browser, over HTTP/2.
"""

import pytest
from playwright.sync_api import expect

from tests.browser.room import card, choose, press
from tests.deploy.compose import Stack
from tests.deploy.conftest import require_programs
from tests.esw.server import _collect_static, free_port, shared
from tests.faults.room import WAITS, add_note, line, same_clock, state, step
from tests.work_samples import files

pytestmark = [pytest.mark.browser, pytest.mark.services, pytest.mark.timeout(300)]
AWAY = 10_000  # milliseconds


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    require_programs()
    folder = tmp_path_factory.mktemp("faults")
    port = free_port()
    settings = {
        "SITE_URL": f"https://127.0.0.1:{port}",  # a name that this machine's browser finds
        "JOB_LEASE_SECONDS": "4", "LOST_JOBS_EVERY": "2", "WORKER_PROCESSES": "1",
    }  # fmt: skip
    with Stack(folder, settings, static=shared(folder, "static", _collect_static)) as made:
        made.ports["443"], made.url = port, settings["SITE_URL"]
        made.up()
        yield made
        for name in made.services:
            print(f"--- {name}\n{made.log(name)[-3000:]}")  # noqa: T201 (pytest shows it when a test failed)


def test_postgresql_is_gone_for_ten_seconds(server, meet):
    room = meet()
    facilitator, page, late = room.enter(0), room.enter(2), room.page(1)
    choose(page, "Claim", 2)
    expect(state(page, "Claim")).to_have_text("saved")

    server.services["postgres"].stop()
    choose(page, "Evidence", 3)
    card(page, "Evidence").locator("textarea").fill("Line 5 says so.")
    add_note(page, "Typed while it was away.")
    expect(state(page, "Evidence")).to_have_text("waiting for Wi-Fi")
    expect(line(page)).to_have_text(WAITS)
    press(facilitator, "next")
    expect(facilitator.locator("#toasts")).to_contain_text("Please press again in a moment.")
    late.goto(server.url + "/library/")
    expect(late.get_by_role("heading").first).to_contain_text("moment")
    page.wait_for_timeout(AWAY)
    expect(line(page)).to_have_text(WAITS)

    server.services["postgres"].start()
    expect(line(page)).to_be_empty(timeout=10_000)
    expect(state(page, "Evidence")).to_have_text("saved", timeout=10_000)
    expect(page.locator(".notes")).to_contain_text("Typed while it was away.")
    expect(late.get_by_role("heading", name="Library").first).to_be_visible(timeout=20_000)
    same_clock(page, facilitator)
    press(facilitator, "next")
    for each in (page, facilitator):
        expect(step(each)).to_contain_text("Reveal")
    assert room.rows("Score", "level", "rationale") == [["2", ""], ["3", "Line 5 says so."]]
    assert room.rows("Note", "text") == [["Typed while it was away."]]


def test_redis_is_gone_for_ten_seconds(server, meet):
    room = meet()
    facilitator, page = room.enter(0), room.enter(2)
    server.services["redis"].kill()
    choose(page, "Claim", 2)
    expect(state(page, "Claim")).to_have_text("saved")  # nobody who writes notices
    press(facilitator, "extend")
    expect(facilitator.locator("[data-clock-words]")).to_contain_text("of 11 min")
    page.wait_for_timeout(AWAY)
    choose(page, "Evidence", 3)
    expect(state(page, "Evidence")).to_have_text("saved")
    # Whichever of the two processes they listen to: a heartbeat later at the latest.
    expect(page.locator("[data-clock-words]")).to_contain_text("of 11 min", timeout=20_000)

    server.services["redis"].start()
    server.wait_healthy("redis")
    press(facilitator, "next")
    for each in (page, facilitator):
        expect(step(each)).to_contain_text("Reveal", timeout=20_000)
        expect(line(each)).to_be_empty()
    same_clock(page, facilitator)
    assert room.rows("Score", "level") == [["2"], ["3"]]


def test_the_worker_is_killed_over_a_scan_and_the_screen_goes_on_by_itself(server, meet, tmp_path):
    page = meet().page(1)
    page.goto(server.url + "/assignments/new/")
    page.fill("[name=title]", "Longer lunch")
    page.fill("[name=prompt]", "Should lunch be longer?")
    page.fill("[name=grade]", "7")
    page.get_by_role("button", name="Save and bring work").click()
    page.set_input_files("form[data-upload] input[type=file]", [str(files.scanned_pdf(tmp_path, 60))])
    sample = page.locator("[data-card]")
    expect(sample).to_contain_text("of 60", timeout=30_000)
    server.services["worker"].kill()
    page.wait_for_timeout(2_000)
    expect(page.locator("[data-card][data-state=ready]")).to_have_count(0)
    expect(sample).not_to_contain_text("Try again")  # nothing for people to do

    server.services["worker"].start()
    expect(page.locator("[data-card][data-state=ready]")).to_have_count(1, timeout=60_000)
    page.locator("#check-first").click()
    expect(page.locator("[data-leaf] svg")).to_be_attached()
