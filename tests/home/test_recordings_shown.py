"""A sample that is only heard has no page, and is shown for what it is."""

import pytest
from django.urls import reverse

from home.queries import Thumb, sheets
from teams.models import Membership
from tests.factories import SampleFactory
from work_samples.models import Recording

pytestmark = pytest.mark.django_db


def test_a_recording_that_waits_is_called_one(client):
    sample = SampleFactory(confirmed_at=None)
    Membership.objects.get_or_create(user=sample.uploader, team=sample.assignment.team)
    Recording.objects.create(sample=sample, file="a.m4a", seconds=12)
    client.force_login(sample.uploader)
    shown = client.get("/").content.decode()
    assert "a recording" in shown
    assert "pages are being made" not in shown
    assert f"/samples/{sample.pk}/redact/" in shown


def test_a_strip_knows_a_recording_and_its_picture(client):
    sample = SampleFactory()
    recording = Recording.objects.create(sample=sample, file="a.mp4", thumbnail="a.jpg", seconds=12, has_video=True)
    (sheet,) = sheets([sample.assignment])
    assert [(thumb.recording, thumb.has_picture) for thumb in sheet.thumbs] == [(recording.pk, True)]
    assert Thumb("A", None).recording is None


@pytest.mark.parametrize("view", ["sheet", "list"])
def test_the_library_shows_a_recording_for_what_it_is(client, view):
    sample = SampleFactory()
    Membership.objects.get_or_create(user=sample.uploader, team=sample.assignment.team)
    recording = Recording.objects.create(sample=sample, file="a.m4a", seconds=12)
    client.force_login(sample.uploader)
    assert f"Sample {sample.label}, a recording" in client.get("/library/", {"view": view}).content.decode()
    Recording.objects.filter(pk=recording.pk).update(thumbnail="a.jpg", has_video=True)
    page = client.get("/library/", {"view": view}).content.decode()
    assert reverse("work_samples:recording_thumbnail", args=[recording.pk]) in page
    assert "thumb-blank" not in page


def test_a_plan_offers_a_recording_and_shows_it_as_one(client):
    sample = SampleFactory()
    Membership.objects.get_or_create(user=sample.uploader, team=sample.assignment.team)
    Recording.objects.create(sample=sample, file="a.m4a", seconds=12)
    client.force_login(sample.uploader)
    page = client.get(reverse("sessions_app:plan"), {"team": sample.assignment.team_id}).content.decode()
    assert f"Sample {sample.label}, a recording" in page
