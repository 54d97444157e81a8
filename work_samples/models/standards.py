"""Standards that a district has imported: frameworks of statements, each below another."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from teams.models import District
from work_samples.managers import FrameworkQuerySet, StatementQuerySet

CODE_LENGTH = 60  # as long as a code that is typed for an assignment may be
IDENTIFIER_LENGTH = 200
URI_LENGTH = 500


class Framework(models.Model):
    """A document of standards as it was last imported. By `identifier`, its publisher’s, importing again updates.

    `version` is what the publisher calls this edition.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="frameworks")
    identifier = models.CharField(max_length=IDENTIFIER_LENGTH)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    uri = models.CharField("address at its publisher", max_length=URI_LENGTH, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    imported_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["district", "identifier"], name="a_framework_once_a_district"),
        ]

    def __str__(self) -> str:
        return self.title


class Statement(models.Model):
    """One statement of a framework, below `parent` and at `position` among those that are below it too.

    `words` is what is searched: code, text and the codes that others give to the same statement, case folded.
    A statement that is gone from its framework is retired and not deleted: assignments keep its code.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="statements")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children")
    position = models.PositiveIntegerField()
    identifier = models.CharField(max_length=IDENTIFIER_LENGTH)
    code = models.CharField(max_length=CODE_LENGTH, blank=True)
    text = models.TextField()
    kind = models.CharField(max_length=100, blank=True)
    grades = models.JSONField("education levels", default=list, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    uri = models.CharField(max_length=URI_LENGTH, blank=True)
    matches = models.JSONField("codes that others give to the same", default=list, blank=True)
    words = models.TextField(editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["framework", "identifier"], name="a_statement_once_a_framework"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="a_statement_is_not_below_itself"),
        ]
        indexes = [
            models.Index(fields=["framework", "parent", "position"], name="statement_in_its_place"),
            models.Index(fields=["code"], name="statement_by_code"),
        ]

    def __str__(self) -> str:
        return self.code or self.text
