"""What people write in the room, posted by their outbox or by a plain form."""

import uuid
from collections.abc import Callable
from datetime import datetime
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

Data = dict[str, Any]
#: Writes checked data for who sits here at a time; what it returns goes beside 'saved' into the answer.
Write = Callable[[Seat, Data, datetime], Data | None]


def _post(form_class: type[forms.Form], write: Write) -> Callable[..., HttpResponseBase]:
    """The view for one kind of post: check it, write it, and say 'saved' only then."""

    @login_required
    @require_POST
    def view(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
        seat = enter(request, session)
        address = room_address(session)
        if seat.is_visitor:
            return responses.problem(request, "This session is over.", status=400, to=address)
        posted = flat(responses.posted(request), form_class)
        if not responses.wants_json(request):
            posted.setdefault("client_id", uuid.uuid4().hex)  # a plain form has no outbox to make one
        form = form_class(posted)
        if not form.is_valid():
            return responses.problem(request, first_error(form), status=400, to=address)
        try:
            more = write(seat, form.cleaned_data, clock.now()) or {}
        except (CommandError, PermissionDenied) as refused:
            sentence, status = sentence_of(refused)
            # What a person wrote is refused with 400 whatever the reason (the fixed interface), 403 when not theirs.
            status = 403 if status == 403 else 400  # noqa: PLR2004
            return responses.problem(request, sentence, status=status, to=address)
        return responses.saved(request, to=address, data={"saved": True} | more)

    return view


def _named(data: Data, *names: str) -> Data:
    """What a domain function takes by name, out of what was posted."""
    return {name: data[name] for name in names}


def _place(data: Data) -> writing.Place | None:
    return writing.Place(page=data["page"], x=data["x"], y=data["y"]) if data["page"] else None


def _moment(data: Data) -> writing.Moment | None:
    return writing.Moment(data["recording"], data["at_seconds"]) if data["recording"] else None


def _score(seat: Seat, data: Data, now: datetime) -> Data:
    given = _named(data, "sample", "criterion", "level", "rationale", "client_id", "step", "seq")
    kept = writing.save_score(session=seat.session, by=seat.me, place=_place(data), now=now, **given)
    return {"late": True} if kept is not None and kept.late else {}


def _note(seat: Seat, data: Data, now: datetime) -> None:
    given = _named(data, "kind", "text", "client_id", "sample", "step")
    writing.save_note(session=seat.session, by=seat.me, place=_place(data), moment=_moment(data), now=now, **given)


def _consensus(seat: Seat, data: Data, now: datetime) -> None:
    given = _named(data, "sample", "criterion", "level", "rationale", "other_rationale", "client_id")
    deciding.record_consensus(session=seat.session, by=seat.me, now=now, **given)


def _next_step(seat: Seat, data: Data, now: datetime) -> None:
    given = _named(data, "text", "students", "owner", "due", "client_id")
    deciding.add_next_step(session=seat.session, by=seat.me, now=now, **given)


def _claim(seat: Seat, data: Data, _now: datetime) -> None:
    writing.claim_score(session=seat.session, by=seat.me, **_named(data, "sample", "criterion", "claimed"))


def _focus(seat: Seat, data: Data, _now: datetime) -> None:
    planning.set_focus(session=seat.session, by=seat.me, **_named(data, "focus_question", "norm_to_watch"))


score = _post(ScoreForm, _score)
note = _post(NoteForm, _note)
consensus = _post(ConsensusForm, _consensus)
next_step = _post(NextStepForm, _next_step)
claim = _post(ClaimForm, _claim)
focus = _post(FocusForm, _focus)


@login_required
@require_POST
def remove_note(request: PersonRequest, session: uuid.UUID, note_id: uuid.UUID) -> HttpResponseBase:
    seat = enter(request, session)
    try:
        writing.remove_note(session=seat.session, by=seat.me, note=note_id)
    except CommandError as refused:
        return responses.problem(request, refused.sentence, status=400, to=room_address(session))
    return responses.saved(request, to=room_address(session))
