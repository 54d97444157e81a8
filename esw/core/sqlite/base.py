"""SQLite for several threads that write: they take turns in the order in which they came.

SQLite has no queue. Who finds it busy sleeps for up to a tenth of a second and tries again, and may find it busy again
for seconds while others who came later go first (measured: 50 commands a second, 4 s for the unluckiest). Between
processes that stays as it is.
"""

import weakref
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from esw.core.sqlite.queue import WriteQueue

_queues: dict[str, WriteQueue] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, which queues before a transaction and leaves the queue when the transaction has ended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._me = object()
        self._queue: WriteQueue | None = None

    def _start_transaction_under_autocommit(self) -> None:
        queue = _queues.setdefault(str(self.settings_dict["NAME"]), WriteQueue())
        if not queue.take(self._me, seconds=self.settings_dict["OPTIONS"].get("timeout", 5.0)):
            raise OperationalError("database is locked")
        if self._queue is not queue:
            self._queue = queue
            weakref.finalize(self, queue.leave, self._me)  # a thread that is gone does not hold up the others
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._leave()

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._queue is not None:
            self._queue.leave(self._me)
