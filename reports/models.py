"""What we hand on: which records a team has shared with its school, and the documents that are kept."""

import uuid

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


class KeptDocument(models.Model):
    """A PDF that was made once and is kept until what it was made from changes, or nobody asks for it any more.

    `kind` says who makes it (`reports.makers`), `subject` is the row that it is about, `variant` tells apart the
    copies of one subject (for whom, which filters), and `options` is what its maker needs beside that. `digest` is
    what the kept file was made from, `tried` what the last job set out to make it from. `file` is a name in the
    private storage.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    subject = models.UUIDField()
    variant = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    tried = models.CharField(max_length=64, blank=True)
    file = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "variant"], name="one_kept_document_a_kind_subject_and_variant"
            ),
        ]
        indexes = [models.Index(fields=["checked_at"], name="kept_document_by_check")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.variant}"
