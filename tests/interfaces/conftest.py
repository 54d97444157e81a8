"""One server for all tests here, and an eye on its log: whatever is sent to it, nothing may trip it up."""

import json
import logging
import re

import pytest

from tests.esw.server import start_server
from tests.interfaces.house import DRAW, House

TROUBLE = re.compile(r"Traceback|Internal Server Error|CRITICAL| ERROR (?!django\.security)")


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """The demo school on a real server."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    server = start_server(
        tmp_path_factory.mktemp("interfaces"), {"HEARTBEAT_SECONDS": "2", "STREAMS_A_PERSON": "8"}, start=False
    )
    server.python(DRAW)
    server.start()
    house = House(server, json.loads((server.data_dir / "demo.json").read_text()))
    yield house
    for browser in house._browsers.values():
        browser.close()
    server.remove()


@pytest.fixture(autouse=True)
def calm_log(house):
    """No test leaves a traceback or an error in the server's log."""
    before = house.server.log.stat().st_size
    yield
    with house.server.log.open("rb") as log:
        log.seek(before)
        said = log.read().decode(errors="replace")
    assert not TROUBLE.search(said), said[-4000:]
