"""The projector: its link, which the facilitator makes, and what the screen that opened it may fetch.

The addresses under /projector/ ask for no log-in: they belong to whichever browser opened the link, by a cookie
that is sent to them alone, and they only show.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esw.core import clock, files, responses
from esw.core.one_use import dashed, qr
from esw.core.push import hub
from sessions_app import access, engine, projector_access
from sessions_app.domain import projecting
from sessions_app.engine import IllegalCommand
from sessions_app.models import Projector
from sessions_app.queries import public_state, task
from sessions_app.queries.projector import Projection
from sessions_app.queries.table import recordings_of, work_is_open
from sessions_app.views.room import Seat, enter, room_address, sentence_of
from teams.requests import PersonRequest
from work_samples.models import Page, TaskPage
from work_samples.views.withdrawn import withdrawn_answer

PAGE_KEPT = 600  # seconds
LINK_MINUTES = int(projecting.LINK_LASTS.total_seconds() // 60)


# --- the facilitator's side ----------------------------------------------------------------------------------


def _facilitates(request: PersonRequest, session: uuid.UUID) -> Seat:
    """The session and the seat of somebody who may put it on the projector. Raises `PermissionDenied`."""
    seat = enter(request, session)
    state = engine.State.from_json(seat.session.state)
    if seat.is_visitor or not access.may_project(access.role_of(seat.me, state)):
        raise PermissionDenied("Only the facilitator puts the session on the projector.")
    return seat


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """Where the facilitator puts the session on the projector. A POST makes a link and shows it, this once."""
    seat = _facilitates(request, session)
    context: dict[str, Any] = {"session": seat.session, "link_minutes": LINK_MINUTES}
    if request.method == "POST":
        try:
            _, code = projecting.make_link(session=seat.session, by=seat.me, now=clock.now())
        except IllegalCommand as refused:
            sentence, status = sentence_of(refused)
            return responses.problem(request, sentence, status=status, to=room_address(session))
        link = request.build_absolute_uri(reverse("sessions_app:projector_link", args=[dashed(code).lower()]))
        context |= {"link": link, "short_link": link.partition("://")[2], "qr": qr(link)}
    return render(request, "sessions_app/projector/setup.html", context | _told(seat))


def _told(seat: Seat) -> dict[str, Any]:
    """What the facilitator is told of the projector that there is."""
    now = clock.now()
    last = Projector.objects.filter(session=seat.session, ended_at=None).first()
    word = "off"
    if last is not None and last.opened_at is None and last.link_expires_at > now:
        word = "waiting"
    elif last is not None and Projector.objects.showing(now).filter(pk=last.pk).exists():
        word = "on"
    return {"projector": last, "told": word}


@login_required
@require_safe
def told(request: PersonRequest, session: uuid.UUID) -> HttpResponse:
    """Whether a screen has opened the link yet, for a page that asks now and then; 204 when it is as it `was`."""
    seat = _facilitates(request, session)
    context = _told(seat)
    if request.GET.get("was") == context["told"]:
        return HttpResponse(status=204)
    return render(request, "sessions_app/projector/_told.html", {"session": seat.session} | context)


@login_required
@require_POST
def open_here(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    """Make a link and open it at once in this window."""
    seat = _facilitates(request, session)
    now = clock.now()
    try:
        _, code = projecting.make_link(session=seat.session, by=seat.me, now=now)
    except IllegalCommand as refused:
        sentence, status = sentence_of(refused)
        return responses.problem(request, sentence, status=status, to=room_address(session))
    return _opened(code, now)


@login_required
@require_POST
def turn_off(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    seat = _facilitates(request, session)
    projecting.turn_off(session=seat.session, by=seat.me, now=clock.now())
    return responses.saved(request, to=reverse("sessions_app:projector_setup", args=[session]))


# --- the link ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponseBase:
    """The link's page says what will happen; its button opens it, so that no preview of a link uses it up."""
    now = clock.now()
    try:
        if request.method == "POST":
            return _opened(code, now)
        if projecting.projector_of_link(code=code, now=now) is None:
            raise Http404
    except projecting.LinkRefused as refused:
        if responses.wants_json(request):
            return JsonResponse({"error": refused.sentence}, status=410)
        return render(request, "sessions_app/projector/refused.html", {"sentence": refused.sentence}, status=410)
    return render(request, "sessions_app/projector/open.html")


def _opened(code: str, now: Any) -> HttpResponseBase:
    """Open the link, give this browser the projector's cookie, and go there. Raises `LinkRefused`."""
    opened = projecting.open_link(code=code, now=now)
    if opened is None:
        raise Http404
    projector, secret = opened
    address = reverse("sessions_app:projector", args=[projector.pk])
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    answer.set_cookie(
        projector_access.COOKIE,
        secret,
        max_age=access.PROJECTOR_LASTS,
        path=address,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


# --- the screen ----------------------------------------------------------------------------------------------


def _screen(request: HttpRequest, projector: uuid.UUID) -> Projector:
    """The projector that this browser is. Raises `Http404` for every other browser, whoever is logged in there."""
    cookie = request.COOKIES.get(projector_access.COOKIE, "")
    found = projector_access.projector_of(projector_id=projector, cookie=cookie, now=clock.now())
    if found is None:
        raise Http404
    return found


def _projection(screen: Projector) -> Projection:
    here = hub().present(str(screen.session_id))
    return Projection(projector_id=screen.pk, session=screen.session, here=here, now=clock.now())


@require_safe
def projector(request: HttpRequest, projector: uuid.UUID) -> HttpResponse:
    """The whole screen."""
    return _shown(request, _screen(request, projector), "projector")


@require_safe
def panel(request: HttpRequest, projector: uuid.UUID) -> HttpResponse:
    """What changes on it, as a fragment."""
    return _shown(request, _screen(request, projector), "_screen")


def _shown(request: HttpRequest, screen: Projector, template: str) -> HttpResponse:
    join = request.build_absolute_uri(reverse("sessions_app:join"))
    context = _projection(screen).context() | {
        "join_address": join.partition("://")[2].rstrip("/"),
        "qr": lambda: qr(f"{join}?code={screen.session.join_code}"),
    }
    response = render(request, f"sessions_app/projector/{template}.html", context)
    response["X-Version"] = str(screen.session.version)
    response["X-Activity"] = str(screen.session.activity)
    return response


@responses.answers_json
@require_safe
def state(request: HttpRequest, projector: uuid.UUID) -> HttpResponse:
    """The public state. Asking for it makes nobody present."""
    session = _screen(request, projector).session
    return JsonResponse(public_state(session.pk, here=hub().present(str(session.pk)), now=clock.now()))


@require_safe
def page(request: HttpRequest, projector: uuid.UUID, page: uuid.UUID) -> HttpResponseBase:
    """A page of the work on this table, while the step has the work open.

    A wall's computer is everybody's, so its browser forgets the page soon, where one's own may keep it for good.
    """
    session = _screen(request, projector).session
    state = engine.State.from_json(session.state)
    step = engine.current_step(state)
    if not engine.in_progress(state) or step is None or "work" not in step.open:
        raise Http404
    found = get_object_or_404(Page.objects.filter(sample__on_tables__session=session), pk=page)
    if not found.is_there:
        return withdrawn_answer(found)
    answer = files.serve_file(request, found.image.name or "", content_type="image/jpeg")
    answer["Cache-Control"] = f"private, max-age={PAGE_KEPT}"
    return answer


@require_safe
def task_page(request: HttpRequest, projector: uuid.UUID, page: uuid.UUID) -> HttpResponseBase:
    """A page of the task, while the step has the task open."""
    session = _screen(request, projector).session
    if session.is_over or not task.is_open(session):
        raise Http404
    found = get_object_or_404(TaskPage, task=task.task_of(session), pk=page)
    answer = files.serve_file(request, found.image.name or "", content_type="image/jpeg")
    answer["Cache-Control"] = f"private, max-age={PAGE_KEPT}"
    return answer


@require_safe
def recording(request: HttpRequest, projector: uuid.UUID, recording: uuid.UUID) -> HttpResponseBase:
    """A film's picture alone, as a page: nothing is played on a screen that everybody passes."""
    session = _screen(request, projector).session
    if session.status == "finished" or not work_is_open(session):
        raise Http404
    found = get_object_or_404(recordings_of(session).exclude(poster=""), pk=recording)
    answer = files.serve_file(request, found.poster.name or "", content_type="image/jpeg")
    answer["Cache-Control"] = f"private, max-age={PAGE_KEPT}"
    return answer
