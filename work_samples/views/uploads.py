"""Bringing files. The body is judged before anything is believed, so that a bad one gets a sentence."""

import contextlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from esw.core import clock, disk
from esw.core.responses import answers_json, problem, saved, wants_json
from esw.core.words import count_words as counted
from teams.requests import person
from work_samples.domain import bringing
from work_samples.domain.files import DISK_FULL
from work_samples.forms import TypedTextForm
from work_samples.models import Assignment, Sample
from work_samples.views.fetch import assignment_or_404, my_sample, upload_or_404

TOO_MANY = f"Bring at most {settings.DATA_UPLOAD_MAX_NUMBER_FILES} files at a time. Nothing was taken; choose fewer."
BROKEN_OFF = "The upload broke off before it was whole. Nothing was taken; please try again."
NO_FILES = "Choose at least one file to bring."
NO_ASSIGNMENT = "Say which assignment the files are for."
NO_SUCH_KEY = "This is not the key of an assignment or a sample."


@answers_json
@csrf_exempt  # checked below, once the body turned out to be readable
@require_POST
@login_required
def upload(request: HttpRequest) -> HttpResponseBase:
    """Take files for an assignment: each a sample, or all of them pages of one (`sample` or `together`)."""
    try:
        request.FILES  # noqa: B018 (reads the body)
    except TooManyFilesSent:
        return problem(request, TOO_MANY, status=400)
    except (MultiPartParserError, UnreadablePostError, TooManyFieldsSent, RequestDataTooBig):
        return problem(request, BROKEN_OFF, status=400)
    except OSError as full:
        if not disk.is_full(full):
            raise
        _let_go(request)
        return problem(request, DISK_FULL, status=disk.NO_ROOM_STATUS)
    return _upload(request)


def _let_go(request: HttpRequest) -> None:
    """Remove what has arrived of the file that found no room; closing it tries to write the rest once more."""
    for handler in request.upload_handlers:
        with contextlib.suppress(OSError):
            handler.upload_interrupted()


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponseBase:
    given, sample_key = request.POST.get("assignment", ""), request.POST.get("sample", "")
    if not given:
        return problem(request, NO_ASSIGNMENT, status=400)
    if not _is_key(given) or (sample_key and not _is_key(sample_key)):
        return problem(request, NO_SUCH_KEY, status=400)
    assignment = assignment_or_404(request, given)
    sample = my_sample(request, sample_key) if sample_key else None
    if sample is not None and sample.assignment_id != assignment.pk:
        return problem(request, NO_SUCH_KEY, status=400)
    if sample is not None and sample.is_confirmed:
        return problem(request, bringing.CONFIRMED, status=409)
    files = request.FILES.getlist("files")
    if not files:
        return problem(request, NO_FILES, status=400, to=_page(assignment))
    together = sample is not None or request.POST.get("together") == "1"
    results = _bring(request, assignment, files, sample=sample, together=together)
    return _answer(request, assignment, results)


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _bring(
    request: HttpRequest,
    assignment: Assignment,
    files: Sequence[UploadedFile],
    *,
    sample: Sample | None,
    together: bool,
) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for file in files:
        try:
            brought = bringing.bring_file(
                assignment=assignment,
                file=file,
                by=person(request),
                sample=sample if together else None,
                now=clock.now(),
            )
        except bringing.NotBrought as refused:
            results.append({"name": file.name, "sample": None, "error": refused.sentence})
        else:
            sample = brought
            results.append({"name": file.name, "sample": str(brought.pk), "error": None})
    return results


def _answer(request: HttpRequest, assignment: Assignment, results: list[dict[str, Any]]) -> HttpResponseBase:
    """What became of each file; 507 where not one of them found room."""
    no_room = all(result["error"] == DISK_FULL for result in results)
    status = disk.NO_ROOM_STATUS if no_room else 200
    if wants_json(request):
        return JsonResponse({"files": results} | ({"error": DISK_FULL} if no_room else {}), status=status)
    taken = sum(1 for result in results if result["error"] is None)
    if taken < len(results):
        # Shown at once and not as a message: a file's name may be a student's, and messages are kept.
        context = {"assignment": assignment, "results": results, "taken": taken}
        return render(request, "work_samples/upload_result.html", context, status=status)
    messages.success(request, f"{counted(taken, 'file')} arrived. Their pages are being made.".capitalize())
    return redirect(_page(assignment))


def _page(assignment: Assignment) -> str:
    return reverse("work_samples:assignment", args=[assignment.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def text(request: HttpRequest, assignment: UUID) -> HttpResponseBase:
    """Type or paste a text: a sample of its own. What cannot be taken comes back as it was typed."""
    found = assignment_or_404(request, assignment)
    form = TypedTextForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            sample = bringing.bring_text(
                assignment=found, text=form.cleaned_data["text"], by=person(request), now=clock.now()
            )
        except bringing.NotBrought as refused:
            form.add_error("text", refused.sentence)
            status = disk.NO_ROOM_STATUS if refused.sentence == DISK_FULL else 422
        else:
            messages.success(request, f"The text is here as sample {sample.label}. Its pages are being made.")
            return saved(request, to=_page(found))
    if wants_json(request) and request.method == "POST":
        said = " ".join(str(error) for error in form.errors.get("text", ())) or bringing.NO_TEXT
        return JsonResponse({"error": said}, status=400 if status == 422 else status)  # noqa: PLR2004
    return render(request, "work_samples/typed_text.html", {"form": form, "assignment": found}, status=status)


@require_POST
@login_required
def remove(request: HttpRequest, sample: UUID, upload: UUID) -> HttpResponseBase:
    """Take one file back, and its sample when it was the last one."""
    found = upload_or_404(request, sample=sample, upload=upload)
    page = _page(found.sample.assignment)
    try:
        bringing.remove_upload(upload=found)
    except bringing.NotBrought as refused:
        return problem(request, refused.sentence, status=409, to=page)
    return saved(request, to=page)
