"""What a team agrees on and what it will do."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from rubrics.models import Criterion
from sessions_app.managers import NextStepQuerySet
from sessions_app.models.session import Participant, Session
from teams.models import Team
from work_samples.models import Sample


class Consensus(models.Model):
    """Either a level with its rationale, or 'not agreed' with both reasons (`rationale`, `other_rationale`)."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="consensus")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="+")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    rationale = models.TextField(max_length=2000, blank=True)
    other_rationale = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "sample", "criterion"], name="one_consensus_a_criterion"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=8), name="a_consensus_is_a_level"
            ),
        ]

    @property
    def agreed(self) -> bool:
        return self.level is not None


class NextStepState(models.TextChoices):
    PLANNED = "planned", "planned"
    TRYING = "trying", "trying"
    DONE = "done", "done"


class NextStep(models.Model):
    """What somebody will do for which students by when, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="next_steps")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="next_steps")
    text = models.CharField(max_length=500)
    students = models.CharField("for which students", max_length=200, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="next_steps")
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=NextStepState, default=NextStepState.PLANNED)
    outcome = models.TextField(max_length=2000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects = NextStepQuerySet.as_manager()

    class Meta:
        ordering = ["due", "created_at"]

    def __str__(self) -> str:
        return self.text
