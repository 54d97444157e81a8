"""The database as a service that may be away, and rows as something that two people want at once."""

from typing import TypeVar

from django.db import InterfaceError, OperationalError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template import loader

from esw.core.responses import wants_json

AWAY = "ESW cannot reach its database just now. What the screen called saved is safe. Please try again in a moment."
RETRY_AFTER = "3"  # seconds

M = TypeVar("M", bound=Model)


def held(rows: QuerySet[M]) -> QuerySet[M]:
    """The rows, locked until the transaction ends: whoever else asks for them so waits.

    PostgreSQL's plain FOR UPDATE would also hold up everybody who writes a row that merely refers to these (a note to
    its session). SQLite has no row locks; there the transaction itself takes its turn (IMMEDIATE).
    """
    return rows.select_for_update(no_key=True)


def is_away(error: BaseException | None) -> bool:
    """Whether the database could not be asked: unreachable, cut off, or busy for too long."""
    return isinstance(error, OperationalError | InterfaceError)


def away(request: HttpRequest) -> HttpResponseBase:
    """503 and a sentence: JSON, a fragment, or a page that tries again by itself (never what somebody posted)."""
    answer: HttpResponse
    if wants_json(request):
        answer = JsonResponse({"error": AWAY}, status=503)
    elif request.headers.get("HX-Request") == "true":
        answer = HttpResponse(loader.render_to_string("components/problem.html", {"sentence": AWAY}), status=503)
    else:
        context = {"sentence": AWAY, "retry_after": RETRY_AFTER if request.method == "GET" else ""}
        answer = HttpResponse(loader.render_to_string("503.html", context), status=503)
    answer["Retry-After"] = RETRY_AFTER
    return answer
