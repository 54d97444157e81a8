"""The files themselves, for who may see them."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from esw.core.files import serve_file
from teams.requests import person
from work_samples import access
from work_samples.domain import redacting
from work_samples.models import Page
from work_samples.views.fetch import page_or_404, upload_or_404
from work_samples.views.withdrawn import withdrawn_answer

JPEG, WEBP = "image/jpeg", "image/webp"
# What may show a name is not kept by a browser that the next person sits at.
NOT_KEPT = "private, no-store"
SANDBOX = "sandbox; default-src 'none'"


@login_required
@require_safe
def page_image(request: HttpRequest, page: UUID) -> HttpResponseBase:
    found = page_or_404(request, page)
    return _served(request, found, found.image, JPEG)


@login_required
@require_safe
def page_thumbnail(request: HttpRequest, page: UUID) -> HttpResponseBase:
    found = page_or_404(request, page)
    return _served(request, found, found.thumbnail, WEBP)


def _served(request: HttpRequest, page: Page, file: FieldFile, content_type: str) -> HttpResponseBase:
    if not page.is_there:
        return withdrawn_answer(page)
    answer = serve_file(request, file.name or "", content_type=content_type)
    if not page.sample.is_confirmed:
        answer["Cache-Control"] = NOT_KEPT
    return answer


@login_required
@require_safe
def page_preview(request: HttpRequest, page: UUID) -> HttpResponseBase:
    """The page as others will see it, burned now with the drafts as they are."""
    found = page_or_404(request, page)
    if not access.may_change(person(request), found.sample):
        return page_image(request, page)
    try:
        data = redacting.preview_page(page=found)
    except redacting.NotNow as refused:
        return HttpResponse(refused.sentence, status=409, content_type="text/plain")
    return HttpResponse(data, content_type=JPEG, headers={"Cache-Control": NOT_KEPT})


@login_required
@require_safe
def original(request: HttpRequest, sample: UUID, upload: UUID) -> HttpResponseBase:
    """The file as it was brought, for its uploader alone, and never opened by the browser as a page of ours."""
    found = upload_or_404(request, sample=sample, upload=upload)
    answer = serve_file(request, found.file.name or "", content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name or "upload") or "attachment"
    answer["Content-Security-Policy"] = SANDBOX
    answer["Cache-Control"] = NOT_KEPT
    return answer
