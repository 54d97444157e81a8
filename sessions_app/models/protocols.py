"""The protocols that a team can choose from, in versions; their content is data (protocol_format.py)."""

import uuid

from django.db import models
from django.utils import timezone


class Protocol(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ProtocolVersion(models.Model):
    """What the file said under this version; a session keeps its own copy of the steps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    protocol = models.ForeignKey(Protocol, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["protocol", "-number"]
        constraints = [models.UniqueConstraint(fields=["protocol", "number"], name="a_version_once_a_protocol")]

    def __str__(self) -> str:
        return f"{self.protocol}, version {self.number}"
