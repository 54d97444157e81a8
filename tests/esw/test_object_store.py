"""An S3-compatible store: what is asked of it, what is never asked, and what happens while it is away."""

import random
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import RequestFactory
from django.utils import timezone

from esw.core import clock, files, jobs, object_store, views
from esw.core.models import JobState
from esw.core.storage import AWAY, StorageAway, private_storage
from esw.core.storage_url import storage_options
from tests.services.s3 import BUCKET

NAME = "pages/" + "0f" * 16 + "/one.jpg"


@pytest.fixture
def place(settings, s3):
    """Where files of this test lie in the store; it is killed or paused here, and put right afterwards."""

    def lie(**options):
        entry = s3.storage(prefix=f"here/{uuid.uuid4().hex}", **options)
        settings.STORAGES = {**settings.STORAGES, "default": entry}
        return default_storage

    yield lie
    if s3.process is None:
        s3.start()
    s3.go_on()


def keep(name=NAME, data=b"a page"):
    return default_storage.save(name, ContentFile(data))


# --- what is asked ------------------------------------------------------------------------------------------------


def test_storage_url_names_a_bucket_and_keys_stand_elsewhere():
    url = "s3://work/esw?endpoint=https://store.example&region=eu-west-1&encryption=AES256"
    made = storage_options(url, access_key="A", secret_key="B")
    assert made["BACKEND"] == "esw.core.object_store.ObjectStorage"
    assert made["OPTIONS"] == {
        "bucket": "work",
        "prefix": "esw",
        "endpoint": "https://store.example",
        "region": "eu-west-1",
        "encryption": "AES256",
        "access_key": "A",
        "secret_key": "B",
    }
    assert storage_options("") == {"BACKEND": "esw.core.storage.PrivateStorage"}


@pytest.mark.parametrize(
    "url", ["folder", "http://store.example/work", "s3:///work", "s3://key:secret@work", "s3://work?acl=public-read"]
)
def test_a_storage_url_that_means_something_else_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        storage_options(url)


def test_objects_are_encrypted_as_told_and_never_public(place, s3):
    place(encryption="AES256")
    keep()
    key = default_storage._key(NAME)
    assert default_storage.client.head_object(Bucket=BUCKET, Key=key)["ServerSideEncryption"] == "AES256"
    grants = default_storage.client.get_object_acl(Bucket=BUCKET, Key=key)["Grants"]
    assert not any("AllUsers" in grant["Grantee"].get("URI", "") for grant in grants)


def test_a_listing_of_more_than_a_thousand_is_walked_to_its_end(place):
    place()
    for number in range(1005):
        default_storage.client.put_object(Bucket=BUCKET, Key=default_storage._key(f"pages/x/{number:04}"), Body=b"")
    assert [file.name for file in private_storage().walk("pages")] == [f"pages/x/{number:04}" for number in range(1005)]


def test_a_large_file_goes_up_in_parts_and_comes_back_the_same(place, tmp_path, monkeypatch):
    monkeypatch.setattr(object_store, "PART", 5 * object_store.MIB)
    place()
    whole = random.Random(2).randbytes(11 * object_store.MIB)
    (tmp_path / "film.mp4").write_bytes(whole)
    private_storage().put(tmp_path / "film.mp4", NAME)
    with private_storage().local(NAME) as path:
        assert path.read_bytes() == whole


def test_what_was_begun_in_parts_and_never_finished_is_found_and_removed(place):
    place()
    default_storage.client.create_multipart_upload(Bucket=BUCKET, Key=default_storage._key(NAME))
    later, long_ago = timezone.now() + timedelta(minutes=1), datetime(2000, 1, 1, tzinfo=UTC)
    assert list(private_storage().walk("")) == []
    assert private_storage().give_up_half(before=long_ago, remove=True) == 0
    assert private_storage().give_up_half(before=later, remove=False) == 1
    assert private_storage().give_up_half(before=later, remove=True) == 1
    assert private_storage().give_up_half(before=later, remove=True) == 0


def test_a_copy_is_not_fetched_onto_a_disk_without_room(place, monkeypatch):
    place()
    keep()
    monkeypatch.setattr(object_store, "ROOM_TO_SPARE", 1 << 60)
    with pytest.raises(OSError, match="No space left"), private_storage().local(NAME):
        pass


# --- while it is away -----------------------------------------------------------------------------------------------


def each_way_to_ask(tmp_path):
    (tmp_path / "made").write_bytes(b"x")
    return [
        lambda: keep("pages/x/new"),
        lambda: private_storage().put(tmp_path / "made", "pages/x/new"),
        lambda: private_storage().size(NAME),
        lambda: default_storage.exists(NAME),
        lambda: default_storage.open(NAME),
        lambda: list(private_storage().pieces(NAME, 0, 3)),
        lambda: list(private_storage().walk("pages")),
        lambda: default_storage.delete(NAME),
    ]


def test_a_store_that_is_down_is_said_to_be_away_however_it_is_asked(place, s3, tmp_path):
    place()
    keep()
    s3.kill()
    for ask in each_way_to_ask(tmp_path):
        with pytest.raises(StorageAway):
            ask()
    assert (tmp_path / "made").exists()


def test_a_store_that_says_nothing_holds_nobody_for_long(place, s3):
    place(timeout="0.3")
    keep()
    s3.pause()
    with pytest.raises(StorageAway):
        private_storage().size(NAME)
    s3.go_on()
    assert private_storage().size(NAME) == 6


@pytest.mark.parametrize("status", [503, 500, 403])
def test_a_store_that_refuses_is_away_too(place, status):
    class Refuses(BaseHTTPRequestHandler):
        def answer(self):
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = do_PUT = answer  # noqa: N815 (the server's own words)

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Refuses) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place(endpoint=f"http://127.0.0.1:{server.server_port}")
        with pytest.raises(StorageAway):
            private_storage().size(NAME)
        server.shutdown()


def test_a_bucket_that_is_not_there_is_no_missing_file(place):
    place(bucket="another")
    with pytest.raises(StorageAway):
        list(private_storage().pieces(NAME, 0, 3))
    with pytest.raises(StorageAway):
        list(private_storage().walk(""))


def test_a_page_that_needs_a_file_says_so_with_503(place, s3):
    place()
    keep()
    s3.kill()
    request = RequestFactory().get("/", headers={"accept": "application/json"})
    try:
        files.serve_file(request, NAME, content_type="image/jpeg")
    except StorageAway:
        answer = views.broken(request)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert AWAY in answer.content.decode()


@pytest.mark.django_db
def test_a_job_waits_for_it_and_that_was_no_try(monkeypatch):
    monkeypatch.setattr(jobs, "send", lambda job: None)
    job = jobs.enqueue(task="nothing", target=uuid.uuid4(), now=clock.now())
    for _ in range(jobs.MAX_ATTEMPTS + 2):
        with jobs.working(str(job.pk)) as held:
            assert held is not None
            raise StorageAway
        job.refresh_from_db()
        assert (job.state, job.attempts, job.error) == (JobState.PENDING, 0, "")
    assert jobs.requeue_lost(now=clock.now() + 2 * jobs.PENDING_PATIENCE) == 1


@pytest.mark.django_db
def test_a_job_that_waited_for_a_day_says_why(monkeypatch):
    job = jobs.enqueue(task="nothing", target=uuid.uuid4(), now=clock.now() - 2 * jobs.STORAGE_PATIENCE)
    with jobs.working(str(job.pk)):
        raise StorageAway
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, AWAY)
