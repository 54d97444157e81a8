"""The editor as somebody uses it: with a mouse, with keys, and back again after a slip."""

import json

import pytest

from tests.browser.conftest import browser  # noqa: F401 (a fixture)
from tests.esw.conftest import serve  # noqa: F401 (a fixture)

pytestmark = pytest.mark.browser

ARRANGE = """
from tests.factories import *
team = TeamFactory()
member_of(team, email="maya@school.example")
print(VersionFactory(rubric=RubricFactory(team=team, title="Argument writing")).rubric_id)
"""
SAVED = """
import json
from rubrics import queries
from rubrics.models import Rubric
grid = queries.grid(queries.newest(Rubric.objects.get()))
rows = [[row.title, str(row.key), row.descriptors] for row in grid.rows]
print(json.dumps({"title": grid.title, "levels": grid.levels, "from": grid.proficient_from, "rows": rows}))
"""


@pytest.fixture
def server(serve):  # noqa: F811
    return serve()


@pytest.fixture
def editor(server, browser):  # noqa: F811
    """The editor of a rubric with three criteria and four levels, open in a real browser."""
    address = f"{server.url}/rubrics/{server.python(ARRANGE).strip()}/edit/"
    context = browser.new_context()
    context.set_default_timeout(15_000)
    ((name, value),) = server.log_in("maya@school.example").items()
    context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.wait_for_selector("[data-keys]:not([hidden])")
    yield page
    assert complaints == []
    context.close()


def save(page):
    page.locator("button.btn-primary[value=save]").click()
    page.wait_for_url(lambda url: not url.endswith("/edit/"))


def saved(server):
    return json.loads(server.python(SAVED))


def titles(page):
    return [field.input_value() for field in page.locator("input[name=criterion]").all()]


def test_rows_are_added_moved_removed_put_back_and_saved(editor, server):
    before = saved(server)
    editor.get_by_role("button", name="Add a criterion").click()
    editor.keyboard.type("Counterclaim")
    editor.keyboard.press("Alt+ArrowRight")
    editor.keyboard.type("Says that others think differently.")
    editor.keyboard.press("Alt+Shift+ArrowUp")
    assert titles(editor) == ["Claim", "Evidence", "Counterclaim", "Reasoning"]
    editor.get_by_role("button", name="Remove criterion 2").click()
    assert titles(editor) == ["Claim", "Counterclaim", "Reasoning"]
    editor.get_by_role("button", name="Put it back").click()
    save(editor)
    rows = saved(server)["rows"]
    assert [row[0] for row in rows] == ["Claim", "Evidence", "Counterclaim", "Reasoning"]
    assert rows[2][2] == ["Says that others think differently.", "", "", ""]
    assert [rows[0], rows[1], rows[3]] == before["rows"]


def test_levels_are_added_removed_put_back_and_the_line_stays_with_its_level(editor, server):
    before = saved(server)
    editor.get_by_role("button", name="Remove level 3").click()
    assert editor.locator("textarea[name=cell]").count() == 9
    editor.get_by_role("button", name="Put it back").click()
    editor.get_by_role("button", name="Remove level 1").click()
    editor.get_by_role("button", name="Add a level").click()
    editor.keyboard.type("far beyond")
    save(editor)
    after = saved(server)
    assert after["levels"] == [[1, "nearing"], [2, "proficient"], [3, "beyond"], [4, "far beyond"]]
    assert after["from"] == 2
    assert [row[2] for row in after["rows"]] == [[*row[2][1:], ""] for row in before["rows"]]


def test_arrows_move_from_cell_to_cell(editor):
    editor.get_by_label("Criterion 1 at level 2").focus()
    for keys, label in [
        ("Alt+ArrowDown", "Criterion 2 at level 2"),
        ("Alt+ArrowRight", "Criterion 2 at level 3"),
        ("Alt+ArrowUp", "Criterion 1 at level 3"),
        ("Alt+ArrowUp", "Name of level 3"),
        ("Alt+ArrowDown", "Criterion 1 at level 3"),
    ]:
        editor.keyboard.press(keys)
        assert editor.evaluate("document.activeElement.getAttribute('aria-label')") == label
