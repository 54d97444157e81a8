"""Boxes while they are drawn: kept as drafts, shown as others will see them, never confirmed by themselves."""

import json

import pytest

from tests.work_samples import files as made
from tests.work_samples.bringing import (
    NAME_BOX,
    all_files,
    body_of,
    bring,
    confirm,
    ink_left,
    make_pages,
    open_image,
    photo,
    ready,
)
from work_samples.domain import boxes
from work_samples.models import Redaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(assignment, tmp_path):
    return ready(assignment, photo(tmp_path, "1.jpg"), photo(tmp_path, "2.jpg"))


def draw(client, sample, drawn):
    return client.post(
        f"/samples/{sample.pk}/redactions/",
        json.dumps({"redactions": drawn}),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def test_boxes_are_kept_and_are_there_after_a_reload(client, sample):
    assert draw(client, sample, [NAME_BOX]).json() == {"saved": True}
    page = client.get(f"/samples/{sample.pk}/redact/").content.decode()
    assert '"boxes": [{"x": 0.1, "y": 0.05, "w": 0.5, "h": 0.08}]' in page


def test_what_is_sent_last_is_what_is_kept(client, sample):
    draw(client, sample, [NAME_BOX, {**NAME_BOX, "page": 2}])
    draw(client, sample, [{**NAME_BOX, "page": 2}])
    assert [box.page.number for box in Redaction.objects.all()] == [2]


def test_bad_boxes_are_refused_and_the_kept_ones_stay(client, sample):
    draw(client, sample, [NAME_BOX])
    answer = draw(client, sample, [{**NAME_BOX, "w": "wide"}])
    assert (answer.status_code, answer.json()) == (400, {"error": boxes.NOT_NUMBERS})
    assert draw(client, sample, None).status_code == 400
    assert Redaction.objects.count() == 1


def test_drafts_change_no_file(client, sample, settings):
    before = {path: path.read_bytes() for path in all_files(settings.MEDIA_ROOT)}
    draw(client, sample, [NAME_BOX])
    assert {path: path.read_bytes() for path in all_files(settings.MEDIA_ROOT)} == before


def test_drafts_stay_on_their_page_when_a_file_before_it_goes(client, sample):
    draw(client, sample, [{**NAME_BOX, "page": 2}])
    client.post(f"/samples/{sample.pk}/uploads/{sample.uploads.get(position=1).pk}/remove/")
    assert [box.page.number for box in Redaction.objects.all()] == [1]


def test_the_preview_is_burned_by_the_server_and_leaves_nothing(client, sample, settings):
    draw(client, sample, [NAME_BOX])
    before = all_files(settings.MEDIA_ROOT)
    first, second = sample.pages.order_by("number")
    assert ink_left(open_image(body_of(client.get(f"/pages/{first.pk}/image/"))))
    assert not ink_left(open_image(body_of(client.get(f"/pages/{first.pk}/preview/"))))
    assert ink_left(open_image(body_of(client.get(f"/pages/{second.pk}/preview/"))))
    assert all_files(settings.MEDIA_ROOT) == before


def test_what_is_confirmed_is_byte_for_byte_what_the_preview_showed(client, sample, commit):
    draw(client, sample, [NAME_BOX])
    addresses = [f"/pages/{page.pk}/{{}}/" for page in sample.pages.all()]
    shown = [body_of(client.get(address.format("preview"))) for address in addresses]
    with commit():
        confirm(sample, [NAME_BOX])
    assert [body_of(client.get(address.format("image"))) for address in addresses] == shown


def test_the_preview_says_which_pages_hide_nothing(client, sample):
    draw(client, sample, [NAME_BOX])
    assert "Nothing is hidden on page 2" in client.get(f"/samples/{sample.pk}/preview/").content.decode()


def test_every_page_has_words_for_who_does_not_see_it(client, sample):
    for address in ("", "redact/", "preview/"):
        assert "Sample A, page 1 of 2" in client.get(f"/samples/{sample.pk}/{address}").content.decode()


def test_it_cannot_be_confirmed_from_the_preview_before_all_pages_are_there(client, assignment, tmp_path):
    sample = bring(assignment, photo(tmp_path), made.locked_pdf(tmp_path))
    make_pages(sample)
    page = client.get(f"/samples/{sample.pk}/preview/").content.decode()
    assert "confirm-bar" not in page
    assert "password" in page


def test_without_a_page_there_is_nothing_to_draw_on(client, assignment, tmp_path):
    sample = bring(assignment, photo(tmp_path))
    assert client.get(f"/samples/{sample.pk}/redact/").headers["Location"] == f"/assignments/{assignment.pk}/"


def test_the_screen_costs_the_same_with_many_pages(client, assignment, tmp_path, django_assert_max_num_queries):
    sample = ready(assignment, made.pdf(tmp_path, pages=20))
    draw(client, sample, [{**NAME_BOX, "page": number} for number in range(1, 21)])
    with django_assert_max_num_queries(12):
        client.get(f"/samples/{sample.pk}/redact/")
    with django_assert_max_num_queries(13):
        client.get(f"/samples/{sample.pk}/preview/")
