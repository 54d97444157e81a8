"""A school's page as files: the report as PDF, and each table as CSV. Filters are those of the page's address."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, responses
from insights.access import schools_of
from insights.forms import SchoolFilter
from insights.pictures import tables_of
from insights.queries.school import Chosen, school_page
from reports.domain import kept, school_file
from reports.school_document import filter_words
from reports.spreadsheets import one_csv
from reports.views_kept import kept_answer
from teams.models import School
from teams.requests import PersonRequest


@login_required
@require_safe
def school_report(request: PersonRequest, school: uuid.UUID) -> HttpResponseBase:
    """The page as PDF: 200 with the file, 202 while it is being made. 404 for who may not see the page."""
    found, chosen = _asked(request, school)
    standing = kept.ask(
        kind=school_file.KIND,
        subject=found.pk,
        variant=school_file.variant_of(chosen),
        digest=school_file.digest_of(found, chosen),
        options=school_file.options_of(chosen),
        now=clock.now(),
    )
    return kept_answer(
        request,
        standing,
        file_name=f"esw-{_slug(found)}.pdf",
        title="The school’s page as PDF",
        about=f"{found.name}: {filter_words(chosen)}",
        here=_with_filters(request, reverse("reports:school_report", args=[found.pk])),
        back=_with_filters(request, reverse("insights:school", args=[found.pk])),
        back_words="The school’s page",
        again=_with_filters(request, reverse("reports:school_report_again", args=[found.pk])),
    )


@login_required
@require_POST
def school_report_again(request: PersonRequest, school: uuid.UUID) -> HttpResponseBase:
    """Try once more to make a PDF that could not be made."""
    found, chosen = _asked(request, school)
    kept.again(kind=school_file.KIND, subject=found.pk, variant=school_file.variant_of(chosen), now=clock.now())
    return responses.saved(request, to=_with_filters(request, reverse("reports:school_report", args=[found.pk])))


@login_required
@require_safe
def school_table(request: PersonRequest, school: uuid.UUID, name: str) -> HttpResponseBase:
    """What one chart of the page shows, and what it leaves out, as CSV."""
    found, chosen = _asked(request, school)
    table = tables_of(school_page(found, chosen)).get(name)
    if table is None:
        raise Http404
    answer = HttpResponse(one_csv(table.columns, table.rows), content_type="text/csv; charset=utf-8")
    file_name = f"esw-{_slug(found)}-{table.name}.csv"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or ""
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _asked(request: PersonRequest, school: uuid.UUID) -> tuple[School, Chosen]:
    schools = School.objects.filter(schools_of(request.user)).select_related("district")
    found = get_object_or_404(schools, pk=school)
    return found, SchoolFilter(request.GET or None, school=found).chosen()


def _with_filters(request: PersonRequest, address: str) -> str:
    return f"{address}?{request.GET.urlencode()}" if request.GET else address


def _slug(school: School) -> str:
    return slugify(school.name)[:60] or "school"
