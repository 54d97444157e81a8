"""A disk that is full: nothing half is left, nothing that was there is lost, and it goes on once there is room."""

import contextlib
import errno
import io
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile

from esw.core.models import JobState
from tests.work_samples import files as made
from tests.work_samples.bringing import NAME_BOX, bring, make_pages, named_paper, photo, post_files, ready
from work_samples import confinement, decoder
from work_samples.domain import files
from work_samples.models import Page, Sample
from work_samples.refusals import CannotRead

pytestmark = pytest.mark.django_db
A_PAGE = {"accept": "text/html"}
MIB = 1024 * 1024


class Disk:
    """Where the tests' files lie: a small disk of its own where that may be mounted, else one that only says so."""

    def __init__(self, root, monkeypatch, *, is_real):
        self.root, self.is_real, self._patch = root, is_real, monkeypatch
        self.filler = root / "filler"

    def fill(self, *, leaving=0):
        """Leave so many bytes."""
        if not self.is_real:
            for name in ("move", "disk_usage"):
                self._patch.setattr(files.shutil, name, no_room)
            says = confinement.Answer(cannot=CannotRead("disk"))
            self._patch.setattr(confinement, "answers_of", lambda *_: (answer for answer in [says]))
            return
        left = os.statvfs(self.root)
        with self.filler.open("wb") as filler:
            filler.write(bytes(max(0, left.f_bavail * left.f_frsize - leaving)))

    def make_room(self):
        if self.is_real:
            self.filler.unlink()
        else:
            self._patch.undo()


def no_room(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk(tmp_path, settings, monkeypatch):
    root = tmp_path / "small"
    root.mkdir()
    may = os.geteuid() == 0 and shutil.which("mount")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={12 * MIB}", "tmpfs", str(root)]
    is_real = bool(may) and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    settings.MEDIA_ROOT = root / "files"
    settings.FILE_UPLOAD_TEMP_DIR = root
    with monkeypatch.context() as patch:
        patch.setattr(files, "ROOM_TO_KEEP", 0)
        yield Disk(root, patch, is_real=is_real)
    if is_real:
        subprocess.run(["umount", str(root)], check=True)


def kept(kind):
    """The files of one kind in the storage."""
    folder = Path(default_storage.path(kind))
    return sorted(path for path in folder.rglob("*") if path.is_file())


# --- while pages are made -------------------------------------------------------------------------------------


def test_a_job_that_finds_no_room_says_so_keeps_the_upload_and_works_later(client, assignment, tmp_path, disk):
    sample = bring(assignment, photo(tmp_path))
    before = [path.read_bytes() for path in kept(files.UPLOADS)]
    disk.fill()
    job = make_pages(sample)
    assert (job.state, job.error) == (JobState.FAILED, files.DISK_FULL)
    told = client.get(f"/samples/{sample.pk}/status/").json()
    assert (told["state"], told["error"], told["pages"]) == ("failed", files.DISK_FULL, [])
    assert kept(files.DRAFTS) == []
    assert not Page.objects.exists()
    assert [path.read_bytes() for path in kept(files.UPLOADS)] == before

    assert client.post(f"/samples/{sample.pk}/retry/", headers={"accept": "application/json"}).status_code == 200
    assert make_pages(sample).error == files.DISK_FULL
    disk.make_room()
    client.post(f"/samples/{sample.pk}/retry/", headers={"accept": "application/json"})
    assert make_pages(sample).state == JobState.DONE
    assert client.get(f"/samples/{sample.pk}/status/").json()["state"] == "ready"


def test_a_disk_that_fills_up_in_the_middle_leaves_no_page(assignment, tmp_path, disk):
    """Room for the folder and the first pages of six, not for all."""
    pages = [named_paper(1700, 2200, seed=seed) for seed in range(6)]
    path = tmp_path / "scan.pdf"
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], quality=80)
    sample = bring(assignment, path)
    disk.fill(leaving=1 * MIB)
    job = make_pages(sample)
    assert (job.state, job.error) == (JobState.FAILED, files.DISK_FULL)
    assert kept(files.DRAFTS) == []
    assert len(kept(files.UPLOADS)) == 1
    disk.make_room()


def test_what_was_moved_before_the_disk_was_full_is_taken_away_again(assignment, tmp_path, monkeypatch):
    sample = bring(assignment, photo(tmp_path, "1.jpg"), photo(tmp_path, "2.jpg"))
    moved = []

    def two_then_full(path, target):
        if len(moved) == 3:
            no_room()
        moved.append(shutil.copy(path, target))

    with monkeypatch.context() as patch:
        patch.setattr(files.shutil, "move", two_then_full)
        job = make_pages(sample)
    assert job.error == f"File 2 of this sample: {files.DISK_FULL}"
    first = sample.pages.get()
    assert {str(path) for path in kept(files.DRAFTS)} == {default_storage.path(first.image.name),
                                                        default_storage.path(first.thumbnail.name)}  # fmt: skip


def test_a_page_that_does_not_fit_is_never_written_half(disk):
    """Pillow by itself writes what fits of the last piece, and says nothing."""
    page = made.paper(300, 400)
    encoded = io.BytesIO()
    page.save(encoded, "JPEG", quality=decoder.JPEG_QUALITY, subsampling=0)
    size = len(encoded.getvalue())
    if disk.is_real:
        disk.fill(leaving=(size - 1) // 4096 * 4096)
    else:
        (disk.root / "page-001.jpg").symlink_to("/dev/full")
    with contextlib.chdir(disk.root), pytest.raises(OSError, match="No space left") as full:
        decoder.write_page(page, 1, 320)
    assert decoder.reason_for(full.value) == ("disk", {})


def test_a_share_of_the_disk_that_is_used_up_is_no_room_either():
    assert decoder.reason_for(OSError(errno.EDQUOT, "Disk quota exceeded")) == ("disk", {})
    assert decoder.reason_for(OSError(errno.EIO, "broken")) == ("damaged", {})


# --- while names are covered -----------------------------------------------------------------------------------


def test_confirming_without_room_changes_nothing_and_works_later(client, assignment, tmp_path, disk):
    sample = ready(assignment, photo(tmp_path))
    before = [path.read_bytes() for kind in (files.UPLOADS, files.DRAFTS) for path in kept(kind)]
    disk.fill()

    def confirm():
        return client.post(
            f"/samples/{sample.pk}/confirm/",
            json.dumps({"redactions": [NAME_BOX]}),
            content_type="application/json",
            headers={"accept": "application/json"},
        )

    answer = confirm()
    assert (answer.status_code, answer.json()) == (409, {"error": files.DISK_FULL})
    assert client.get(f"/pages/{sample.pages.get().pk}/preview/").content.decode() == files.DISK_FULL
    assert [path.read_bytes() for kind in (files.UPLOADS, files.DRAFTS) for path in kept(kind)] == before
    assert kept(files.PAGES) == []
    disk.make_room()
    assert confirm().status_code == 200
    sample.refresh_from_db()
    assert sample.is_confirmed


# --- while files arrive ------------------------------------------------------------------------------------------


def test_an_upload_without_room_is_answered_507_with_a_sentence_and_leaves_nothing(
    client, assignment, tmp_path, monkeypatch, settings
):
    monkeypatch.setattr(files, "ROOM_TO_KEEP", 1 << 60)
    answer = post_files(client, assignment, photo(tmp_path))
    assert answer.status_code == 507
    told = answer.json()
    assert told["error"] == told["files"][0]["error"] == files.DISK_FULL
    assert not Sample.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*"))


def test_a_file_that_found_room_is_taken_though_the_next_did_not(client, assignment, tmp_path, monkeypatch):
    keep, brought = files.keep_upload, []

    def one_then_full(file, sample, **whose):
        if brought:
            raise files.DiskFull
        brought.append(keep(file, sample, **whose))
        return brought[0]

    monkeypatch.setattr(files, "keep_upload", one_then_full)
    answer = post_files(client, assignment, photo(tmp_path, "1.jpg"), photo(tmp_path, "2.jpg"))
    assert answer.status_code == 200
    assert [file["error"] for file in answer.json()["files"]] == [None, files.DISK_FULL]
    assert "error" not in answer.json()
    assert Sample.objects.count() == 1


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, A_PAGE])
def test_a_file_that_does_not_fit_where_uploads_arrive_gets_the_sentence(
    client, assignment, tmp_path, settings, headers
):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    path = photo(tmp_path)
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as file:
        patch.setattr(TemporaryUploadedFile, "write", no_room, raising=False)
        fields = {"assignment": str(assignment.pk), "files": file}
        answer = client.post("/samples/upload/", fields, headers=headers)
    assert answer.status_code == 507
    assert files.DISK_FULL in answer.content.decode()
    assert not list(settings.FILE_UPLOAD_TEMP_DIR.iterdir())
    assert post_files(client, assignment, path).status_code == 200
