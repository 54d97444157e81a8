"""Agreement in a session, and the school's page."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from esw.core import responses
from insights.access import schools_of
from insights.charts import PAGE, PAPER, agreement_chart, config
from insights.forms import SchoolFilter
from insights.pictures import charts_of
from insights.queries import session_agreement
from insights.queries.school import school_page, team_trend
from sessions_app.engine import State
from sessions_app.models import Session
from teams.access import may_set_rules, teams_of
from teams.models import District, School, Team
from teams.requests import PersonRequest

THEMES = {"page": config(PAGE), "paper": config(PAPER)}
NOT_YET = "Agreement can be seen once the scores are revealed."


@login_required
@require_safe
def agreement(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """How far the room agreed: of what is on display, or of the whole session once it is finished. 409 before."""
    row = get_object_or_404(Session.objects.visible_to(request.user).select_related("rubric_version"), pk=session)
    state = State.from_json(row.state)
    figures = session_agreement(row, state)
    if figures is None and state.status != "finished":
        return responses.problem(request, NOT_YET, status=409)
    fragment = getattr(request, "htmx", False)
    template = "insights/_agreement.html" if fragment else "insights/agreement.html"
    return render(request, template, {"figures": figures, "session": row})


@login_required
@require_safe
def schools(request: PersonRequest) -> HttpResponseBase:
    """The one school that this person administers, else a list of them (which may be empty)."""
    found = list(School.objects.filter(schools_of(request.user)).select_related("district").order_by("name"))
    if len(found) == 1:
        return redirect("insights:school", found[0].pk)
    districts = District.objects.filter(administrators__user=request.user)
    return render(request, "insights/schools.html", {"schools": found, "districts": districts})


@login_required
@require_safe
def school(request: PersonRequest, school: uuid.UUID) -> HttpResponseBase:
    """What happened at a school: counts, and shares where they say nothing about a person. 404 for others."""
    found = get_object_or_404(School.objects.filter(schools_of(request.user)).select_related("district"), pk=school)
    form = SchoolFilter(request.GET or None, school=found)
    page = school_page(found, form.chosen())
    context = {
        "school": found,
        "may_set_rules": may_set_rules(request.user, found.district),
        "form": form,
        "page": page,
        "charts": charts_of(page),
        "themes": THEMES,
        "file_name": slugify(found.name) or "school",
    }
    return render(request, "insights/school.html", context)


@login_required
@require_safe
def team_agreement(request: PersonRequest, team: uuid.UUID) -> HttpResponseBase:
    """A team's own agreement over time, for its members, as a page; to htmx a few lines. 404 for others."""
    found = get_object_or_404(Team.objects.filter(teams_of(request.user)).select_related("school"), pk=team)
    rows = team_trend(found)
    if getattr(request, "htmx", False):
        return render(request, "insights/_team_agreement.html", {"team": found, "rows": rows})
    context = {
        "team": found,
        "rows": rows,
        "chart": agreement_chart(rows),
        "themes": THEMES,
        "file_name": slugify(found.name) or "team",
    }
    return render(request, "insights/team_agreement.html", context)
