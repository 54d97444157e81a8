"""Covering names in a real browser: by mouse, by keyboard, by touch; kept, previewed, confirmed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.watch import until
from tests.factories import PASSWORD
from tests.work_samples import files
from tests.work_samples.bringing import named_paper

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ARRANGE = f"""
from teams.models import *
from work_samples.models import Assignment
school = School.objects.create(district=District.objects.create(name="Three Rivers"), name="Alder Creek")
team = Team.objects.create(school=school, name="Grade 7 ELA")
maya = User.objects.create_user("maya@school.example", {PASSWORD!r}, name="Maya Ellis")
Membership.objects.create(team=team, user=maya)
print(Assignment.objects.create(team=team, title="Longer lunch", prompt="Should it be?", created_by=maya).pk)
"""
KEPT = """
from work_samples.models import *
for box in Redaction.objects.order_by("page__sample__label", "page__number", "pk"):
    print(box.page.sample.label, box.page.number, *(round(side, 3) for side in (box.x, box.y, box.w, box.h)))
"""


@pytest.fixture
def server(serve):
    return serve()


@pytest.fixture
def assignment(server):
    return server.python(ARRANGE).strip()


@pytest.fixture
def problems():
    """What the pages complained of: nothing, at the end."""
    heard = []
    yield heard
    assert heard == []


@pytest.fixture
def opened(browser, server, problems):
    """A function that opens a page for Maya, who is logged in."""

    def page(**shape):
        context = browser.new_context(**shape)
        context.set_default_timeout(15_000)
        ((name, key),) = server.log_in("maya@school.example").items()
        context.add_cookies([{"name": name, "value": key, "url": server.url}])
        fresh = context.new_page()
        fresh.on("pageerror", lambda error: problems.append(str(error)))
        fresh.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        return fresh

    return page


def bring(page, server, assignment, *paths, together=False):
    page.goto(f"{server.url}/assignments/{assignment}/")
    if together:
        page.get_by_label("a page of one student’s work").check()
    page.locator("form[data-upload] input[type=file]").set_input_files([str(path) for path in paths])
    wanted = 1 if together else len(paths)
    expect(page.locator("[data-state=ready]")).to_have_count(wanted, timeout=30_000)


def papers(folder, count):
    return [
        files.jpeg(folder, f"jamie-{number}.jpg", named_paper(900, 1200, seed=number)) for number in range(1, count + 1)
    ]


def boxes_of(server):
    return server.python(KEPT).splitlines()


def saved(page):
    expect(page.locator("[data-state]").first).to_have_text("saved")


def drag(page, leaf, start, end):
    at = leaf.bounding_box()
    page.mouse.move(at["x"] + at["width"] * start[0], at["y"] + at["height"] * start[1])
    page.mouse.down()
    page.mouse.move(at["x"] + at["width"] * end[0], at["y"] + at["height"] * end[1], steps=4)
    page.mouse.up()


def numbers(line):
    return [float(word) for word in line.split()[2:]]


def test_a_name_is_covered_by_mouse_kept_previewed_and_confirmed(opened, server, assignment, tmp_path):
    page = opened(viewport={"width": 1366, "height": 768})
    bring(page, server, assignment, *papers(tmp_path, 2), together=True)
    page.get_by_role("link", name="Check sample A for names").click()
    expect(page.locator(".redact.is-live")).to_be_visible()
    leaf = page.locator("[data-leaf]")

    drag(page, leaf, (0.1, 0.05), (0.6, 0.13))
    saved(page)
    (line,) = boxes_of(server)
    assert line.startswith("A 1 ")
    assert numbers(line) == pytest.approx([0.1, 0.05, 0.5, 0.08], abs=0.01)

    # moved by its middle, resized by a corner, undone twice
    drag(page, leaf, (0.3, 0.09), (0.35, 0.19))
    drag(page, leaf, (0.66, 0.235), (0.8, 0.3))
    saved(page)
    assert numbers(boxes_of(server)[0]) == pytest.approx([0.15, 0.15, 0.64, 0.145], abs=0.015)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    saved(page)
    assert numbers(boxes_of(server)[0]) == pytest.approx([0.1, 0.05, 0.5, 0.08], abs=0.01)

    # one gesture: the same strip on every page; a reload keeps it
    page.locator(".box-pick").first.click()
    page.get_by_role("button", name="Hide the picked strip on all 2 pages").click()
    saved(page)
    assert [line[:3] for line in boxes_of(server)] == ["A 1", "A 2"]
    page.reload()
    page.get_by_role("link", name="Page 2", exact=False).first.click()
    expect(page.locator(".overlay-box")).to_have_count(1)

    burned = []
    page.on("request", lambda asked: burned.append(asked.url) if asked.url.endswith("/preview/") else None)
    page.get_by_role("link", name="See what others will see").click()
    expect(page.get_by_role("heading", name="This is exactly what others will see")).to_be_visible()
    second = page.get_by_alt_text("Sample A, page 2 of 2, as others will see it")
    second.scroll_into_view_if_needed()
    expect(second).to_be_visible()
    until(page, lambda: page.evaluate("[...document.images].every((image) => image.complete)"))
    # Shown in the strip and below it; each is burned in once, by a process of its own.
    pages = [url for url in burned if "/pages/" in url]
    assert len(pages) == len(set(pages)) == 2
    page.get_by_role("button", name="Nobody’s name shows: confirm").click()
    expect(page.get_by_text("Sample A is there for your team")).to_be_visible()
    count = "from work_samples.models import *; print(Sample.objects.confirmed().count(), Upload.objects.count())"
    assert server.python(count).split() == ["1", "0"]
    left = [path for path in (server.data_dir / "files").rglob("*") if path.is_file()]
    assert len(left) == 4


OFFER = """
from django.utils import timezone
from work_samples.models import Page, Reading
page = Page.objects.get()
places = [[0.1, 0.05, 0.3, 0.05, "name"], [0.6, 0.05, 0.2, 0.05, "date"]]
Reading.objects.create(page=page, image=page.image.name, places=places, read_at=timezone.now())
"""


def test_an_offered_place_is_covered_and_another_dismissed_by_keyboard_alone(opened, server, assignment, tmp_path):
    page = opened(viewport={"width": 1366, "height": 768})
    bring(page, server, assignment, *papers(tmp_path, 1))
    server.python(OFFER)
    page.locator("#check-first").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".redact.is-live")).to_be_visible()
    offers = page.locator(".overlay-offer")
    expect(offers).to_have_count(2)
    assert boxes_of(server) == []  # nothing is covered by itself
    offers.first.focus()
    page.keyboard.press("Enter")
    saved(page)
    (line,) = boxes_of(server)
    assert numbers(line) == pytest.approx([0.1, 0.05, 0.3, 0.05], abs=0.001)
    expect(offers).to_have_count(1)
    expect(offers).to_be_focused()  # on to the next place
    with page.expect_response("**/places/dismiss/"):
        page.keyboard.press("Delete")
    expect(offers).to_have_count(0)
    with page.expect_response("**/places/"):
        page.reload()
    expect(page.locator("[data-offers-words]")).not_to_have_text("Looking for places …")
    expect(offers).to_have_count(0)


def test_a_name_is_covered_by_keyboard_alone_and_it_is_said(opened, server, assignment, tmp_path):
    page = opened(viewport={"width": 1366, "height": 768})
    bring(page, server, assignment, *papers(tmp_path, 1))
    page.locator("#check-first").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".redact.is-live")).to_be_visible()
    live = page.locator("[data-live]")
    page.locator("[data-stage]").focus()

    page.keyboard.press("n")
    expect(live).to_contain_text("New box: 30 % from the left, 4 % from the top")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+ArrowDown")
    expect(live).to_contain_text("Box 1: 25 % from the left")
    saved(page)
    assert numbers(boxes_of(server)[0]) == pytest.approx([0.25, 0.042, 0.41, 0.06], abs=0.001)

    page.locator("[data-stage]").focus()
    page.keyboard.press("n")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".overlay-box").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(live).to_contain_text("Box 1 picked")
    page.keyboard.press("Tab")
    page.keyboard.press("Delete")
    expect(live).to_contain_text("Box removed, 1 left")
    expect(page.locator(".overlay-box").first).to_be_focused()
    page.keyboard.press("Delete")
    expect(page.get_by_role("button", name="New box")).to_be_focused()
    saved(page)
    assert boxes_of(server) == []
    page.locator("[data-stage]").focus()
    page.keyboard.press("Control+z")
    saved(page)
    assert len(boxes_of(server)) == 1


STILL = """new Promise((settle) => {
  const before = window.scrollY;
  window.setTimeout(() => settle(window.scrollY === before), 300);
})"""


def touch(session, kind, *points):
    session.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": place} for place, (x, y) in enumerate(points)]},
    )


def test_a_name_is_covered_by_touch_alone_and_a_pinch_draws_nothing(opened, server, assignment, tmp_path):
    page = opened(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    bring(page, server, assignment, *papers(tmp_path, 1))
    page.locator("#check-first").tap()
    expect(page.locator(".redact.is-live")).to_be_visible()
    leaf = page.locator("[data-leaf]")
    leaf.scroll_into_view_if_needed()
    at = leaf.bounding_box()

    def place(x, y):
        return at["x"] + at["width"] * x, at["y"] + at["height"] * y

    finger = page.context.new_cdp_session(page)

    def drag_finger(*way):
        touch(finger, "touchStart", way[0])
        for step in way[1:]:
            touch(finger, "touchMove", step)
        touch(finger, "touchEnd")
        saved(page)

    drag_finger(place(0.1, 0.2), place(0.2, 0.3), place(0.3, 0.3), place(0.4, 0.3), place(0.6, 0.3))
    assert numbers(boxes_of(server)[0]) == pytest.approx([0.1, 0.2, 0.5, 0.1], abs=0.03)
    handle = page.locator(".is-picked .overlay-reach").first.bounding_box()
    assert min(handle["width"], handle["height"]) >= 24

    # two fingers look closer and go on from there; neither draws, nor moves the box that lies under them
    touch(finger, "touchStart", place(0.3, 0.5))
    touch(finger, "touchMove", place(0.35, 0.55))
    touch(finger, "touchStart", place(0.35, 0.55), place(0.6, 0.7))
    for share in (0.02, 0.06, 0.1, 0.15):
        touch(finger, "touchMove", place(0.35 - share, 0.55 - share), place(0.6 + share, 0.7 + share))
    touch(finger, "touchEnd")
    until(page, lambda: page.evaluate("visualViewport.scale") > 1.2)
    saved(page)
    assert len(boxes_of(server)) == 1
    finger.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 1})
    until(page, lambda: page.evaluate("visualViewport.scale") == 1)

    # moved by its middle, resized by a corner, another one taken away again
    at = leaf.bounding_box()
    drag_finger(place(0.35, 0.25), place(0.36, 0.3), place(0.4, 0.35))
    assert numbers(boxes_of(server)[0]) == pytest.approx([0.15, 0.3, 0.5, 0.1], abs=0.03)
    corner = page.locator(".is-picked .overlay-handle-se .overlay-reach").bounding_box()
    from_corner = (corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2)
    drag_finger(from_corner, place(0.7, 0.45), place(0.8, 0.5))
    assert numbers(boxes_of(server)[0]) == pytest.approx([0.15, 0.3, 0.65, 0.2], abs=0.04)
    drag_finger(place(0.2, 0.7), place(0.3, 0.8), place(0.4, 0.85))
    assert len(boxes_of(server)) == 2
    page.get_by_role("button", name="Remove the picked box").tap()
    saved(page)
    assert len(boxes_of(server)) == 1
    expect(page.get_by_role("button", name="Remove the picked box")).to_be_disabled()

    # one finger beside the page scrolls, as anywhere
    panel = page.locator(".prompt").bounding_box()
    touch(finger, "touchStart", (200, panel["y"]))
    for step in range(20, 200, 20):
        touch(finger, "touchMove", (200, panel["y"] - step))
    touch(finger, "touchEnd")
    until(page, lambda: page.evaluate("window.scrollY") > 40)
    until(page, lambda: page.evaluate(STILL))  # a tap while it rolls on only stops it

    page.get_by_role("link", name="See what others will see").tap()
    page.get_by_role("button", name="Nobody’s name shows: confirm").tap()
    expect(page.get_by_text("Sample A is there for your team")).to_be_visible()


def test_a_strip_is_drawn_once_for_a_batch(opened, server, assignment, tmp_path):
    page = opened(viewport={"width": 1366, "height": 768})
    bring(page, server, assignment, *papers(tmp_path, 3))
    page.get_by_role("link", name="Hide one strip on all 3").click()
    expect(page.locator("[data-strip-form].is-live")).to_be_visible()
    drag(page, page.locator("[data-strip-leaf]"), (0.05, 0.3), (0.9, 0.4))
    expect(page.get_by_text("3 of 3 pages chosen")).to_be_visible()
    page.get_by_label("C", exact=True).uncheck()
    expect(page.get_by_text("2 of 3 pages chosen")).to_be_visible()
    page.get_by_role("button", name="Hide the strip and look at all").click()
    expect(page.get_by_role("heading", name="This is exactly what others will see")).to_be_visible()
    kept = boxes_of(server)
    assert [line[:3] for line in kept] == ["A 1", "B 1"]
    assert numbers(kept[0]) == pytest.approx([0.05, 0.3, 0.85, 0.1], abs=0.02)
    page.get_by_role("button", name=re.compile("confirm")).click()
    expect(page.get_by_text("Three samples of “Longer lunch” are there for your team")).to_be_visible()


def test_boxes_that_wait_for_the_connection_are_not_called_saved(opened, server, assignment, tmp_path, problems):
    page = opened(viewport={"width": 1366, "height": 768})
    bring(page, server, assignment, *papers(tmp_path, 1))
    page.locator("#check-first").click()
    expect(page.locator(".redact.is-live")).to_be_visible()
    page.context.set_offline(True)
    drag(page, page.locator("[data-leaf]"), (0.1, 0.1), (0.5, 0.2))
    expect(page.locator("[data-state]").first).to_contain_text("not saved yet")
    page.context.set_offline(False)
    saved(page)
    assert len(boxes_of(server)) == 1
    problems[:] = [words for words in problems if "ERR_INTERNET_DISCONNECTED" not in words]
