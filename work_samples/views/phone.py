"""The phone that brings photos: its link, which a person makes on the laptop, and the pages of the phone itself.

The addresses under /phone/ ask for no log-in: they belong to whichever browser opened the link, by a cookie that is
sent to them alone. They take photos for one assignment in one person's name, and tell nothing but how many arrived.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esw.core import clock
from esw.core.one_use import dashed, qr
from esw.core.responses import answers_json, problem, saved, wants_json
from teams.log_in.limits import from_here
from teams.requests import person
from work_samples import bringing_access, queries_phone
from work_samples.domain import phoning, pieces
from work_samples.domain.phoning import LinkRefused
from work_samples.models import Phone
from work_samples.views.fetch import assignment_or_404
from work_samples.views.pieces import Sender, begin, go_on, speaks_tus

LINK_MINUTES = int(phoning.LINK_LASTS.total_seconds() // 60)
#: Nothing of the link's address leaves with a click, not even to ourselves. Not 'no-referrer': then a browser says
#: that its form comes from nowhere, and the form would be refused.
ORIGIN_ALONE = "strict-origin"


# --- the laptop's side ---------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, assignment: UUID) -> HttpResponseBase:
    """Where a person lets a phone bring photos. A POST makes a link and shows it, this once."""
    found = assignment_or_404(request, assignment)
    context: dict[str, Any] = {"assignment": found}
    if request.method == "POST":
        try:
            _, code = phoning.make_link(assignment=found, by=person(request), now=clock.now())
        except LinkRefused as refused:
            return problem(request, refused.sentence, status=429)
        context |= _shown(request, code)
    template = "_phone" if getattr(request, "htmx", False) else "phone"
    context["phone"] = queries_phone.told(assignment=found, user=person(request), now=clock.now())
    return render(request, f"work_samples/{template}.html", context)


def _shown(request: HttpRequest, code: str) -> dict[str, Any]:
    link = request.build_absolute_uri(reverse("work_samples:phone_link", args=[dashed(code).lower()]))
    here_alone = urlsplit(link).hostname in {"127.0.0.1", "localhost", "::1"}
    short = link.partition("://")[2]
    return {"link": link, "short_link": short, "qr": qr(link), "minutes": LINK_MINUTES, "here_alone": here_alone}


@login_required
@require_safe
def told(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """How far the phone is, for a page that asks now and then; 204 when it is as it `was`."""
    found = assignment_or_404(request, assignment)
    phone = queries_phone.told(assignment=found, user=person(request), now=clock.now())
    if request.GET.get("was") == phone.was:
        return HttpResponse(status=204)
    context = {"assignment": found, "phone": phone, "again": True}
    return render(request, "work_samples/_phone_told.html", context)


@login_required
@require_POST
def end(request: HttpRequest, assignment: UUID) -> HttpResponseBase:
    found = assignment_or_404(request, assignment)
    phoning.end(assignment=found, owner=person(request), now=clock.now())
    return saved(request, to=reverse("work_samples:assignment", args=[found.pk]))


# --- the link ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponseBase:
    """The link's page says what will happen; its button opens it, so that no preview of a link uses it up."""
    answer = _link(request, code, clock.now())
    answer["Referrer-Policy"] = ORIGIN_ALONE
    return answer


def _link(request: HttpRequest, code: str, now: datetime) -> HttpResponseBase:
    try:
        if request.method == "POST":
            opened = phoning.open_link(code=code, now=now)
            return _opened(*opened) if opened else _no_such_link(request)
        phone = phoning.phone_of_link(code=code, now=now)
    except LinkRefused as refused:
        return _over(request, refused.sentence)
    if phone is None:
        return _no_such_link(request)
    return render(request, "work_samples/phone_open.html", {"phone": phone})


def _no_such_link(request: HttpRequest) -> HttpResponseBase:
    """404 for a link that never was; 429 for who tries many. Raises Http404."""
    if not from_here(phoning.WRONG_LINKS, request):
        return problem(request, phoning.TOO_MANY_TRIES, status=429)
    raise Http404


def _over(request: HttpRequest, sentence: str) -> HttpResponseBase:
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=410)
    return render(request, "work_samples/phone_over.html", {"sentence": sentence}, status=410)


def _opened(phone: Phone, secret: str) -> HttpResponseBase:
    """Give this browser the phone's cookie, and go where it takes photos."""
    address = reverse("work_samples:phone", args=[phone.pk])
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    answer.set_cookie(
        bringing_access.PHONE_COOKIE,
        secret,
        max_age=bringing_access.PHONE_LASTS,
        path=address,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


# --- the phone -----------------------------------------------------------------------------------------------


def _phone(request: HttpRequest, phone: UUID) -> Phone:
    """The phone that this browser is. Raises Http404 for every other one, LinkRefused when it brings no more."""
    cookie = request.COOKIES.get(bringing_access.PHONE_COOKIE, "")
    found = phoning.phone_of(phone_id=phone, cookie=cookie, now=clock.now())
    if found is None:
        raise Http404
    return found


@require_safe
def page(request: HttpRequest, phone: UUID) -> HttpResponseBase:
    """Where photos are taken and chosen."""
    try:
        found = _phone(request, phone)
    except LinkRefused as refused:
        return _over(request, refused.sentence)
    context = {
        "phone": found,
        "arrived": queries_phone.arrived(phone=found),
        "max_bytes": pieces.most_bytes(found.assignment),
    }
    return render(request, "work_samples/phone_page.html", context)


@answers_json
@require_safe
def state(request: HttpRequest, phone: UUID) -> HttpResponseBase:
    """How many photos of how many students have arrived."""
    try:
        found = _phone(request, phone)
    except LinkRefused as refused:
        return _over(request, refused.sentence)
    arrived = queries_phone.arrived(phone=found)
    return JsonResponse({"photos": arrived.photos, "students": arrived.students})


@require_POST
def done(request: HttpRequest, phone: UUID) -> HttpResponseBase:
    """The phone says that this was all."""
    try:
        phoning.end_phone(phone=_phone(request, phone), now=clock.now())
    except LinkRefused as refused:
        return _over(request, refused.sentence)
    return render(request, "work_samples/phone_over.html", {"is_done": True})


@answers_json
@speaks_tus
def collection(request: HttpRequest, phone: UUID) -> HttpResponseBase:
    return _tus(request, phone, None)


@answers_json
@speaks_tus
def single(request: HttpRequest, phone: UUID, upload: UUID) -> HttpResponseBase:
    return _tus(request, phone, upload)


def _tus(request: HttpRequest, phone: UUID, upload: UUID | None) -> HttpResponseBase:
    try:
        found = _phone(request, phone)
    except LinkRefused as refused:
        return _over(request, refused.sentence)
    sender = Sender(found.owner, reverse("work_samples:phone_pieces", args=[found.pk]), found)
    return begin(request, sender) if upload is None else go_on(request, sender, upload)
