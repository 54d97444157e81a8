"""A page that is withdrawn leaves the room, the projector and the record at once, and what was quoted goes with it when
it is destroyed.
"""

import json
import uuid
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from reports.models import KeptDocument
from sessions_app.domain import projecting
from sessions_app.domain.withdrawn import QUOTATION_GONE
from sessions_app.models import Note, Score
from sessions_app.projector_access import COOKIE
from tests.sessions_app.meeting import Meeting
from tests.work_samples.bringing import body_of, named_paper
from work_samples.domain import files, withdrawing
from work_samples.models import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(tmp_path):
    """A meeting in its first step with the work open, whose pages are pictures."""
    made = Meeting(people=4)
    for page in Page.objects.all():
        named_paper(300, 400, seed=page.number).save(tmp_path / "page.jpg", "JPEG")
        named_paper(60, 80, seed=page.number).save(tmp_path / "thumb.webp", "WEBP")
        page.image = files.keep_image(tmp_path / "page.jpg", files.PAGES, page.sample_id)
        page.thumbnail = files.keep_image(tmp_path / "thumb.webp", files.PAGES, page.sample_id)
        page.save()
    return made.to_making("scores")


def first(meeting):
    return Page.objects.filter(sample=meeting.samples[0]).order_by("number").first()


def press(person, page, reason="name"):
    return person.client.post(
        reverse("work_samples:withdraw_page", args=[page.pk]),
        json.dumps({"reason": reason, "client_id": str(uuid.uuid4())}),
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def addresses(meeting, page):
    return [meeting.url(name, page.pk) for name in ("page_image", "page_thumbnail")]


def test_a_participant_takes_a_page_off_every_screen_of_the_room(meeting, django_capture_on_commit_callbacks):
    page, person, other = first(meeting), meeting.people[3], meeting.people[2]
    served = [body_of(other.client.get(address)) for address in addresses(meeting, page)]
    before = meeting.fresh().activity
    with (
        patch("sessions_app.live.publish_changed") as published,
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert press(person, page).status_code == 200
    (told,) = [call.args for call in published.call_args_list]
    assert told[0] == meeting.session.pk
    assert "work" in told[1]
    assert meeting.fresh().activity == before + 1
    for address in addresses(meeting, page):
        assert other.client.get(address).status_code == 404
    there = first(meeting)
    for address in addresses(meeting, there):
        answer = other.client.get(address)
        assert answer.status_code == 410
        assert body_of(answer) not in served
    panel = other.get("panel", "work").content.decode()
    assert str(page.pk) not in panel
    assert f"{there.pk}/image/?withdrawn" in panel
    assert "This page was withdrawn." in panel


def test_the_projector_drops_it_too(meeting):
    page = first(meeting)
    projector, code = projecting.make_link(session=meeting.session, by=meeting.facilitator.seat, now=_now())
    wall = Client()
    opened = wall.post(reverse("sessions_app:projector_link", args=[code]))
    assert COOKIE in opened.cookies
    screen = reverse("sessions_app:projector", args=[projector.pk])
    picture = reverse("sessions_app:projector_page", args=[projector.pk, page.pk])
    assert str(page.pk) in wall.get(screen).content.decode()
    assert wall.get(picture).status_code == 200
    press(meeting.people[3], page)
    assert str(page.pk) not in wall.get(screen).content.decode()
    assert wall.get(picture).status_code == 404
    there = reverse("sessions_app:projector_page", args=[projector.pk, first(meeting).pk])
    assert wall.get(there).status_code == 410


def _now():
    from esw.core import clock

    return clock.now()


def test_what_is_written_to_a_place_on_it_meanwhile_is_kept(meeting):
    page, person = first(meeting), meeting.people[3]
    press(person, page)
    place = {"page": str(page.pk), "x": 0.5, "y": 0.5}
    answer = person.note("private", "I thought of this", sample=str(page.sample_id), **place)
    assert answer.status_code == 200, answer.content
    assert Note.every.get().page_id == first(meeting).pk


def test_the_record_says_that_it_was_withdrawn_and_no_kept_file_shows_it(meeting, django_capture_on_commit_callbacks):
    page = first(meeting)
    meeting.give("finish")
    KeptDocument.objects.create(
        kind="record", subject=meeting.session.pk, variant="team", digest="x", asked_at=_now(), checked_at=_now()
    )
    with django_capture_on_commit_callbacks(execute=True):
        press(meeting.people[3], page)
    assert not KeptDocument.objects.exists()
    for form in ("", "?format=json", "?format=csv"):
        record = body_of(meeting.people[2].client.get(reverse("reports:record", args=[meeting.session.pk]) + form))
        assert str(page.pk).encode() not in record
    assert [each["number"] for each in json.loads(
        body_of(meeting.people[2].client.get(reverse("reports:record", args=[meeting.session.pk]) + "?format=json"))
    )["samples"][0]["pages"]] == [1, 2]  # fmt: skip


def test_destroying_it_takes_the_words_at_its_places_and_leaves_levels_and_other_words(meeting):
    page, person = first(meeting), meeting.people[3]
    place = {"page": str(page.pk), "x": 0.5, "y": 0.5}
    person.note("private", "Ana wrote this", sample=str(page.sample_id), **place)
    person.note("private", "A word of my own")
    person.score(page.sample_id, meeting.criteria[0].pk, 3, "She says ‘Ana’", **place)
    press(person, page)
    row = first(meeting).withdrawals.get()
    withdrawing.destroy(withdrawal=row, by=meeting.users[1], now=_now())
    assert sorted(Note.every.values_list("text", flat=True)) == sorted([QUOTATION_GONE, "A word of my own"])
    score = Score.objects.get()
    assert (score.level, score.rationale) == (3, QUOTATION_GONE)
