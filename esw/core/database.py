"""The database as a service that may be away, and rows as something that two people want at once."""

import sqlite3
from typing import TypeVar

from django.db import InterfaceError, OperationalError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template import loader

from esw.core import disk
from esw.core.responses import wants_json
from esw.core.storage import StorageAway

AWAY = "ESW cannot reach its database just now. What the screen called saved is safe. Please try again in a moment."
PG_DISK_FULL = "53100"
#: The second: no room even for what SQLite shares between its connections, so that nothing can be read either.
SQLITE_DISK_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE})
RETRY_AFTER = "3"  # seconds

M = TypeVar("M", bound=Model)


def held(rows: QuerySet[M]) -> QuerySet[M]:
    """The rows, locked until the transaction ends: whoever else asks for them so waits.

    PostgreSQL's plain FOR UPDATE would also hold up everybody who writes a row that merely refers to these (a note to
    its session). SQLite has no row locks; there the transaction itself takes its turn (IMMEDIATE).
    """
    return rows.select_for_update(no_key=True)


def is_away(error: BaseException | None) -> bool:
    """Whether the database, or the store of files, could not be asked: unreachable, cut off, or busy for too long."""
    return isinstance(error, OperationalError | InterfaceError | StorageAway)


def trouble(error: BaseException | None) -> tuple[str, int]:
    """What to say when the database or the store of files could not be asked or could not write, and its status."""
    if isinstance(error, StorageAway):
        return error.sentence, 503
    cause = error and error.__cause__
    if getattr(cause, "sqlite_errorcode", None) in SQLITE_DISK_FULL or getattr(cause, "pgcode", None) == PG_DISK_FULL:
        return disk.NO_ROOM, disk.NO_ROOM_STATUS
    return AWAY, 503


def away(request: HttpRequest, error: BaseException | None) -> HttpResponseBase:
    """`trouble` in words: JSON, a fragment, or a page that tries again by itself (never what somebody posted)."""
    answer: HttpResponse
    sentence, status = trouble(error)
    if wants_json(request):
        answer = JsonResponse({"error": sentence}, status=status)
    elif request.headers.get("HX-Request") == "true":
        body = loader.render_to_string("components/problem.html", {"sentence": sentence})
        answer = HttpResponse(body, status=status)
    else:
        context = {"sentence": sentence, "retry_after": RETRY_AFTER if request.method == "GET" else ""}
        answer = HttpResponse(loader.render_to_string("503.html", context), status=status)
    answer["Retry-After"] = RETRY_AFTER
    return answer
