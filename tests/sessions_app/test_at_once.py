"""What people do at the same moment, on a database that lets them: PostgreSQL (SQLite takes one writer at a time)."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from esw.core import jobs
from esw.core.models import Job
from sessions_app.domain import commands, seats, writing
from sessions_app.domain.locking import locked
from sessions_app.engine import IllegalCommand
from sessions_app.models import ClientPost, Note, Participant, Score, Session, SessionEvent
from tests.factories import member_of
from tests.sessions_app.meeting import START, Meeting

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
NOW = START + timedelta(minutes=5)


@pytest.fixture
def meeting():
    return Meeting(samples=1, pages=1)


def together(count, call):
    """What `call(number)` gives or raises, from so many threads that begin at once."""
    ready = threading.Barrier(count, timeout=30)

    def one(number):
        try:
            connection.ensure_connection()
            ready.wait()
            return call(number)
        except Exception as problem:  # noqa: BLE001 (the test looks at it)
            return problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_one_post_sent_twenty_times_at_once_counts_once(meeting):
    meeting.to_making("scores")
    person, post = meeting.people[2].seat, uuid.uuid4()

    def save(number):
        return writing.save_score(
            session=meeting.fresh(), by=person, sample=meeting.samples[0].pk, criterion=meeting.criteria[0].pk,
            level=3, rationale="", client_id=post, now=NOW,
        )  # fmt: skip

    kept = together(20, save)
    assert [type(each) for each in kept if each is not None] == [Score]
    assert Score.objects.count() == ClientPost.objects.count() == 1


def test_twenty_posts_for_one_score_leave_one_row_with_the_newest_words(meeting):
    meeting.to_making("scores")
    person = meeting.people[2].seat

    def save(number):
        return writing.save_score(
            session=meeting.fresh(), by=person, sample=meeting.samples[0].pk, criterion=meeting.criteria[0].pk,
            level=1 + number % 4, rationale=str(number), client_id=uuid.uuid4(), seq=number, now=NOW,
        )  # fmt: skip

    assert all(isinstance(each, Score) for each in together(20, save))
    assert [(score.rationale, score.seq) for score in Score.objects.all()] == [("19", 19)]


def test_notes_by_many_at_once_are_all_there_and_all_counted(meeting):
    meeting.to_making("notes")
    state = meeting.fresh().state
    kind = next(each for each in state["steps"][state["index"]]["kinds"] if each != "private")
    before = meeting.fresh().activity

    def save(number):
        by = meeting.people[number % len(meeting.people)].seat
        return writing.save_note(
            session=meeting.fresh(), by=by, kind=kind, text=str(number), client_id=uuid.uuid4(), now=NOW
        )

    assert all(isinstance(each, Note) for each in together(15, save))
    assert Note.objects.count() == 15
    assert meeting.fresh().activity == before + 15


def test_of_many_next_that_were_pressed_on_one_step_one_counts(meeting):
    meeting.to_step(2)

    def press(number):
        return commands.give_command(
            session=meeting.fresh(), by=meeting.facilitator.seat, name="next", args={"step": 2}, now=NOW
        )

    answers = together(6, press)
    assert sorted(type(each) for each in answers if isinstance(each, Session)) == [Session]
    assert sum(isinstance(each, IllegalCommand) for each in answers) == 5
    assert meeting.fresh().state["index"] == 2


def test_commands_at_once_each_have_a_version_of_their_own_and_none_is_lost(meeting):
    meeting.to_step(2)
    before = meeting.fresh().version
    extra = together(
        8,
        lambda _: commands.give_command(
            session=meeting.fresh(), by=meeting.facilitator.seat, name="extend", args={"minutes": 2}, now=NOW
        ),
    )
    assert sorted(each.version for each in extra) == list(range(before + 1, before + 9))
    assert meeting.fresh().version == before + 8
    assert SessionEvent.objects.filter(session=meeting.session, name="extended").count() == 8


def test_taking_over_and_going_on_at_once_leave_one_truth(meeting):
    meeting.to_step(2)
    taker, facilitator = meeting.people[3].seat, meeting.facilitator.seat

    def act(number):
        by, name = ((taker, "take_over"), (facilitator, "next"))[number % 2]
        return commands.give_command(session=meeting.fresh(), by=by, name=name, args={}, now=NOW)

    taken, went_on = together(2, act)
    assert isinstance(taken, Session)
    state = meeting.fresh().state
    assert state["facilitator"] == str(taker.pk)
    assert state["index"] == (2 if isinstance(went_on, Session) else 1)


def test_somebody_who_opens_the_room_in_many_tabs_takes_one_seat(meeting):
    meeting.to_step(1)
    late = member_of(meeting.team)
    found = together(8, lambda _: seats.seat_of(session=meeting.fresh(), user=late, now=NOW))
    assert len({seat.pk for seat in found}) == 1
    assert Participant.objects.filter(session=meeting.session, user=late).count() == 1
    assert meeting.fresh().state["people"].count(str(found[0].pk)) == 1


def test_a_private_note_does_not_wait_for_a_command_that_takes_long(meeting):
    meeting.to_step(2)
    saved = threading.Event()

    def note():
        writing.save_note(
            session=meeting.fresh(), by=meeting.people[2].seat, kind="private", text="x", client_id=uuid.uuid4(),
            now=NOW,
        )  # fmt: skip
        saved.set()
        connections.close_all()

    with transaction.atomic():
        locked(meeting.session)
        writer = threading.Thread(target=note)
        writer.start()
        assert saved.wait(20)
    writer.join(20)


def test_a_job_that_many_ask_for_at_once_is_one_job(monkeypatch):
    sent = []
    monkeypatch.setattr(jobs, "send", sent.append)
    target = uuid.uuid4()
    found = together(12, lambda _: jobs.enqueue(task="tests.task", target=target, now=NOW))
    assert {type(each) for each in found} == {Job}
    assert len({job.pk for job in found}) == len(sent) == Job.objects.count() == 1


def test_a_job_that_many_workers_are_given_is_claimed_by_one_and_found_again_once(monkeypatch):
    sent = []
    monkeypatch.setattr(jobs, "send", sent.append)
    job = jobs.enqueue(task="tests.task", target=uuid.uuid4(), now=NOW)
    claimed = together(8, lambda _: jobs.claim(job.pk, now=NOW))
    assert sum(each is not None for each in claimed) == 1
    sent.clear()
    later = NOW + 2 * jobs.LEASE
    together(8, lambda _: jobs.requeue_lost(now=later))
    assert [each.pk for each in sent] == [job.pk]
