"""Planning a session: one page, its steps as they would run, and the calendar file."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from esw.core import clock
from sessions_app import access
from sessions_app.calendar import calendar_file
from sessions_app.domain import planning
from sessions_app.engine import CommandError
from sessions_app.models import Session
from sessions_app.plan_form import PlanForm
from sessions_app.queries.plan import PlanPreview, preview, read_typed
from teams.models import Team
from teams.queries import teams_of
from teams.requests import PersonRequest
from work_samples.models import Assignment
from work_samples.queries_waiting import still_waiting


def _team(request: PersonRequest) -> Team | None:
    """The team that is asked for, else the person's own first one; somebody else's is not there."""
    mine = teams_of(request.user)
    if asked := request.GET.get("team"):
        try:
            return get_object_or_404(mine, pk=uuid.UUID(asked))
        except ValueError:
            return get_object_or_404(mine.none())
    return mine.first()


@login_required
def plan(request: PersonRequest) -> HttpResponseBase:
    team = _team(request)
    if team is None:
        return render(request, "sessions_app/no_team.html")
    form = PlanForm(request.POST or None, team=team, user=request.user, assignment=request.GET.get("assignment", ""))
    if request.method == "POST" and form.is_valid():
        try:
            session = planning.plan_session(team=team, by=request.user, draft=form.draft(), now=clock.now())
        except CommandError as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "The session is planned. Open the room when people should come in.")
            return redirect("sessions_app:room", session.pk)
    return _page(request, form, team, session=None)


@login_required
def edit(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    row = get_object_or_404(Session.objects.visible_to(request.user).select_related("team"), pk=session)
    if not access.may_plan(request.user, row):
        raise PermissionDenied(
            "Who planned the session, its facilitator and the team's leads change it, until it starts."
        )
    form = PlanForm(request.POST or None, team=row.team, user=request.user, session=row)
    if request.method == "POST" and form.is_valid():
        try:
            planning.change_plan(session=row, by=request.user, draft=form.draft(), now=clock.now())
        except CommandError as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "The plan is changed.")
            return redirect("sessions_app:room", row.pk)
    return _page(request, form, row.team, session=row)


def _page(request: PersonRequest, form: PlanForm, team: Team, *, session: Session | None) -> HttpResponse:
    waits = still_waiting(Assignment.objects.filter(team=team), request.user)
    context: dict[str, Any] = {"form": form, "team": team, "session": session, "plan": form.preview(), "waits": waits}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "sessions_app/plan.html", context, status=status)


@login_required
@require_safe
def steps(request: PersonRequest) -> HttpResponse:
    """The steps as they would run with so many samples in so many minutes: a fragment of the plan's page."""
    shown: PlanPreview = preview(
        slug=request.GET.get("protocol", ""),
        samples=request.GET.getlist("samples"),
        minutes_at_hand=request.GET.get("minutes_at_hand", ""),
        minutes=read_typed(request.GET),
    )
    return render(request, "sessions_app/_plan_steps.html", {"plan": shown})


@login_required
@require_safe
def calendar(request: PersonRequest, session: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(
        Session.objects.visible_to(request.user).select_related("team", "protocol_version__protocol"), pk=session
    )
    link = request.build_absolute_uri(reverse("sessions_app:room", args=[row.pk]))
    response = HttpResponse(calendar_file(row, link=link, now=clock.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="session.ics"'
    return response
