"""The packet to print for a meeting without screens: for the team, until the session is over."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, responses
from reports.domain import kept, packet_file, record_file
from reports.views_kept import kept_answer
from sessions_app.access import may_type_scores, role_of
from sessions_app.engine import State
from sessions_app.models import Session
from teams.requests import PersonRequest

OVER = "This session is over, so there is nothing to print for it any more. Its record has everything."


def _session(request: PersonRequest, session: uuid.UUID) -> Session:
    """The session through access: a stranger's is not there."""
    sessions = Session.objects.visible_to(request.user).select_related(*packet_file.WHOLE)
    found: Session = get_object_or_404(sessions, pk=session)
    return found


def _address(session: uuid.UUID) -> str:
    return reverse("reports:packet", args=[session])


@login_required
@require_safe
def packet(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """200 with the PDF, 202 while it is made, 409 once the session is over."""
    row = _session(request, session)
    back = reverse("sessions_app:room", args=[row.pk])
    if row.is_over:
        return responses.problem(request, OVER, status=409)
    standing = kept.ask(
        kind=packet_file.KIND,
        subject=row.pk,
        variant="",
        digest=packet_file.digest_of(packet_file.told_of(row)),
        now=clock.now(),
    )
    day = row.starts_at.astimezone(record_file.zone_of(row)).date()
    return kept_answer(
        request,
        standing,
        file_name=f"esw-packet-{day.isoformat()}.pdf",
        title="The packet to print",
        about=row.focus_question,
        here=_address(row.pk),
        back=back,
        again=reverse("reports:packet_again", args=[row.pk]),
        back_words="The session",
        more=_typing(request, row),
    )


def _typing(request: PersonRequest, row: Session) -> tuple[str, str] | None:
    """Where the score sheets are typed in after the meeting, for who may."""
    seat = row.participants.filter(user=request.user).first()
    if seat is None or row.rubric_version_id is None:
        return None
    if not may_type_scores(role_of(seat, State.from_json(row.state))):
        return None
    return reverse("sessions_app:paper", args=[row.pk]), "After the meeting: type the scores in"


@login_required
@require_POST
def again(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """Try once more to make a packet that could not be made."""
    row = _session(request, session)
    kept.again(kind=packet_file.KIND, subject=row.pk, variant="", now=clock.now())
    return responses.saved(request, to=_address(row.pk))
