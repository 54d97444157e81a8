"""The record of a session, as a page and as JSON; sharing it with the school."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, responses
from insights.access import schools_of
from reports import access, queries
from reports.domain.sharing import NotFinished, share_record
from reports.record_json import record_json
from sessions_app.models import Session, Status
from sessions_app.queries import striking
from teams.models import School, User
from teams.requests import PersonRequest

NOT_YET = "The record is written when the session finishes."
NO_SUCH_FORMAT = "The record comes as a page or as JSON (?format=json)."


@login_required
@require_safe
def record(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """200 once the session is finished, 409 before, 400 for a format that there is not."""
    found = access.readable(request.user, session)
    if found is None:
        raise Http404
    form = request.GET.get("format") or ("json" if responses.wants_json(request) else "page")
    if form not in {"json", "page"}:
        return _sorry(request, NO_SUCH_FORMAT, 400, found, as_json=responses.wants_json(request))
    if found.session.status != Status.FINISHED:
        return _sorry(request, NOT_YET, 409, found, as_json=form == "json")
    told = queries.record_of(found.session, found.audience)
    if form == "json":
        return JsonResponse(record_json(told))
    context = {"record": told, "session": found.session, "shared": getattr(found.session, "shared_record", None)}
    if told.is_for_the_team:
        context |= _mine(request.user, found.session)
    return render(request, "reports/record.html", context)


def _mine(user: User, session: Session) -> dict[str, Any]:
    """What the page alone shows, to this one person of the team: no copy of the record holds it."""
    return {
        "may_share": access.may_share(user, session),
        "strike_until": striking.open_until(session, user, now=clock.now()),
        "struck": striking.struck_of(session, user),
    }


@login_required
@require_POST
def share(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """Share the record with the school (`shared=yes`), or stop (`shared=no`)."""
    row = get_object_or_404(Session.objects.visible_to(request.user).select_related("team__school"), pk=session)
    shared = responses.flag(responses.posted(request), "shared")
    to = reverse("reports:record", args=[session])
    try:
        share_record(session=row, by=request.user, shared=shared, now=clock.now())
    except PermissionDenied as refused:
        return responses.problem(request, str(refused), status=403)
    except NotFinished as early:
        return responses.problem(request, early.sentence, status=409)
    if not responses.wants_json(request):
        said = f"Shared with {row.team.school.name}." if shared else "No longer shared with the school."
        messages.success(request, said)
    return responses.saved(request, to=to)


@login_required
@require_safe
def school_records(request: PersonRequest, school: uuid.UUID) -> HttpResponseBase:
    """The records that a school's teams have shared, for those who administer it; a fragment to htmx."""
    found = get_object_or_404(School.objects.filter(schools_of(request.user)), pk=school)
    htmx = getattr(request, "htmx", False)
    template = "reports/_school_records.html" if htmx else "reports/school_records.html"
    return render(request, template, {"school": found, "records": queries.shared_records(found.pk)})


def _sorry(
    request: PersonRequest, sentence: str, status: int, found: access.Readable, *, as_json: bool
) -> HttpResponseBase:
    if as_json:
        return JsonResponse({"error": sentence}, status=status)
    return render(request, "reports/sorry.html", {"sentence": sentence, "session": found.session}, status=status)
