"""A recording on the table, while its step has the work open (and in the record afterwards)."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from sessions_app.models import Session
from sessions_app.queries.table import recordings_of, work_is_open
from teams.requests import PersonRequest
from work_samples.models import Recording
from work_samples.views.images import JPEG
from work_samples.views.recordings import captions_answer, served


def _open(request: PersonRequest, session: uuid.UUID, recording: uuid.UUID) -> Recording:
    row = get_object_or_404(Session.objects.visible_to(request.user), pk=session)
    if not work_is_open(row):
        raise Http404
    found: Recording = get_object_or_404(recordings_of(row), pk=recording)
    return found


@login_required
@require_safe
def file(request: PersonRequest, session: uuid.UUID, recording: uuid.UUID) -> HttpResponseBase:
    """The recording itself; a player asks for it in parts."""
    found = _open(request, session, recording)
    return served(request, found, found.file, found.content_type)


@login_required
@require_safe
def poster(request: PersonRequest, session: uuid.UUID, recording: uuid.UUID) -> HttpResponseBase:
    found = _open(request, session, recording)
    return served(request, found, found.poster, JPEG)


@login_required
@require_safe
def track(request: PersonRequest, session: uuid.UUID, recording: uuid.UUID) -> HttpResponseBase:
    """What is said, as captions under the player."""
    return captions_answer(_open(request, session, recording))
