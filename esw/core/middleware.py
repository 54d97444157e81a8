"""Headers that every answer carries, beside Django's own and the content security policy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render

from esw.core.responses import wants_json

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), screen-wake-lock=(self)"


class HeadersMiddleware:
    """Turn off what the browser could do and ESW never asks for; keep pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class LogInAgainMiddleware:
    """A script whose person is logged out hears 401 and a sentence, not the log-in page.

    The outbox keeps what it holds when it hears that, and the room asks to log in again in place.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        sent_to_log_in = response.status_code == 302 and response["Location"].split("?")[0] == settings.LOGIN_URL  # noqa: PLR2004
        if sent_to_log_in and wants_json(request):
            return JsonResponse({"error": "You are logged out. Log in again; what you wrote is kept."}, status=401)
        return response


class NotAllowedMiddleware:
    """A sentence for who asks in a way that an address does not take, where Django answers nothing at all (405)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        sentence = f"This address does not take {request.method}; it takes {response['Allow']}."
        if wants_json(request):
            answer: HttpResponse = JsonResponse({"error": sentence}, status=response.status_code)
        else:
            answer = render(request, "problem.html", {"sentence": sentence}, status=response.status_code)
        answer["Allow"] = response["Allow"]
        return answer
