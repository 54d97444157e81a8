"""What a person looks for in the library again and again."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from teams.models import Team

FILTER_NAME_LENGTH = 60


class SavedFilter(models.Model):
    """The library's filters under a name. `address` is the query that `home.library.Asked` writes.

    It is one person's own; with `team`, that team's members see and use it as well.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="saved_filters")
    name = models.CharField(max_length=FILTER_NAME_LENGTH)
    address = models.TextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="a_filters_name_once_a_person")]

    def __str__(self) -> str:
        return self.name
