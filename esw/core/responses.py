"""Answers that the same view gives to a script (JSON), to htmx (a fragment) and to a plain form (a redirect)."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme


def wants_json(request: HttpRequest) -> bool:
    """True when the request prefers JSON to a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def posted(request: HttpRequest) -> Mapping[str, Any]:
    """What was posted, form or JSON object alike; an unreadable or non-object body counts as empty."""
    if request.content_type == "application/json":
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            return {}
        return body if isinstance(body, dict) else {}
    return request.POST


def back_to(request: HttpRequest, fallback: str) -> str:
    """The local address that the form asked to return to, else `fallback`."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else fallback


def saved(request: HttpRequest, *, to: str, data: Mapping[str, Any] | None = None) -> HttpResponseBase:
    """It worked: JSON for a script, 204 for htmx, a redirect to `to` for a form."""
    if wants_json(request):
        return JsonResponse({"saved": True} if data is None else dict(data))
    if getattr(request, "htmx", False):
        return HttpResponse(status=204)
    return HttpResponseRedirect(back_to(request, to))


def problem(request: HttpRequest, sentence: str, *, status: int, to: str | None = None) -> HttpResponseBase:
    """It did not: one sentence, as JSON, as a fragment, or as a message on the page `to`."""
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=status)
    if getattr(request, "htmx", False):
        return render(request, "components/problem.html", {"sentence": sentence}, status=status)
    if to is not None:
        messages.error(request, sentence)
        return HttpResponseRedirect(back_to(request, to))
    return render(request, "problem.html", {"sentence": sentence}, status=status)
