"""What is done to many samples of the library at once, beside archiving."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from esw.core.responses import problem, saved
from esw.core.words import count_words as counted
from teams.requests import person
from work_samples.domain import filing

#: In the server's session: what was filed or moved last, for one offer to undo it.
JUST_FILED = "just_filed"
UNREADABLE = "Say which samples and where to, by their keys. Nothing was changed."
CHOOSE = "Choose an assignment to move them to. Nothing was changed."
GONE = "There is nothing left to undo."


@require_POST
@login_required
def file(request: HttpRequest) -> HttpResponseBase:
    """File `samples` (repeated) under `to_group`, '' for none."""
    group = request.POST.get("to_group", "").strip()

    def act() -> None:
        former = filing.file_samples(under=dict.fromkeys(_chosen(request), group), by=person(request))
        request.session[JUST_FILED] = {"groups": {str(key): was for key, was in former.items()}}
        under = f"filed under {group}" if group else "in no student group now"
        messages.success(request, f"{_of(len(former))} {under}.")

    return _done(request, act)


@require_POST
@login_required
def move(request: HttpRequest) -> HttpResponseBase:
    """Move `samples` (repeated) to `to_assignment`."""

    def act() -> None:
        if not request.POST.get("to_assignment"):
            raise filing.NotFiled(CHOOSE)
        to = (_key(request.POST["to_assignment"]), "")
        former = filing.move_samples(to=dict.fromkeys(_chosen(request), to), by=person(request))
        request.session[JUST_FILED] = {"places": {str(key): [str(at), label] for key, (at, label) in former.items()}}
        messages.success(request, f"{_of(len(former))} in the other assignment now; a label that was taken is new.")

    return _done(request, act)


@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponseBase:
    """Take back what was filed or moved last, once."""
    former: dict[str, Any] = request.session.pop(JUST_FILED, {})

    def act() -> None:
        by = person(request)
        if groups := former.get("groups"):
            filing.file_samples(under={UUID(key): group for key, group in groups.items()}, by=by)
        elif places := former.get("places"):
            to = {UUID(key): (UUID(at), label) for key, (at, label) in places.items()}
            filing.move_samples(to=to, by=by)
        else:
            raise filing.NotFiled(GONE)
        messages.success(request, "It is as it was before.")

    return _done(request, act)


def _done(request: HttpRequest, act: Any) -> HttpResponseBase:
    to = reverse("home:library")
    try:
        act()
    except filing.NotFiled as refused:
        return problem(request, refused.sentence, status=409, to=to)
    return saved(request, to=to)


def _of(count: int) -> str:
    return f"{counted(count, 'sample')} {'is' if count == 1 else 'are'}".capitalize()


def _chosen(request: HttpRequest) -> list[UUID]:
    return [_key(key) for key in request.POST.getlist("samples")]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as bad:
        raise filing.NotFiled(UNREADABLE) from bad
