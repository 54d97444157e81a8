"""What follows a write, when it fails."""

import pytest
from django.db import transaction

from esw.core.afterwards import after_commit


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_a_commit_is_logged_by_name_and_troubles_nobody(caplog):
    done = []

    def fails(why, *, how):
        raise OSError(why, how)

    with transaction.atomic():
        after_commit(fails, "the store", how="is away")
        after_commit(done.append, "the next")
        assert not done
    assert done == ["the next"]
    assert "fails" in caplog.text
    assert "the store" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_nothing_follows_what_was_not_written():
    done = []
    with transaction.atomic():
        after_commit(done.append, "never")
        transaction.set_rollback(True)
    assert not done
