"""Places where a name may stand: offered to the uploader alone; neither what was read nor what was typed stays."""

import io
import json
import logging

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from esw.core import jobs
from esw.core.models import Job, JobState
from tests.work_samples.bringing import NAME_BOX, all_files, confirm, photo, ready, signed_in
from work_samples import imaging, names, reading, tasks
from work_samples.domain import suggesting
from work_samples.models import Reading, Redaction, Sample

pytestmark = pytest.mark.django_db
TYPED = "Zuleika Quetzalcoatl"
WORDS = [
    [["Name:", 0.1, 0.06, 0.08, 0.02], ["Zuleika", 0.2, 0.06, 0.1, 0.02], ["Quetzalcoatl", 0.32, 0.06, 0.15, 0.02]],
    [["Then", 0.1, 0.4, 0.08, 0.02], ["Zuleka", 0.2, 0.4, 0.1, 0.02], ["ran", 0.32, 0.4, 0.05, 0.02]],
]


@pytest.fixture(autouse=True)
def is_on(settings, monkeypatch):
    """As on a machine that reads, with words that are known."""
    settings.SUGGEST_NAMES = True
    monkeypatch.setattr(reading, "is_installed", lambda: True)
    monkeypatch.setattr(reading, "read_words", read_words)


def read_words(pages, out_dir, *, on_page, **_):
    for index, page in enumerate(pages):
        assert page.is_file()
        on_page(index, names.lines_from(WORDS))


@pytest.fixture
def sample(assignment, tmp_path):
    return ready(assignment, photo(tmp_path))


def run(sample):
    job = jobs.latest(sample.pk, task=suggesting.READ_PAGES)
    tasks.read_pages(str(job.pk))
    job.refresh_from_db()
    return job


def post(client, sample, what, body):
    return client.post(f"/samples/{sample.pk}/places/{what}/", json.dumps(body), content_type="application/json")


def places_of(client, sample):
    return client.get(f"/samples/{sample.pk}/places/").json()


def test_pages_are_read_by_a_job_that_follows_their_making(client, sample):
    assert places_of(client, sample) == {"state": "waiting", "pages": {}}
    assert run(sample).state == JobState.DONE
    said = places_of(client, sample)
    assert said["state"] == "ready"
    (place,) = said["pages"]["1"]
    assert place["why"] == "name"
    assert place["x"] <= 0.2
    assert place["x"] + place["w"] >= 0.47


def test_nothing_is_covered_by_itself(client, sample):
    run(sample)
    places_of(client, sample)
    post(client, sample, "names", {"names": TYPED})
    assert not Redaction.objects.exists()


def test_typed_names_are_found_and_stay_nowhere(client, sample, caplog):
    run(sample)
    before = {path.name for path in all_files()}
    with caplog.at_level(logging.DEBUG):
        said = post(client, sample, "names", {"names": "Xiomara Zapatero\nZulejka"})
    assert said["Cache-Control"].find("no-store") >= 0
    assert len(said.json()["pages"]["1"]) == 2
    assert "Zulejka" not in said.content.decode()
    everywhere = io.StringIO()
    call_command("dumpdata", stdout=everywhere)
    for kept in ("Xiomara", "Zapatero", "Zulejka", "zulejka"):
        assert kept not in everywhere.getvalue()
        assert kept not in caplog.text
        assert kept not in repr(getattr(cache, "_cache", {}))
        assert all(kept.encode() not in path.read_bytes() for path in all_files())
    assert {path.name for path in all_files()} == before


def test_what_was_read_is_in_no_row_and_in_one_private_file(sample):
    run(sample)
    everywhere = io.StringIO()
    call_command("dumpdata", stdout=everywhere)
    assert "Zuleika" not in everywhere.getvalue()
    assert [path.suffix for path in all_files() if b"Zuleika" in path.read_bytes()] == [".words"]


@pytest.mark.parametrize("end", ["confirmed", "deleted", "expired"])
def test_what_was_read_goes_with_the_draft(client, sample, commit, end):
    from work_samples.domain import cleanup

    run(sample)
    with commit():
        if end == "confirmed":
            confirm(sample)
        elif end == "deleted":
            client.post(f"/samples/{sample.pk}/delete/")
        else:
            cleanup.expire_unconfirmed(now=timezone.now() + timezone.timedelta(days=8), days=7)
    assert not [path for path in all_files() if path.suffix == ".words"]
    assert not Reading.objects.exists()


def test_a_page_that_is_confirmed_while_it_is_read_keeps_no_words(sample, commit, monkeypatch):
    def confirm_first(pages, out_dir, *, on_page, **_):
        with commit():
            confirm(sample)
        on_page(0, names.lines_from(WORDS))

    monkeypatch.setattr(reading, "read_words", confirm_first)
    run(sample)
    assert not [path for path in all_files() if path.suffix == ".words"]
    assert not Reading.objects.exists()


def test_what_is_no_name_stays_dismissed(client, sample):
    run(sample)
    (place,) = places_of(client, sample)["pages"]["1"]
    box = {"page": 1} | {side: place[side] for side in "xywh"}
    assert post(client, sample, "dismiss", {"places": [box]}).status_code == 200
    assert places_of(client, sample)["pages"] == {"1": []}
    found = post(client, sample, "names", {"names": "Zuleka"}).json()["pages"]["1"]
    post(client, sample, "dismiss", {"places": [{"page": 1} | {side: one[side] for side in "xywh"} for one in found]})
    assert post(client, sample, "names", {"names": "Zuleka"}).json()["pages"] == {"1": []}


def test_a_page_with_a_new_picture_is_read_again(client, sample):
    run(sample)
    old = Reading.objects.get().words
    page = sample.pages.get()
    page.image.name = page.thumbnail.name
    page.save()
    assert places_of(client, sample) == {"state": "waiting", "pages": {}}  # and asks for it
    assert run(sample).state == JobState.DONE
    assert old not in {str(path) for path in all_files()}
    assert places_of(client, sample)["state"] == "ready"


def test_reading_gives_way_to_pages_that_wait(sample, assignment, tmp_path):
    job = jobs.latest(sample.pk, task=suggesting.READ_PAGES)
    other = Job.objects.create(task="work_samples.make_pages", target=assignment.pk, created_at=timezone.now())
    for _ in range(4):  # it may give way as often as it must
        assert run(sample).state == JobState.PENDING
    assert not Reading.objects.exists()
    other.delete()
    tasks.read_pages(str(job.pk))
    assert Reading.objects.count() == 1


def test_a_page_that_breaks_the_reader_is_read_as_empty_and_the_rest_go_on(assignment, tmp_path, monkeypatch, client):
    sample = ready(assignment, photo(tmp_path, "a.jpg"), photo(tmp_path, "b.jpg", seed=2))

    def breaks(pages, out_dir, *, on_page, **_):
        if not Reading.objects.exists():
            raise imaging.CannotRead("memory")
        read_words(pages, out_dir, on_page=on_page)

    monkeypatch.setattr(reading, "read_words", breaks)
    assert run(sample).state == JobState.DONE
    said = places_of(client, sample)
    assert [len(said["pages"][number]) for number in ("1", "2")] == [0, 1]


@pytest.mark.parametrize("how", ["no setting", "not installed"])
def test_where_nothing_can_be_read_it_says_so(client, assignment, tmp_path, monkeypatch, how):
    if how == "no setting":
        monkeypatch.setattr("django.conf.settings.SUGGEST_NAMES", False)
    else:
        monkeypatch.setattr(reading, "is_installed", lambda: False)
    sample = ready(assignment, photo(tmp_path))
    assert not Job.objects.filter(task=suggesting.READ_PAGES).exists()
    assert places_of(client, sample) == {"state": "none", "pages": {}}


def test_it_is_for_the_uploader_alone(sample, their_client, outsiders):
    run(sample)
    for person in [their_client, *(signed_in(outsider) for outsider in outsiders.values())]:
        assert person.get(f"/samples/{sample.pk}/places/").status_code == 404
        assert post(person, sample, "names", {"names": "Zuleika"}).status_code == 404
        assert post(person, sample, "dismiss", {"places": []}).status_code == 404


def test_of_a_confirmed_sample_nothing_is_offered(client, their_client, sample, commit):
    run(sample)
    with commit():
        confirm(sample)
    assert client.get(f"/samples/{sample.pk}/places/").status_code == 409
    assert their_client.get(f"/samples/{sample.pk}/places/").status_code == 403
    assert post(client, sample, "names", {"names": "Zuleika"}).status_code == 409


@pytest.mark.parametrize(
    "body", [{}, {"names": 3}, {"names": ["x"]}, {"names": ""}, {"names": " , \n"}, {"names": "x" * 20_001}]
)
def test_names_that_make_no_sense_get_a_sentence(client, sample, body):
    answer = post(client, sample, "names", body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


@pytest.mark.parametrize("places", [None, 3, "x", [1], [NAME_BOX | {"page": 9}], [{"page": 1, "x": "a"}]])
def test_places_that_make_no_sense_get_a_sentence(client, sample, places):
    assert post(client, sample, "dismiss", {"places": places}).status_code == 400


def test_names_in_an_address_are_not_taken(client, sample):
    assert client.get(f"/samples/{sample.pk}/places/names/?names=Zuleika").status_code == 405


@pytest.mark.parametrize("damage", [b"", b"{", b"[[[1]]]", b"\xff\xfe", None])
def test_words_that_are_damaged_or_gone_find_nothing(client, sample, damage):
    from django.core.files.storage import default_storage

    run(sample)
    name = Reading.objects.get().words
    default_storage.delete(name)
    if damage is not None:
        default_storage.save(name, io.BytesIO(damage))
    assert post(client, sample, "names", {"names": "Zuleika"}).json()["pages"] == {"1": []}


def test_the_sample_stays_the_uploaders_while_its_pages_are_read(sample):
    run(sample)
    assert Sample.objects.get().is_draft
