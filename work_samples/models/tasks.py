"""The task itself as pages: what the students had in front of them. It carries no student's name."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from work_samples.managers import TaskPageQuerySet, TaskQuerySet
from work_samples.models.assignments import Assignment


class Task(models.Model):
    """The files of a task as they were once brought together, and the pages made of them.

    An assignment shows the newest whose pages are made (`made_at`). A session keeps the one that it was run with, so
    bringing the task anew makes a new row, and an older one goes only when no session has it. `error` is one sentence
    when its pages cannot be made.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="tasks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    made_at = models.DateTimeField(null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(max_length=300, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"The task of {self.assignment}"


class TaskFile(models.Model):
    """A file of a task as it was brought; gone once its pages are made."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="files")
    position = models.PositiveSmallIntegerField()
    file = models.FileField(max_length=200, upload_to="unset")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["task", "position"], name="a_place_once_a_task")]


class TaskPage(models.Model):
    """One page of a task. `image` and `thumbnail` are names in the private storage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField()
    image = models.FileField(max_length=200, upload_to="unset")
    thumbnail = models.FileField(max_length=200, upload_to="unset")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    objects = TaskPageQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="a_page_once_a_task")]

    def __str__(self) -> str:
        return f"{self.task}, page {self.number}"
