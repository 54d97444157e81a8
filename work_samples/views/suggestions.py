"""Places where a name may stand, offered on the redaction screen to whoever brought the sample, and to nobody else.

Typed names arrive in the body of a POST, are compared, and are gone: only places are answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from esw.core import clock
from esw.core.responses import answers_json, posted, problem, saved
from work_samples import names
from work_samples.domain import boxes, redacting, suggesting
from work_samples.models import Sample
from work_samples.views.fetch import my_sample

MOST_TYPED = 20_000
NOT_WORDS = "Type the names as words, one a line."
TOO_MUCH = f"These are more than {names.MOST_NAMES} names. Look for some of them first."
NO_NAMES = "Type at least one name to look for."


@never_cache
@answers_json
@login_required
@require_safe
def places(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """What stands beside labels, and how far reading is."""
    found = my_sample(request, sample)
    if not found.is_draft:
        return _not_now(request)
    if suggesting.state_of(found) == "waiting":
        suggesting.queue(sample_id=found.pk, now=clock.now())  # brought before reading was there, or turned since
    return _answer(found, suggesting.offered(found))


@sensitive_variables()
@sensitive_post_parameters()
@never_cache
@answers_json
@require_POST
@login_required
def look_for(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """Where the names in `names` seem to stand."""
    found = my_sample(request, sample)
    if not found.is_draft:
        return _not_now(request)
    typed = posted(request).get("names")
    if not isinstance(typed, str):
        return problem(request, NOT_WORDS, status=400)
    if len(typed) > MOST_TYPED:
        return problem(request, TOO_MUCH, status=400)
    if not names.typed_names(typed):
        return problem(request, NO_NAMES, status=400)
    return _answer(found, suggesting.typed(found, typed))


@answers_json
@require_POST
@login_required
def dismiss(request: HttpRequest, sample: UUID) -> HttpResponseBase:
    """No name stands in `places`: they are not offered again."""
    found = my_sample(request, sample)
    if not found.is_draft:
        return _not_now(request)
    try:
        placed = boxes.read(posted(request).get("places"), pages=redacting.page_ids(found))
    except boxes.BadBoxes as bad:
        return problem(request, bad.sentence, status=400)
    suggesting.dismiss(sample=found, placed=placed)
    return saved(request, to=reverse("work_samples:redact", args=[found.pk]))


def _not_now(request: HttpRequest) -> HttpResponseBase:
    return problem(request, redacting.CONFIRMED_DRAFT, status=409)


def _answer(sample: Sample, found: Mapping[int, Sequence[names.Place]]) -> JsonResponse:
    pages: dict[str, list[dict[str, Any]]] = {
        str(number): [{"x": one.x, "y": one.y, "w": one.w, "h": one.h, "why": one.why} for one in here]
        for number, here in found.items()
    }
    return JsonResponse({"state": suggesting.state_of(sample), "pages": pages})
