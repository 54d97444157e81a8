"""A sample's own page: its pages, its label, taking it back."""

import pytest

from tests.work_samples.bringing import all_files, confirm, photo, ready
from work_samples.domain import bringing
from work_samples.models import Sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(assignment, tmp_path):
    return ready(assignment, photo(tmp_path))


def test_its_uploader_may_change_the_label_before_and_after_confirming(client, sample, commit):
    client.post(f"/samples/{sample.pk}/label/", {"label": "  12  b "})
    sample.refresh_from_db()
    assert sample.label == "12 b"
    with commit():
        confirm(sample)
    client.post(f"/samples/{sample.pk}/label/", {"label": "13"})
    sample.refresh_from_db()
    assert sample.label == "13"


@pytest.mark.parametrize(
    ("label", "sentence"), [("", bringing.NO_LABEL), ("  ", bringing.NO_LABEL), ("b", bringing.LABEL_TAKEN)]
)
def test_a_label_that_is_none_or_taken_gets_a_sentence(  # noqa: PLR0917
    client, assignment, sample, tmp_path, label, sentence
):
    ready(assignment, photo(tmp_path))
    answer = client.post(f"/samples/{sample.pk}/label/", {"label": label}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (409, {"error": sentence})
    sample.refresh_from_db()
    assert sample.label == "A"


def test_a_label_with_a_nul_is_kept_without_it(client, sample):
    client.post(f"/samples/{sample.pk}/label/", {"label": "a\0b"})
    sample.refresh_from_db()
    assert sample.label == "a b"


def test_a_sample_that_a_session_talks_about_keeps_its_label(client, sample, monkeypatch):
    monkeypatch.setattr(bringing, "is_leaned_on", lambda _: True)
    answer = client.post(f"/samples/{sample.pk}/label/", {"label": "Z"}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (409, {"error": bringing.IN_USE})


def test_every_relation_from_a_room_above_counts_as_leaning_on_it(sample):
    assert bringing.is_leaned_on(sample) is False


def test_deleting_takes_every_file_with_it(client, sample, commit, settings):
    with commit():
        answer = client.post(f"/samples/{sample.pk}/delete/")
    assert answer.headers["Location"] == f"/assignments/{sample.assignment_id}/"
    assert not Sample.objects.exists()
    assert not all_files(settings.MEDIA_ROOT)


def test_a_confirmed_sample_is_not_deleted_here(client, sample, commit):
    with commit():
        confirm(sample)
    answer = client.post(f"/samples/{sample.pk}/delete/", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (409, {"error": bringing.CONFIRMED})


def test_the_page_is_calm_about_a_sample_without_pages(client, assignment, uploader):
    from tests.factories import SampleFactory

    empty = SampleFactory(assignment=assignment, uploader=uploader)
    assert client.get(f"/samples/{empty.pk}/").status_code == 200
