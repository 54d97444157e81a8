"""Querysets that ask `access` first: `Sample.objects.visible_to(user)`."""

from typing import TYPE_CHECKING, Any

from django.db import models

from work_samples import access, bringing_access

if TYPE_CHECKING:
    from datetime import datetime

    from teams.models import User


class AssignmentQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "AssignmentQuerySet":
        return self.filter(access.assignments_of(user))


class SampleQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "SampleQuerySet":
        return self.filter(access.samples_of(user))

    def confirmed(self) -> "SampleQuerySet":
        """What may be put into a session."""
        return self.filter(confirmed_at__isnull=False)

    def current(self) -> "SampleQuerySet":
        """What is not archived."""
        return self.filter(archived_at__isnull=True)

    def archived(self) -> "SampleQuerySet":
        return self.filter(archived_at__isnull=False, destroyed_at__isnull=True)

    def waiting(self) -> "SampleQuerySet":
        """Drafts: their uploader has not covered names yet, or a second person sent them back."""
        return self.filter(confirmed_at__isnull=True, covered_at__isnull=True)

    def covered(self) -> "SampleQuerySet":
        """Covered, and waiting for the second person whom the team asks for."""
        return self.filter(confirmed_at__isnull=True, covered_at__isnull=False)

    def to_look_at(self, user: "User") -> "SampleQuerySet":
        """What this person may look at as the second one."""
        return self.filter(access.second_looks_of(user))


class PageQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "PageQuerySet":
        return self.filter(access.pages_of(user))

    def to_look_at(self, user: "User") -> "PageQuerySet":
        """Burned pages that this person may look at as the second one."""
        return self.filter(access.second_look_pages_of(user))


class RecordingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "RecordingQuerySet":
        return self.filter(access.pages_of(user) | access.second_look_pages_of(user))


class KeptPages(models.Manager.from_queryset(PageQuerySet)):  # type: ignore[misc]
    """The pages of samples, without those that were set aside."""

    def get_queryset(self) -> PageQuerySet:
        pages: PageQuerySet = super().get_queryset().filter(aside_at__isnull=True)
        return pages


class UploadQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "UploadQuerySet":
        return self.filter(access.uploads_of(user))


class FrameworkQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "FrameworkQuerySet":
        return self.filter(access.frameworks_of(user)).distinct()

    def administered_by(self, user: "User") -> "FrameworkQuerySet":
        """Those of the districts that this person administers."""
        return self.filter(district__administrators__user=user)


class StatementQuerySet(models.QuerySet[Any]):
    def current(self) -> "StatementQuerySet":
        """What is not retired."""
        return self.filter(retired_at__isnull=True)


class TaskQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "TaskQuerySet":
        return self.filter(assignment__team__memberships__user=user)

    def standing(self) -> "TaskQuerySet":
        """What an assignment may show: its pages are made and nobody took it away; the newest first."""
        return self.filter(made_at__isnull=False, removed_at__isnull=True).order_by("-created_at")


class TaskPageQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "TaskPageQuerySet":
        return self.filter(task__assignment__team__memberships__user=user)


class PartialUploadQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "PartialUploadQuerySet":
        return self.filter(bringing_access.partial_uploads_of(user))

    def unfinished(self) -> "PartialUploadQuerySet":
        """Files that are not yet whole, or whole and not yet a sample's."""
        return self.filter(finished_at__isnull=True)

    def current(self, now: "datetime") -> "PartialUploadQuerySet":
        return self.filter(expires_at__gt=now)


class PhoneQuerySet(models.QuerySet[Any]):
    def bringing(self, now: "datetime") -> "PhoneQuerySet":
        """Those that have opened their link and that have not ended."""
        return self.filter(bringing_access.phones_bringing(now))

    def expected(self, now: "datetime") -> "PhoneQuerySet":
        """Those whose link waits to be opened."""
        return self.filter(bringing_access.phones_expected(now))
