"""A job's truth is a row, not the queue: what a dead worker dropped is found here and queued again."""

import uuid

from django.db import models
from django.db.models import Q


class JobState(models.TextChoices):
    PENDING = "pending", "waiting"
    RUNNING = "running", "running"
    DONE = "done", "done"
    FAILED = "failed", "failed"


class Job(models.Model):
    """One piece of work in the background for one row (`target`) by one Celery task (`task`).

    `error` is a sentence for the person who waits; it never quotes a file's name or content.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=100)
    target = models.UUIDField()
    state = models.CharField(max_length=10, choices=JobState, default=JobState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)  # when the broker last took it
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "target"],
                condition=Q(state__in=["pending", "running"]),
                name="one_live_job_a_target",
            ),
        ]
        indexes = [
            models.Index(fields=["target", "-created_at"], name="job_by_target"),
            models.Index(fields=["state", "lease_until"], name="job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.state})"
