"""docker-compose.yml as processes, once for the tests of a file that need it."""

import os

import pytest

from tests.deploy.compose import Stack
from tests.deploy.curl import curl
from tests.esw.server import _collect_static, shared
from tests.services import Missing
from tests.services.postgres import FOLDERS
from tests.services.service import find

PROGRAMS = ("nginx", "redis-server", "redis-cli", "openssl")


def require_programs():
    """Skip what cannot run here, and with CI=true fail."""
    try:
        for program in PROGRAMS:
            find(program, also=("/usr/sbin",))
        find("initdb", also=FOLDERS)
        curl()
    except Missing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """A stack that nothing of is started yet."""
    require_programs()
    folder = tmp_path_factory.mktemp("compose")
    with Stack(folder, static=shared(folder, "static", _collect_static)) as made:
        yield made
        for name in made.services:
            print(f"--- {name}\n{made.log(name)[-4000:]}")  # noqa: T201 (pytest shows it when a test failed)
