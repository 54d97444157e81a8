"""The tasks that students were given."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models import Team
from work_samples.managers import AssignmentQuerySet


class Selection(models.TextChoices):
    """How an assignment's samples were chosen; a rate of proficiency needs `all` or `random`."""

    ALL = "all", "all of the class"
    RANDOM = "random", "drawn at random"
    PICKED = "picked", "picked by hand"


class Assessment(models.TextChoices):
    """Whose assessment the work comes from: nearer to one classroom, or alike for many."""

    CLASSROOM = "classroom", "classroom work"
    COMMON = "common", "common assessment of a team"
    SCHOOL = "school", "school assessment"
    DISTRICT = "district", "district assessment"
    OUTSIDE = "outside", "state or other outside assessment"


class Assignment(models.Model):
    """The task that students were given, and its prompt."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="assignments")
    title = models.CharField(max_length=120)
    prompt = models.TextField("task prompt", max_length=8000)
    grade = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=60, blank=True)
    intended_learning = models.TextField(max_length=2000, blank=True, default="")
    assessment = models.CharField("what kind of assessment", max_length=10, choices=Assessment, blank=True, default="")
    standards = models.JSONField("standard codes", default=list, blank=True)
    selection = models.CharField(
        "how the samples were chosen", max_length=10, choices=Selection, default=Selection.PICKED
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["team", "-created_at", "id"], name="assignment_newest"),
            models.Index(fields=["team", "grade", "subject"], name="assignment_by_grade_subject"),
        ]

    def __str__(self) -> str:
        return self.title
