"""Covering names on many samples at once: one strip for all pages, one look at all of them, one confirmation."""

import time
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from esw.core import clock
from esw.core.responses import problem
from esw.core.words import count_words as counted
from teams.requests import person
from work_samples import queries
from work_samples.domain import boxes, redacting
from work_samples.forms import StripForm
from work_samples.models import Assignment, Page
from work_samples.views.fetch import assignment_or_404

# A class set of scans takes some ten seconds; what takes longer is confirmed in two presses, not lost in one.
SECONDS = 25
THE_TOP = {"x": 0, "y": 0, "w": 100, "h": 12}
NO_PAGES = "Choose at least one page to hide the strip on."


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: HttpRequest, assignment: UUID) -> HttpResponseBase:
    """Draw a strip once, see on which pages it will hide something, apply it to all of them."""
    found = assignment_or_404(request, assignment)
    batch = queries.batch_of(assignment=found, user=person(request))
    if not batch:
        return redirect("work_samples:assignment", found.pk)
    form = StripForm(request.POST or None, initial=_from_address(request))
    chosen = request.POST.getlist("pages")
    if request.method == "POST" and form.is_valid():
        error = _hide(request, form, batch, chosen)
        if error is None:
            return redirect("work_samples:preview_batch", found.pk)
        form.add_error(None, error)
    context = {
        "assignment": found,
        "batch": batch,
        "form": form,
        "chosen": chosen,
        "page_count": sum(len(one.leaves) for one in batch),
    }
    return render(request, "work_samples/redact_batch.html", context, status=422 if form.is_bound else 200)


def _from_address(request: HttpRequest) -> dict[str, float]:
    """A strip that another screen hands over as shares of the page, else the top of it."""
    try:
        given = boxes.clip(*(float(request.GET[side]) for side in ("x", "y", "w", "h")))
    except (KeyError, ValueError, boxes.BadBoxes):
        return dict(THE_TOP)
    return {side: round(100 * share, 2) for side, share in zip("xywh", given, strict=True)}


def _hide(request: HttpRequest, form: StripForm, batch: list[queries.BatchSample], chosen: list[str]) -> str | None:
    """Apply the strip; a sentence when it cannot be."""
    pages: list[Page] = [leaf.page for one in batch for leaf in one.leaves if str(leaf.page.pk) in chosen]
    if not pages:
        return NO_PAGES
    try:
        redacting.hide_everywhere(pages=pages, strip=form.strip())
    except boxes.BadBoxes as bad:
        return bad.sentence
    messages.success(request, f"The strip hides the same place on {counted(len(pages), 'page')}.")
    return None


@login_required
@require_safe
def preview(request: HttpRequest, assignment: UUID) -> HttpResponseBase:
    """All of my samples that wait, exactly as others will see them."""
    found = assignment_or_404(request, assignment)
    batch = queries.batch_of(assignment=found, user=person(request))
    if not batch:
        return redirect("work_samples:assignment", found.pk)
    return render(request, "work_samples/preview_batch.html", {"assignment": found, "batch": batch})


@require_POST
@login_required
def confirm(request: HttpRequest, assignment: UUID) -> HttpResponseBase:
    """Confirm the chosen samples, each as its preview showed it."""
    found = assignment_or_404(request, assignment)
    chosen = set(request.POST.getlist("samples"))
    batch = [one for one in queries.batch_of(assignment=found, user=person(request)) if str(one.sample.pk) in chosen]
    back = reverse("work_samples:preview_batch", args=[found.pk])
    if not batch:
        return problem(request, "Choose at least one sample to confirm.", status=400, to=back)
    done, refused = _confirm_each(request, batch)
    _say(request, found, done=done, refused=refused, left=len(batch) - done - len(refused))
    return redirect("work_samples:assignment" if done == len(batch) else "work_samples:preview_batch", found.pk)


def _confirm_each(request: HttpRequest, batch: list[queries.BatchSample]) -> tuple[int, list[str]]:
    """How many are confirmed, and a sentence for each that is not; stops when it takes too long."""
    until = time.monotonic() + SECONDS
    done, refused = 0, []
    for one in batch:
        if time.monotonic() > until:
            break
        try:
            redacting.confirm_sample(
                sample=one.sample,
                by=person(request),
                redactions=None,
                seen=request.POST.get(f"seen-{one.sample.pk}", ""),
                now=clock.now(),
            )
        except redacting.NotNow as reason:
            refused.append(f"Sample {one.sample.label}: {reason.sentence}")
        else:
            done += 1
    return done, refused


def _say(request: HttpRequest, assignment: Assignment, *, done: int, refused: list[str], left: int) -> None:
    if done:
        verb = "is there" if done == 1 else "are there"
        if assignment.team.two_person_check:
            verb = "waits" if done == 1 else "wait"
        whom = "a colleague’s second look" if assignment.team.two_person_check else "your team"
        sentence = f"{counted(done, 'sample')} of “{assignment.title}” {verb} for {whom}."
        messages.success(request, sentence[:1].upper() + sentence[1:])
    for sentence in refused:
        messages.error(request, sentence)
    if left:
        messages.warning(request, f"{counted(left, 'sample').capitalize()} left: press once more to confirm the rest.")
