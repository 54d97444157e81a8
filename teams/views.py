"""A team's page, its people and norms, and one's own name and time zone."""

import logging
from smtplib import SMTPException
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esw.core import clock
from esw.core.responses import problem
from teams import access, queries
from teams.domain.about_us import describe_person, describe_team
from teams.domain.membership import Added, AlreadyThere, Elsewhere, LastLead, add_member, remove_member, set_role
from teams.forms import MemberForm, ProfileForm, TeamForm
from teams.invitations import send_welcome
from teams.models import Membership, Team, TeamRole, User
from teams.requests import person
from teams.sections import gathered

log = logging.getLogger(__name__)


@require_safe
@login_required
def teams(request: HttpRequest) -> HttpResponse:
    """My only team at once, else a choice."""
    mine = list(queries.teams_with_counts(person(request)))
    if len(mine) == 1:
        return redirect("teams:team", mine[0].pk)
    return render(request, "teams/teams.html", {"teams": mine})


@require_safe
@login_required
def team(request: HttpRequest, team: UUID) -> HttpResponse:
    """Who we are, and what the rooms above gather about us."""
    user = person(request)
    row = get_object_or_404(queries.teams_of(user), pk=team)
    members = list(queries.members_of(row))
    leads = any(member.user == user and member.role == TeamRole.LEAD for member in members)
    context = {"team": row, "members": members, "may_lead": leads, **gathered(row, user, clock.now())}
    return render(request, "teams/team.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, team: UUID) -> HttpResponse:
    """The team's name, norms and members, for its leads."""
    row = led_team(request, team)
    members = row.memberships.count()
    form = TeamForm(request.POST, members=members) if request.method == "POST" else TeamForm.of(row)
    if request.method == "POST" and form.is_valid():
        describe_team(team=row, **form.cleaned_data)
        messages.success(request, "Saved. Sessions that are already planned keep the norms they have.")
        return redirect("teams:team", row.pk)
    return _edit_page(request, row, form=form)


@require_POST
@login_required
def member_add(request: HttpRequest, team: UUID) -> HttpResponse:
    row = led_team(request, team)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, row, member_form=form)
    try:
        added = add_member(team=row, email=form.cleaned_data["email"], name=form.cleaned_data["name"])
    except (AlreadyThere, Elsewhere) as there:
        form.add_error("email", str(there))
        return _edit_page(request, row, member_form=form)
    _welcome(request, row, added)
    return redirect("teams:team_edit", row.pk)


@require_POST
@login_required
def member_remove(request: HttpRequest, team: UUID, membership: int) -> HttpResponseBase:
    row = led_team(request, team)
    member = get_object_or_404(Membership.objects.select_related("user"), pk=membership, team=row)
    try:
        remove_member(membership=member)
    except LastLead as last:
        return problem(request, str(last), status=409, to=_people(row))
    messages.success(request, f"{member.user.name} has left the team. What they brought and wrote stays with it.")
    return redirect("teams:teams") if member.user == request.user else redirect("teams:team_edit", row.pk)


@require_POST
@login_required
def member_role(request: HttpRequest, team: UUID, membership: int) -> HttpResponseBase:
    row = led_team(request, team)
    member = get_object_or_404(Membership.objects.select_related("user"), pk=membership, team=row)
    role = request.POST.get("role", "")
    if role not in TeamRole.values:
        return problem(request, "A member is a lead or a member.", status=400, to=_people(row))
    try:
        set_role(membership=member, role=role)
    except LastLead as last:
        return problem(request, str(last), status=409, to=_people(row))
    except Membership.DoesNotExist as gone:
        raise Http404 from gone
    messages.success(request, f"{member.user.name} is now a {member.get_role_display()} of this team.")
    if member.user == request.user and role != TeamRole.LEAD:
        return redirect("teams:team", row.pk)
    return redirect("teams:team_edit", row.pk)


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    me = User.objects.get(pk=person(request).pk)  # a copy: a refused form leaves the page's own person as it was
    form = ProfileForm(request.POST or None, instance=me)
    if request.method == "POST" and form.is_valid():
        describe_person(user=me, name=form.cleaned_data["name"], time_zone=form.cleaned_data["time_zone"])
        messages.success(request, "Saved.")
        return redirect("teams:profile")
    return render(request, "teams/profile.html", {"form": form}, status=422 if form.errors else 200)


def led_team(request: HttpRequest, team: UUID) -> Team:
    """A team that this person leads: 404 for a stranger, 403 for a member."""
    row = get_object_or_404(queries.teams_of(person(request)), pk=team)
    if not access.may_lead(person(request), row):
        raise PermissionDenied("The team's lead changes its name, norms and members.")
    return row


def _people(team: Team) -> str:
    return reverse("teams:team_edit", args=[team.pk])


def _edit_page(
    request: HttpRequest, team: Team, *, form: TeamForm | None = None, member_form: MemberForm | None = None
) -> HttpResponse:
    context = {
        "team": team,
        "form": form or TeamForm.of(team),
        "member_form": member_form or MemberForm(),
        "members": list(queries.members_of(team)),
    }
    wrong = any(bound is not None and bound.errors for bound in (form, member_form))
    return render(request, "teams/edit.html", context, status=422 if wrong else 200)


def _welcome(request: HttpRequest, team: Team, added: Added) -> None:
    """Say that they were added; someone new also gets a letter with a link to choose a password."""
    name = added.user.name
    if not added.is_new:
        messages.success(request, f"{name} is in the team now and sees it at their next visit.")
        return
    try:
        send_welcome(request=request, user=added.user, team=team, by=person(request))
    except (OSError, SMTPException) as failed:
        log.warning("a welcome letter could not be sent (%s)", type(failed).__name__)
        messages.warning(
            request,
            f"{name} is in the team now, but the e-mail could not be sent. "
            "They can choose ‘I forgot my password’ on the log-in page to begin.",
        )
    else:
        messages.success(request, f"{name} is in the team now. We sent a link to choose a password.")
