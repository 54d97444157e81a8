"""A file in pieces (tus 1.0.0): a lost connection costs one piece, and it becomes a sample exactly once."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from tests.factories import AssignmentFactory
from tests.work_samples import files as made
from tests.work_samples.bringing import all_files, bring, confirm, make_pages, photo, post_files, ready, signed_in
from tests.work_samples.tus import PIECE, SAMPLES, TUS, became, begin, checksum, how_far, piece, send
from work_samples import imaging, tasks
from work_samples.domain import bringing, files, pieces
from work_samples.models import PartialUpload, Sample, Upload, UploadPiece

pytestmark = pytest.mark.django_db


@pytest.fixture
def data(tmp_path):
    return photo(tmp_path).read_bytes()


def begun(client, assignment, data, **how):
    """The address of a file that is expected."""
    answer = begin(client, assignment, size=len(data), **how)
    assert answer.status_code == 201, answer.content
    return answer["Location"]


def error_of(answer):
    return answer.json()["error"]


# --- it arrives ----------------------------------------------------------------------------------------------


def test_a_file_in_pieces_becomes_a_sample_like_any_other(client, assignment, data, commit, settings):
    with commit():
        told = send(client, assignment, data, name="maya.jpg")
    sample = Sample.objects.get(pk=told["sample"])
    assert (told["finished"], told["label"], told["error"]) == (True, "A", None)
    upload = sample.uploads.get()
    assert upload.name == "maya.jpg"
    assert default_storage.open(upload.file.name).read() == data
    assert all_files(settings.MEDIA_ROOT) == [settings.MEDIA_ROOT / upload.file.name]  # and no piece is left
    make_pages(sample)
    assert sample.pages.count() == 1


def test_the_answers_say_how_far_it_is(client, assignment, data):
    address = begun(client, assignment, data)
    assert how_far(client, address) == 0
    answer = piece(client, address, data[:1000], offset=0)
    assert (answer.status_code, answer["Upload-Offset"], answer["Tus-Resumable"]) == (204, "1000", "1.0.0")
    asked = client.head(address, headers=TUS)
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("1000", str(len(data)))
    assert asked["Cache-Control"] == "no-store"
    assert "GMT" in asked["Upload-Expires"]


def test_what_is_spoken_here_is_said(client):
    answer = client.options(SAMPLES)
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "checksum", "expiration", "termination"}
    assert "sha256" in answer["Tus-Checksum-Algorithm"]


def test_another_version_of_the_protocol_is_refused(client, assignment):
    answer = client.post(SAMPLES, headers=TUS | {"tus-resumable": "0.2.2", "upload-length": "5"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_a_proxy_that_knows_no_patch_is_no_hindrance(client, assignment, data):
    address = begun(client, assignment, data)
    headers = TUS | {"upload-offset": "0", "x-http-method-override": "PATCH"}
    assert client.post(address, data[:50], content_type=PIECE, headers=headers).status_code == 204
    assert how_far(client, address) == 50


def test_files_can_be_pages_of_one_sample(client, assignment, data, commit):
    with commit():
        first = send(client, assignment, data)["sample"]
        assert send(client, assignment, data, sample=first)["sample"] == first
    assert [upload.position for upload in Sample.objects.get().uploads.all()] == [1, 2]


def test_a_file_that_esw_does_not_take_gets_its_sentence_and_nothing_of_it_stays(client, assignment, settings, commit):
    with commit():
        told = send(client, assignment, b"<!DOCTYPE html><script>alert(1)</script>", name="photo.jpg")
    assert told["finished"]
    assert told["sample"] is None
    assert "not a picture" in told["error"]
    assert not all_files(settings.MEDIA_ROOT)
    assert not Sample.objects.exists()


def test_no_name_of_a_file_stays_once_it_has_arrived_nor_is_on_the_disk_before(client, assignment, data, settings):
    address = begun(client, assignment, data, name="Jamie Whitlock.jpg")
    piece(client, address, data[:500], offset=0)
    assert not [path for path in all_files(settings.MEDIA_ROOT) if "amie" in str(path)]
    piece(client, address, data[500:], offset=500)
    assert PartialUpload.objects.get().name == ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\work\\maya.jpg", "maya.jpg"),
        ("a\x00b\u202ec.jpg", "abc.jpg"),
        ("", "file"),
        ("..", "file"),
        ("é" * 300, "é" * 200),
        ("x." + "y" * 300, ("x." + "y" * 300)[:200]),
    ],
)
def test_a_name_is_only_a_name(client, assignment, data, said, kept):
    told = send(client, assignment, data, name=said)
    assert told["error"] is None
    assert Upload.objects.get().name == kept


# --- the connection is lost ----------------------------------------------------------------------------------


def test_after_a_lost_answer_the_file_goes_on_where_it_is(client, assignment, data):
    address = begun(client, assignment, data)
    piece(client, address, data[:1000], offset=0)  # and its answer is lost
    again = piece(client, address, data[:1000], offset=0)
    assert again.status_code == 409
    assert "Ask how much" in error_of(again)
    here = how_far(client, address)
    piece(client, address, data[here:], offset=here)
    assert default_storage.open(Upload.objects.get().file.name).read() == data


def test_when_the_last_answer_is_lost_what_became_of_it_is_told(client, assignment, data):
    address = begun(client, assignment, data)
    piece(client, address, data, offset=0)
    assert how_far(client, address) == len(data)
    assert became(client, address)["label"] == "A"
    assert piece(client, address, b"", offset=len(data)).status_code == 204
    assert Sample.objects.count() == 1


def test_a_process_that_died_before_the_file_was_a_sample_costs_one_more_request(client, assignment, data, monkeypatch):
    address = begun(client, assignment, data)
    with monkeypatch.context() as patch:
        patch.setattr(pieces, "finish", lambda *, upload, now: upload)
        piece(client, address, data, offset=0)
    assert not became(client, address)["finished"]
    assert piece(client, address, b"", offset=len(data)).status_code == 204
    assert became(client, address)["label"] == "A"


@pytest.mark.parametrize("offset", [1, 499, 501, 10**9])
def test_it_refuses_what_does_not_follow(client, assignment, data, offset):
    address = begun(client, assignment, data)
    piece(client, address, data[:500], offset=0)
    assert piece(client, address, data[:10], offset=offset).status_code == 409
    assert how_far(client, address) == 500


def test_of_two_who_send_the_same_place_at_once_one_is_heard(client, assignment, data, settings):
    address = begun(client, assignment, data)
    both_read = PartialUpload.objects.get(), PartialUpload.objects.get()
    pieces.take_piece(upload=both_read[0], offset=0, data=data[:700], now=timezone.now())
    with pytest.raises(pieces.NotTaken) as refused:
        pieces.take_piece(upload=both_read[1], offset=0, data=b"x" * 900, now=timezone.now())
    assert refused.value.status == 409
    assert how_far(client, address) == 700
    assert len(all_files(settings.MEDIA_ROOT)) == UploadPiece.objects.count() == 1


def test_of_two_who_finish_at_once_one_makes_a_sample(client, assignment, data, monkeypatch, settings):
    begun(client, assignment, data)
    upload = PartialUpload.objects.get()
    take = bringing.bring_file

    def somebody_is_faster(**how):
        monkeypatch.setattr(bringing, "bring_file", take)
        pieces.finish(upload=PartialUpload.objects.get(), now=timezone.now())
        return take(**how)

    upload = pieces.take_piece(upload=upload, offset=0, data=data, now=timezone.now())
    monkeypatch.setattr(bringing, "bring_file", somebody_is_faster)
    finished = pieces.finish(upload=upload, now=timezone.now())
    assert finished.sample == Sample.objects.get()
    assert Upload.objects.count() == 1
    assert len([path for path in all_files(settings.MEDIA_ROOT) if path.parts[-3] == files.UPLOADS]) == 1


def test_a_file_of_which_a_piece_is_lost_is_asked_for_again(client, assignment, data, commit):
    address = begun(client, assignment, data)
    piece(client, address, data[:700], offset=0)
    default_storage.delete(UploadPiece.objects.get().file)
    with commit():
        piece(client, address, data[700:], offset=700)
    assert became(client, address)["error"] == pieces.LOST
    assert not Sample.objects.exists()


# --- lies ----------------------------------------------------------------------------------------------------


def test_a_checksum_that_is_right_is_taken_and_one_that_lies_is_not(client, assignment, data):
    address = begun(client, assignment, data)
    for algorithm in ("sha256", "sha1"):
        here = how_far(client, address)
        some = data[here : here + 400]
        right = {"upload-checksum": checksum(some, algorithm)}
        assert piece(client, address, some, offset=here, **right).status_code == 204
    wrong = piece(client, address, data[800:900], offset=800, **{"upload-checksum": checksum(b"other")})
    assert wrong.status_code == 460
    assert "damaged" in error_of(wrong)
    assert how_far(client, address) == 800


@pytest.mark.parametrize("said", ["sha256", "sha256 %%%", "md5 YWJj", "", " "])
def test_a_checksum_that_is_none_is_refused(client, assignment, data, said):
    address = begun(client, assignment, data)
    assert piece(client, address, data[:10], offset=0, **{"upload-checksum": said}).status_code == 400


def test_more_than_was_said_is_refused_whole(client, assignment, data):
    address = begun(client, assignment, data[:1000])
    assert piece(client, address, data[:1001], offset=0).status_code == 413
    assert how_far(client, address) == 0
    assert piece(client, address, data[:1000], offset=0).status_code == 204


def test_a_piece_has_its_limit(client, assignment, monkeypatch, settings):
    address = begun(client, assignment, b"x" * 4000)
    monkeypatch.setattr(pieces, "MAX_PIECE", 1000)
    assert piece(client, address, b"x" * 1001, offset=0).status_code == 413
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    assert piece(client, address, b"x" * 2001, offset=0).status_code == 413
    assert pieces.MAX_PIECE < 2_500_000  # what Django itself takes into memory


def test_a_piece_of_another_type_is_refused(client, assignment, data):
    address = begun(client, assignment, data)
    answer = client.patch(address, b"x", content_type="text/plain", headers=TUS | {"upload-offset": "0"})
    assert answer.status_code == 415


@pytest.mark.parametrize("length", ["", "-1", "1e3", "٣", "9" * 40, "0"])
def test_a_length_that_is_none_is_refused(client, assignment, length):
    headers = TUS | {"upload-length": length, "upload-metadata": "filename eA=="}
    assert client.post(SAMPLES, headers=headers).status_code == 400
    assert not PartialUpload.objects.exists()


@pytest.mark.parametrize("header", ["assignment", "assignment ???", "assignment //79", "filename eA==", ""])
def test_what_is_said_about_the_file_must_be_readable(client, header):
    headers = TUS | {"upload-length": "5", "upload-metadata": header}
    answer = client.post(SAMPLES, headers=headers)
    assert answer.status_code == 400
    assert error_of(answer).endswith(".")


# --- before a byte is taken ----------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_refused_before_it_comes(client, assignment):
    answer = begin(client, assignment, size=imaging.MAX_UPLOAD_BYTES + 1)
    assert answer.status_code == 413
    assert "MB" in error_of(answer)
    assert begin(client, assignment, size=imaging.MAX_UPLOAD_BYTES).status_code == 201


def test_without_room_on_the_disk_nothing_is_begun(client, assignment, data, monkeypatch):
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _: SimpleNamespace(free=files.ROOM_TO_KEEP + 5000))
    assert begin(client, assignment, size=2000).status_code == 201
    answer = begin(client, assignment, size=2000)  # the room is promised to the first
    assert answer.status_code == 507
    assert error_of(answer) == files.DISK_FULL


def test_a_disk_that_fills_up_meanwhile_keeps_what_has_arrived(client, assignment, data, monkeypatch):
    address = begun(client, assignment, data)
    with monkeypatch.context() as patch:
        patch.setattr(files, "ROOM_TO_KEEP", 1 << 60)
        assert piece(client, address, data[:1000], offset=0).status_code == 507
    piece(client, address, data[:1000], offset=0)
    with monkeypatch.context() as patch:
        patch.setattr(bringing.files, "keep_upload", full)
        assert piece(client, address, data[1000:], offset=1000).status_code == 507
    assert not became(client, address)["finished"]
    assert piece(client, address, b"", offset=len(data)).status_code == 204
    assert became(client, address)["label"] == "A"


def test_a_file_that_is_more_than_the_teams_share_is_refused_before_it_comes(client, assignment, settings):
    settings.TEAM_QUOTA_MB = 1
    answer = begin(client, assignment, size=1_000_001)
    assert answer.status_code == 507
    assert "your team uses" in error_of(answer)
    assert begin(client, assignment, size=1_000_000).status_code == 201


def full(*_, **__):
    raise files.DiskFull


def test_nobody_has_more_on_its_way_than_one_request_may_carry(client, their_client, assignment, settings):
    settings.MAX_UPLOAD_REQUEST_BYTES = 10_000
    assert begin(client, assignment, size=9000).status_code == 201
    answer = begin(client, assignment, size=2000)
    assert answer.status_code == 429
    assert "on their way" in error_of(answer)
    assert begin(their_client, assignment, size=2000).status_code == 201
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    assert begin(client, assignment, size=1).status_code == 429


def test_a_sample_that_is_confirmed_gets_no_more_pages(client, assignment, data, tmp_path, commit):
    sample = ready(assignment, photo(tmp_path))
    late = begun(client, assignment, data, sample=sample.pk)
    with commit():
        confirm(sample)
    assert begin(client, assignment, size=5, sample=sample.pk).status_code == 409
    piece(client, late, data, offset=0)
    assert became(client, late)["error"] == bringing.CONFIRMED


# --- whose it is ---------------------------------------------------------------------------------------------


def test_somebody_elses_file_is_not_there(client, their_client, outsiders, assignment, data):
    address = begun(client, assignment, data)
    others = [their_client, *(signed_in(user) for user in outsiders.values())]
    for other in others:
        assert other.head(address, headers=TUS).status_code == 404
        assert other.get(address, headers=TUS).status_code == 404
        assert piece(other, address, data[:10], offset=0).status_code == 404
        assert other.delete(address, headers=TUS).status_code == 404
    assert how_far(client, address) == 0


def test_a_strangers_assignment_and_somebody_elses_sample_take_nothing(
    client, their_client, outsiders, assignment, tmp_path
):
    for user in outsiders.values():
        assert begin(signed_in(user), assignment, size=5).status_code == 404
    sample = bring(assignment, photo(tmp_path))
    assert begin(their_client, assignment, size=5, sample=sample.pk).status_code == 404
    other = bring(AssignmentFactory(team=assignment.team, created_by=assignment.created_by), photo(tmp_path))
    assert begin(client, assignment, size=5, sample=other.pk).status_code == 400
    assert begin(client, uuid.uuid4(), size=5).status_code == 404
    assert not PartialUpload.objects.exists()


def test_whoever_leaves_the_team_brings_nothing_more(client, assignment, uploader, data):
    address = begun(client, assignment, data)
    uploader.memberships.all().delete()
    assert piece(client, address, data, offset=0).status_code == 404
    assert not Sample.objects.exists()


def test_who_is_not_logged_in_hears_so(assignment, client, data):
    address = begun(client, assignment, data)
    for answer in (begin(Client(), assignment, size=5), piece(Client(), address, data, offset=0)):
        assert answer.status_code == 401


def test_it_asks_for_the_csrf_token(uploader, assignment, data):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(uploader)
    assert begin(strict, assignment, size=5).status_code == 403
    strict.get(f"/assignments/{assignment.pk}/")
    token = {"x-csrftoken": strict.cookies["csrftoken"].value}
    lax = signed_in(uploader)
    address = begun(lax, assignment, data)
    assert piece(strict, address, data, offset=0).status_code == 403
    assert piece(strict, address, data, offset=0, **token).status_code == 204


# --- it ends -------------------------------------------------------------------------------------------------


def test_a_file_can_be_taken_back_on_its_way(client, assignment, data, commit, settings):
    address = begun(client, assignment, data)
    piece(client, address, data[:1000], offset=0)
    with commit():
        assert client.delete(address, headers=TUS).status_code == 204
    assert not all_files(settings.MEDIA_ROOT)
    assert client.head(address, headers=TUS).status_code == 404


def test_taking_back_what_has_arrived_changes_nothing(client, assignment, data):
    address = begun(client, assignment, data)
    piece(client, address, data, offset=0)
    assert client.delete(address, headers=TUS).status_code == 204
    assert Sample.objects.count() == 1


def test_after_a_day_what_is_not_whole_is_gone(client, assignment, data, commit, settings):
    address = begun(client, assignment, data)
    piece(client, address, data[:1000], offset=0)
    with commit():
        tasks.expire_unconfirmed()
    assert how_far(client, address) == 1000
    PartialUpload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.head(address, headers=TUS).status_code == 404
    assert piece(client, address, data[1000:], offset=1000).status_code == 404
    with commit():
        tasks.expire_unconfirmed()
    assert not PartialUpload.objects.exists()
    assert not all_files(settings.MEDIA_ROOT)


def test_forgetting_that_a_file_arrived_leaves_its_sample(client, assignment, data, commit):
    send(client, assignment, data)
    with commit():
        assert pieces.sweep(now=timezone.now() + timedelta(days=2)) == 1
    assert Sample.objects.get().uploads.count() == 1


def test_the_way_in_one_piece_still_works_beside_it(client, assignment, tmp_path, data):
    send(client, assignment, data)
    assert post_files(client, assignment, made.pdf(tmp_path, pages=1)).json()["files"][0]["error"] is None
    assert [sample.label for sample in Sample.objects.order_by("label")] == ["A", "B"]
