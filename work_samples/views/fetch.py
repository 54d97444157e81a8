"""Fetching what a view works on, through access: what is not yours to see does not exist."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from teams.requests import person
from work_samples import access
from work_samples.models import Assignment, Page, Sample, Upload


def assignment_or_404(request: HttpRequest, key: UUID | str) -> Assignment:
    visible = Assignment.objects.visible_to(person(request)).select_related("team__school__district", "created_by")
    found: Assignment = get_object_or_404(visible, pk=key)
    return found


def sample_or_404(request: HttpRequest, key: UUID | str) -> Sample:
    visible = Sample.objects.visible_to(person(request)).select_related("assignment__team")
    found: Sample = get_object_or_404(visible, pk=key)
    return found


def my_sample(request: HttpRequest, key: UUID | str) -> Sample:
    """A sample that I brought; 403 for a member of the team who did not. It may be confirmed."""
    sample = sample_or_404(request, key)
    if not access.may_confirm(person(request), sample):
        raise PermissionDenied
    return sample


def page_or_404(request: HttpRequest, key: UUID) -> Page:
    found: Page = get_object_or_404(Page.objects.visible_to(person(request)).select_related("sample"), pk=key)
    return found


def upload_or_404(request: HttpRequest, *, sample: UUID, upload: UUID) -> Upload:
    visible = Upload.objects.visible_to(person(request)).select_related("sample")
    found: Upload = get_object_or_404(visible, pk=upload, sample=sample)
    return found
