"""What goes into the log, and how much of it."""

import logging
import traceback
from pathlib import Path
from types import TracebackType

from django.db.utils import InterfaceError, OperationalError

from esw.core.storage import StorageAway


class NoWords(logging.Formatter):
    """Says where something broke and of which kind the error is, never what it says.

    An error may quote what a person wrote: PostgreSQL, for one, names the whole row that it refuses.
    """

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler may have made of it
        return super().format(record)

    def formatException(  # noqa: N802 (logging's own word)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        told: list[str] = []
        error = ei[1]
        while error is not None:
            told = [*traceback.format_tb(error.__traceback__), type(error).__qualname__, "\n", *told]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(told).rstrip()


class OneLine(logging.Filter):
    """Leave out where in the code it happened, for what says nothing about our code."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True


class DatabaseAway(logging.Filter):
    """While the database or the store of files is away every request says so.

    A line is enough, with the place in our code that asked it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(error, OperationalError | InterfaceError | StorageAway):
            ours = [
                frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename
            ]
            place = f", {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
            who = "the store of files" if isinstance(error, StorageAway) else "the database"
            record.msg = f"{who} did not answer (%s%s)"
            record.args = (type(error).__name__, place)
            record.exc_info = record.exc_text = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
