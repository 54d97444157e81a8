"""Covering names on one sample: draw, look at what others will see, confirm."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock
from esw.core.responses import answers_json, flag, posted, problem, saved, wants_json
from teams.requests import person
from work_samples import queries
from work_samples.domain import boxes, recordings, redacting
from work_samples.domain.drafts import mark_of as picture_mark
from work_samples.models import Sample
from work_samples.recording_queries import heard_of
from work_samples.views.fetch import my_sample

NO_BOXES = "Say which boxes to burn in: a list of redactions, empty when no page shows a name."


@login_required
@require_safe
def screen(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    found = my_sample(request, sample)
    if not found.is_draft:
        return redirect("work_samples:sample", found.pk)
    status = queries.status_of(found)
    leaves = queries.leaves_of(found)
    if not leaves:
        if recordings.of(found):  # it is checked where it is heard
            return redirect("work_samples:preview", found.pk)
        return redirect("work_samples:assignment", found.assignment_id)
    context = {
        "sample": found,
        "assignment": found.assignment,
        "status": status,
        "leaves": leaves,
        "here": _here(request, leaves),
        "pages": [_page(leaf) for leaf in leaves],
        "mine_waiting": found.assignment.samples.waiting().filter(uploader=person(request)).count(),
        "max_boxes": boxes.MAX_BOXES,
    }
    return render(request, "work_samples/redact.html", context)


def _here(request: HttpRequest, leaves: list[queries.Leaf]) -> queries.Leaf:
    """The page that was asked for, else the first."""
    wanted = request.GET.get("page", "")
    return next((leaf for leaf in leaves if str(leaf.page.number) == wanted), leaves[0])


def _page(leaf: queries.Leaf) -> dict[str, Any]:
    return {
        "number": leaf.page.number,
        "mark": picture_mark(leaf.page),
        "image": reverse("work_samples:page_image", args=[leaf.page.pk]),
        "width": leaf.page.width,
        "height": leaf.page.height,
        "boxes": [{"x": box.x, "y": box.y, "w": box.w, "h": box.h} for box in leaf.boxes],
    }


@require_POST
@login_required
def drafts(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Keep the boxes as they are drawn now."""
    found = my_sample(request, sample)
    try:
        body = posted(request)
        placed = boxes.read(body.get("redactions"), pages=redacting.page_ids(found))
        pictures = body.get("pictures")
        redacting.save_drafts(sample=found, placed=placed, pictures=pictures if isinstance(pictures, dict) else None)
    except boxes.BadBoxes as bad:
        return problem(request, bad.sentence, status=400)
    except redacting.NotNow as refused:
        return problem(request, refused.sentence, status=409)
    return saved(request, to=reverse("work_samples:redact", args=[found.pk]))


@login_required
@require_safe
def preview(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Exactly what others will see, and the one button that says so."""
    found = my_sample(request, sample)
    if not found.is_draft:
        return redirect("work_samples:sample", found.pk)
    return preview_page(request, found)


def preview_page(
    request: HttpRequest, found: Sample, *, status: int = 200, spans: str | None = None, spans_error: str = ""
) -> HttpResponse:
    """The preview; `spans` as they were typed, where they could not be taken."""
    leaves = queries.leaves_of(found)
    heard = heard_of(found)
    context = {
        "heard": heard,
        "spans": heard.spans if heard and spans is None else spans,
        "spans_error": spans_error,
        "sample": found,
        "assignment": found.assignment,
        "status": queries.status_of(found),
        "leaves": leaves,
        "bare": [leaf.page.number for leaf in leaves if not leaf.boxes],
        "seen": redacting.fingerprint(found),
    }
    return render(request, "work_samples/preview.html", context, status=status)


@answers_json
@require_POST
@login_required
def confirm(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Burn in and destroy the rest: `redactions` as they come, or with `seen` the drafts that a preview showed."""
    found = my_sample(request, sample)
    body = posted(request)
    try:
        placed = None if "seen" in body else _given(body, found)
        if "consent" in body and flag(body, "consent") and found.is_draft:
            recordings.say_consent(sample=found, now=clock.now())
        done = redacting.confirm_sample(
            sample=found, by=person(request), redactions=placed, seen=str(body.get("seen", "")), now=clock.now()
        )
    except boxes.BadBoxes as bad:
        return problem(request, bad.sentence, status=400)
    except (redacting.NotNow, recordings.NotRecorded) as refused:
        return problem(request, refused.sentence, status=409, to=reverse("work_samples:preview", args=[found.pk]))
    if not wants_json(request):
        messages.success(request, _is_done(done))
    return saved(
        request,
        to=reverse("work_samples:assignment", args=[found.assignment_id]),
        data={"confirmed": done.is_confirmed, "sample": str(found.pk)},
    )


def _is_done(sample: Sample) -> str:
    if sample.waits_for_second:
        return f"Sample {sample.label} waits for a colleague’s second look. The file that you brought is gone."
    return f"Sample {sample.label} is there for your team. The file that you brought is gone."


def _given(body: Any, sample: Sample) -> list[boxes.PlacedBox]:
    if "redactions" not in body:
        raise boxes.BadBoxes(NO_BOXES)
    return boxes.read(body["redactions"], pages=redacting.page_ids(sample))
