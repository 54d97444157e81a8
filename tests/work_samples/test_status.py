"""GET /samples/<uuid>/status/: the exact shape, in every state."""

import pytest

from esw.core import jobs
from esw.core.models import JobState
from tests.work_samples import files as made
from tests.work_samples.bringing import bring, make_pages, photo, ready

pytestmark = pytest.mark.django_db


def status(client, sample):
    answer = client.get(f"/samples/{sample.pk}/status/")
    assert answer.status_code == 200
    assert set(answer.json()) == {"state", "done", "of", "error", "pages"}
    return answer.json()


def test_it_waits_before_the_worker_comes(client, assignment, tmp_path):
    told = status(client, bring(assignment, photo(tmp_path)))
    assert told == {"state": "pending", "done": 0, "of": 1, "error": None, "pages": []}


def test_it_runs(client, assignment, tmp_path):
    sample = bring(assignment, made.pdf(tmp_path))
    job = jobs.latest(sample.pk)
    type(job).objects.update(state=JobState.RUNNING, done=2, of=6)
    told = status(client, sample)
    assert (told["state"], told["done"], told["of"]) == ("running", 2, 6)


@pytest.mark.parametrize(
    ("done", "of", "words"),
    [
        (0, 0, "Preparing the recording"),
        (20, 40, "Preparing the recording"),
        (199, 700, "Preparing the recording, 3 of 12 minutes done"),
        (60, 60, "Preparing the recording, 1 of 1 minute done"),
    ],
)
def test_of_a_recording_minutes_are_said_and_not_pages(client, assignment, tmp_path, done, of, words):  # noqa: PLR0917
    sample = bring(assignment, photo(tmp_path))
    sample.uploads.update(is_recording=True)
    job = jobs.latest(sample.pk)
    type(job).objects.update(state=JobState.RUNNING, done=done, of=of)
    told = client.get(f"/samples/{sample.pk}/status/").json()
    assert (told["done"], told["of"], told["recording"]) == (0, 1, {"done": done, "of": of})
    sheet = client.get(f"/assignments/{assignment.pk}/samples/").content.decode()
    assert f">{words}</p>" in sheet
    assert "0 of" not in sheet


def test_it_is_ready_and_every_link_is_served(client, assignment, tmp_path):
    sample = ready(assignment, made.pdf(tmp_path, pages=2))
    told = status(client, sample)
    assert (told["state"], told["done"], told["of"], told["error"]) == ("ready", 2, 2, None)
    for number, page in enumerate(told["pages"], 1):
        assert set(page) == {"number", "image", "thumbnail", "width", "height"}
        assert page["number"] == number
        assert client.get(page["image"]).status_code == 200
        assert client.get(page["thumbnail"]).status_code == 200


def test_it_failed_with_a_sentence(client, assignment, tmp_path):
    sample = bring(assignment, made.locked_pdf(tmp_path))
    make_pages(sample)
    told = status(client, sample)
    assert told["state"] == "failed"
    assert "password" in told["error"]


def test_a_job_that_was_given_up_is_said_and_can_be_tried_again(client, assignment, tmp_path):
    sample = bring(assignment, photo(tmp_path))
    job = jobs.latest(sample.pk)
    type(job).objects.update(state=JobState.FAILED, error=jobs.GAVE_UP)
    assert status(client, sample)["error"] == jobs.GAVE_UP
    client.post(f"/samples/{sample.pk}/retry/")
    make_pages(sample)
    assert status(client, sample)["state"] == "ready"
