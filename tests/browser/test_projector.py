"""The projector in a real browser: opened by its link, following the facilitator, saying when it has lost the room."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.room import LOBBY, SCORING, press, table  # noqa: F401
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
HD = {"width": 1280, "height": 720}
SMALLEST = 2.9  # hundredths of the screen's height

SMALL = """
(smallest) => [...document.querySelectorAll(".wall *")].filter((one) => {
  const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const box = one.getBoundingClientRect();
  if (!words || !one.checkVisibility() || box.width < 2 || box.top >= innerHeight) return false;
  return parseFloat(getComputedStyle(one).fontSize) < smallest / 100 * innerHeight && !one.closest(".wall-task");
}).map((one) => `${one.className || one.tagName}: ${one.textContent.trim().slice(0, 40)}`)
"""


def open_wall(room, facilitator, look=lambda page, called: None, **shape):
    """The projector's own browser, at the link that the facilitator made; `look` sees the pages on the way."""
    setup = room.open(facilitator.context, f"{room.path}projector/")
    look(setup, "no address yet")
    setup.get_by_role("button", name="Make an address").click()
    link = setup.locator("[data-copy]").get_attribute("data-copy")
    look(setup, "an address that waits")
    context = room.browser.new_context(**({"viewport": HD, "reduced_motion": "reduce"} | shape))
    context.set_default_timeout(15_000)
    wall = room.open(context, link.removeprefix(room.server.url))
    look(wall, "what the address says")
    wall.get_by_role("button", name="Show it here").click()
    wall.wait_for_selector(".wall.is-live")
    expect(setup.locator("#told")).to_contain_text("A screen shows this session")
    setup.close()
    return wall


def test_it_follows_the_facilitator_step_by_step(table):  # noqa: F811
    room = table(SCORING)
    facilitator = room.person(0)
    wall = open_wall(room, facilitator)
    expect(wall.locator(".wall-head h1")).to_have_text("Read and score alone")
    expect(wall.locator(".wall-pages img")).to_be_visible()
    press(facilitator, "extend")
    expect(wall.locator("[data-clock-words]")).to_contain_text("of 11 min")
    press(facilitator, "pause")
    expect(wall.locator(".wall-notice")).to_contain_text("Paused")
    press(facilitator, "resume")
    press(facilitator, "next")
    expect(wall.locator(".wall-head h1")).to_have_text("Reveal")
    expect(facilitator.locator(".rail-step[aria-current=step]")).to_contain_text("Reveal")
    press(facilitator, "reveal")
    expect(wall.locator(".wall-scores")).to_be_visible()
    expect(facilitator.locator(".face.is-away")).to_have_count(3)  # four people, and a screen that is nobody
    wall.mouse.move(300, 300)
    expect(wall.locator(".wall")).to_have_class(re.compile("is-idle"), timeout=10_000)
    # The server away: it says so in words, and comes back by itself.
    room.server.kill()
    expect(wall.locator("[data-line]")).to_contain_text("No connection", timeout=30_000)
    room.server.start()
    expect(wall.locator("[data-line]")).to_be_hidden(timeout=30_000)
    expect(facilitator.locator("[data-line]")).to_be_hidden(timeout=30_000)
    press(facilitator, "next")
    expect(wall.locator(".wall-head h1")).to_contain_text("Discuss")
    # Turned off: nothing of the session stays in sight.
    off = room.open(facilitator.context, f"{room.path}projector/")
    off.get_by_role("button", name="Turn it off").click()
    expect(wall.locator("[data-gone]")).to_contain_text("This screen shows nothing any more.")
    expect(wall.locator("[data-gone]")).to_be_visible()
    expect(wall.locator(".wall-head h1")).to_have_count(0)


COMMAND = """
async ([address, words]) => {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const headers = {"Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token};
  return (await fetch(address, {method: "POST", headers, body: JSON.stringify(words)})).status;
}
"""


def examine(watch, wall, called):
    """Large enough on each kind of projector, nothing to scroll, no barrier in light and dark."""
    for width, height in ((1920, 1080), (1024, 768), (1280, 720)):
        wall.set_viewport_size({"width": width, "height": height})
        wall.called = f"the projector at {called}, {width} × {height}"
        wall.wait_for_timeout(200)
        for words in wall.evaluate(SMALL, SMALLEST):
            watch.add(wall, f"small words: {words}")
        if wall.evaluate("document.documentElement.scrollHeight > innerHeight"):
            watch.add(wall, "there is something to scroll")
        watch.width(wall, width)
    watch.look(wall)
    for scheme in ("dark", "light"):
        wall.emulate_media(color_scheme=scheme)
        wall.called = f"the projector at {called}, {scheme}"
        watch.barriers(wall)


def test_no_screen_of_it_has_a_barrier_or_words_too_small_for_the_back_row(table):  # noqa: F811
    room = table(LOBBY)
    watch = Watch()
    facilitator = room.person(0)

    def look(page, called):
        page.called = called
        watch.barriers(page)
        watch.look(page)

    wall = open_wall(room, facilitator, look)
    examine(watch, wall, "the lobby")

    def post(path, **words):
        assert facilitator.evaluate(COMMAND, [f"{room.path}{path}", words]) == 200

    post("commands/start/")
    expect(facilitator.locator(".rail-step[aria-current=step]")).to_be_visible()  # the lobby became the room
    state = facilitator.evaluate("(at) => fetch(at).then((it) => it.json())", f"{room.path}state/")
    sample = state["samples"][0]["id"]
    layouts = {}
    for step in (1, 2, 3, 4, 5, 6, 11, 12):
        post("commands/go_to/", step=step)
        if step == 4:
            post("commands/reveal/", sample=sample)
        if step == 3:
            for at, criterion in enumerate(state["rubric"]["criteria"]):
                words = {"level": 2 + at % 2, "rationale": "Line 3 says so.", "client_id": str(uuid.uuid4())}
                post("scores/", sample=sample, criterion=criterion["id"], **words)
        if step == 5:
            post("notes/", kind="evidence", text="Line 5 says what it shows. " * 20, client_id=str(uuid.uuid4()))
        expect(wall.locator(f"[data-part=screen][data-number='{step}']")).to_be_attached()
        if step == 4:
            expect(wall.locator(".wall-scores")).to_be_visible()
        if step == 5:
            expect(wall.locator(".wall-notes li").first).to_be_visible()
        layouts[step] = wall.locator("[data-part=screen]").get_attribute("data-layout")
        if step != 12:
            examine(watch, wall, f"step {step}")
    assert set(layouts.values()) == {"words", "work", "scores", "split", "decide"}
    # The arrow keys of its own computer turn to the next criterion, on this screen alone.
    post("commands/go_to/", step=5)
    expect(wall.locator(".wall-chips [aria-current]")).to_be_visible()
    first = wall.locator(".wall-chips [aria-current]").text_content()
    wall.keyboard.press("ArrowRight")
    expect(wall.locator(".wall-chips [aria-current]")).not_to_have_text(first)
    post("commands/finish/")
    expect(wall.locator(".is-end")).to_be_visible()
    examine(watch, wall, "the end")
    watch.done()
