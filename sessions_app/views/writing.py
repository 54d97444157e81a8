"""What people write in the room, posted by their outbox or by a plain form."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.views.decorators.http import require_POST

from esw.core import clock, responses
from sessions_app.domain import deciding, planning, writing
from sessions_app.engine import CommandError
from sessions_app.forms import ClaimForm, ConsensusForm, FocusForm, NextStepForm, NoteForm, ScoreForm, first_error, flat
from sessions_app.views.room import Seat, enter, room_address, sentence_of
from teams.requests import PersonRequest

Write = Callable[[Seat, dict[str, Any]], Any]


def _write(request: PersonRequest, session: uuid.UUID, form_class: type[forms.Form], write: Write) -> HttpResponseBase:
    """Check the post, write it, and say 'saved' only then."""
    seat = enter(request, session)
    if seat.is_visitor:
        return responses.problem(request, "This session is over.", status=400, to=room_address(session))
    posted = flat(responses.posted(request), form_class)
    if not responses.wants_json(request):
        posted.setdefault("client_id", uuid.uuid4().hex)  # a plain form has no outbox to make one
    form = form_class(posted)
    if not form.is_valid():
        return responses.problem(request, first_error(form), status=400, to=room_address(session))
    try:
        answer = write(seat, form.cleaned_data)
    except (CommandError, PermissionDenied) as refused:
        sentence, status = sentence_of(refused)
        # What a person wrote is refused with 400 whatever the reason (the fixed interface), 403 when it is not theirs.
        status = 403 if status == 403 else 400  # noqa: PLR2004
        return responses.problem(request, sentence, status=status, to=room_address(session))
    data = {"saved": True} | (answer if isinstance(answer, dict) else {})
    return responses.saved(request, to=room_address(session), data=data)


def _place(data: dict[str, Any]) -> writing.Place | None:
    return writing.Place(page=data["page"], x=data["x"], y=data["y"]) if data["page"] else None


@login_required
@require_POST
def score(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    def write(seat: Seat, data: dict[str, Any]) -> dict[str, bool]:
        kept = writing.save_score(
            session=seat.session,
            by=seat.me,
            sample=data["sample"],
            criterion=data["criterion"],
            level=data["level"],
            rationale=data["rationale"],
            client_id=data["client_id"],
            place=_place(data),
            step=data["step"],
            seq=data["seq"],
            now=clock.now(),
        )
        return {"late": True} if kept is not None and kept.late else {}

    return _write(request, session, ScoreForm, write)


@login_required
@require_POST
def note(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    def write(seat: Seat, data: dict[str, Any]) -> None:
        writing.save_note(
            session=seat.session,
            by=seat.me,
            kind=data["kind"],
            text=data["text"],
            client_id=data["client_id"],
            sample=data["sample"],
            place=_place(data),
            step=data["step"],
            now=clock.now(),
        )

    return _write(request, session, NoteForm, write)


@login_required
@require_POST
def remove_note(request: PersonRequest, session: uuid.UUID, note_id: uuid.UUID) -> HttpResponseBase:
    seat = enter(request, session)
    try:
        writing.remove_note(session=seat.session, by=seat.me, note=note_id)
    except CommandError as refused:
        return responses.problem(request, refused.sentence, status=400, to=room_address(session))
    return responses.saved(request, to=room_address(session))


@login_required
@require_POST
def consensus(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    def write(seat: Seat, data: dict[str, Any]) -> None:
        deciding.record_consensus(
            session=seat.session,
            by=seat.me,
            sample=data["sample"],
            criterion=data["criterion"],
            level=data["level"],
            rationale=data["rationale"],
            other_rationale=data["other_rationale"],
            client_id=data["client_id"],
            now=clock.now(),
        )

    return _write(request, session, ConsensusForm, write)


@login_required
@require_POST
def next_step(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    def write(seat: Seat, data: dict[str, Any]) -> None:
        deciding.add_next_step(
            session=seat.session,
            by=seat.me,
            text=data["text"],
            students=data["students"],
            owner=data["owner"],
            due=data["due"],
            client_id=data["client_id"],
            now=clock.now(),
        )

    return _write(request, session, NextStepForm, write)


@login_required
@require_POST
def claim(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    def write(seat: Seat, data: dict[str, Any]) -> None:
        writing.claim_score(
            session=seat.session,
            by=seat.me,
            sample=data["sample"],
            criterion=data["criterion"],
            claimed=data["claimed"],
        )

    return _write(request, session, ClaimForm, write)


@login_required
@require_POST
def focus(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    def write(seat: Seat, data: dict[str, Any]) -> None:
        planning.set_focus(
            session=seat.session,
            by=seat.me,
            focus_question=data["focus_question"],
            norm_to_watch=data["norm_to_watch"],
        )

    return _write(request, session, FocusForm, write)
