"""The pages of a task: brought, taken away and looked at by the team."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, disk
from esw.core.files import serve_file
from esw.core.responses import problem, saved
from teams.requests import PersonRequest
from work_samples import kinds, task_queries
from work_samples.domain import task_pages
from work_samples.domain.bringing import NotBrought
from work_samples.domain.files import DISK_FULL
from work_samples.models import TaskPage
from work_samples.views.fetch import assignment_or_404


@login_required
@require_safe
def sheet(request: PersonRequest, assignment: UUID) -> HttpResponse:
    """The pages of the task and how to bring them: a fragment of the assignment's page."""
    found = assignment_or_404(request, assignment)
    context = {"assignment": found, "task": task_queries.sheet(found), "task_accept": kinds.accept()}
    if not getattr(request, "htmx", False):
        return redirect("work_samples:assignment", found.pk)
    return render(request, "work_samples/_task_pages.html", context)


@login_required
@require_POST
def bring(request: PersonRequest, assignment: UUID) -> HttpResponseBase:
    found = assignment_or_404(request, assignment)
    page = reverse("work_samples:assignment", args=[found.pk])
    try:
        task_pages.bring_task(
            assignment=found, uploads=request.FILES.getlist("files"), by=request.user, now=clock.now()
        )
    except NotBrought as refused:
        status = disk.NO_ROOM_STATUS if refused.sentence == DISK_FULL else 400
        return problem(request, refused.sentence, status=status, to=page)
    return saved(request, to=page)


@login_required
@require_POST
def remove(request: PersonRequest, assignment: UUID) -> HttpResponseBase:
    found = assignment_or_404(request, assignment)
    task_pages.remove_task(assignment=found, now=clock.now())
    messages.success(request, "The pages of the task are gone. A session that was run with them keeps them.")
    return saved(request, to=reverse("work_samples:assignment", args=[found.pk]))


@login_required
@require_safe
def image(request: PersonRequest, page: UUID) -> HttpResponseBase:
    return serve_file(request, _page(request, page).image.name or "", content_type="image/jpeg")


@login_required
@require_safe
def thumbnail(request: PersonRequest, page: UUID) -> HttpResponseBase:
    return serve_file(request, _page(request, page).thumbnail.name or "", content_type="image/webp")


def _page(request: PersonRequest, key: UUID) -> TaskPage:
    found: TaskPage = get_object_or_404(TaskPage.objects.visible_to(request.user), pk=key)
    return found
