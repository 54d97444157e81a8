"""Jobs: one live row a target, claimed once, honest about failure, found again when lost."""

import uuid
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest
from django.contrib.sessions.models import Session as StoredSession
from kombu.exceptions import OperationalError

from esw.core import clock, jobs
from esw.core.models import Job, JobState
from esw.core.tasks import sweep

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def sent(monkeypatch):
    """The ids of the jobs that the broker was given."""
    ids = []
    monkeypatch.setattr(jobs.current_app, "send_task", lambda _task, args, **_: ids.append(args[0]), raising=False)
    return ids


def enqueue(target=None, now=NOW):
    return jobs.enqueue(task="tests.task", target=target or uuid.uuid4(), now=now)


@pytest.mark.django_db
def test_it_queues_when_the_transaction_commits(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue()
        assert sent == []
    assert sent == [str(job.pk)]


@pytest.mark.django_db
def test_a_live_job_is_not_queued_twice(sent, django_capture_on_commit_callbacks):
    target = uuid.uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        assert enqueue(target).pk == enqueue(target).pk
    assert len(sent) == 1


@pytest.mark.django_db
def test_a_broker_that_is_away_fails_nobody(monkeypatch, django_capture_on_commit_callbacks):
    def away(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(jobs.current_app, "send_task", away, raising=False)
    with django_capture_on_commit_callbacks(execute=True):
        job = enqueue()
    assert Job.objects.get(pk=job.pk).state == JobState.PENDING


@pytest.mark.django_db
def test_only_one_worker_claims_a_job_and_a_dead_ones_lease_runs_out(sent):
    job = enqueue()
    assert jobs.claim(job.pk, now=NOW).attempts == 1
    assert jobs.claim(job.pk, now=NOW) is None
    assert jobs.claim(job.pk, now=NOW + jobs.LEASE + timedelta(seconds=1)).attempts == 2


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_changes_nothing_any_more(sent):
    old = jobs.claim(enqueue().pk, now=NOW)
    later = NOW + jobs.LEASE + timedelta(seconds=1)
    jobs.claim(old.pk, now=later)
    jobs.finish(old, now=later)
    jobs.fail(old, "No.", now=later)
    jobs.report(old, done=9, of=9, now=later)
    row = Job.objects.get(pk=old.pk)
    assert (row.state, row.error, row.done) == (JobState.RUNNING, "", 0)


@pytest.mark.django_db
def test_a_failure_shows_its_sentence_and_an_unforeseen_one_shows_none_of_its_words(sent, caplog):
    job = enqueue()
    with jobs.working(str(job.pk)) as held:
        assert held
        raise jobs.JobFailed("This file is empty.")
    assert jobs.latest(job.target).error == "This file is empty."

    job = enqueue()
    with jobs.working(str(job.pk)):
        raise RuntimeError("name-of-a-student.jpg")
    row = jobs.latest(job.target)
    assert (row.state, row.error) == (JobState.PENDING, "")
    assert "name-of-a-student" not in caplog.text


@pytest.mark.django_db
def test_it_gives_up_after_three_attempts_with_a_sentence(sent):
    job = enqueue()
    for _ in range(jobs.MAX_ATTEMPTS):
        with jobs.working(str(job.pk)):
            raise RuntimeError
    row = jobs.latest(job.target)
    assert (row.state, row.error) == (JobState.FAILED, jobs.GAVE_UP)


@pytest.mark.django_db
def test_lost_jobs_are_queued_again_and_those_in_hand_are_not(sent):
    waiting, held, dropped, done = (enqueue() for _ in range(4))
    jobs.claim(held.pk, now=NOW + timedelta(minutes=9))
    jobs.claim(dropped.pk, now=NOW)
    jobs.finish(jobs.claim(done.pk, now=NOW), now=NOW)
    assert jobs.requeue_lost(now=NOW + timedelta(minutes=10)) == 2
    assert sorted(sent) == sorted([str(waiting.pk), str(dropped.pk)])


@pytest.mark.django_db
@pytest.mark.parametrize("attempts", [1, jobs.MAX_ATTEMPTS])
def test_a_job_that_ends_while_the_lost_ones_are_queued_stays_as_it_ended(monkeypatch, attempts):
    first, second = enqueue(), enqueue(now=NOW + timedelta(seconds=1))
    jobs.claim(second.pk, now=NOW)
    Job.objects.filter(pk=second.pk).update(attempts=attempts)
    sent = []

    def send(_task, args, **_options):
        sent.append(args[0])
        jobs.finish(Job.objects.get(pk=second.pk), now=NOW)

    monkeypatch.setattr(jobs.current_app, "send_task", send, raising=False)
    jobs.requeue_lost(now=NOW + timedelta(minutes=10))
    assert sent == [str(first.pk)]
    assert Job.objects.get(pk=second.pk).state == JobState.DONE


@pytest.mark.django_db
def test_after_a_restart_every_running_job_is_lost_and_a_deadly_one_is_given_up(sent):
    job = enqueue()
    for attempt in range(1, jobs.MAX_ATTEMPTS + 1):
        assert jobs.claim(job.pk, now=NOW).attempts == attempt
        jobs.requeue_lost(now=NOW, after_restart=True)
    assert jobs.latest(job.target).state == JobState.FAILED


@pytest.mark.django_db
def test_a_job_that_waits_is_not_queued_again_at_each_look(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(now=clock.now())
    for _ in range(5):
        jobs.requeue_lost(now=clock.now())
    assert len(sent) == 1
    jobs.requeue_lost(now=clock.now() + jobs.PENDING_PATIENCE + timedelta(seconds=1))
    assert len(sent) == 2


@pytest.mark.django_db
def test_what_never_reached_the_broker_is_queued_soon(monkeypatch, sent, django_capture_on_commit_callbacks):
    with monkeypatch.context() as away:
        away.setattr(jobs.current_app, "send_task", Mock(side_effect=OperationalError), raising=False)
        with django_capture_on_commit_callbacks(execute=True):
            enqueue(now=clock.now())
    jobs.requeue_lost(now=clock.now() + jobs.UNSENT_PATIENCE + timedelta(seconds=1))
    assert len(sent) == 1


@pytest.mark.django_db
def test_jobs_that_are_long_over_are_forgotten_but_not_a_targets_newest(sent):
    target, other = uuid.uuid4(), uuid.uuid4()
    for number in range(3):
        jobs.finish(jobs.claim(enqueue(target, now=NOW + timedelta(hours=number)).pk, now=NOW), now=NOW)
    jobs.fail(jobs.claim(enqueue(other).pk, now=NOW), "No.", now=NOW)
    enqueue()  # waits since then
    assert jobs.sweep(now=NOW + timedelta(days=29)) == 0
    assert jobs.sweep(now=NOW + timedelta(days=31)) == 2
    assert jobs.latest(target).created_at == NOW + timedelta(hours=2)
    assert jobs.latest(other).error == "No."
    assert Job.objects.count() == 3


@pytest.mark.django_db
def test_the_daily_sweep_takes_expired_log_ins(client, django_user_model):
    client.force_login(django_user_model.objects.create(email="a@school.example", name="A"))
    client.session.save()
    StoredSession.objects.update(expire_date=clock.now() - timedelta(days=1))
    sweep()
    assert not StoredSession.objects.exists()
