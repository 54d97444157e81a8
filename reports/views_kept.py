"""A document that is kept, as an answer: the file, or how far it is."""

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from esw.core import responses
from esw.core.files import serve_file
from reports.domain.kept import Standing
from teams.requests import PersonRequest

PDF = "application/pdf"
ACCEPTED = 202
OF_A_FILE = frozenset({200, 206})


def kept_answer(
    request: PersonRequest,
    standing: Standing,
    *,
    file_name: str,
    title: str,
    about: str,
    here: str,
    back: str,
    again: str,
    back_words: str = "The record",
    more: tuple[str, str] | None = None,
) -> HttpResponseBase:
    """200 with the file when it is ready; else 202: a page that shows progress, or JSON for a script.

    To htmx always a fragment, which offers the file when it is there. `here` is the address that was asked, `back`
    the page that it belongs to, in `back_words`, `again` where a failed one is tried once more by POST; `more` is
    another page that goes with it, as its address and what it is called.
    """
    is_htmx = bool(getattr(request, "htmx", False))
    if standing.is_ready and not is_htmx:
        return _file(request, standing, file_name)
    if responses.wants_json(request):
        told = {"state": standing.state, "done": standing.done, "of": standing.of, "error": standing.error or None}
        return JsonResponse(told, status=ACCEPTED)
    context = {"standing": standing, "title": title, "about": about, "here": here, "again": again}
    context |= {"back": back, "back_words": back_words, "more": more}
    template = "reports/_kept.html" if is_htmx else "reports/kept.html"
    return render(request, template, context, status=200 if standing.is_ready else ACCEPTED)


def _file(request: PersonRequest, standing: Standing, file_name: str) -> HttpResponseBase:
    row = standing.document
    answer = serve_file(request, row.file, content_type=PDF, etag=row.digest)
    if answer.status_code in OF_A_FILE:
        answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or ""
    # The address stays and the file changes: a browser asks each time, and gets 304 while it is the same.
    answer["Cache-Control"] = "private, no-cache"
    return answer
