"""What we look for: rubrics in versions. A version that a session uses is never changed again."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rubrics.managers import RubricQuerySet, VersionQuerySet
from teams.models import Team


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


class Version(models.Model):
    """The grid as it stood at one time. `used_at` is set when a session takes it; from then on it is history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rubric = models.ForeignKey(Rubric, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
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


class Level(models.Model):
    """One column: consecutive whole numbers from 1, and a word."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="levels")
    value = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["value"]
        constraints = [
            models.UniqueConstraint(fields=["version", "value"], name="a_level_once_a_version"),
            models.CheckConstraint(condition=Q(value__gte=1, value__lte=8), name="levels_one_to_eight"),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.name}"


class Criterion(models.Model):
    """One row. `key` stays the same across versions, so that agreement can be followed over time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="criteria")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="a_criterion_once_a_version"),
            models.UniqueConstraint(fields=["version", "position"], name="a_place_once_a_version"),
        ]

    def __str__(self) -> str:
        return self.title


class Descriptor(models.Model):
    """What one level of one criterion looks like."""

    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="descriptors")
    level = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)

    class Meta:
        ordering = ["level"]
        constraints = [models.UniqueConstraint(fields=["criterion", "level"], name="a_descriptor_once_a_cell")]

    def __str__(self) -> str:
        return self.text
