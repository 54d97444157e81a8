"""Archiving and bringing back, one sample or many."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from esw.core import clock
from esw.core.responses import problem, saved
from esw.core.words import count_words as counted
from teams.requests import person
from work_samples.domain import archiving

#: In the server's session: what was archived last, for one offer to undo it.
JUST_ARCHIVED = "just_archived"
UNREADABLE = "Say which samples, by their keys. Nothing was changed."


@require_POST
@login_required
def archive(request: HttpRequest) -> HttpResponseBase:
    """Put `samples` (repeated) out of the way."""
    try:
        moved = archiving.archive_samples(samples=_chosen(request), by=person(request), now=clock.now())
    except archiving.NotArchived as refused:
        return problem(request, refused.sentence, status=409, to=_library())
    request.session[JUST_ARCHIVED] = [str(key) for key in moved]
    messages.success(request, f"{_of(moved)} archived. Sessions that used them keep them.")
    return saved(request, to=_library())


@require_POST
@login_required
def restore(request: HttpRequest) -> HttpResponseBase:
    """Bring `samples` (repeated) back."""
    try:
        moved = archiving.restore_samples(samples=_chosen(request), by=person(request))
    except archiving.NotArchived as refused:
        return problem(request, refused.sentence, status=409, to=_library())
    request.session.pop(JUST_ARCHIVED, None)
    messages.success(request, f"{_of(moved)} back in the library.")
    return saved(request, to=_library())


def _of(moved: list[UUID]) -> str:
    words = counted(len(moved), "sample")
    return f"{words} {'is' if len(moved) == 1 else 'are'}".capitalize()


def _chosen(request: HttpRequest) -> list[UUID]:
    """Raises NotArchived for what is no key."""
    try:
        return [UUID(key) for key in request.POST.getlist("samples")]
    except ValueError as bad:
        raise archiving.NotArchived(UNREADABLE) from bad


def _library() -> str:
    return reverse("home:library")
