"""What we hand on: which records a team has shared with its school."""

from django.conf import settings
from django.db import models

from sessions_app.models import Session


class SharedRecord(models.Model):
    """The team lets those who administer its school, or the district, read the record of this session."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="shared_record")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"Shared record of {self.session}"
