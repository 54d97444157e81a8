"""Recordings on the table: heard while the step has the work open, and notes that say at which moment."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from sessions_app.models import Note
from tests.factories import UserFactory
from tests.sessions_app.meeting import Meeting
from tests.sessions_app.test_projector import make_link, open_link
from work_samples.models import Recording

pytestmark = pytest.mark.django_db

SOUND = b"\0\0\0\x1cftypM4A " + bytes(range(200))


def recorded(sample, *, film=False, **more):
    def kept(name, data):
        return default_storage.save(f"pages/{sample.pk.hex}/{name}", ContentFile(data))

    if film:
        more |= {"poster": kept("poster.jpg", b"\xff\xd8poster"), "width": 640, "height": 360, "has_video": True}
    return Recording.objects.create(sample=sample, file=kept("sound.m4a", SOUND), seconds=95, **more)


@pytest.fixture
def meeting():
    """A room at a step about its first sample, which is a recording and nothing else."""
    found = Meeting(pages=0)
    recorded(found.samples[0], transcript="0:01 We swam.\n0:05 It was cold.")
    return found.to_making("scores")


def body(answer):
    return b"".join(answer.streaming_content)


def the_recording(meeting, sample=0):
    return Recording.objects.get(sample=meeting.samples[sample])


def test_the_player_stands_where_the_pages_are_and_plays_from_the_session(meeting):
    page = meeting.people[4].get("room").content.decode()
    found = the_recording(meeting)
    address = meeting.url("recording", found.pk)
    assert f'<source src="{address}" type="audio/mp4">' in page
    assert meeting.url("recording_captions", found.pk) in page
    assert "It was cold." in page
    assert "At this moment" in page
    whole = meeting.people[4].client.get(address)
    assert body(whole) == SOUND
    part = meeting.people[4].client.get(address, headers={"range": "bytes=4-7"})
    assert (part.status_code, body(part)) == (206, b"ftyp")
    assert b"It was cold." in meeting.people[4].get("recording_captions", found.pk).content


def test_it_is_closed_while_the_step_keeps_the_work_closed(meeting):
    found = the_recording(meeting)
    steps = meeting.fresh().state["steps"]
    closed = next(number for number, step in enumerate(steps, start=1) if "work" not in step["open"])
    meeting.give("go_to", step=closed)
    for what in ("recording", "recording_poster", "recording_captions"):
        assert meeting.people[4].get(what, found.pk).status_code == 404
    assert "<audio" not in meeting.people[4].get("room").content.decode()
    meeting.give("finish")
    assert meeting.people[4].get("recording", found.pk).status_code == 200


def test_a_stranger_and_a_recording_of_another_table_get_nothing(meeting):
    stranger = Client()
    stranger.force_login(UserFactory())
    other = recorded(Meeting(pages=0).samples[0])
    for what in ("recording", "recording_poster", "recording_captions"):
        assert stranger.get(meeting.url(what, the_recording(meeting).pk)).status_code == 404
        assert meeting.people[4].get(what, other.pk).status_code == 404


def test_a_note_says_the_moment_that_it_speaks_of(meeting):
    meeting.give("next")
    meeting = to_notes(meeting)
    found = the_recording(meeting)
    answer = meeting.people[4].note("clarifying", "Who speaks?", recording=str(found.pk), at_seconds=83.4)
    assert answer.status_code == 200, answer.content
    note = Note.objects.get()
    assert (note.at_seconds, note.sample_id) == (83.4, found.sample_id)
    page = meeting.people[2].get("panel", "notes").content.decode()
    assert 'data-at="83.4"' in page
    assert "at 1:23" in page


def to_notes(meeting):
    """The step of the same sample in which notes are shared."""
    steps = meeting.fresh().state["steps"]
    number = next(n for n, step in enumerate(steps, start=1) if "clarifying" in step["kinds"])
    meeting.give("go_to", step=number)
    return meeting


@pytest.mark.parametrize(
    "moment",
    [
        {"at_seconds": 3},
        {"recording": "its own"},
        {"recording": "its own", "at_seconds": -1},
        {"recording": "its own", "at_seconds": 97},
        {"recording": "its own", "at_seconds": "nan"},
        {"recording": "its own", "at_seconds": "soon"},
        {"recording": "no key", "at_seconds": 3},
        {"recording": "of another table", "at_seconds": 3},
    ],
)
def test_a_moment_that_is_none_gets_one_sentence(moment, meeting):
    to_notes(meeting)
    if moment.get("recording") == "of another table":
        moment = moment | {"recording": str(recorded(Meeting(pages=0).samples[0]).pk)}
    if moment.get("recording") == "its own":
        moment = moment | {"recording": str(the_recording(meeting).pk)}
    answer = meeting.people[4].note("clarifying", "When?", **moment)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert not Note.objects.exists()


def test_a_note_about_one_sample_cannot_speak_of_anothers_recording(meeting):
    to_notes(meeting)
    given = {"recording": str(the_recording(meeting).pk), "at_seconds": 1, "sample": str(meeting.samples[1].pk)}
    assert meeting.people[4].note("clarifying", "When?", **given).status_code == 400


def test_the_record_keeps_the_recording_and_the_moment(meeting):
    to_notes(meeting)
    found = the_recording(meeting)
    meeting.people[4].note("clarifying", "Who speaks?", recording=str(found.pk), at_seconds=83.4)
    meeting.give("finish")
    record = meeting.people[2].client.get(reverse("reports:record", args=[meeting.session.pk]), {"format": "json"})
    told = json.loads(record.content)
    assert [note["at_seconds"] for note in told["notes"]] == [83.4]
    [first, second] = told["samples"]
    assert first["recording"] == {"file": meeting.url("recording", found.pk), "seconds": 95.0, "has_video": False}
    assert second["recording"] is None
    page = meeting.people[2].client.get(reverse("reports:record", args=[meeting.session.pk])).content.decode()
    assert "at 1:23" in page
    assert meeting.url("recording", found.pk) in page


def test_the_wall_shows_a_picture_and_the_words_and_plays_nothing():
    meeting = Meeting(pages=0)
    found = recorded(meeting.samples[0], film=True)
    meeting.to_making("scores")
    browser, base = open_link(make_link(meeting))
    page = browser.get(base).content.decode()
    assert "Sample A: a recording" in page
    assert "<video" not in page
    assert meeting.url("recording", found.pk) not in page
    picture = f"{base}recordings/{found.pk}/"
    assert picture in page
    assert browser.get(picture)["Content-Type"] == "image/jpeg"
    assert Client().get(picture).status_code == 404
    steps = meeting.fresh().state["steps"]
    meeting.give("go_to", step=next(n for n, step in enumerate(steps, start=1) if "work" not in step["open"]))
    assert browser.get(picture).status_code == 404
