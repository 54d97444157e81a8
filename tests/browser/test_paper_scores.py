"""Typing in a score sheet of paper by keyboard alone, like a spreadsheet."""

import pytest
from playwright.sync_api import expect

from tests.browser.room import Table
from tests.esw.server import start_server

pytestmark = pytest.mark.browser


@pytest.fixture
def table(browser, tmp_path):
    server = start_server(tmp_path, start=False)
    table = Table(server, browser, [])
    yield table
    server.remove()
    assert table.problems == []


def test_a_sheet_is_typed_in_by_keyboard_alone(table):
    page = table.open(table.context(0), f"{table.path}paper/")
    cells = page.locator(".paper-cell")
    criteria = cells.count() // 2
    expect(cells.nth(0)).to_be_focused()
    for key in "34":  # each number goes on to the next cell, across and then down
        page.keyboard.press(key)
    expect(cells.nth(2)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(cells.nth(criteria + 1)).to_be_focused()
    page.keyboard.press("9")  # no level: it stays, and says so
    expect(cells.nth(criteria + 1)).to_be_focused()
    expect(page.locator("[data-paper-says]")).to_contain_text("Sample B")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("2")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # down, and does not save
    expect(cells.nth(criteria + 1)).to_be_focused()
    page.context.set_offline(True)
    page.get_by_role("button", name="Save sheet 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-paper-says]")).to_contain_text("Not saved")
    expect(cells.nth(0)).to_have_value("3")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator(".message[role=status]")).to_contain_text("Sheet 1 is saved: 2 of")
    expect(page.get_by_role("heading", name="Sheet 2")).to_be_visible()
    expect(cells.nth(0)).to_be_focused()
    page.get_by_role("link", name="Sheet 1").focus()
    page.keyboard.press("Enter")
    expect(cells.nth(0)).to_have_value("3")
    expect(cells.nth(1)).to_have_value("2")
