"""The store of files is gone for a while: a sentence, nothing half, and the work goes on by itself."""

import uuid

import pytest

from esw.core import clock, jobs
from esw.core.models import JobState
from esw.core.storage import AWAY, private_storage
from tests.services.service import free_port
from tests.work_samples.bringing import NAME_BOX, all_files, bring, confirm, make_pages, photo, post_files, ready
from work_samples.domain import cleanup
from work_samples.models import Page, Sample, StoredFile

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]


@pytest.fixture
def away(settings, s3):
    """`cut()`: nothing listens where the store was. `mend()`: it is there again, with what it kept."""
    prefix = uuid.uuid4().hex

    class Line:
        def lead_to(self, **where):
            settings.STORAGES = {**settings.STORAGES, "default": s3.storage(prefix=prefix, **where)}

        def cut(self):
            self.lead_to(endpoint=f"http://127.0.0.1:{free_port()}")

        def mend(self):
            self.lead_to()

    line = Line()
    line.mend()
    return line


def test_a_file_that_is_brought_meanwhile_gets_the_sentence_and_is_not_half_there(client, assignment, tmp_path, away):
    away.cut()
    told = post_files(client, assignment, photo(tmp_path)).json()["files"][0]
    away.mend()
    assert (told["sample"], told["error"]) == (None, AWAY)
    assert not Sample.objects.exists()
    assert not StoredFile.objects.exists()
    assert all_files() == []


def test_a_job_that_meets_it_waits_and_makes_the_pages_later(client, assignment, tmp_path, away):
    sample = bring(assignment, photo(tmp_path))
    away.cut()
    job = make_pages(sample)
    assert (job.state, job.attempts) == (JobState.PENDING, 0)
    assert client.get(f"/samples/{sample.pk}/status/").json()["state"] in {"pending", "waiting"}
    away.mend()
    assert jobs.requeue_lost(now=clock.now() + 2 * jobs.PENDING_PATIENCE) == 1
    assert make_pages(sample).state == JobState.DONE
    assert Page.objects.count() == 1


def test_a_page_that_is_looked_at_says_so(client, assignment, tmp_path, away):
    page = ready(assignment, photo(tmp_path)).pages.get()
    client.raise_request_exception = False
    away.cut()
    answer = client.get(f"/pages/{page.pk}/image/")
    away.mend()
    assert answer.status_code == 503
    assert AWAY in answer.content.decode()
    assert client.get(f"/pages/{page.pk}/image/", headers={"range": "bytes=0-9"}).status_code == 206


def test_what_could_not_be_removed_when_names_were_covered_goes_with_the_next_sweep(
    assignment, tmp_path, away, django_capture_on_commit_callbacks
):
    sample = ready(assignment, photo(tmp_path))
    with django_capture_on_commit_callbacks(execute=False) as left:
        confirm(sample, [NAME_BOX])
    away.cut()
    for callback in left:
        callback()
    away.mend()
    assert len(all_files()) == 5
    cleanup.delete_orphans(now=clock.now())
    assert {str(file) for file in all_files()} == {
        name for page in Page.objects.all() for name in (page.image.name, page.thumbnail.name)
    }
    assert sum(file.size for file in private_storage().walk("")) == sum(
        StoredFile.objects.values_list("size", flat=True)
    )
