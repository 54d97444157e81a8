"""Who gets what: uploader, member, another team, another school, nobody; before and after confirming."""

import pytest
from django.test import Client

from tests.work_samples.bringing import body_of, confirm, photo, ready, signed_in
from work_samples.models import Page, Sample

pytestmark = pytest.mark.django_db

READS = {
    "the sample": "/samples/{sample}/",
    "its status": "/samples/{sample}/status/",
    "the page": "/pages/{page}/image/",
    "the thumbnail": "/pages/{page}/thumbnail/",
    "the preview": "/pages/{page}/preview/",
    "the file as it was brought": "/samples/{sample}/uploads/{upload}/",
    "the screen for boxes": "/samples/{sample}/redact/",
    "what others will see": "/samples/{sample}/preview/",
}
WRITES = {
    "boxes": "/samples/{sample}/redactions/",
    "confirming": "/samples/{sample}/confirm/",
    "the label": "/samples/{sample}/label/",
    "deleting": "/samples/{sample}/delete/",
    "trying again": "/samples/{sample}/retry/",
    "taking a file out": "/samples/{sample}/uploads/{upload}/remove/",
}
SHOWN_TO_THE_TEAM = {"the sample", "its status", "the page", "the thumbnail", "the preview"}


@pytest.fixture
def sample(assignment, tmp_path):
    return ready(assignment, photo(tmp_path))


@pytest.fixture
def keys(sample):
    return {"sample": sample.pk, "page": sample.pages.get().pk, "upload": sample.uploads.get().pk}


@pytest.mark.parametrize("what", READS)
def test_before_confirming_its_uploader_sees_everything(client, keys, what):
    assert client.get(READS[what].format(**keys)).status_code == 200


@pytest.mark.parametrize("what", READS)
def test_before_confirming_it_does_not_exist_for_a_member(their_client, keys, what):
    assert their_client.get(READS[what].format(**keys)).status_code == 404


@pytest.mark.parametrize("what", WRITES)
def test_before_confirming_a_member_changes_nothing(their_client, keys, what):
    assert their_client.post(WRITES[what].format(**keys)).status_code == 404


def test_a_confirmed_sample_is_there_for_the_team_but_its_upload_for_nobody(client, their_client, sample, keys, commit):
    with commit():
        confirm(sample)
    for who in (client, their_client):
        for what in SHOWN_TO_THE_TEAM:
            assert who.get(READS[what].format(**keys)).status_code == 200, what
        assert who.get(READS["the file as it was brought"].format(**keys)).status_code == 404


@pytest.mark.parametrize("what", ["boxes", "confirming", "the label", "deleting", "trying again"])
def test_after_confirming_a_member_may_not_change_it(their_client, sample, keys, commit, what):
    with commit():
        confirm(sample)
    assert their_client.post(WRITES[what].format(**keys)).status_code == 403
    assert Sample.objects.filter(pk=sample.pk, label="A").exists()


@pytest.mark.parametrize("is_confirmed", [False, True])
@pytest.mark.parametrize("what", [*READS, *WRITES])
def test_for_strangers_it_does_not_exist(  # noqa: PLR0917
    outsiders, sample, keys, commit, is_confirmed, what
):
    if is_confirmed:
        with commit():
            confirm(sample)
    address = (READS | WRITES)[what].format(**keys)
    for who, user in outsiders.items():
        client = signed_in(user)
        answer = client.get(address) if what in READS else client.post(address)
        assert answer.status_code == 404, who


@pytest.mark.parametrize("what", [*READS, *WRITES])
def test_nobody_signed_in_gets_anything(sample, keys, commit, what):
    with commit():
        confirm(sample)
    address = (READS | WRITES)[what].format(**keys)
    browser = Client(headers={"accept": "text/html"})
    answer = browser.get(address) if what in READS else browser.post(address)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


def test_who_left_the_team_sees_not_even_what_they_brought(client, uploader, team, sample, keys):
    team.memberships.filter(user=uploader).delete()
    assert client.get(READS["the page"].format(**keys)).status_code == 404


def test_a_page_that_may_show_a_name_is_not_kept_by_the_browser(client, sample, keys, commit):
    for what in ("the page", "the thumbnail", "the preview", "the file as it was brought"):
        assert client.get(READS[what].format(**keys)).headers["Cache-Control"] == "private, no-store"
    with commit():
        confirm(sample)
    assert "immutable" in client.get(READS["the page"].format(**keys)).headers["Cache-Control"]


def test_the_browser_is_told_what_a_page_is(client, keys):
    image, thumbnail = (client.get(READS[what].format(**keys)) for what in ("the page", "the thumbnail"))
    assert image.headers["Content-Type"] == "image/jpeg"
    assert thumbnail.headers["Content-Type"] == "image/webp"
    assert body_of(image).startswith(b"\xff\xd8\xff")
    assert image.headers["X-Content-Type-Options"] == "nosniff"


def test_the_upload_comes_as_an_attachment_that_no_browser_opens_as_ours(client, assignment, tmp_path):
    sample = ready(assignment, photo(tmp_path, 'Jamie "1".jpg'))
    answer = client.get(f"/samples/{sample.pk}/uploads/{sample.uploads.get().pk}/")
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert body_of(answer) == (tmp_path / 'Jamie "1".jpg').read_bytes()


def test_an_upload_is_not_found_under_another_sample(client, assignment, sample, keys, tmp_path):
    other = ready(assignment, photo(tmp_path))
    assert client.get(f"/samples/{other.pk}/uploads/{keys['upload']}/").status_code == 404


def test_the_querysets_agree(uploader, colleague, outsiders, sample, commit):
    def seen(user):
        return Sample.objects.visible_to(user).count(), Page.objects.visible_to(user).count()

    assert seen(uploader) == (1, 1)
    assert seen(colleague) == (0, 0)
    assert not Sample.objects.confirmed().exists()
    with commit():
        confirm(sample)
    assert seen(uploader) == seen(colleague) == (1, 1)
    assert all(seen(user) == (0, 0) for user in outsiders.values())
