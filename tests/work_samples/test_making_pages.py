"""The job that makes pages: every kind, several files, killed half way, nothing lost and nothing left over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from esw.core import jobs
from esw.core.models import Job, JobState
from tests.work_samples import files as made
from tests.work_samples.bringing import all_files, bring, make_pages, photo, ready
from work_samples import imaging, queries, tasks
from work_samples.domain import bringing, pages
from work_samples.models import Page, Sample

pytestmark = pytest.mark.django_db

KINDS = {
    "JPEG": made.jpeg,
    "PNG": made.telling_png,
    "WebP": made.telling_webp,
    "HEIC": made.heic,
    "TIFF with three pages": made.tiff,
    "PDF with six pages": made.pdf,
}
PAGES = {"TIFF with three pages": 3, "PDF with six pages": 6}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_becomes_pages(assignment, tmp_path, kind):
    sample = ready(assignment, KINDS[kind](tmp_path))
    assert queries.status_of(sample).state == "ready"
    assert sample.pages.count() == PAGES.get(kind, 1)
    assert max(max(page.width, page.height) for page in sample.pages.all()) <= imaging.PAGE_LONG_SIDE


BAD = {
    "a PDF with a password": (made.locked_pdf, "password"),
    "a PDF with 61 pages": (lambda folder: made.pdf(folder, pages=61), "61 pages"),
    "a picture that is a bomb": (made.bomb_png, "pixels"),
    "a JPEG that is cut off": (
        lambda folder: made.write(folder, "cut.jpg", made.jpeg(folder).read_bytes()[:3000]),
        "cut off",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_read_gets_one_sentence_and_the_one_beside_it_is_kept(assignment, tmp_path, kind):
    make, word = BAD[kind]
    bad, good = bring(assignment, make(tmp_path)), bring(assignment, photo(tmp_path, "good.jpg"))
    job = make_pages(bad)
    make_pages(good)
    status = queries.status_of(bad)
    assert (job.state, status.state) == (JobState.FAILED, "failed")
    assert word in status.error
    assert job.error == status.error
    assert queries.status_of(good).state == "ready"


def test_pages_run_on_in_the_order_of_the_files(assignment, tmp_path):
    sample = ready(assignment, made.pdf(tmp_path, pages=2), photo(tmp_path), made.tiff(tmp_path))
    told = [(page.number, page.upload.position) for page in sample.pages.select_related("upload")]
    assert told == [(1, 1), (2, 1), (3, 2), (4, 3), (5, 3), (6, 3)]


def test_a_file_that_comes_later_leaves_the_pages_that_are_there_alone(assignment, tmp_path):
    sample = ready(assignment, made.pdf(tmp_path, pages=2))
    before = list(sample.pages.values_list("pk", "image"))
    bring(assignment, photo(tmp_path), sample=sample)
    make_pages(sample)
    assert list(sample.pages.values_list("pk", "image"))[:2] == before
    assert sample.pages.count() == 3


def test_a_file_that_cannot_be_read_does_not_hold_up_the_next(assignment, tmp_path):
    sample = bring(assignment, made.locked_pdf(tmp_path), photo(tmp_path))
    make_pages(sample)
    status = queries.status_of(sample)
    assert sample.pages.count() == 1
    assert status.state == "failed"
    assert status.error.startswith("File 1 of this sample: ")


def test_the_bad_file_can_be_taken_out_and_the_rest_is_ready(client, assignment, tmp_path):
    sample = bring(assignment, made.locked_pdf(tmp_path), photo(tmp_path))
    make_pages(sample)
    client.post(f"/samples/{sample.pk}/uploads/{sample.uploads.get(position=1).pk}/remove/")
    assert queries.status_of(Sample.objects.get(pk=sample.pk)).state == "ready"


def test_trying_again_puts_the_pages_where_their_file_stands(client, assignment, tmp_path, monkeypatch):
    sample = bring(assignment, photo(tmp_path, "1.jpg"), photo(tmp_path, "2.jpg"))
    real = imaging.make_pages
    calls = []

    def first_fails(*arguments, **how):
        calls.append(1)
        if len(calls) == 1:
            raise imaging.CannotRead("memory")
        return real(*arguments, **how)

    monkeypatch.setattr(imaging, "make_pages", first_fails)
    make_pages(sample)
    only = sample.pages.get()
    assert only.upload.position == 2
    client.post(f"/samples/{sample.pk}/retry/")
    make_pages(sample)
    assert queries.status_of(Sample.objects.get(pk=sample.pk)).state == "ready"
    assert list(sample.pages.values_list("number", "upload__position")) == [(1, 1), (2, 2)]
    only.refresh_from_db()
    assert only.number == 2


def test_a_sample_takes_no_more_than_sixty_pages_from_all_its_files(assignment, tmp_path, monkeypatch):
    monkeypatch.setattr(imaging, "MAX_PAGES", 3)
    sample = ready(assignment, made.pdf(tmp_path, pages=2), made.pdf(tmp_path, pages=2, name="b.pdf"))
    assert sample.pages.count() == 2
    assert "the most for one sample" in queries.status_of(sample).error


class Killed(BaseException):
    """The process is gone: nothing below it runs."""


@pytest.mark.both_storages
def test_a_job_that_was_killed_half_way_is_found_again_and_ends_right(assignment, tmp_path, monkeypatch, settings):
    sample = bring(assignment, photo(tmp_path, "1.jpg"), made.pdf(tmp_path, pages=2))
    real = pages._record

    def killed_before_writing(upload, *arguments, **how):
        if upload.position == 2:
            raise Killed
        return real(upload, *arguments, **how)

    with monkeypatch.context() as patch:
        patch.setattr(pages, "_record", killed_before_writing)
        with pytest.raises(Killed):
            make_pages(sample)
    job = jobs.latest(sample.pk)
    assert job.state == JobState.RUNNING
    assert sample.pages.count() == 1
    stranded = len(all_files())

    sent = []
    monkeypatch.setattr(jobs, "send", sent.append)
    assert jobs.requeue_lost(now=timezone.now() + jobs.LEASE + timedelta(seconds=1)) == 1
    assert sent == [job]
    make_pages(sample)
    assert [page.number for page in sample.pages.all()] == [1, 2, 3]
    # two uploads, three pages, three thumbnails, and what the killed run had written is gone
    assert stranded > 4
    assert len(all_files()) == 8


@pytest.mark.both_storages
def test_a_run_that_has_lost_its_lease_writes_nothing(assignment, tmp_path, monkeypatch, settings):
    sample = bring(assignment, photo(tmp_path))
    real = imaging.make_pages

    def slow(*arguments, **how):
        Job.objects.update(attempts=7)  # another worker has taken over meanwhile
        return real(*arguments, **how)

    monkeypatch.setattr(imaging, "make_pages", slow)
    make_pages(sample)
    assert not Page.objects.exists()
    assert len(all_files()) == 1


@pytest.mark.both_storages
def test_a_sample_that_was_deleted_meanwhile_leaves_no_file(assignment, tmp_path, monkeypatch, settings, commit):
    sample = bring(assignment, photo(tmp_path))
    real = imaging.make_pages

    def slow(*arguments, **how):
        made_pages = real(*arguments, **how)
        with commit():
            bringing.delete_sample(sample=sample)
        return made_pages

    monkeypatch.setattr(imaging, "make_pages", slow)
    make_pages(sample)
    assert not all_files()


def test_a_file_that_came_while_the_last_was_being_made_is_not_forgotten(assignment, tmp_path, monkeypatch):
    sample = bring(assignment, photo(tmp_path, "1.jpg"))
    job = jobs.latest(sample.pk)
    real = jobs.finish

    def late(finished, *, now):
        bring(assignment, photo(tmp_path, "2.jpg"), sample=sample)
        real(finished, now=now)

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "finish", late)
        tasks.make_pages(str(job.pk))
    again = jobs.latest(sample.pk)
    assert again.pk != job.pk
    assert again.state == JobState.PENDING
    make_pages(sample)
    assert sample.pages.count() == 2


def test_a_job_whose_sample_is_gone_ends_quietly(assignment, tmp_path):
    sample = bring(assignment, photo(tmp_path))
    Sample.objects.all().delete()
    assert make_pages(sample).state == JobState.DONE


def test_progress_counts_the_pages_of_the_whole_sample(assignment, tmp_path, monkeypatch):
    sample = bring(assignment, made.pdf(tmp_path, pages=2), photo(tmp_path))
    seen = []
    real = jobs.report

    def watched(job, *, done, of, now):
        real(job, done=done, of=of, now=now)
        status = queries.status_of(Sample.objects.get(pk=sample.pk))
        seen.append((status.state, status.done, status.of))

    monkeypatch.setattr(jobs, "report", watched)
    make_pages(sample)
    assert seen == [("running", 0, 3), ("running", 1, 3), ("running", 2, 3), ("running", 2, 3), ("running", 3, 3)]


def test_no_name_of_a_file_is_in_the_log_or_the_job(assignment, tmp_path, caplog):
    caplog.set_level("DEBUG")
    sample = bring(assignment, made.write(tmp_path, "Jamie Whitlock.pdf", made.locked_pdf(tmp_path).read_bytes()))
    make_pages(sample)
    assert "Jamie" not in caplog.text
    assert "Jamie" not in str(list(Job.objects.values()))
    assert sample.uploads.get().name == "Jamie Whitlock.pdf"
