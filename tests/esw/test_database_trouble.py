"""What is said when the database cannot be asked, and when its disk is full."""

import sqlite3

import pytest
from django.db import OperationalError

from esw.core import database, disk


def raised(**facts):
    """Django's error, as a driver's error with these facts causes it."""
    cause = type("DriverError", (Exception,), facts)()
    error = OperationalError("words that nobody is shown")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (raised(sqlite_errorcode=sqlite3.SQLITE_FULL), (disk.NO_ROOM, 507)),
        (raised(sqlite_errorcode=sqlite3.SQLITE_IOERR_SHMSIZE), (disk.NO_ROOM, 507)),
        (raised(pgcode="53100"), (disk.NO_ROOM, 507)),
        (raised(sqlite_errorcode=sqlite3.SQLITE_BUSY), (database.AWAY, 503)),
        (raised(pgcode="57P01"), (database.AWAY, 503)),
        (OperationalError(), (database.AWAY, 503)),
        (None, (database.AWAY, 503)),
    ],
)
def test_a_full_disk_is_told_from_a_database_that_is_away(error, expected):
    assert database.trouble(error) == expected
