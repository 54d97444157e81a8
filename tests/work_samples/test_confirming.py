"""POST /samples/<uuid>/confirm/: names are burned away, and what showed them is gone."""

import io
import json

import pytest
from PIL import Image

from tests.work_samples import files as made
from tests.work_samples.bringing import (
    NAME_BOX,
    all_files,
    body_of,
    bring,
    confirm,
    image_of,
    ink_left,
    make_pages,
    open_image,
    photo,
    post_confirm,
    ready,
    signed_in,
)
from work_samples import imaging
from work_samples.domain import cleanup, redacting
from work_samples.models import Page, Redaction, Sample, Upload
from work_samples.signals import sample_confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(assignment, tmp_path):
    return ready(assignment, photo(tmp_path, "Jamie Whitlock.jpg"))


def test_it_answers_and_the_sample_is_the_teams(client, sample, commit):
    with commit():
        answer = post_confirm(client, sample, [NAME_BOX])
    assert answer.status_code == 200
    assert answer.json() == {"confirmed": True, "sample": str(sample.pk)}
    sample.refresh_from_db()
    assert sample.is_confirmed
    assert Sample.objects.confirmed().get() == sample


def test_the_name_is_gone_from_everything_that_is_served(client, sample, commit):
    page = sample.pages.get()
    addresses = [f"/pages/{page.pk}/{kind}/" for kind in ("image", "thumbnail", "preview")]
    assert all(ink_left(open_image(body_of(client.get(address)))) for address in addresses)
    with commit():
        post_confirm(client, sample, [NAME_BOX])
    assert [ink_left(open_image(body_of(client.get(address)))) for address in addresses] == [0, 0, 0]


@pytest.mark.both_storages
def test_the_name_is_gone_from_every_file_on_the_disk(client, sample, commit, settings):
    before = {path.name for path in all_files()}
    with commit():
        post_confirm(client, sample, [NAME_BOX])
    left = all_files()
    assert len(left) == 2
    assert not before & {path.name for path in left}
    assert [ink_left(Image.open(path)) for path in left] == [0, 0]


def test_the_upload_and_its_name_are_gone_from_the_database(client, sample, commit):
    with commit():
        post_confirm(client, sample, [])
    assert not Upload.objects.exists()


TELLING = {
    "JPEG": made.telling_jpeg,
    "PNG": made.telling_png,
    "TIFF": made.telling_tiff,
    "WebP": made.telling_webp,
    "HEIC": made.telling_heic,
    "PDF": lambda folder: made.pdf(folder, pages=2),
}


@pytest.mark.parametrize("kind", TELLING)
@pytest.mark.both_storages
def test_no_file_keeps_what_the_upload_told_about_itself(assignment, tmp_path, commit, settings, kind):
    sample = ready(assignment, TELLING[kind](tmp_path))
    with commit():
        confirm(sample, [])
    left = all_files()
    assert len(left) == 2 * sample.pages.count()
    for path in left:
        data = path.read_bytes()
        for told in (b"Exif", b"http://ns.adobe.com", b"xmpmeta", b"Photoshop", b"ICC_PROFILE", b"%PDF", b"PhoneMaker"):
            assert told not in data
        assert made.SECRET.encode() not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
            assert set(image.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "loop",
                "background",
                "timestamp",
                "duration",
            }


@pytest.mark.both_storages
def test_a_box_on_a_later_page_hides_it_there_and_nowhere_else(assignment, tmp_path, commit):
    sample = ready(assignment, photo(tmp_path, "1.jpg"), photo(tmp_path, "2.jpg"))
    with commit():
        confirm(sample, [{**NAME_BOX, "page": 2}])
    first, second = (image_of(page.image) for page in sample.pages.order_by("number"))
    assert ink_left(first)
    assert not ink_left(second)


def test_the_boxes_are_kept_as_they_were_burned(client, sample, commit):
    with commit():
        post_confirm(client, sample, [{**NAME_BOX, "page": str(sample.pages.get().pk)}])
    box = Redaction.objects.get()
    assert (box.x, box.y, box.w, box.h) == (0.1, 0.05, 0.5, 0.08)


def test_a_json_body_does_as_well(client, sample, commit):
    with commit():
        answer = client.post(
            f"/samples/{sample.pk}/confirm/",
            json.dumps({"redactions": [NAME_BOX]}),
            content_type="application/json",
            headers={"accept": "application/json"},
        )
    assert answer.status_code == 200


def test_the_rooms_above_are_told_once_it_is_written(sample, django_capture_on_commit_callbacks):
    told = []

    def hear(sample_id, **_):
        told.append(sample_id)

    sample_confirmed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            confirm(sample)
            assert told == []
        assert told == [sample.pk]
    finally:
        sample_confirmed.disconnect(hear)


# --- what must not go through ----------------------------------------------------------------------------

HOSTILE = {
    "not a list": '{"page": 1}',
    "not JSON": "[",
    "NaN": '[{"page": 1, "x": NaN, "y": 0, "w": 1, "h": 1}]',
    "strings": [{**NAME_BOX, "x": "0.1"}],
    "a negative width": [{**NAME_BOX, "w": -1}],
    "beside the page": [{**NAME_BOX, "x": 1.2}],
    "a page that is not there": [{**NAME_BOX, "page": 9}],
    "no page": [{"x": 0, "y": 0, "w": 1, "h": 1}],
    "ten thousand": [NAME_BOX] * 10_000,
}


@pytest.mark.parametrize("boxes", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.both_storages
def test_hostile_boxes_get_one_sentence_and_change_nothing(client, sample, boxes, settings):
    before = all_files()
    answer = post_confirm(client, sample, boxes)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    sample.refresh_from_db()
    assert not sample.is_confirmed
    assert all_files() == before


def test_leaving_the_boxes_out_is_not_taken_for_none(client, sample):
    answer = client.post(f"/samples/{sample.pk}/confirm/", {}, headers={"accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "Say which boxes to burn in: a list of redactions, empty when no page shows a name."
    }


@pytest.mark.both_storages
def test_a_box_that_sticks_out_is_clipped_and_burned(client, sample, commit):
    with commit():
        answer = post_confirm(client, sample, [{"page": 1, "x": -0.5, "y": -0.5, "w": 3, "h": 0.7}])
    assert answer.status_code == 200
    assert not ink_left(image_of(sample.pages.get().image))


@pytest.mark.both_storages
def test_confirming_twice_with_the_same_boxes_answers_the_same(client, sample, commit, settings):
    with commit():
        post_confirm(client, sample, [NAME_BOX])
    files = all_files()
    assert post_confirm(client, sample, [NAME_BOX]).status_code == 200
    assert all_files() == files


@pytest.mark.both_storages
def test_confirming_twice_with_other_boxes_is_refused_without_harm(client, sample, commit, settings):
    with commit():
        post_confirm(client, sample, [NAME_BOX])
    files = all_files()
    answer = post_confirm(client, sample, [])
    assert answer.status_code == 409
    assert "with other boxes" in answer.json()["error"]
    assert all_files() == files
    assert Redaction.objects.count() == 1


def test_it_waits_for_all_pages(client, assignment, tmp_path):
    sample = bring(assignment, photo(tmp_path))
    answer = post_confirm(client, sample, [])
    assert answer.status_code == 409
    assert answer.json() == {"error": redacting.STILL_READING}


def test_a_file_that_could_not_be_read_is_dealt_with_first(client, assignment, tmp_path):
    sample = bring(assignment, photo(tmp_path), made.locked_pdf(tmp_path))
    make_pages(sample)
    answer = post_confirm(client, sample, [])
    assert (answer.status_code, answer.json()) == (409, {"error": redacting.HAS_TROUBLE})


def test_only_its_uploader_confirms(sample, colleague):
    with pytest.raises(PermissionError):
        redacting.confirm_sample(sample=sample, by=colleague, redactions=[], now=sample.created_at)


def test_it_asks_for_the_csrf_token(uploader, sample):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(uploader)
    assert post_confirm(client, sample, []).status_code == 403


@pytest.mark.both_storages
def test_what_a_preview_showed_is_what_is_confirmed(client, sample, commit):
    seen = redacting.fingerprint(sample)
    page = sample.pages.get()
    page.redactions.create(x=0, y=0, w=1, h=0.2)  # meanwhile, in another tab
    answer = client.post(f"/samples/{sample.pk}/confirm/", {"seen": seen}, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()) == (409, {"error": redacting.CHANGED})
    with commit():
        fields = {"seen": redacting.fingerprint(sample)}
        answer = client.post(f"/samples/{sample.pk}/confirm/", fields, headers={"accept": "text/html"})
    assert answer.status_code == 302
    assert not ink_left(image_of(Page.objects.get().image))


# --- what goes wrong half way ----------------------------------------------------------------------------


@pytest.mark.both_storages
def test_a_burn_that_fails_leaves_everything_as_it_was(client, sample, monkeypatch, settings):
    def fails(*_arguments, **_how):
        raise imaging.CannotRead("memory")

    monkeypatch.setattr(imaging, "burn", fails)
    before = all_files()
    answer = post_confirm(client, sample, [NAME_BOX])
    assert answer.status_code == 409
    assert all_files() == before
    assert not Sample.objects.confirmed().exists()


@pytest.mark.both_storages
def test_a_swap_that_fails_leaves_no_new_file(sample, monkeypatch, settings):
    def fails(**_):
        raise RuntimeError

    monkeypatch.setattr(redacting, "_swap", fails)
    before = all_files()
    with pytest.raises(RuntimeError):
        confirm(sample)
    assert all_files() == before


@pytest.mark.both_storages
def test_pages_that_change_while_they_are_burned_are_looked_at_again(
    assignment, sample, monkeypatch, tmp_path, settings
):
    real = imaging.burn

    def slow(*arguments, **how):
        bring(assignment, photo(tmp_path, "late.jpg"), sample=sample)
        make_pages(sample)
        return real(*arguments, **how)

    monkeypatch.setattr(imaging, "burn", slow)
    with pytest.raises(redacting.NotNow) as refused:
        confirm(sample)
    assert refused.value.sentence == redacting.CHANGED
    assert not Sample.objects.confirmed().exists()
    assert len(all_files()) == 6


@pytest.mark.both_storages
def test_two_who_confirm_at_once_both_get_an_answer_and_one_set_of_files(sample, monkeypatch, settings, commit):
    real = imaging.burn
    first = []

    def slow(*arguments, **how):
        if not first:
            first.append(1)
            confirm(sample)
        return real(*arguments, **how)

    monkeypatch.setattr(imaging, "burn", slow)
    with commit():
        assert confirm(sample).is_confirmed
    assert len(all_files()) == 2


@pytest.mark.both_storages
def test_a_server_that_dies_right_after_writing_it_down_cleans_up_at_the_next_start(
    sample, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=False):
        confirm(sample)
    assert len(all_files()) == 5  # the upload, the page twice, the thumbnail twice
    cleanup.delete_orphans(now=sample.created_at)
    left = all_files()
    page = sample.pages.get()
    assert {str(path) for path in left} == {page.image.name, page.thumbnail.name}


def test_what_the_uploader_still_has_open_in_another_tab_is_gone(client, uploader, sample, commit):
    upload = sample.uploads.get()
    other_tab = signed_in(uploader)
    with commit():
        post_confirm(client, sample, [])
    assert other_tab.get(f"/samples/{sample.pk}/uploads/{upload.pk}/").status_code == 404
    assert other_tab.get(f"/samples/{sample.pk}/redact/").status_code == 302
    late = other_tab.post(
        f"/samples/{sample.pk}/redactions/",
        json.dumps({"redactions": []}),
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert late.status_code == 409
