"""The second person's look: the burned pages, and two answers. The uploader's originals are gone by then."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock
from esw.core.files import serve_file
from esw.core.responses import posted, problem, saved
from teams.requests import person
from work_samples import queries
from work_samples.domain import boxes, redacting, second_look
from work_samples.models import Page, Sample, SentBack
from work_samples.recording_queries import heard_of
from work_samples.views.fetch import my_sample, sample_or_404
from work_samples.views.images import JPEG, NOT_KEPT


def _to_look_at(request: HttpRequest, key: UUID) -> Sample:
    """A colleague's sample that waits; 403 for one's own, which somebody else looks at."""
    waits = Sample.objects.to_look_at(person(request)).select_related("assignment__team", "uploader")
    found: Sample | None = waits.filter(pk=key).first()
    if found is not None:
        return found
    if sample_or_404(request, key).waits_for_second:
        raise PermissionDenied
    raise _Over


class _Over(Exception):
    """It is confirmed by now, or back with its uploader."""


@login_required
@require_safe
def look(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Every page as it was burned, with a tick for each."""
    try:
        found = _to_look_at(request, sample)
    except _Over:
        return redirect("work_samples:sample", sample)
    context = {
        "sample": found,
        "assignment": found.assignment,
        "leaves": queries.leaves_of(found),
        "reasons": SentBack.choices,
        "seen": redacting.fingerprint(found),
        "heard": heard_of(found),
    }
    return render(request, "work_samples/second_look.html", context)


@login_required
@require_safe
def image(request: HttpRequest, page: UUID) -> HttpResponseBase:
    """A burned page, for the second person alone."""
    waits = Page.objects.to_look_at(person(request)).select_related("sample")
    found: Page = get_object_or_404(waits, pk=page)
    if not found.image:  # withdrawn meanwhile
        raise Http404
    answer = serve_file(request, found.image.name or "", content_type=JPEG)
    answer["Cache-Control"] = NOT_KEPT
    return answer


@require_POST
@login_required
def ready(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    try:
        found = _to_look_at(request, sample)
    except _Over:
        return problem(request, second_look.NOT_WAITING, status=409, to=_sample(sample))
    looked = {int(number) for number in request.POST.getlist("looked") if number.isdecimal() and len(number) < 6}  # noqa: PLR2004
    try:
        second_look.look_ready(
            sample=found,
            by=person(request),
            looked=looked,
            listened=bool(request.POST.get("listened")),
            seen=request.POST.get("seen", ""),
            now=clock.now(),
        )
    except redacting.NotNow as refused:
        return problem(request, refused.sentence, status=409, to=reverse("work_samples:second_look", args=[found.pk]))
    messages.success(request, f"Sample {found.label} is there for your team.")
    return saved(request, to=_assignment(found))


@require_POST
@login_required
def send_back(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    try:
        found = _to_look_at(request, sample)
    except _Over:
        return problem(request, second_look.NOT_WAITING, status=409, to=_sample(sample))
    body = posted(request)
    here = reverse("work_samples:second_look", args=[found.pk])
    try:
        places = boxes.read(body.get("places") or [], pages=redacting.page_ids(found))
        second_look.send_back(
            sample=found, by=person(request), why=str(body.get("why", "")), places=places, now=clock.now()
        )
    except boxes.BadBoxes as bad:
        return problem(request, bad.sentence, status=400, to=here)
    except redacting.NotNow as refused:
        return problem(request, refused.sentence, status=409, to=here)
    messages.success(
        request, f"Sample {found.label} is back with {found.uploader}, who covers more and confirms again."
    )
    return saved(request, to=_assignment(found))


@require_POST
@login_required
def release(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """The team no longer asks for two people: the uploader confirms alone."""
    found = my_sample(request, sample)
    try:
        second_look.release(sample=found, by=person(request), now=clock.now())
    except redacting.NotNow as refused:
        return problem(request, refused.sentence, status=409, to=_sample(found.pk))
    messages.success(request, f"Sample {found.label} is there for your team.")
    return saved(request, to=_assignment(found))


def _sample(key: UUID) -> str:
    return reverse("work_samples:sample", args=[key])


def _assignment(sample: Sample) -> str:
    return reverse("work_samples:assignment", args=[sample.assignment_id])
