"""Rooms whose pages must show no error of a script, whatever breaks around them."""

import pytest

from tests.browser.conftest import browser  # noqa: F401 (a fixture)
from tests.faults.room import Room


@pytest.fixture
def meet(browser, server):  # noqa: F811
    """A function that opens a room on the file's own `server` (`url`, and `django` that runs code beside it)."""
    made = []

    def begin():
        made.append(Room(server.django, browser, server.url))
        return made[-1]

    yield begin
    for each in made:
        assert each.problems == []
