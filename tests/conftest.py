"""What every test shares.

The suite runs twice (scripts/test.sh). First on SQLite, with no service. Then, with `--on-services`, on PostgreSQL and
Redis: there only what a database or a server can change is run again. A test that is about one of the two worlds says
so: `@pytest.mark.services` needs real PostgreSQL or Redis and runs in the second run alone, `@pytest.mark.embedded` is
about the one process without services and runs in the first alone.
"""

import os
import uuid

import pytest

# Reading words on pages takes seconds: only tests that are about it have it, in the servers that tests start as well.
os.environ.setdefault("SUGGEST_NAMES", "0")

from esw.core import clock
from tests.services import Missing, start_postgres, start_redis, start_s3

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
SERVER_FIXTURES = {"serve", "house", "postgres", "redis_server"}


def pytest_addoption(parser):
    parser.addoption(
        "--on-services", action="store_true", help="only what a database or a server can change (scripts/test.sh)"
    )


def pytest_collection_modifyitems(config, items):
    belongs = _is_changed_by_services if config.getoption("--on-services") else _needs_no_service
    others = [item for item in items if not belongs(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in set(others)]


def _needs_no_service(item):
    return item.get_closest_marker("services") is None


def _is_changed_by_services(item):
    if item.get_closest_marker("embedded"):
        return False
    uses = {*DATABASE_FIXTURES, *SERVER_FIXTURES}.intersection(item.fixturenames)
    return bool(uses or item.get_closest_marker("django_db") or item.get_closest_marker("services"))


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Files of a test go to its own folder and are gone with it."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return tmp_path


@pytest.fixture
def clock_stands(monkeypatch):
    """The server's clock stands still, so that two looks may be compared to the letter."""
    moment = clock.now()
    monkeypatch.setattr("esw.core.clock.now", lambda: moment)


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL of this test process's own, to stop, kill and start; leave it running."""
    yield from _own(start_postgres)


@pytest.fixture(scope="session")
def redis_server():
    """A Redis of this test process's own, to stop, kill and start; leave it running."""
    yield from _own(start_redis)


@pytest.fixture(scope="session")
def s3():
    """An S3-compatible store of this test process's own, to stop, pause and start; leave it running."""
    yield from _own(start_s3)


@pytest.fixture
def storage(request, settings):
    """Files lie in a folder, or, for a test that is marked `both_storages`, in a store the second time."""
    where = getattr(request, "param", "folder")
    if where == "s3":
        prefix = uuid.uuid4().hex
        settings.STORAGES = {**settings.STORAGES, "default": request.getfixturevalue("s3").storage(prefix=prefix)}
    return where


def pytest_generate_tests(metafunc):
    if metafunc.definition.get_closest_marker("both_storages"):
        names = metafunc.fixturenames
        names[:] = ["storage", *(name for name in names if name != "storage")]  # before anything is kept
        in_a_store = pytest.param("s3", marks=pytest.mark.embedded)  # the second run is about databases
        metafunc.parametrize("storage", ["folder", in_a_store], indirect=True)


def _own(start):
    try:
        service = start()
    except Missing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    with service:
        yield service
