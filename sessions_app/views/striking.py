"""The presenter's own quiet page: what was noted on their task and teaching, to keep or to strike."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, responses
from sessions_app import access
from sessions_app.domain.striking import NOT_YOURS, OVER, strike_note
from sessions_app.engine import CommandError
from sessions_app.models import Session
from sessions_app.queries import striking
from sessions_app.views.room import sentence_of
from teams.requests import PersonRequest


def _mine(request: PersonRequest, session: uuid.UUID) -> Session:
    """The session through access; 403 for who is in the team and did not present. Looking takes no seat."""
    row: Session = get_object_or_404(Session.objects.visible_to(request.user).select_related("assignment"), pk=session)
    if not access.may_strike(request.user, row):
        raise PermissionDenied(NOT_YOURS)
    return row


@login_required
@require_safe
def look_through(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """Everything that was noted for others to read, while it can be struck; 409 and a sentence afterwards."""
    row = _mine(request, session)
    window = striking.window(row, now=clock.now())
    if not window.is_open:
        if responses.wants_json(request):
            return JsonResponse({"error": OVER}, status=409)
        return render(request, "sessions_app/strike_over.html", {"session": row, "sentence": OVER}, status=409)
    context = {"session": row, "window": window, "steps": striking.noted_in(row)}
    return render(request, "sessions_app/strike.html", context)


@login_required
@require_POST
def strike(request: PersonRequest, session: uuid.UUID, note_id: uuid.UUID) -> HttpResponseBase:
    """Strike one note (`struck=yes`), or bring it back (`struck=no`)."""
    row = _mine(request, session)
    struck = responses.flag(responses.posted(request), "struck")
    try:
        strike_note(session=row, by=request.user, note=note_id, struck=struck, now=clock.now())
    except CommandError as refused:
        sentence, status = sentence_of(refused)
        return responses.problem(request, sentence, status=status)
    return responses.saved(request, to=f"{reverse('sessions_app:strike', args=[session])}#note-{note_id}")
