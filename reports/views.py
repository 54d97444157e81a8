"""The record of a session, as a page, as JSON and as files; sharing it with the school."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, responses
from insights.access import schools_of
from reports import access, queries
from reports.domain import kept, record_file
from reports.domain.sharing import NotFinished, share_record
from reports.record_json import record_json
from reports.record_tables import tables
from reports.spreadsheets import csv_bytes, xlsx_bytes
from reports.views_kept import kept_answer
from sessions_app.models import Session, Status
from sessions_app.queries import striking
from teams.models import School, User
from teams.requests import PersonRequest

NOT_YET = "The record is written when the session finishes."
NO_SUCH_FORMAT = "The record comes as a page or as JSON, PDF, XLSX or CSV (?format=json, pdf, xlsx or csv)."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMATS = frozenset({"page", "json", "pdf", "xlsx", "csv"})


@login_required
@require_safe
def record(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """200 once the session is finished, 409 before, 400 for a format that there is not; 202 while a PDF is made."""
    found = _readable(request, session)
    form = request.GET.get("format") or ("json" if responses.wants_json(request) else "page")
    if form not in FORMATS:
        return _sorry(request, NO_SUCH_FORMAT, 400, found, as_json=responses.wants_json(request))
    if found.session.status != Status.FINISHED:
        return _sorry(request, NOT_YET, 409, found, as_json=form == "json" or responses.wants_json(request))
    told = queries.record_of(found.session, found.audience)
    if form == "json":
        return JsonResponse(record_json(told))
    if form == "pdf":
        return _pdf(request, told)
    if form in {"xlsx", "csv"}:
        return _spreadsheet(told, form)
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
def again(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """Try once more to make a PDF that could not be made."""
    found = _readable(request, session)
    kept.again(kind=record_file.KIND, subject=session, variant=found.audience.value, now=clock.now())
    return responses.saved(request, to=_pdf_address(session))


def _readable(request: PersonRequest, session: uuid.UUID) -> access.Readable:
    found = access.readable(request.user, session)
    if found is None:
        raise Http404
    return found


def _pdf(request: PersonRequest, told: queries.Record) -> HttpResponseBase:
    session = told.session
    standing = kept.ask(
        kind=record_file.KIND,
        subject=session.pk,
        variant=told.audience.value,
        digest=record_file.digest_of(told),
        now=clock.now(),
    )
    return kept_answer(
        request,
        standing,
        file_name=_file_name(told, "pdf"),
        title="The record as PDF",
        about=session.focus_question,
        here=_pdf_address(session.pk),
        back=reverse("reports:record", args=[session.pk]),
        again=reverse("reports:again", args=[session.pk]),
    )


def _spreadsheet(told: queries.Record, form: str) -> HttpResponse:
    if form == "csv":
        data, content_type = csv_bytes(tables(told)), CSV
    else:
        made_at = told.session.finished_at or told.session.starts_at
        data, content_type = xlsx_bytes(tables(told), title="Record of a session", made_at=made_at), XLSX
    answer = HttpResponse(data, content_type=content_type)
    answer["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=_file_name(told, form)) or ""
    )
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _file_name(told: queries.Record, ending: str) -> str:
    """'esw-record-2026-11-24.pdf': when it was, and nothing of whom or what."""
    moment = told.session.finished_at or told.session.starts_at
    day = moment.astimezone(record_file.zone_of(told.session)).date()
    copy = "" if told.is_for_the_team else "-school-copy"
    return f"esw-record-{day.isoformat()}{copy}.{ending}"


def _pdf_address(session: uuid.UUID) -> str:
    return f"{reverse('reports:record', args=[session])}?format=pdf"


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
