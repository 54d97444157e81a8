"""The disk is full, database and all: what people see while a page is being written and while they write themselves.

The server's folder is a small file system of its own. Where none may be mounted, these tests are left out;
tests/work_samples/test_full_disk.py holds the same promises without one.
"""

import os
import shutil
import subprocess

import pytest
from playwright.sync_api import expect

from tests.browser.room import card, choose, press
from tests.esw.server import start_server
from tests.faults.room import WAITS, add_note, line, state, step
from tests.work_samples import files

pytestmark = [pytest.mark.browser, pytest.mark.embedded, pytest.mark.timeout(300)]
MIB = 1024 * 1024
REASON = " ".join(["Line 5 says so."] * 60)
#: Else SQLite goes on writing for a while in what its log has taken before.
GIVE_BACK = "from django.db import connection; connection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')"
SIZE = 400 * MIB  # ESW takes no upload when less than 256 MiB are left


class Disk:
    def __init__(self, root):
        self.root, self.filler = root, root / "filler"

    def fill(self):
        """Leave not one block."""
        with self.filler.open("ab") as filler:
            piece = bytes(MIB)
            try:
                while True:
                    filler.write(piece)
                    filler.flush()
            except OSError:
                pass
        while (left := os.statvfs(self.root)).f_bavail:
            with self.filler.open("ab", buffering=0) as filler:
                filler.write(bytes(left.f_frsize))

    def make_room(self):
        self.filler.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    root = tmp_path_factory.mktemp("full") / "data"
    root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(root)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here, so no disk can be full")
    yield Disk(root)
    subprocess.run(["umount", "-l", str(root)], check=True)


@pytest.fixture(scope="module")
def server(disk):
    made = start_server(disk.root.parent, {"JOB_LEASE_SECONDS": "4", "LOST_JOBS_EVERY": "2"})
    made.django = lambda code: made.python(code).strip().splitlines()[-1]
    yield made
    print(made.tail())  # noqa: T201 (pytest shows it when a test failed)
    made.remove()


@pytest.fixture(autouse=True)
def room_again(disk):
    yield
    disk.make_room()


def test_a_disk_that_fills_up_while_pages_are_made_is_said_and_with_room_again_they_are_made(
    server, disk, meet, tmp_path
):
    page = meet().page(1)
    page.goto(server.url + "/assignments/new/")
    page.fill("[name=title]", "Longer lunch")
    page.fill("[name=prompt]", "Should lunch be longer?")
    page.fill("[name=grade]", "7")
    page.get_by_role("button", name="Save and bring work").click()
    page.set_input_files("form[data-upload] input[type=file]", [str(files.scanned_pdf(tmp_path, 60))])
    sample = page.locator("[data-card]")
    expect(sample).to_contain_text("of 60", timeout=30_000)
    disk.fill()
    expect(sample).to_contain_text("no room left on the server", timeout=60_000)
    expect(sample).to_contain_text("nothing is lost")

    disk.make_room()
    sample.get_by_role("button", name="Try again").click()
    expect(page.locator("[data-card][data-state=ready]")).to_have_count(1, timeout=60_000)
    expect(sample).to_contain_text("60 pages")


def test_a_file_for_which_there_is_no_room_is_refused_in_a_sentence_before_it_is_taken(server, disk, meet, tmp_path):
    page = meet().page(1)
    page.goto(server.url + "/assignments/new/")
    page.fill("[name=title]", "Shorter lunch")
    page.fill("[name=prompt]", "Should lunch be shorter?")
    page.fill("[name=grade]", "7")
    page.get_by_role("button", name="Save and bring work").click()
    expect(page.get_by_role("heading", name="Shorter lunch")).to_be_visible()
    disk.fill()
    page.set_input_files(
        "form[data-upload] input[type=file]", [str(files.jpeg(tmp_path, "photo.jpg", files.paper(1600, 1200)))]
    )
    expect(page.locator("main")).to_contain_text("no room left on the server", timeout=20_000)


def test_what_people_write_while_the_disk_is_full_waits_and_arrives_once(server, disk, meet):
    room = meet()
    facilitator, page = room.enter(0), room.enter(2)
    choose(page, "Claim", 2)
    expect(state(page, "Claim")).to_have_text("saved")
    server.python(GIVE_BACK)
    disk.fill()
    for level in (1, 3, 4, 3):  # what SQLite had set aside is used up
        choose(page, "Evidence", level)
    card(page, "Evidence").locator("textarea").fill(REASON)
    for number in range(12):
        add_note(page, f"{number}: " + "A long note. " * 120)
    expect(page.locator("[data-kept]")).to_contain_text("It is kept here and sent by itself.", timeout=20_000)
    expect(line(page)).to_have_text(WAITS)
    press(facilitator, "next")
    page.wait_for_timeout(3_000)

    disk.make_room()
    expect(page.locator("[data-kept]")).to_be_hidden(timeout=20_000)
    expect(line(page)).to_be_empty()
    if "Reveal" not in step(facilitator).inner_text():
        press(facilitator, "next")
    for each in (page, facilitator):
        expect(step(each)).to_contain_text("Reveal", timeout=10_000)
    assert room.rows("Score", "level", "rationale") == [["2", ""], ["3", REASON]]
    assert len(room.rows("Note", "text")) == 12
