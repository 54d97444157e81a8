"""A server for a test: stopped at the end, and its log shown when the test failed."""

import pytest

from tests.esw.server import start_server


@pytest.fixture
def serve(tmp_path):
    """A function that starts a server (`start_server`, without the folder)."""
    servers = []

    def begin(env=None, **options):
        server = start_server(tmp_path, env, **options)
        servers.append(server)
        return server

    yield begin
    for server in servers:
        server.remove()
        print(server.tail())  # noqa: T201 (pytest shows it when the test failed)
