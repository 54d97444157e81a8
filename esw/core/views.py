"""Whether the server lives, and what it says when something cannot be had: one sentence, as a page or as JSON."""

import sys

from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template import loader

from esw.core import database
from esw.core.responses import Unreadable, wants_json

NOT_UNDERSTOOD = "The browser sent something that ESW does not understand. Nothing was changed."
NOT_YOURS = "You may look at this, but somebody else in your team may change it."
NOT_HERE = "There is nothing here."
LOST_PLACE = "The browser lost its place, so nothing was changed. Reload the page and try once more."
TOO_OFTEN = "This was asked for so often just now that ESW has to wait a little. Please try again in a few minutes."
BROKEN = "Something broke on our side. What the screen called saved is safe; try again in a moment."


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django's shape)
    """200 when this process answers and its database does too, else 503. Without Redis ESW is slower, not down."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        return HttpResponse("the database does not answer", content_type="text/plain", status=503)
    return HttpResponse("ok", content_type="text/plain")


# Django's own would check the CSRF token, and so read a body anew that has just turned out to be unreadable.
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    sentence = str(exception) if isinstance(exception, Unreadable) else NOT_UNDERSTOOD
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=400)
    # Without the request: what is wrong with it may be its host or its cookies.
    return HttpResponse(loader.render_to_string("400.html", {"sentence": sentence}), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    sentence = str(exception) or NOT_YOURS
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=403)
    return render(request, "403.html", {"exception": sentence}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:  # noqa: ARG001
    if wants_json(request):
        return JsonResponse({"error": NOT_HERE}, status=404)
    return render(request, "404.html", status=404)


def lost_place(request: HttpRequest, reason: str = "") -> HttpResponseBase:  # noqa: ARG001
    """The CSRF token is missing or old. The header tells a script that a new token would help."""
    answer: HttpResponse
    if wants_json(request):
        answer = JsonResponse({"error": LOST_PLACE}, status=403)
    else:
        answer = render(request, "403_csrf.html", status=403)
    answer["X-Token-Refused"] = "true"
    return answer


def too_often(request: HttpRequest) -> HttpResponseBase:
    answer: HttpResponse
    if wants_json(request):
        answer = JsonResponse({"error": TOO_OFTEN}, status=429)
    else:
        answer = render(request, "429.html", status=429)
    answer["Retry-After"] = "60"  # seconds
    return answer


def broken(request: HttpRequest) -> HttpResponseBase:
    error = sys.exc_info()[1]
    if database.is_away(error):
        return database.away(request, error)
    if wants_json(request):
        return JsonResponse({"error": BROKEN}, status=500)
    return HttpResponse(loader.render_to_string("500.html"), status=500)
