"""The room: its page, its panels, its commands. Fetch through access, call the domain, answer."""

import uuid
from dataclasses import dataclass
from typing import Any

import segno
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock, files, responses
from esw.core.push import POLLED, hub
from sessions_app import engine
from sessions_app.domain import commands, seats
from sessions_app.engine import CommandError, IllegalCommand
from sessions_app.models import Participant, Session
from sessions_app.queries import public_state, task
from sessions_app.queries.room import Room
from sessions_app.queries.table import work_is_open
from teams.models import User
from teams.requests import PersonRequest
from work_samples.models import Assignment, Page, TaskPage
from work_samples.queries_waiting import StillWaiting, still_waiting
from work_samples.views.withdrawn import withdrawn_answer

#: Seconds that a page may take from being served to opening its stream.
ARRIVING = 8.0
PANELS = frozenset({"all", "rail", "now", "work", "people", "notes", "reveal", "decisions"})


@dataclass(frozen=True, slots=True)
class Seat:
    """A session that this person may enter, and their place in it."""

    session: Session
    me: Participant

    @property
    def is_visitor(self) -> bool:
        """Whether they only look at what is over."""
        return self.me._state.adding  # noqa: SLF001 (Django's own word for 'not saved')


def enter(request: PersonRequest, session: uuid.UUID, *, to_look: bool = False) -> Seat:
    """The session through access (a stranger's is not there) and the person's place in it.

    `to_look`: a page will show it, with its team, task, rubric and protocol.
    """
    rows = Session.objects.visible_to(request.user)
    if to_look:
        rows = rows.select_related("team", "assignment", "rubric_version__rubric", "protocol_version__protocol")
    row = get_object_or_404(rows, pk=session)
    me = seats.seat_of(session=row, user=request.user, now=clock.now())
    if not row.is_over and str(me.pk) not in row.state["people"]:
        row.refresh_from_db(fields=["state", "version", "status"])
    return Seat(session=row, me=me)


def room_for(seat: Seat) -> Room:
    """The room as this person sees it now."""
    here = hub().present(str(seat.session.pk))
    return Room(session=seat.session, me=seat.me, here=here, now=clock.now())


def _is_here(seat: Seat, *, seconds: float = POLLED) -> None:
    """Count this person as present for so many seconds; who only looks at what is over is nobody in the room."""
    if not seat.is_visitor:
        hub().touch(str(seat.session.pk), str(seat.me.pk), seconds)


def sentence_of(refused: Exception) -> tuple[str, int]:
    """What to say, and with which status: 409 not now, 400 not understood, 403 not you."""
    if isinstance(refused, IllegalCommand):
        return refused.sentence, 409
    if isinstance(refused, CommandError):
        return refused.sentence, 400
    return str(refused) or "You may not do that here.", 403


def room_address(session: uuid.UUID) -> str:
    return reverse("sessions_app:room", args=[session])


@login_required
@require_safe
def room(request: PersonRequest, session: uuid.UUID) -> HttpResponse:
    """The lobby before the start, the room from then on. Who loads it is present while its stream begins."""
    seat = enter(request, session, to_look=True)
    _is_here(seat, seconds=ARRIVING)
    view = room_for(seat)
    waiting = view.state.status in {"planned", "lobby"}
    context = view.context() | {
        "qr": lambda: _qr(request, view.session),
        "work_waits": lambda: _work_waits(view.session, request.user),
    }
    template = "lobby.html" if waiting else "room.html"
    return render(request, f"sessions_app/room/{template}", context)


def _work_waits(session: Session, user: User) -> list[StillWaiting]:
    """Work of the session's assignment that could still come to the table, if somebody checked it for names."""
    return still_waiting(Assignment.objects.filter(pk=session.assignment_id), user)


def _qr(request: PersonRequest, session: Session) -> str:
    """The join link as an SVG that a phone's camera reads across the table."""
    link = request.build_absolute_uri(f"{reverse('sessions_app:join')}?code={session.join_code}")
    svg: str = segno.make(link, error="m").svg_inline(scale=1, border=2, omitsize=True, dark="#22262b", light="#ffffff")
    return mark_safe(svg)  # noqa: S308 (made here from our own address)


@login_required
@require_safe
def panel(request: PersonRequest, session: uuid.UUID, name: str) -> HttpResponse:
    if name not in PANELS:
        raise Http404
    view = room_for(enter(request, session, to_look=True))
    waiting = view.state.status in {"planned", "lobby"}
    template = "_lobby_people" if waiting and name == "people" else f"_{name}"
    response = render(request, f"sessions_app/room/{template}.html", view.context())
    response["X-Version"] = str(view.session.version)
    response["X-Activity"] = str(view.session.activity)
    return response


@responses.answers_json
@login_required
@require_safe
def state(request: PersonRequest, session: uuid.UUID) -> HttpResponse:
    """The public state, for who does not stream; who polls counts as present for a while."""
    seat = enter(request, session)
    _is_here(seat)
    return JsonResponse(public_state(session, here=hub().present(str(session)), now=clock.now()))


@responses.answers_json
@login_required
@require_POST
def command(request: PersonRequest, session: uuid.UUID, name: str) -> HttpResponseBase:
    if name not in engine.COMMANDS:
        raise Http404
    seat = enter(request, session)
    args = {key: value for key, value in responses.posted(request).items() if key != "csrfmiddlewaretoken"}
    try:
        row = commands.give_command(session=seat.session, by=seat.me, name=name, args=args, now=clock.now())
    except (CommandError, PermissionDenied) as refused:
        sentence, status = sentence_of(refused)
        return responses.problem(request, sentence, status=status, to=room_address(session))
    return responses.saved(request, to=room_address(session), data={"version": row.version})


@responses.answers_json
@login_required
@require_POST
def done(request: PersonRequest, session: uuid.UUID) -> HttpResponseBase:
    seat = enter(request, session)
    posted = responses.posted(request)
    wanted = responses.flag(posted, "done")
    try:
        row = commands.set_done(session=seat.session, by=seat.me, step=posted.get("step"), done=wanted, now=clock.now())
    except CommandError as refused:
        sentence, status = sentence_of(refused)
        return responses.problem(request, sentence, status=status, to=room_address(session))
    return responses.saved(request, to=room_address(session), data={"saved": True, "version": row.version})


def _page_on_table(request: PersonRequest, session: uuid.UUID, page: uuid.UUID) -> Page:
    """Raises `Http404` for a stranger, and for everyone while the step keeps the work closed."""
    row = get_object_or_404(Session.objects.visible_to(request.user), pk=session)
    if not work_is_open(row):
        raise Http404
    found: Page = get_object_or_404(Page.objects.filter(sample__on_tables__session=row), pk=page)
    return found


@login_required
@require_safe
def page_file(request: PersonRequest, session: uuid.UUID, page: uuid.UUID, rendition: str) -> HttpResponseBase:
    """A page of the work on this table, as long as the step has the work open (and in the record afterwards)."""
    found = _page_on_table(request, session, page)
    if not found.is_there:
        return withdrawn_answer(found)
    file, kind = (found.image, "image/jpeg") if rendition == "image" else (found.thumbnail, "image/webp")
    return files.serve_file(request, file.name or "", content_type=kind)


def page_image(request: PersonRequest, session: uuid.UUID, page: uuid.UUID) -> HttpResponseBase:
    return page_file(request, session, page, "image")


def page_thumbnail(request: PersonRequest, session: uuid.UUID, page: uuid.UUID) -> HttpResponseBase:
    return page_file(request, session, page, "thumbnail")


@login_required
@require_safe
def task_page_file(request: PersonRequest, session: uuid.UUID, page: uuid.UUID, rendition: str) -> HttpResponseBase:
    """A page of the task, as long as the step has the task open (and in the record afterwards)."""
    row = get_object_or_404(Session.objects.visible_to(request.user), pk=session)
    if not task.is_open(row):
        raise Http404
    found = get_object_or_404(TaskPage, task=task.task_of(row), pk=page)
    file, kind = (found.image, "image/jpeg") if rendition == "image" else (found.thumbnail, "image/webp")
    return files.serve_file(request, file.name or "", content_type=kind)


def task_page_image(request: PersonRequest, session: uuid.UUID, page: uuid.UUID) -> HttpResponseBase:
    return task_page_file(request, session, page, "image")


def task_page_thumbnail(request: PersonRequest, session: uuid.UUID, page: uuid.UUID) -> HttpResponseBase:
    return task_page_file(request, session, page, "thumbnail")


@responses.answers_json
@login_required
@require_safe
def page_text(request: PersonRequest, session: uuid.UUID, page: uuid.UUID) -> HttpResponseBase:
    """What stands on a page of the work, in words: open and closed as the page itself is."""
    found = _page_on_table(request, session, page)
    return JsonResponse({"text": found.description}, headers={"Cache-Control": "no-store"})


@login_required
def join(request: PersonRequest) -> HttpResponseBase:
    """Come in by the code on the screen. A wrong code says no more than that there is no such room."""
    code = request.POST.get("code", "") if request.method == "POST" else request.GET.get("code", "")
    context: dict[str, Any] = {"code": code}
    if code:
        try:
            return redirect(
                "sessions_app:room", seats.session_by_code(user=request.user, code=code, now=clock.now()).pk
            )
        except seats.NoSuchRoom as wrong:
            context["error"] = wrong.sentence
            status = 429 if wrong.too_many else 404
            if responses.wants_json(request):
                return JsonResponse({"error": wrong.sentence}, status=status)
            return render(request, "sessions_app/join.html", context, status=status)
    return render(request, "sessions_app/join.html", context)
