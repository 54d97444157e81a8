"""Samples of work, their pages and redactions.

Until its uploader has confirmed it, a sample exists for nobody else. Confirming burns the redactions into
new page images and deletes the upload and every earlier rendition.
"""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from work_samples.managers import KeptPages, PageQuerySet, SampleQuerySet, UploadQuerySet
from work_samples.models.assignments import Assignment

NAME_LENGTH = 200
LABEL_LENGTH = 20
GROUP_LENGTH = 60
DESCRIPTION_LENGTH = 4000


class Sample(models.Model):
    """One student's work: a label and its pages, never a name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="samples")
    label = models.CharField(max_length=LABEL_LENGTH)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    group = models.CharField("student group", max_length=GROUP_LENGTH, blank=True, default="")
    is_arranged = models.BooleanField(default=False, editable=False)

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "created_at", "label"]
        constraints = [models.UniqueConstraint(fields=["assignment", "label"], name="a_label_once_an_assignment")]
        indexes = [models.Index(fields=["label"], name="sample_by_label")]

    def __str__(self) -> str:
        return f"{self.assignment} {self.label}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def is_archived(self) -> bool:
        """Out of the way: not in the library and not offered for a new session."""
        return self.archived_at is not None


class Upload(models.Model):
    """A file as it was brought, for its uploader alone; gone once the sample is confirmed.

    `name` is what the file was called; it may name a student, so it goes with the file. `made_at` is set
    when its pages are made, `error` to one sentence when they cannot be.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="uploads")
    position = models.PositiveSmallIntegerField()
    file = models.FileField(max_length=200, upload_to="unset")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    made_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(max_length=300, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sample", "position"], name="a_place_once_a_sample")]

    @property
    def is_waiting(self) -> bool:
        """True until its pages are made or it is clear that they cannot be."""
        return self.made_at is None and not self.error


class Page(models.Model):
    """One upright page image without metadata. `image` and `thumbnail` are names in the private storage.

    `upload` is the file that it was made from, as long as that is kept. `description` is what stands on it, in words,
    for whoever cannot see it.

    A page that is set aside (`aside_at`) is no part of its sample any more and goes for good when that is
    confirmed: only `everything` finds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="pages")
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.SET_NULL, related_name="pages")
    number = models.PositiveSmallIntegerField()
    image = models.FileField(max_length=200, upload_to="unset")
    thumbnail = models.FileField(max_length=200, upload_to="unset")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    description = models.TextField(blank=True, default="", max_length=DESCRIPTION_LENGTH)

    aside_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = KeptPages()
    everything = PageQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "number"], condition=Q(aside_at__isnull=True), name="a_page_once_a_sample"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sample}, page {self.number}"


def _share() -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(0), MaxValueValidator(1)]


class Redaction(models.Model):
    """A box over a name, in shares of the page; a draft until the sample is confirmed, burned in from then on."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="redactions")
    x = models.FloatField(validators=_share())
    y = models.FloatField(validators=_share())
    w = models.FloatField(validators=_share())
    h = models.FloatField(validators=_share())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(x__gte=0, x__lte=1, y__gte=0, y__lte=1, w__gt=0, w__lte=1, h__gt=0, h__lte=1),
                name="a_box_lies_on_the_page",
            ),
        ]
