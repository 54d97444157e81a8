"""On SQLite whoever writes waits their turn in the order in which they came."""

import gc
import threading

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from esw.core.sqlite import base
from esw.core.sqlite.queue import WriteQueue
from tests.factories import UserFactory

pytestmark = [pytest.mark.embedded, pytest.mark.timeout(60)]
PATIENCE = 20.0


def waits(queue, who, came):
    """A thread that takes its turn and says so; returns once it stands in the queue."""
    length = len(queue._waiting)

    def run():
        if queue.take(who, seconds=PATIENCE):
            came.append(who)
            queue.leave(who)

    thread = threading.Thread(target=run)
    thread.start()
    while len(queue._waiting) == length:
        pass
    return thread


def test_they_come_in_the_order_in_which_they_asked():
    queue, came = WriteQueue(), []
    assert queue.take("first", seconds=0)
    threads = [waits(queue, number, came) for number in range(12)]
    assert came == []
    queue.leave("first")
    for thread in threads:
        thread.join(PATIENCE)
    assert came == list(range(12))


def test_whose_turn_does_not_come_in_time_leaves_the_queue():
    queue = WriteQueue()
    assert queue.take("one", seconds=0)
    assert not queue.take("two", seconds=0.01)
    queue.leave("two")  # they hold nothing
    assert not queue.take("three", seconds=0.01)
    queue.leave("one")
    assert queue.take("three", seconds=0)


@pytest.mark.django_db(transaction=True)
def test_a_second_writer_waits_for_the_first_and_loses_nothing():
    def write():
        try:
            with transaction.atomic():
                UserFactory(email="second@example.org")
        finally:
            connection.close()

    with transaction.atomic():
        second = threading.Thread(target=write)
        second.start()
        first = UserFactory(email="first@example.org")
        assert type(first).objects.count() == 1
    second.join(PATIENCE)
    assert set(type(first).objects.values_list("email", flat=True)) == {"first@example.org", "second@example.org"}


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_failed_or_could_not_begin_holds_up_nobody(monkeypatch):
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory.create_batch(2, email="the-same@example.org")
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.01)
        patch.setattr(base._queues[str(connection.settings_dict["NAME"])], "_holder", "somebody")
        with pytest.raises(OperationalError, match="locked"), transaction.atomic():
            UserFactory()
    with transaction.atomic():
        UserFactory()


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_ended_in_its_transaction_holds_up_nobody():
    def begin():
        connection.ensure_connection()
        transaction.atomic().__enter__()

    gone = threading.Thread(target=begin)
    gone.start()
    gone.join(PATIENCE)
    gc.collect()
    with transaction.atomic():
        UserFactory()
