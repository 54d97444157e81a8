"""What we look for: rubrics in versions. A version that a session uses is never changed again."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rubrics.managers import PartQuerySet, RubricQuerySet, UsedVersion, VersionQuerySet
from teams.models import Team

MOST_LEVELS = 8


class Rubric(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="rubrics")
    title = models.CharField(max_length=120)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RubricQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Frozen(models.Model):
    """A row of a version: once the version is used, saving or deleting it raises `UsedVersion`.

    `path_to_used` is the way from the row to the version's `used_at`, as Django spells it in a filter.
    """

    path_to_used = "used_at"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_when_used()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._refuse_when_used()
        return super().delete(*args, **kwargs)

    def _refuse_when_used(self) -> None:
        if self._is_used():
            raise UsedVersion

    def _is_used(self) -> bool:
        raise NotImplementedError


class Version(Frozen):
    """The grid as it stood at one time. `used_at` is set when a session takes it; from then on it is history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120, blank=True, help_text="The rubric's title as it stood under this version.")
    proficient_from = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["rubric", "-number"]
        constraints = [models.UniqueConstraint(fields=["rubric", "number"], name="a_version_once_a_rubric")]

    def __str__(self) -> str:
        return f"{self.rubric}, version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.title = self.title or self.rubric.title
        super().save(*args, **kwargs)

    def _is_used(self) -> bool:
        return not self._state.adding and Version.objects.filter(pk=self.pk, used_at__isnull=False).exists()


class Level(Frozen):
    """One column: consecutive whole numbers from 1, and a word."""

    path_to_used = "version__used_at"

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="levels")
    value = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["version", "value"], name="a_level_once_a_version"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=8), name="levels_one_to_eight"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.name}"

    def _is_used(self) -> bool:
        return Version.objects.filter(pk=self.version_id, used_at__isnull=False).exists()


class Criterion(Frozen):
    """One row. `key` stays the same across versions, so that agreement can be followed over time."""

    path_to_used = "version__used_at"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="criteria")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="a_criterion_once_a_version"),
            models.UniqueConstraint(fields=["version", "position"], name="a_place_once_a_version"),
        ]

    def __str__(self) -> str:
        return self.title

    def _is_used(self) -> bool:
        return Version.objects.filter(pk=self.version_id, used_at__isnull=False).exists()


class Descriptor(Frozen):
    """What one level of one criterion looks like."""

    path_to_used = "criterion__version__used_at"

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="descriptors")
    level = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["criterion", "level"], name="a_descriptor_once_a_cell")]

    def __str__(self) -> str:
        return self.text

    def _is_used(self) -> bool:
        return Version.objects.filter(criteria=self.criterion_id, used_at__isnull=False).exists()
