"""Something is wrong: withdrawing a page or a sample, and what becomes of it."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esw.core import clock
from esw.core.files import serve_file
from esw.core.responses import posted, problem, saved, wants_json
from teams.models import User
from teams.requests import person
from work_samples import withdrawal_access, withdrawal_queries
from work_samples.domain import boxes, recordings, silencing, withdrawing, withholding
from work_samples.models import Page, Sample, Withdrawal
from work_samples.models.withdrawals import NOTE_LENGTH
from work_samples.views.fetch import page_or_404, sample_or_404
from work_samples.views.images import JPEG, NOT_KEPT

NOT_YOURS = "This was withdrawn, and others look after it. There is nothing to see here meanwhile."
BAD_PRESS = "This press could not be read, so nothing was changed. Press again."
DONE = {
    "undo": "It is back, as if nothing had happened.",
    "back": "It is back for everybody who could see it before.",
    "cover": "The name is covered, and it is back for everybody. Look at it once more.",
    "destroy": "It is destroyed, with every file of it and what was quoted from it.",
}


# --- withdrawing -----------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, page: UUID) -> HttpResponseBase:
    """Withdraw one page, by whatever id it was seen under."""
    found = page_or_404(request, withdrawing.current_page(page))
    return _withdraw(request, found.sample, found, was=page)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Withdraw a whole sample, its recording with it."""
    return _withdraw(request, sample_or_404(request, sample), None, was=None)


def _withdraw(request: HttpRequest, about: Sample, page: Page | None, *, was: UUID | None) -> HttpResponseBase:
    if request.method != "POST":
        return _ask(request, about, page)
    said = posted(request)
    try:
        made = withdrawing.withdraw(
            sample=about,
            page=page,
            reason=str(said.get("reason", "")),
            note=str(said.get("note", "")),
            by=person(request),
            client_id=_client_id(said.get("client_id")),
            was=was,
            now=clock.now(),
        )
    except withdrawing.NotWithdrawn as refused:
        status = 400 if refused.sentence in {withdrawing.WHY, BAD_PRESS} else 409
        return problem(request, refused.sentence, status=status, to=_sample_address(about))
    told = {"saved": True, "withdrawal": str(made.pk), "address": _address(made)}
    if made.is_worry:
        told["duty"] = withdrawal_queries.duty_of(made)
    return saved(request, to=_address(made), data=told)


def _client_id(given: object) -> UUID | None:
    if not given:
        return None
    try:
        return UUID(str(given))
    except ValueError as bad:
        raise withdrawing.NotWithdrawn(BAD_PRESS) from bad


def _ask(request: HttpRequest, about: Sample, page: Page | None) -> HttpResponse:
    """The two reasons as two buttons, for who has no script or came by a link."""
    context = {
        "sample": about,
        "page": page,
        "assignment": about.assignment,
        "note_length": NOTE_LENGTH,
        "back": _sample_address(about),
    }
    return render(request, "work_samples/withdraw.html", context)


def _sample_address(about: Sample) -> str:
    return reverse("work_samples:sample", args=[about.pk])


def _address(row: Withdrawal) -> str:
    return reverse("work_samples:withdrawal", args=[row.pk])


# --- what becomes of it ----------------------------------------------------------------------------------


def _found(request: HttpRequest, key: UUID) -> Withdrawal:
    """A withdrawal that exists for this person. Raises `Http404`."""
    row = withdrawal_queries.find(person(request), key)
    if row is None:
        raise Http404
    return row


@login_required
@require_safe
def show(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    """What was withdrawn, and what this person may do now; 403 for those who have nothing to do with it."""
    row = _found(request, withdrawal)
    seen = withdrawal_queries.seen(row, user=person(request), now=clock.now())
    if not (seen.is_mine or row.raised_by_id == person(request).pk or row.settled_by_id == person(request).pk):
        raise PermissionDenied(NOT_YOURS)
    return _shown(request, row, seen)


def _shown(
    request: HttpRequest,
    row: Withdrawal,
    seen: withdrawal_queries.Seen,
    *,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page; `typed`: what could not be taken, as it was typed, and why (`error`)."""
    district = row.sample.assignment.team.school.district
    context = {
        "seen": seen,
        "row": row,
        "sample": row.sample,
        "assignment": row.sample.assignment,
        "is_member": row.sample.assignment.team.memberships.filter(user=person(request)).exists(),
        "duty": withdrawal_queries.duty_of(row) if row.is_worry else "",
        "contact": district.concern_contact_name or district.concern_contact_email,
        "silenced": withdrawal_queries.silenced_of(row, typed or {}) if seen.may_look else None,
        "leaves": [_leaf(row, each) for each in seen.pages if each.held_image] if seen.may_cover else [],
    }
    return render(request, "work_samples/withdrawal.html", context, status=status)


def _leaf(row: Withdrawal, page: Page) -> dict[str, Any]:
    drawn = [box for box in withdrawing.drafts_of(row) if box.page == page.pk]
    return {
        "number": page.number,
        "image": reverse("work_samples:withheld_image", args=[row.pk, page.pk]),
        "width": page.width,
        "height": page.height,
        "boxes": [{"x": box.x, "y": box.y, "w": box.w, "h": box.h} for box in drawn],
    }


@login_required
@require_safe
def image(request: HttpRequest, withdrawal: UUID, page: UUID) -> HttpResponseBase:
    """The page itself, for those few who may look at it; no browser keeps it."""
    row = _found(request, withdrawal)
    found = next((each for each in withdrawing.pages_of(row) if each.pk == page), None)
    if found is None or not found.held_image:
        raise Http404
    _check_may_look(request, row)
    return _not_kept(serve_file(request, found.held_image, content_type=JPEG))


@login_required
@require_safe
def recording(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    """The recording of a sample that is withdrawn as a whole, for the same few."""
    row = _found(request, withdrawal)
    held = withholding.recording_of(row)
    if held is None:
        raise Http404
    _check_may_look(request, row)
    return _not_kept(serve_file(request, held.file, content_type=held.recording.content_type))


def _check_may_look(request: HttpRequest, row: Withdrawal) -> None:
    if not withdrawal_access.may_look(person(request), row):
        raise PermissionDenied(NOT_YOURS)


def _not_kept(answer: HttpResponseBase) -> HttpResponseBase:
    answer["Cache-Control"] = NOT_KEPT
    return answer


@login_required
@require_POST
def save_boxes(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    """Keep what is to be covered, as it is drawn."""
    row = _found(request, withdrawal)
    numbers = {each.number: each.pk for each in withdrawing.pages_of(row)}
    try:
        placed = boxes.read(posted(request).get("redactions"), pages=numbers)
        withdrawing.save_boxes(withdrawal=row, placed=placed, by=person(request))
    except boxes.BadBoxes as bad:
        return problem(request, bad.sentence, status=400)
    except withdrawing.NotWithdrawn as refused:
        return problem(request, refused.sentence, status=409)
    return saved(request, to=_address(row))


@login_required
@require_POST
def silence(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    """Have the recording made anew with these spans silent, before it comes back."""
    row, user, said = _found(request, withdrawal), person(request), posted(request)
    held = withholding.recording_of(row)
    if held is None:
        return problem(request, recordings.NO_RECORDING, status=409, to=_address(row))
    typed = {name: str(said.get(name, "")) for name in ("spans", "transcript")}
    try:
        spans = recordings.read_spans(typed["spans"], seconds=held.recording.seconds)
        silencing.silence(withdrawal=row, spans=spans, transcript=typed["transcript"], by=user, now=clock.now())
    except recordings.NotRecorded as refused:
        if wants_json(request) or not withdrawal_access.may_cover(user, row):
            return problem(request, refused.sentence, status=400, to=_address(row))
        seen = withdrawal_queries.seen(row, user=user, now=clock.now())
        return _shown(request, row, seen, status=400, typed=typed | {"error": refused.sentence})
    except withdrawing.NotWithdrawn as refused:
        return problem(request, refused.sentence, status=409, to=_address(row))
    return saved(request, to=_address(row))


@login_required
@require_POST
def undo(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    return _settled(request, withdrawal, "undo", withdrawing.undo)


@login_required
@require_POST
def bring_back(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    return _settled(request, withdrawal, "back", withdrawing.bring_back)


@login_required
@require_POST
def cover(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    """Burn in what is drawn and bring the page back."""
    return _settled(request, withdrawal, "cover", withdrawing.cover)


@login_required
@require_POST
def destroy(request: HttpRequest, withdrawal: UUID) -> HttpResponseBase:
    """Destroy it for good."""
    return _settled(request, withdrawal, "destroy", withdrawing.destroy)


def _settled(request: HttpRequest, key: UUID, name: str, settle: Callable[..., Withdrawal]) -> HttpResponseBase:
    row, user = _found(request, key), person(request)
    try:
        settle(withdrawal=row, by=user, now=clock.now())
    except withdrawing.NotWithdrawn as refused:
        return problem(request, refused.sentence, status=409, to=_address(row))
    messages.success(request, DONE[name])
    return saved(request, to=_after(row, user))


def _after(row: Withdrawal, user: User) -> str:
    """The sample where it can be seen again, else home."""
    there = Sample.objects.visible_to(user).filter(pk=row.sample_id).exists()
    return _sample_address(row.sample) if there else "/"
