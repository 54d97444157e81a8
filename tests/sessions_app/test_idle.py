"""A session at a step that nobody touches closes itself, as it was left, and its record is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sessions_app import tasks
from sessions_app.domain import commands
from sessions_app.models import Session, SessionEvent, Status
from sessions_app.signals import session_finished
from tests.sessions_app.meeting import START, Meeting

pytestmark = pytest.mark.django_db
HALF_A_DAY = timedelta(hours=12)


@pytest.fixture
def meeting():
    return Meeting(samples=1, pages=1)


def close(meeting, *, hours, after=START):
    now = after + timedelta(hours=hours)
    return commands.close_idle(session=meeting.session, before=now - HALF_A_DAY, now=now)


def test_after_twelve_hours_it_is_finished_as_of_the_moment_it_was_left(meeting, django_capture_on_commit_callbacks):
    meeting.to_step(1)
    meeting.give("next", minute=7)
    told = []

    def hear(session_id, **_):
        told.append(session_id)

    session_finished.connect(hear)
    version = meeting.fresh().version
    with django_capture_on_commit_callbacks(execute=True):
        assert close(meeting, hours=13) is True
    row = meeting.fresh()
    assert (row.status, row.version, told) == (Status.FINISHED, version + 1, [row.pk])
    assert row.finished_at == START + timedelta(minutes=7)
    assert row.state["spent"][:2] == [7 * 60, 0.0]  # and not the night's twelve hours
    events = SessionEvent.objects.filter(version=row.version).values_list("name", "participant", "at")
    assert ("closed_idle", None, START + timedelta(hours=13)) in events
    assert "finished" in [name for name, *_ in events]
    session_finished.disconnect(hear)


def test_its_record_is_there_and_it_can_be_reopened(meeting):
    meeting.to_step(2)
    close(meeting, hours=13)
    assert meeting.facilitator.client.get(f"/sessions/{meeting.session.pk}/record/").status_code == 200
    assert meeting.give("reopen", minute=24 * 60).status == Status.RUNNING


def test_a_paused_session_closes_too_and_one_that_waits_for_its_start_does_not(meeting):
    meeting.give("open")
    assert close(meeting, hours=100) is False
    meeting.give("start")
    meeting.give("pause", minute=1)
    assert close(meeting, hours=13) is True
    assert close(meeting, hours=14) is False  # once is enough


@pytest.mark.parametrize("touch", ["command", "note", "score", "done"])
def test_whatever_somebody_does_keeps_it_open(meeting, touch, monkeypatch):
    meeting.to_making("scores")
    later = START + timedelta(hours=11)
    monkeypatch.setattr("esw.core.clock.now", lambda: later)
    person = meeting.people[2]
    if touch == "command":
        answer = meeting.facilitator.command("extend", minutes=2)
    elif touch == "note":
        answer = person.note("private", "Still here.")
    elif touch == "score":
        answer = person.score(meeting.samples[0].pk, meeting.criteria[0].pk, 3)
    else:
        meeting.score_all(person, 3)
        answer = person.done(meeting.fresh().state["index"] + 1)
    assert answer.status_code == 200, answer.content
    assert close(meeting, hours=13) is False
    assert close(meeting, hours=24) is True


def test_the_schedule_closes_what_was_left_and_leaves_what_is_in_use(meeting):
    other = Meeting(samples=1, pages=1)
    for each in (meeting, other):
        each.to_step(2)
    now = timezone.now()
    SessionEvent.objects.filter(session=meeting.session).update(at=now - timedelta(hours=13))
    Session.objects.filter(pk=meeting.session.pk).update(
        started_at=now - timedelta(hours=13), created_at=now - timedelta(hours=14)
    )
    Session.objects.filter(pk=other.session.pk).update(started_at=now - timedelta(hours=13))
    SessionEvent.objects.filter(session=other.session).update(at=now - timedelta(hours=1))
    tasks.close_idle()
    tasks.close_idle()
    assert (meeting.fresh().status, other.fresh().status) == (Status.FINISHED, Status.RUNNING)
