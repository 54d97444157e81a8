"""Answers that the same view gives to a script (JSON), to htmx (a fragment) and to a plain form (a redirect)."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
UNREADABLE = "What was sent could not be read, so nothing was changed. Send a form or a JSON object."


class Unreadable(BadRequest):
    """What was posted is neither a form nor a JSON object; the message is a sentence for people."""

    def __init__(self, sentence: str = UNREADABLE) -> None:
        super().__init__(sentence)


def answers_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view is for scripts: whoever takes anything gets JSON. Goes above `login_required`."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.answers_json = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return marked


def wants_json(request: HttpRequest) -> bool:
    """True when the request prefers JSON to a page.

    A script that takes anything (`*/*`) gets JSON when it sent JSON or when the view `answers_json`. So does htmx
    take anything, but it waits for a fragment.
    """
    offered = ["text/html", "application/json"]
    is_htmx = request.headers.get("HX-Request") == "true"
    if not is_htmx and (getattr(request, "answers_json", False) or request.content_type == "application/json"):
        offered.reverse()
    return request.get_preferred_type(offered) == "application/json"


def posted(request: HttpRequest) -> Mapping[str, Any]:
    """What was posted, form or JSON object alike; nothing at all counts as empty. Raises `Unreadable`."""
    if request.content_type == "application/json":
        return _json_object(request.body)
    if request.content_type in FORMS:
        return request.POST
    if request.body:
        raise Unreadable
    return {}


def _json_object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        read = json.loads(body)
        if b"\\ud" in body.lower():  # half a character, which no database takes, becomes a question mark
            read = json.loads(json.dumps(read, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as problem:
        raise Unreadable from problem
    if not isinstance(read, dict):
        raise Unreadable
    return read


def flag(data: Mapping[str, Any], name: str) -> bool:
    """A yes or no that was posted, yes when it was left out. Raises `Unreadable` for anything else."""
    said = str(data.get(name, "true")).strip().lower()
    if said in {"true", "1", "on", "yes"}:
        return True
    if said in {"false", "0", "off", "no"}:
        return False
    raise Unreadable(f"Say true or false for “{name}”.")


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
