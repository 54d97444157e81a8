"""POST /samples/upload/: many files at once, each judged on its own."""

import uuid

import pytest
from django.test import Client

from esw.core.models import Job
from tests.factories import AssignmentFactory
from tests.work_samples import files as made
from tests.work_samples.bringing import all_files, confirm, photo, post_files, ready, signed_in
from work_samples import checks
from work_samples.domain import bringing, files
from work_samples.models import Sample, Upload
from work_samples.views import uploads as upload_views

pytestmark = pytest.mark.django_db


def test_each_file_becomes_a_sample_in_the_order_in_which_they_came(client, assignment, tmp_path):
    answer = post_files(
        client, assignment, photo(tmp_path, "maya.jpg"), made.pdf(tmp_path, pages=2), made.heic(tmp_path)
    )
    assert answer.status_code == 200
    told = answer.json()["files"]
    assert [one["name"] for one in told] == ["maya.jpg", "work.pdf", "photo.heic"]
    assert [one["error"] for one in told] == [None, None, None]
    labels = [Sample.objects.get(pk=one["sample"]).label for one in told]
    assert labels == ["A", "B", "C"]


def test_the_answer_has_exactly_this_shape(client, assignment, tmp_path):
    answer = post_files(client, assignment, photo(tmp_path), made.write(tmp_path, "notes.txt", b"hello"))
    assert set(answer.json()) == {"files"}
    assert all(set(one) == {"name", "sample", "error"} for one in answer.json()["files"])
    uuid.UUID(answer.json()["files"][0]["sample"])


def test_a_bad_file_gets_its_sentence_and_the_others_go_on(client, assignment, tmp_path):
    html = made.write(tmp_path, "photo.jpg", b"<!DOCTYPE html><script>alert(1)</script>")
    empty = made.write(tmp_path, "empty.pdf", b"")
    answer = post_files(client, assignment, html, photo(tmp_path, "good.jpg"), empty)
    first, good, last = answer.json()["files"]
    assert first["sample"] is None
    assert "not a picture" in first["error"]
    assert good["error"] is None
    assert "empty" in last["error"]
    assert Sample.objects.count() == 1


def test_the_kind_is_decided_by_content_and_never_by_name(client, assignment, tmp_path):
    png = tmp_path / "photo.png"
    png.write_bytes(photo(tmp_path, "a.jpg").read_bytes())
    assert post_files(client, assignment, png).json()["files"][0]["error"] is None


def test_a_file_that_is_too_large_gets_a_sentence(client, assignment, tmp_path, monkeypatch):
    monkeypatch.setattr(checks, "MAX_UPLOAD_BYTES", 1000)
    assert "MB" in post_files(client, assignment, photo(tmp_path)).json()["files"][0]["error"]


def test_files_can_be_pages_of_one_sample(client, assignment, tmp_path):
    first = post_files(client, assignment, photo(tmp_path, "1.jpg"), photo(tmp_path, "2.jpg"), together="1").json()
    keys = {one["sample"] for one in first["files"]}
    assert len(keys) == 1
    again = post_files(client, assignment, photo(tmp_path, "3.jpg"), sample=keys.pop()).json()
    sample = Sample.objects.get(pk=again["files"][0]["sample"])
    assert [upload.position for upload in sample.uploads.all()] == [1, 2, 3]
    assert Sample.objects.count() == 1


def test_several_files_into_one_sample_queue_one_job(client, assignment, tmp_path):
    post_files(client, assignment, photo(tmp_path, "1.jpg"), photo(tmp_path, "2.jpg"), together="1")
    assert Job.objects.count() == 1


def test_after_z_comes_aa_and_a_label_that_is_free_again_is_used(client, assignment, tmp_path):
    for place in range(26):
        Sample.objects.create(assignment=assignment, uploader=assignment.created_by, label=chr(65 + place))
    path = photo(tmp_path)
    key = post_files(client, assignment, path).json()["files"][0]["sample"]
    assert Sample.objects.get(pk=key).label == "AA"
    Sample.objects.get(label="C").delete()
    key = post_files(client, assignment, path).json()["files"][0]["sample"]
    assert Sample.objects.get(pk=key).label == "C"


def test_each_assignment_has_its_own_letters(client, assignment, team, tmp_path):
    other = AssignmentFactory(team=team)
    path = photo(tmp_path)
    keys = [post_files(client, each, path).json()["files"][0]["sample"] for each in (assignment, other)]
    assert {Sample.objects.get(pk=key).label for key in keys} == {"A"}


@pytest.mark.both_storages
def test_no_name_of_a_file_is_on_the_disk_or_in_a_job(client, assignment, tmp_path, settings):
    post_files(client, assignment, photo(tmp_path, "Jamie Whitlock.jpg"))
    names = [str(path) for path in all_files()]
    assert names
    assert not [name for name in names if "amie" in name or "hitlock" in name]
    assert "amie" not in str(list(Job.objects.values()))


def test_it_refuses_a_strangers_assignment(outsiders, assignment, tmp_path):
    for who, user in outsiders.items():
        assert post_files(signed_in(user), assignment, photo(tmp_path)).status_code == 404, who
    assert not Sample.objects.exists()


def test_it_refuses_a_sample_that_somebody_else_has_not_confirmed(their_client, assignment, tmp_path):
    sample = ready(assignment, photo(tmp_path))
    assert post_files(their_client, assignment, photo(tmp_path), sample=str(sample.pk)).status_code == 404
    assert sample.uploads.count() == 1


def test_it_refuses_pages_for_a_confirmed_sample(client, their_client, assignment, tmp_path, commit):
    sample = ready(assignment, photo(tmp_path))
    with commit():
        confirm(sample)
    mine = post_files(client, assignment, photo(tmp_path), sample=str(sample.pk))
    assert mine.status_code == 409
    assert "confirmed already" in mine.json()["error"]
    assert post_files(their_client, assignment, photo(tmp_path), sample=str(sample.pk)).status_code == 403


def test_it_refuses_a_sample_of_another_assignment(client, assignment, team, uploader, tmp_path):
    sample = ready(AssignmentFactory(team=team, created_by=uploader), photo(tmp_path))
    answer = post_files(client, assignment, photo(tmp_path), sample=str(sample.pk))
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("assignment_key", "sample_key"),
    [("", ""), ("not-a-uuid", ""), (None, "nonsense"), ("0" * 4000, "")],
)
def test_it_refuses_keys_that_are_none(client, assignment, tmp_path, assignment_key, sample_key):
    key = str(assignment.pk) if assignment_key is None else assignment_key
    answer = post_files(client, key, photo(tmp_path), sample=sample_key)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_no_files_is_said(client, assignment):
    answer = post_files(client, assignment)
    assert answer.status_code == 400
    assert answer.json() == {"error": "Choose at least one file to bring."}


def test_an_assignment_that_never_was_is_404(client, tmp_path):
    assert post_files(client, uuid.uuid4(), photo(tmp_path)).status_code == 404


def test_more_files_than_are_taken_at_a_time_get_one_sentence(client, assignment, tmp_path, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    answer = post_files(client, assignment, *[made.write(tmp_path, f"{n}.txt", b"x") for n in range(3)])
    assert answer.status_code == 400
    assert answer.json() == {"error": upload_views.TOO_MANY}


def test_a_body_that_broke_off_gets_one_sentence(client):
    answer = client.generic(
        "POST",
        "/samples/upload/",
        b"--x\r\nContent-Disposition: form-data; na",
        content_type="multipart/form-data; boundary=" + "y" * 300,
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 400
    assert answer.json() == {"error": upload_views.BROKEN_OFF}


def test_it_asks_for_the_csrf_token(uploader, assignment, tmp_path):
    client = Client(enforce_csrf_checks=True)
    client.force_login(uploader)
    assert post_files(client, assignment, photo(tmp_path)).status_code == 403
    assert not Sample.objects.exists()
    client.get(f"/assignments/{assignment.pk}/")
    token = client.cookies["csrftoken"].value
    assert post_files(client, assignment, photo(tmp_path), csrfmiddlewaretoken=token).status_code == 200


def test_nobody_signed_in_may_upload(assignment, tmp_path):
    assert post_files(Client(), assignment, photo(tmp_path)).status_code == 401
    assert not Sample.objects.exists()


def test_a_full_disk_gets_a_sentence_and_leaves_nothing(client, assignment, tmp_path, monkeypatch, settings):
    monkeypatch.setattr(files, "ROOM_TO_KEEP", 1 << 60)
    told = post_files(client, assignment, photo(tmp_path)).json()["files"][0]
    assert told["error"] == files.DISK_FULL
    assert not Sample.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*"))


@pytest.mark.both_storages
def test_a_file_that_cannot_be_written_down_leaves_nothing_on_the_disk(assignment, tmp_path, monkeypatch, settings):
    def break_off(**_):
        raise RuntimeError

    monkeypatch.setattr(bringing.jobs, "enqueue", break_off)
    with pytest.raises(RuntimeError):
        ready(assignment, photo(tmp_path))
    assert not all_files()
    assert not Sample.objects.exists()


A_PAGE = {"accept": "text/html"}


def test_without_javascript_the_form_leads_back_with_a_word(client, assignment, tmp_path):
    with photo(tmp_path).open("rb") as file:
        fields = {"assignment": str(assignment.pk), "files": [file]}
        answer = client.post("/samples/upload/", fields, headers=A_PAGE, follow=True)
    assert answer.redirect_chain[0][0] == f"/assignments/{assignment.pk}/"
    assert "One file arrived" in answer.content.decode()


def test_without_javascript_a_bad_file_is_shown_beside_the_good_one_and_its_name_is_not_kept(
    client, assignment, tmp_path
):
    bad = made.write(tmp_path, "Jamie <b>.doc", b"PK\x03\x04")
    with photo(tmp_path).open("rb") as good, bad.open("rb") as wrong:
        fields = {"assignment": str(assignment.pk), "files": [good, wrong]}
        answer = client.post("/samples/upload/", fields, headers=A_PAGE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Jamie &lt;b&gt;.doc" in page
    assert "office document" in page
    assert "Jamie" not in str(answer.cookies)


def test_a_name_of_any_length_is_cut(client, assignment, tmp_path):
    post_files(client, assignment, photo(tmp_path, "n" * 240 + ".jpg"))
    assert len(Upload.objects.get().name) == 200


@pytest.mark.both_storages
def test_a_file_can_be_taken_back_and_its_pages_with_it(client, assignment, tmp_path, commit, settings):
    sample = ready(assignment, made.pdf(tmp_path, pages=2), photo(tmp_path))
    first = sample.uploads.get(position=1)
    with commit():
        answer = client.post(f"/samples/{sample.pk}/uploads/{first.pk}/remove/")
    assert answer.status_code == 302
    assert [page.number for page in sample.pages.all()] == [1]
    assert len(all_files()) == 3  # the other file, its page and thumbnail


@pytest.mark.both_storages
def test_the_last_file_takes_the_sample_with_it(client, assignment, tmp_path, commit, settings):
    sample = ready(assignment, photo(tmp_path))
    with commit():
        client.post(f"/samples/{sample.pk}/uploads/{sample.uploads.get().pk}/remove/")
    assert not Sample.objects.exists()
    assert not all_files()
