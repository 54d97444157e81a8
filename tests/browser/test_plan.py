"""Planning in a real browser: the steps follow the time at hand, and what somebody typed stands."""

import pytest
from playwright.sync_api import expect

from tests.esw.server import start_server

pytestmark = pytest.mark.browser

ARRANGE = """
from tests.sessions_app.meeting import Meeting
meeting = Meeting(people=4, samples=3)
print(meeting.users[0].email)
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
    page.goto(f"{server.url}/sessions/plan/")
    yield page
    context.close()
    server.remove()


def test_the_steps_follow_the_time_and_typed_minutes_stand(page):
    steps = page.locator("[data-plan-steps]")
    expect(steps).to_contain_text("with three samples, say")
    for box in page.locator("[name=samples]").all():
        box.check()
    expect(steps).to_contain_text("for three samples")
    page.get_by_text("Minutes of each step").click()
    page.fill("[name=minutes-score]", "7.5")
    page.locator("[name=minutes-score]").blur()
    page.fill("[name=minutes_at_hand]", "60")
    expect(steps).to_contain_text("of 60")
    expect(page.locator("[name=minutes-score]")).to_have_value("7.5")
    expect(page.locator("[name=minutes-discuss]")).not_to_have_value("8")
    page.fill("[name=focus_question]", "What counts as a reason?")
    page.get_by_role("button", name="Plan this session").click()
    expect(page.get_by_role("button", name="Open the room")).to_be_visible()
