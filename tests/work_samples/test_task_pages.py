"""The task as pages: through the same decoder as students' work, brought anew, taken away, seen by the team alone."""

import random
from collections import Counter

import pytest
from django.urls import reverse
from django.utils import timezone

from esw.core import jobs
from tests.work_samples import files as made
from tests.work_samples.bringing import all_files, body_of, photo, signed_in, temporary
from work_samples import task_queries, tasks
from work_samples.domain import cleanup, task_pages
from work_samples.domain.bringing import NotBrought
from work_samples.models import Task, TaskFile, TaskPage

pytestmark = pytest.mark.django_db
SOUND = (
    b"RIFF\x24\x00\x00\x00WAVEfmt "
    + bytes.fromhex("100000000100010044ac00008858010002001000")
    + b"data\x00\x00\x00\x00"
)


def bring(assignment, *paths):
    uploads = [temporary(path) for path in paths]
    return task_pages.bring_task(assignment=assignment, uploads=uploads, by=assignment.created_by, now=timezone.now())


def make(task):
    job = jobs.latest(task.pk)
    tasks.make_task_pages(str(job.pk))
    job.refresh_from_db()
    return job


def ready(assignment, *paths):
    task = bring(assignment, *paths)
    make(task)
    return task


def test_its_files_become_pages_in_their_order(assignment, tmp_path, commit):
    with commit():
        task = ready(assignment, photo(tmp_path), made.pdf(tmp_path, pages=2))
    assert [page.number for page in TaskPage.objects.filter(task=task)] == [1, 2, 3]
    assert not TaskFile.objects.exists()
    assert len(all_files()) == 6  # three pages, three thumbnails; what was brought is gone
    sheet = task_queries.sheet(assignment)
    assert (len(sheet.pages), sheet.is_busy, sheet.error) == (3, False, "")


def test_until_its_pages_are_made_the_earlier_ones_stand(assignment, tmp_path, commit):
    with commit():
        first = ready(assignment, photo(tmp_path))
    second = bring(assignment, photo(tmp_path))
    sheet = task_queries.sheet(assignment)
    assert sheet.is_busy
    assert sheet.pages[0].task == first
    with commit():
        make(second)
    assert list(Task.objects.all()) == [second]
    assert len(all_files()) == 2


def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(assignment, tmp_path, commit):
    with commit():
        ready(assignment, photo(tmp_path))
    with commit():
        job = make(bring(assignment, photo(tmp_path), made.locked_pdf(tmp_path)))
    assert "password" in job.error
    sheet = task_queries.sheet(assignment)
    assert "password" in sheet.error
    assert len(sheet.pages) == 1
    assert len(all_files()) == 2


def test_damaged_files_end_in_pages_or_a_sentence_and_leave_nothing(assignment, tmp_path, commit):
    chance = random.Random(7)
    wholes = [photo(tmp_path), made.pdf(tmp_path, pages=2), made.telling_png(tmp_path), made.tiff(tmp_path, pages=2)]
    ended = Counter()
    for _ in range(16):
        path = made.write(tmp_path, "damaged", made.mutated(chance.choice(wholes).read_bytes(), chance))
        try:
            with commit():
                job = make(bring(assignment, path))
        except NotBrought as refused:
            ended["refused" if refused.sentence else "refused without a word"] += 1
        else:
            assert (job.state == "done") == (job.error == "")
            ended[job.state] += 1
        assert not TaskFile.objects.exists()
        assert len(all_files()) == 2 * TaskPage.objects.count()
    assert {"done", "failed"} <= set(ended) <= {"done", "failed", "refused"}


def test_what_is_no_kind_of_page_is_refused_at_once(assignment, tmp_path):
    page = made.write(tmp_path, "page.html", b"<html><script>alert(1)</script>")
    for paths, words in (
        ([page], "web page"),
        ([], "Choose the file"),
        ([made.jpeg(tmp_path)] * 21, "up to 20 files"),
        ([made.write(tmp_path, "voice.wav", SOUND)], "recording"),
    ):
        with pytest.raises(NotBrought, match=words):
            bring(assignment, *paths)
    assert not Task.objects.exists()
    assert not all_files()


def test_more_pages_than_a_task_may_have_are_none(assignment, tmp_path, commit):
    with commit():
        job = make(bring(assignment, made.pdf(tmp_path, pages=40, name="a.pdf"), made.pdf(tmp_path, 40, name="b.pdf")))
    assert "more than 60 pages" in job.error
    assert not all_files()


def test_the_sweep_leaves_its_files_alone(assignment, tmp_path):
    ready(assignment, photo(tmp_path))
    cleanup.delete_orphans(now=timezone.now() + timezone.timedelta(days=2))
    assert len(all_files()) == 2


def test_it_is_brought_and_taken_away_on_the_assignments_page(client, assignment, tmp_path, commit):
    page = reverse("work_samples:assignment", args=[assignment.pk])
    with photo(tmp_path).open("rb") as file:
        answer = client.post(reverse("work_samples:task_bring", args=[assignment.pk]), {"files": file})
    assert answer["Location"] == page
    assert "pages are being made" in client.get(page).content.decode()
    with commit():
        make(Task.objects.get())
    shown = client.get(page).content.decode()
    image = reverse("work_samples:task_image", args=[TaskPage.objects.get().pk])
    assert image in shown
    assert body_of(client.get(image)).startswith(b"\xff\xd8")
    with commit():
        client.post(reverse("work_samples:task_remove", args=[assignment.pk]))
    assert image not in client.get(page).content.decode()
    assert not all_files()


def test_a_refusal_is_said_on_the_page(client, assignment, tmp_path):
    with made.write(tmp_path, "x.svg", b"<svg/>").open("rb") as file:
        answer = client.post(reverse("work_samples:task_bring", args=[assignment.pk]), {"files": file}, follow=True)
    assert "HTML or SVG" in answer.content.decode()


def test_it_exists_for_the_team_alone(assignment, their_client, outsiders, tmp_path):
    ready(assignment, photo(tmp_path))
    key = TaskPage.objects.get().pk
    reads = [
        reverse("work_samples:task_image", args=[key]),
        reverse("work_samples:task_thumbnail", args=[key]),
        reverse("work_samples:task", args=[assignment.pk]),
    ]
    writes = [reverse(f"work_samples:task_{name}", args=[assignment.pk]) for name in ("bring", "remove")]
    assert all(their_client.get(page).status_code in {200, 302} for page in reads)
    for who in outsiders.values():
        assert {signed_in(who).get(page).status_code for page in reads} == {404}
        assert {signed_in(who).post(page).status_code for page in writes} == {404}
