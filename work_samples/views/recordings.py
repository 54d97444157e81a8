"""A recording: its file for who may hear it, silencing where a name is said, its transcript."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock
from esw.core.files import serve_file
from esw.core.responses import posted, problem, saved, wants_json
from teams.requests import person
from work_samples import access, captions
from work_samples.domain import recordings
from work_samples.models import Recording
from work_samples.views.fetch import my_sample, sample_or_404
from work_samples.views.images import JPEG, NOT_KEPT, WEBP
from work_samples.views.redact import preview_page

NOT_THERE = "This sample has no recording."


@login_required
@require_safe
def file(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """The recording itself; a player asks for it in parts."""
    found = _recording_or_404(request, recording)
    return served(request, found, found.file, found.content_type)


@login_required
@require_safe
def poster(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    found = _recording_or_404(request, recording)
    return served(request, found, found.poster, JPEG)


@login_required
@require_safe
def thumbnail(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    found = _recording_or_404(request, recording)
    return served(request, found, found.thumbnail, WEBP)


@login_required
@require_safe
def track(request: HttpRequest, recording: UUID) -> HttpResponseBase:
    """What is said, as captions under the player."""
    return captions_answer(_recording_or_404(request, recording))


def _recording_or_404(request: HttpRequest, key: UUID) -> Recording:
    found: Recording = get_object_or_404(Recording.objects.visible_to(person(request)).select_related("sample"), pk=key)
    return found


def served(request: HttpRequest, recording: Recording, kept: FieldFile, content_type: str) -> HttpResponseBase:
    """A file of a recording, in parts where that is asked; a browser keeps it once the sample is confirmed."""
    if not kept.name:
        raise Http404
    answer = serve_file(request, kept.name, content_type=content_type)
    if not recording.sample.is_confirmed:
        answer["Cache-Control"] = NOT_KEPT
    return answer


def captions_answer(recording: Recording) -> HttpResponse:
    """The track; 404 without one. It may be written anew, so that a browser asks again."""
    said = captions.webvtt(recording.transcript, seconds=recording.seconds)
    if not said:
        raise Http404
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(said, content_type="text/vtt; charset=utf-8", headers=headers)


@login_required
@require_POST
def silence(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Make these spans silent and black, and no others."""
    found = my_sample(request, sample)
    back = reverse("work_samples:preview", args=[found.pk])
    there, typed = recordings.of(found), str(posted(request).get("spans", ""))
    if there is None or found.is_confirmed:
        return problem(request, NOT_THERE if there is None else recordings.CONFIRMED, status=409, to=back)
    try:
        spans = recordings.read_spans(typed, seconds=there.seconds)
        recordings.silence(sample=found, spans=spans, now=clock.now())
    except recordings.NotRecorded as refused:
        if wants_json(request):
            return problem(request, refused.sentence, status=400)
        return preview_page(request, found, status=400, spans=typed, spans_error=refused.sentence)
    return saved(request, to=back)


@login_required
@require_POST
def transcript(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Keep what is said in it."""
    found = sample_or_404(request, sample)
    if not access.may_transcribe(person(request), found):
        raise PermissionDenied
    back = reverse("work_samples:sample" if found.is_confirmed else "work_samples:preview", args=[found.pk])
    there = recordings.of(found)
    if there is None:
        return problem(request, NOT_THERE, status=409, to=back)
    try:
        recordings.set_transcript(recording=there, text=str(posted(request).get("transcript", "")))
    except recordings.NotRecorded as refused:
        return problem(request, refused.sentence, status=400, to=back)
    if not wants_json(request):
        messages.success(request, "The transcript is kept.")
    return saved(request, to=back)
