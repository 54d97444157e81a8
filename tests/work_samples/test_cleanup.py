"""What nobody confirmed goes after seven days; what no row names goes, too."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from esw.core.models import Job
from tests.work_samples import files as made
from tests.work_samples.bringing import all_files, bring, confirm, make_pages, photo, ready
from work_samples import tasks
from work_samples.domain import cleanup, files
from work_samples.models import Sample

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def age(path, **how):
    then = (timezone.now() - timedelta(**how)).timestamp()
    os.utime(path, (then, then))


def test_after_seven_days_the_sample_its_upload_and_its_pages_are_gone(assignment, tmp_path, settings, commit):
    sample = ready(assignment, made.pdf(tmp_path, pages=2))
    with commit():
        assert cleanup.expire_unconfirmed(now=sample.created_at + 7 * DAY - timedelta(seconds=1), days=7) == 0
    assert Sample.objects.exists()
    with commit():
        assert cleanup.expire_unconfirmed(now=sample.created_at + 7 * DAY + timedelta(seconds=1), days=7) == 1
    assert not Sample.objects.exists()
    assert not all_files(settings.MEDIA_ROOT)


def test_a_file_that_was_added_later_does_not_keep_the_first_one_longer(assignment, tmp_path, commit):
    sample = ready(assignment, photo(tmp_path))
    Sample.objects.update(created_at=timezone.now() - 8 * DAY)
    bring(assignment, photo(tmp_path), sample=sample)
    with commit():
        assert cleanup.expire_unconfirmed(now=timezone.now(), days=7) == 1


def test_what_is_confirmed_stays(assignment, tmp_path, settings, commit):
    sample = ready(assignment, photo(tmp_path))
    with commit():
        confirm(sample)
    with commit():
        assert cleanup.expire_unconfirmed(now=timezone.now() + 400 * DAY, days=7) == 0
        cleanup.delete_orphans(now=timezone.now() + 400 * DAY)
    assert len(all_files(settings.MEDIA_ROOT)) == 2


def test_the_hourly_task_does_both(assignment, tmp_path, settings, commit):
    ready(assignment, photo(tmp_path))
    Sample.objects.update(created_at=timezone.now() - 8 * DAY)
    with commit():
        tasks.expire_unconfirmed()
    assert not all_files(settings.MEDIA_ROOT)


def test_a_file_that_no_row_names_goes_when_it_is_old(assignment, tmp_path, settings):
    sample = ready(assignment, photo(tmp_path))
    known = set(all_files(settings.MEDIA_ROOT))
    lost = [settings.MEDIA_ROOT / kind / sample.pk.hex / "lost" for kind in (files.UPLOADS, files.DRAFTS)]
    for path in lost:
        path.write_bytes(b"x")
        age(path, minutes=59)
    cleanup.delete_orphans(now=timezone.now())
    assert all(path.exists() for path in lost)
    for path in lost:
        age(path, minutes=61)
    cleanup.delete_orphans(now=timezone.now())
    assert set(all_files(settings.MEDIA_ROOT)) == known


def test_an_upload_that_is_older_than_an_hour_stays_as_long_as_its_row_does(assignment, tmp_path, settings):
    ready(assignment, photo(tmp_path))
    for path in all_files(settings.MEDIA_ROOT):
        age(path, days=3)
    before = all_files(settings.MEDIA_ROOT)
    cleanup.delete_orphans(now=timezone.now())
    assert all_files(settings.MEDIA_ROOT) == before


def test_the_folders_of_a_sample_that_is_gone_go(assignment, tmp_path, settings):
    ready(assignment, photo(tmp_path))
    Sample.objects.all().delete()  # and the process died before it deleted the files
    cleanup.delete_orphans(now=timezone.now() + timedelta(hours=2))
    assert not list(settings.MEDIA_ROOT.glob("*/*"))


def test_the_bench_of_a_killed_process_goes(assignment, tmp_path, settings):
    sample = bring(assignment, photo(tmp_path))
    bench = settings.MEDIA_ROOT / files.DRAFTS / sample.pk.hex / ".work-abc"
    bench.mkdir(parents=True)
    (bench / "page-001.jpg").write_bytes(b"a name")
    cleanup.delete_orphans(now=timezone.now())
    assert bench.exists()
    age(bench, hours=2)
    cleanup.delete_orphans(now=timezone.now())
    assert not bench.exists()


def test_folders_that_are_not_ours_are_left_alone(settings):
    other = settings.MEDIA_ROOT / files.PAGES / "notes"
    other.mkdir(parents=True)
    (other / "kept").write_bytes(b"x")
    age(other / "kept", days=9)
    cleanup.delete_orphans(now=timezone.now())
    assert (other / "kept").exists()


def test_an_upload_that_was_broken_off_is_swept_after_an_hour(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    old, new = (settings.FILE_UPLOAD_TEMP_DIR / f"{name}.upload.jpg" for name in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half a page")
    age(old, hours=2)
    tasks.expire_unconfirmed()
    assert not old.exists()
    assert new.exists()


def test_a_bench_is_made_though_whoever_left_takes_the_folder_away(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make, left = files.tempfile.mkdtemp, []

    def taken_away_first(*, prefix, dir):  # noqa: A002 (tempfile's word)
        if not left:
            left.append(dir)
            dir.rmdir()  # by the preview of another page, which ends at this moment
        return make(prefix=prefix, dir=dir)

    monkeypatch.setattr(files.tempfile, "mkdtemp", taken_away_first)
    with files.workbench(files.PAGES, uuid4()) as bench:
        assert bench.is_dir()
    assert left
    assert not all_files(tmp_path)


def test_a_file_that_came_just_before_the_worker_died_is_found_again(assignment, tmp_path):
    sample = ready(assignment, photo(tmp_path))
    later = bring(assignment, photo(tmp_path), sample=sample)
    Job.objects.exclude(state="done").delete()  # the worker died before it could queue the file
    tasks.expire_unconfirmed()
    make_pages(later)
    assert later.pages.count() == 2
