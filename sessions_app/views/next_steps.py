"""The board of next steps: planned, trying, done, with what came of them."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, responses
from sessions_app.domain import deciding
from sessions_app.forms import NextStepUpdateForm, first_error, flat
from sessions_app.models import NextStep
from sessions_app.queries.board import board_of
from teams.requests import PersonRequest


@login_required
@require_safe
def board(request: PersonRequest) -> HttpResponse:
    """My teams' next steps; `?mine=1` for my own alone."""
    mine = request.GET.get("mine") == "1"
    context = {"columns": board_of(user=request.user, mine=mine, now=clock.now()), "mine": mine}
    return render(request, "sessions_app/next_steps.html", context)


@login_required
@require_POST
def update(request: PersonRequest, step: uuid.UUID) -> HttpResponseBase:
    row = get_object_or_404(NextStep.objects.visible_to(request.user), pk=step)
    address = reverse("sessions_app:next_steps")
    form = NextStepUpdateForm(flat(responses.posted(request), NextStepUpdateForm))
    if not form.is_valid():
        return responses.problem(request, first_error(form), status=400, to=address)
    try:
        deciding.update_next_step(
            step=row,
            by=request.user,
            state=form.cleaned_data["state"],
            outcome=form.cleaned_data["outcome"],
            due=form.cleaned_data["due"],
            now=clock.now(),
        )
    except PermissionDenied as refused:
        return responses.problem(request, str(refused), status=403, to=address)
    messages.success(request, "Saved.")
    return responses.saved(request, to=address)
