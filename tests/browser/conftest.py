"""Real Chromium for tests of what a person does."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.esw.conftest import serve  # noqa: F401 (a fixture for these tests too)

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def chromium_path() -> str | None:
    """The Chromium of this machine: `CHROMIUM`, else what is on the PATH."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def browser():
    path = chromium_path()
    if path is None:
        assert not os.environ.get("CI"), "Chromium is missing, so the browser tests did not run."
        pytest.skip("Chromium is not installed, so this browser test did not run (see scripts/).")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
