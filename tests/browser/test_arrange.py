"""Arranging a scanned class in a real browser, by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_redact import assignment, opened, problems, server  # noqa: F401 (fixtures)
from tests.work_samples import files

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_class_is_split_and_a_page_turned_by_keyboard_alone(opened, server, assignment, tmp_path):  # noqa: F811
    page = opened(viewport={"width": 1366, "height": 768})
    page.goto(f"{server.url}/assignments/{assignment}/")
    page.locator("form[data-upload] input[type=file]").set_input_files(str(files.pdf(tmp_path, pages=6)))
    expect(page.get_by_role("link", name="Check sample A for names")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Arrange pages").click()
    every = page.get_by_label("every", exact=True)
    every.focus()
    every.press("ArrowUp")
    expect(page.get_by_text("6 pages → 2 samples, A and B.")).to_be_visible()
    page.get_by_role("button", name="Split it").press("Enter")
    expect(page.get_by_role("heading", name="Sample B")).to_be_visible()
    second = page.get_by_role("checkbox", name="Sample B, page 2")
    second.focus()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Sample C")).to_be_visible()
    first = page.get_by_role("checkbox", name="Sample C, page 1")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("checkbox", name="Sample C, page 2")).to_be_focused()
    page.keyboard.press("r")
    turned = page.get_by_alt_text("Sample C, page 2")
    expect(turned).to_have_js_property("naturalWidth", 320)
    page.keyboard.press("Delete")
    expect(page.get_by_text("One page set aside")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_role("checkbox", name="Sample C, page 2")).to_be_visible()
