"""Picking standards by keyboard alone: searched, browsed, taken away, saved; and no barrier while all of it is open."""

import pytest
from playwright.sync_api import expect

from tests.browser.watch import Watch, settled
from tests.esw.server import start_server

pytestmark = pytest.mark.browser

ARRANGE = """
from django.utils import timezone
from tests.factories import TeamFactory, member_of
from tests.work_samples.case_files import below, item, package
from work_samples.domain.standards import import_framework
from work_samples.standards import read
team = TeamFactory()
items = [
    item("w", "Writing", humanCodingScheme="W"), item("w1", "Give reasons and evidence", humanCodingScheme="W.1"),
    item("w2", "Explain how it works", humanCodingScheme="W.2"), item("r", "Reading", humanCodingScheme="R"),
]
links = [below("w", sequence=1), below("w1", "w", 1), below("w2", "w", 2), below("r", sequence=2)]
import_framework(district=team.school.district, read=read(package(items, links)), by=None, now=timezone.now())
print(member_of(team).email)
"""


@pytest.fixture
def page(browser, tmp_path):
    server = start_server(tmp_path, start=False)
    email = server.python(ARRANGE).strip()
    server.start()
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_cookies([
        {"name": name, "value": value, "url": server.url} for name, value in server.log_in(email).items()
    ])  # fmt: skip
    page = context.new_page()
    page.goto(f"{server.url}/assignments/new/")
    yield page
    context.close()
    server.remove()


def test_standards_are_picked_by_keyboard_alone(page):
    field = page.locator("[name=standards]")
    page.get_by_label("Title").fill("Lunch")
    page.get_by_label("The task").fill("Should lunch be longer?")
    field.fill("OWN.1")

    page.locator("#standards-q").focus()
    page.keyboard.type("reasons evid")
    found = page.locator("#standards-found")
    expect(found.get_by_role("status")).to_have_text("one statement")
    expect(found).to_contain_text("Made-up standards › Writing")
    with page.expect_response(lambda answer: "/standards/find/" in answer.url):
        page.keyboard.press("Enter")  # sends the search, not the form
    page.keyboard.press("Tab")
    expect(found.get_by_label("W.1 Give reasons")).to_be_focused()
    page.wait_for_load_state("networkidle")
    settled(page)
    page.keyboard.press("Space")
    expect(field).to_have_value("OWN.1, W.1")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens the framework
    tree = page.locator(".picker > details")
    expect(tree.get_by_label("W Writing")).to_be_visible()
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # what is below W
    expect(tree.get_by_label("W.1 Give reasons")).to_be_checked()
    settled(page)
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(field).to_have_value("OWN.1, W.1, W.2")

    page.get_by_role("button", name="Take OWN.1 away").press("Enter")
    expect(field).to_have_value("W.1, W.2")
    expect(page.get_by_role("button", name="Take W.1 away")).to_be_focused()
    watch = Watch()
    watch.barriers(page)
    watch.look(page)
    watch.done()

    page.get_by_label("Drawn at random").check()
    page.get_by_role("button", name="Save and bring work").press("Enter")
    expect(page.get_by_role("heading", name="Lunch")).to_be_visible()
    expect(page.locator(".page-head")).to_contain_text("W.1, W.2")
