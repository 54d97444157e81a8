"""What a meeting on paper left: its score sheets, typed in one by one."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from esw.core import clock, responses
from esw.core.words import count_words
from sessions_app import access
from sessions_app.domain import paper as domain
from sessions_app.engine import BadArgument, CommandError, State, in_progress
from sessions_app.models import Participant, Session
from sessions_app.paper import HIGHEST_SHEET, BadCells, Layout
from sessions_app.queries.paper import free_number, layout_of, paper_page
from sessions_app.views.room import sentence_of
from teams.requests import PersonRequest

CLASH = 409
_WHOLE = ("team", "assignment", "rubric_version", "protocol_version__protocol")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """One sheet to type in; POST saves it (`do=save`), takes it out (`remove`), or says that these are `all`."""
    row: Session = get_object_or_404(Session.objects.visible_to(request.user).select_related(*_WHOLE), pk=session)
    me = _typist(request, row)
    shown = layout_of(row)
    if row.is_over or shown is None:
        return _sorry(request, row, domain.OVER if row.is_over else domain.NOTHING_TO_SCORE)
    if request.method == "POST":
        return _post(request, row, me, shown)
    return _page(request, row, me, shown, number=_number(request.GET.get("sheet")))


def _typist(request: PersonRequest, row: Session) -> Participant:
    """Who looks, if they may type. Being refused takes no seat. Raises `PermissionDenied`."""
    me: Participant | None = row.participants.select_related("user").filter(user=request.user).first()
    if me is None or not access.may_type_scores(access.role_of(me, State.from_json(row.state))):
        raise PermissionDenied(domain.NOT_YOURS)
    return me


def _post(request: PersonRequest, row: Session, me: Participant, shown: Layout) -> HttpResponseBase:
    posted = responses.posted(request)
    does = {"save": _save, "remove": _remove, "all": _count}
    try:
        does_it = does.get(str(posted.get("do") or "save"))
        if does_it is None:
            raise BadArgument("A sheet is saved or taken out, or these are all.")
        return does_it(request, row, me, posted)
    except CommandError as refused:
        sentence, status = sentence_of(refused)
        problems = refused.cells if isinstance(refused, BadCells) else {}
        if responses.wants_json(request):
            return JsonResponse({"error": sentence} | ({"cells": problems} if problems else {}), status=status)
        number = _number(posted.get("sheet"))
        fresh = layout_of(row) or shown
        return _page(
            request, row, me, fresh, number=number, typed=posted, problems=problems, sentence=sentence, status=status
        )


def _save(request: PersonRequest, row: Session, me: Participant, posted: Mapping[str, Any]) -> HttpResponseBase:
    number = _number(posted.get("sheet"))
    if number is None:
        raise BadArgument(f"A sheet has a whole number from 1 to {HIGHEST_SHEET}.")
    sheet = domain.save_sheet(
        session=row,
        by=me,
        number=number,
        typed=posted,
        client_id=_client_id(posted.get("client_id")),
        seen=_seen(posted.get("seen")),
        as_new=str(posted.get("as_new") or "") == "1",
        now=clock.now(),
    )
    going_on = _address(row, sheet=free_number(row) or sheet.number, saved=sheet.number)
    data = {"saved": True, "sheet": sheet.number, "scores": len(sheet.cells), "next": going_on}
    return responses.saved(request, to=going_on, data=data)


def _remove(request: PersonRequest, row: Session, me: Participant, posted: Mapping[str, Any]) -> HttpResponseBase:
    number = _number(posted.get("sheet"))
    if number is None:
        raise BadArgument("Say which sheet to take out.")
    domain.remove_sheet(session=row, by=me, number=number)
    if not responses.wants_json(request):
        messages.success(request, f"Sheet {number} is taken out.")
    return responses.saved(request, to=_address(row))


def _count(request: PersonRequest, row: Session, me: Participant, posted: Mapping[str, Any]) -> HttpResponseBase:
    counted = domain.count_sheets(
        session=row, by=me, sheets=_seen(posted.get("sheets")), there=_there(request, posted), now=clock.now()
    )
    if not responses.wants_json(request):
        said = f"{count_words(counted.scores, 'score')} of {count_words(counted.sheets, 'sheet')} count, and are shown."
        messages.success(request, said[0].upper() + said[1:])
        if counted.skipped:
            left = count_words(counted.skipped, "score")
            messages.warning(request, f"Left out: {left} of samples that were revealed before or are not in the plan.")
    data = {"saved": True, "sheets": counted.sheets, "scores": counted.scores, "skipped": counted.skipped}
    return responses.saved(request, to=_address(row), data=data)


# --- what was posted ----------------------------------------------------------------------------------------


def _number(value: object) -> int | None:
    """The number of a sheet, or None."""
    number = _whole(value)
    return number if number is not None and 1 <= number <= HIGHEST_SHEET else None


def _seen(value: object) -> int | None:
    if value is None or value == "":
        return None
    number = _whole(value)
    if number is None:
        raise BadArgument("How many there are is a whole number. Nothing was changed.")
    return number


def _whole(value: object) -> int | None:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def _client_id(value: object) -> uuid.UUID:
    """The post's own id; one that brings none is nobody's repetition."""
    if value is None or value == "":
        return uuid.uuid4()
    try:
        return uuid.UUID(str(value)[:64])
    except ValueError as bad:
        raise BadArgument("The post’s own number (client_id) could not be read. Nothing was saved.") from bad


def _there(request: PersonRequest, posted: Mapping[str, Any]) -> list[uuid.UUID]:
    """Who came to the meeting; what names nobody is left out."""
    listed = posted.get("there") or []
    values = request.POST.getlist("there") if request.POST else listed if isinstance(listed, list) else [listed]
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(str(value)[:64]))
        except ValueError:
            continue
    return found


# --- answers ------------------------------------------------------------------------------------------------


def _address(row: Session, **asked: int) -> str:
    address = reverse("sessions_app:paper", args=[row.pk])
    return f"{address}?{urlencode(asked)}" if asked else address


def _page(
    request: PersonRequest,
    row: Session,
    me: Participant,
    shown: Layout,
    *,
    number: int | None,
    typed: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponseBase:
    if typed is not None and str(typed.get("do") or "save") != "save":
        typed = None
    page = paper_page(row, shown, me=me, number=number, typed=typed, problems=problems)
    saved = _number(request.GET.get("saved"))
    context = {
        "session": row,
        "page": page,
        "saved": next((sheet for sheet in page.sheets if sheet.number == saved), None),
        "closed": shown.is_closed,
        "has_begun": in_progress(State.from_json(row.state)),
        "people": row.participants.select_related("user"),
        "me": me,
        "client_id": uuid.uuid4(),
        "sentence": sentence,
        "clashes": status == CLASH and typed is not None,
    }
    return render(request, "sessions_app/paper.html", context, status=status)


def _sorry(request: PersonRequest, row: Session, sentence: str) -> HttpResponseBase:
    if responses.wants_json(request):
        return JsonResponse({"error": sentence}, status=409)
    return render(request, "sessions_app/paper_over.html", {"session": row, "sentence": sentence}, status=409)
