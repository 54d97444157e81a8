"""One sample: how far it is, its pages, its label, and taking it back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock
from esw.core.responses import answers_json, problem, saved
from teams.requests import person
from work_samples import access, queries
from work_samples.domain import bringing, groups
from work_samples.forms import LabelForm
from work_samples.models import Sample
from work_samples.queries_look import look_pages
from work_samples.recording_queries import heard_of
from work_samples.views.fetch import my_sample, sample_or_404


@login_required
@require_safe
def show(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    found = sample_or_404(request, sample)
    context = {
        "sample": found,
        "assignment": found.assignment,
        "status": queries.status_of(found),
        "leaves": queries.leaves_of(found),
        "heard": heard_of(found),
        "looked_at": look_pages([found]),
        "may_transcribe": access.may_transcribe(person(request), found),
        "may_change": access.may_change(person(request), found),
        "may_rename": access.may_rename(person(request), found) and not bringing.is_leaned_on(found),
        "groups": groups.approved(found.assignment.team),
        "label_form": LabelForm(initial={"label": found.label}),
    }
    return render(request, "work_samples/sample.html", context)


@answers_json
@login_required
@require_safe
def status(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """How far the pages are, and links to those that are there."""
    found = sample_or_404(request, sample)
    now = queries.status_of(found)
    pages = [
        {
            "number": page.number,
            "image": reverse("work_samples:page_image", args=[page.pk]),
            "thumbnail": reverse("work_samples:page_thumbnail", args=[page.pk]),
            "width": page.width,
            "height": page.height,
        }
        for page in found.pages.order_by("number")
    ]
    told = {"state": now.state, "done": now.done, "of": now.of, "error": now.error, "pages": pages}
    if now.recording is not None:
        told["recording"] = {"done": now.recording[0], "of": now.recording[1]}
    return JsonResponse(told)


@require_POST
@login_required
def rename(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    found = sample_or_404(request, sample)
    if not access.may_rename(person(request), found):
        raise PermissionDenied
    try:
        bringing.rename_sample(sample=found, label=request.POST.get("label", ""))
    except bringing.NotBrought as refused:
        return problem(request, refused.sentence, status=409, to=_page(found))
    return saved(request, to=_page(found))


@require_POST
@login_required
def delete(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Destroy a sample of mine that nobody else has seen."""
    found = my_sample(request, sample)
    label, assignment = found.label, reverse("work_samples:assignment", args=[found.assignment_id])
    try:
        bringing.delete_sample(sample=found)
    except bringing.NotBrought as refused:
        return problem(request, refused.sentence, status=409, to=_page(found))
    messages.success(request, f"Sample {label} is gone, with every file of it.")
    return saved(request, to=assignment)


@require_POST
@login_required
def retry(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Try again to make the pages that could not be made."""
    found = my_sample(request, sample)
    assignment = reverse("work_samples:assignment", args=[found.assignment_id])
    try:
        bringing.retry(sample=found, now=clock.now())
    except bringing.NotBrought as refused:
        return problem(request, refused.sentence, status=409, to=assignment)
    return saved(request, to=assignment)


def _page(sample: Sample) -> str:
    return reverse("work_samples:sample", args=[sample.pk])
