"""Keeping an assignment's work longer than the district's rule, for the team's leads."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from esw.core import clock
from esw.core.responses import posted, problem, saved
from teams.access import may_lead
from teams.requests import person
from work_samples.domain import retention
from work_samples.views.fetch import assignment_or_404


@login_required
@require_POST
def keep(request: HttpRequest, assignment: UUID) -> HttpResponseBase:
    """Keep it until the next school year, with a `reason`."""
    found = assignment_or_404(request, assignment)
    if not may_lead(person(request), found.team):
        raise PermissionDenied("The team’s leads decide what is kept longer.")
    team = reverse("teams:team", args=[found.team_id])
    try:
        kept = retention.keep(
            assignment=found, by=person(request), reason=str(posted(request).get("reason", "")), now=clock.now()
        )
    except retention.NotKept as refused:
        status = 409 if refused.sentence == retention.NOT_MARKED else 400
        return problem(request, refused.sentence, status=status, to=team)
    messages.success(request, f"‘{found.title}’ is kept until {kept.until:%-d %B %Y}; then you are asked again.")
    return saved(request, to=team, data={"saved": True, "until": kept.until.isoformat()})
