"""The task and what was brought for it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from esw.core import clock
from teams.queries import teams_of
from teams.requests import person
from work_samples import access, imaging, kinds, queries, queries_phone, standards_queries, task_queries
from work_samples.domain.assignments import create_assignment, edit_assignment
from work_samples.forms import AssignmentForm
from work_samples.models import Assignment
from work_samples.views.fetch import assignment_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    teams = teams_of(person(request))
    if not teams:
        return render(request, "work_samples/no_team.html")
    form = AssignmentForm(request.POST or None, teams=teams, initial={"team": request.GET.get("team")})
    if request.method == "POST" and form.is_valid():
        made = create_assignment(by=person(request), now=clock.now(), **form.cleaned_data)
        messages.success(request, "The assignment is there. Now bring the work.")
        return redirect("work_samples:assignment", made.pk)
    context = {"form": form, "frameworks": _frameworks(request)}
    return render(request, "work_samples/assignment_form.html", context, status=_status(form))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, assignment: UUID) -> HttpResponse:
    found = assignment_or_404(request, assignment)
    teams = teams_of(person(request))
    form = AssignmentForm(request.POST or None, teams=teams, instance=found)
    if request.method == "POST" and form.is_valid():
        edit_assignment(assignment=found, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("work_samples:assignment", found.pk)
    context = {"form": form, "assignment": found, "frameworks": _frameworks(request)}
    return render(request, "work_samples/assignment_form.html", context, status=_status(form))


def _frameworks(request: HttpRequest) -> object:
    return standards_queries.with_counts(standards_queries.frameworks(person(request)))


def _status(form: AssignmentForm) -> int:
    return 422 if form.is_bound else 200


@login_required
@require_safe
def show(request: HttpRequest, assignment: UUID) -> HttpResponse:
    found = assignment_or_404(request, assignment)
    phone = queries_phone.told(assignment=found, user=person(request), now=clock.now())
    return render(request, "work_samples/assignment.html", _context(request, found) | {"phone": phone})


@login_required
@require_safe
def sheet(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """The contact sheet alone, for a page that waits for its samples."""
    found = assignment_or_404(request, assignment)
    return render(request, "work_samples/_sheet.html", _context(request, found))


def _context(request: HttpRequest, assignment: Assignment) -> dict[str, object]:
    recorded = access.recordings_allowed(assignment.team)
    return {
        "assignment": assignment,
        "task": task_queries.sheet(assignment),
        "task_accept": kinds.accept(),
        "standards": standards_queries.meant(assignment.standards, district=assignment.team.school.district_id),
        "sheet": queries.sheet(assignment=assignment, user=person(request)),
        "accepted": imaging.accepted_hint(recordings=recorded),
        "accept": kinds.accept(recordings=recorded),
        "max_bytes": kinds.recording.MAX_BYTES if recorded else imaging.MAX_UPLOAD_BYTES,
        "recordings_allowed": recorded,
        "max_pages": imaging.MAX_PAGES,
    }
