"""The text of a page: read by the viewer, written by whoever may see the page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from esw.core.responses import posted, saved, wants_json
from teams.requests import PersonRequest
from work_samples.domain import describing
from work_samples.forms import PageTextForm
from work_samples.models import Page
from work_samples.queries_look import page_label
from work_samples.views.fetch import page_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: PersonRequest, page: UUID) -> HttpResponseBase:
    """GET: the form, or as JSON the text. POST `text` and `seen` (what stood there before): saved, or said why not."""
    found = page_or_404(request, page)
    if request.method == "POST":
        return _write(request, found)
    if wants_json(request):
        return JsonResponse({"text": found.description}, headers={"Cache-Control": "no-store"})
    form = PageTextForm(initial={"text": found.description, "seen": found.description})
    return _form(request, found, form)


def _write(request: PersonRequest, page: Page) -> HttpResponseBase:
    fields = posted(request)
    form = PageTextForm(fields)
    form.is_valid()  # how long it may be, the domain says
    try:
        describing.describe_page(page=page, text=form.cleaned_data["text"], seen=form.cleaned_data["seen"])
    except describing.NotDescribed as refused:
        status = 400 if refused.meanwhile is None else 409
        if wants_json(request):
            return JsonResponse({"error": refused.sentence, "text": refused.meanwhile}, status=status)
        if refused.meanwhile is not None:  # they read it now, so that saving again replaces it
            form = PageTextForm(form.cleaned_data | {"seen": refused.meanwhile})
        form.add_error("text", refused.sentence)
        return _form(request, page, form, meanwhile=refused.meanwhile, status=status)
    messages.success(request, "The text of the page is saved.")
    return saved(request, to=reverse("work_samples:sample", args=[page.sample_id]))


def _form(
    request: PersonRequest, page: Page, form: PageTextForm, *, meanwhile: str | None = None, status: int = 200
) -> HttpResponseBase:
    context: dict[str, Any] = {
        "page": page,
        "label": page_label(page, of=Page.objects.filter(sample=page.sample_id).count()),
        "form": form,
        "meanwhile": meanwhile,
    }
    return render(request, "work_samples/page_text.html", context, status=status)
