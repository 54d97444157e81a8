"""Pages of rubrics: the list, one rubric with its versions, and the editor."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from esw.core.clock import now
from rubrics import queries
from rubrics.domain.editing import BadDraft, StaleDraft, save_rubric
from rubrics.forms import GridForm
from rubrics.models import Rubric
from teams.models import Team
from teams.requests import PersonRequest


@login_required
@require_safe
def rubric_list(request: PersonRequest) -> HttpResponse:
    """The rubrics of my teams."""
    return render(request, "rubrics/list.html", {"teams": queries.teams_with_rubrics(request.user)})


@login_required
@require_safe
def rubric(request: PersonRequest, rubric_id: uuid.UUID) -> HttpResponse:
    """One version as a grid (`?version=2`, else the newest), and the history beside it."""
    found = _rubric(request, rubric_id)
    history = queries.history(found)
    shown = history.version(request.GET.get("version", ""))
    if shown is None:
        raise Http404
    return render(request, "rubrics/rubric.html", {"rubric": found, "history": history, "shown": shown})


@login_required
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest) -> HttpResponse:
    """The editor on an empty grid, for one of my teams (`?team=`)."""
    teams = list(request.user.teams.select_related("school"))
    if not teams:
        return render(request, "rubrics/no_team.html")
    team = _chosen_team(request, teams)
    if request.method == "POST":
        return _edit(request, rubric=None, team=team, form=GridForm.from_post(request.POST), teams=teams)
    return _editor(request, GridForm(), rubric=None, team=team, teams=teams)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: PersonRequest, rubric_id: uuid.UUID) -> HttpResponse:
    """The editor on the newest version."""
    found = _rubric(request, rubric_id)
    if request.method == "POST":
        return _edit(request, rubric=found, team=found.team, form=GridForm.from_post(request.POST), teams=[])
    grid = queries.grid(queries.newest(found))
    form = GridForm.from_grid(grid, based_on=queries.fingerprint(grid))
    return _editor(request, form, rubric=found, team=found.team, teams=[])


def _edit(
    request: PersonRequest, *, rubric: Rubric | None, team: Team, form: GridForm, teams: list[Team]
) -> HttpResponse:
    """Press one of the editor's buttons: change the form and show it again, or save it."""
    if form.act(request.POST.get("action", "")):
        return _editor(request, form, rubric=rubric, team=team, teams=teams)
    try:
        version = save_rubric(
            rubric=rubric, team=team, by=request.user, draft=form.draft(), based_on=form.based_on, now=now()
        )
    except BadDraft as bad:
        form.refuse(bad.problems)
        return _editor(request, form, rubric=rubric, team=team, teams=teams, status=400)
    except StaleDraft as stale:
        theirs = queries.grid(stale.latest)
        form.based_on = queries.fingerprint(theirs)
        return _editor(request, form, rubric=rubric, team=team, teams=teams, status=409, theirs=theirs)
    messages.success(request, f"Saved as version {version.number}.")
    return redirect("rubrics:rubric", version.rubric_id)


def _editor(
    request: PersonRequest,
    form: GridForm,
    *,
    rubric: Rubric | None,
    team: Team,
    teams: list[Team],
    status: int = 200,
    theirs: queries.RubricGrid | None = None,
) -> HttpResponse:
    newest = queries.newest(rubric) if rubric else None
    context = {"form": form, "rubric": rubric, "newest": newest, "team": team, "teams": teams, "theirs": theirs}
    return render(request, "rubrics/editor.html", context, status=status)


def _rubric(request: PersonRequest, rubric_id: uuid.UUID) -> Rubric:
    found: Rubric = get_object_or_404(Rubric.objects.visible_to(request.user).select_related("team"), pk=rubric_id)
    return found


def _chosen_team(request: PersonRequest, teams: list[Team]) -> Team:
    """The team that the address or the form names; 404 when it is not one of mine; else my first."""
    asked = request.POST.get("team") or request.GET.get("team")
    if not asked:
        return teams[0]
    for team in teams:
        if str(team.pk) == asked:
            return team
    raise Http404
