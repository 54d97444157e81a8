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
from work_samples.models.fields import TeamKey
from work_samples.models.taken import TakenPage, TakenSample

NAME_LENGTH = 200
LABEL_LENGTH = 20
GROUP_LENGTH = 60
DESCRIPTION_LENGTH = 4000


class SentBack(models.TextChoices):
    """Why a second person sent a sample back. There are no words of their own: they might hold the name."""

    NAME = "name", "a name shows"
    FACE = "face", "a face or a person shows"
    OTHER = "other", "something else tells who it is"


class Sample(TakenSample):
    """One student's work: a label and its pages, never a name.

    `covered_at` is when its uploader had the boxes burned in; in a team where two people check, it then waits for
    another member (`second_by`), and `confirmed_at` follows. A sample that was sent back is a draft again, of
    pages that have been burned once. `sent_back_places` are `{"page", "x", "y", "w", "h"}`, page by number.

    `group` is one of the district's student groups, or empty; it stays out of the room, so that nobody scores
    by it. `is_arranged`: a person gave the pages their order, so pages that come later go to the end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="samples")
    label = models.CharField(max_length=LABEL_LENGTH)
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Two people check, where the team wants it: the uploader covers names, another member confirms or sends back.
    covered_at = models.DateTimeField(null=True, blank=True, editable=False)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    second_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    sent_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_back_why = models.CharField(max_length=10, choices=SentBack, blank=True, editable=False)
    sent_back_places = models.JSONField(default=list, blank=True, editable=False)
    group = models.CharField("student group", max_length=GROUP_LENGTH, blank=True, default="")
    is_arranged = models.BooleanField(default=False, editable=False)

    objects = SampleQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "created_at", "label"]
        constraints = [models.UniqueConstraint(fields=["assignment", "label"], name="a_label_once_an_assignment")]
        indexes = [
            models.Index(fields=["label", "assignment", "confirmed_at", "archived_at"], name="sample_by_its_label"),
            models.Index(
                fields=["assignment", "created_at", "label"],
                condition=Q(confirmed_at__isnull=False, archived_at__isnull=True),
                name="sample_in_the_library",
            ),
            models.Index(fields=["assignment"], condition=Q(archived_at__isnull=False), name="sample_in_the_archive"),
            models.Index(fields=["group", "assignment"], condition=~Q(group=""), name="sample_by_group"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.label}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def waits_for_second(self) -> bool:
        """Covered by its uploader, and not yet seen by the second person whom the team asks for."""
        return self.covered_at is not None and self.confirmed_at is None

    @property
    def is_draft(self) -> bool:
        """Still its uploader's to change."""
        return self.covered_at is None and self.confirmed_at is None

    @property
    def is_archived(self) -> bool:
        """Out of the way: not in the library and not offered for a new session."""
        return self.archived_at is not None


class Upload(models.Model):
    """A file as it was brought, for its uploader alone; gone once the sample is confirmed.

    `name` is what the file was called; it may name a student, so it goes with the file. `made_at` is set
    when its pages are made, `error` to one sentence when they cannot be. `is_recording`: sound or film is made of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, on_delete=models.CASCADE, related_name="uploads")
    position = models.PositiveSmallIntegerField()
    file = models.FileField(max_length=200, upload_to="unset")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    made_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.CharField(max_length=300, blank=True)
    is_recording = models.BooleanField(default=False, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sample", "position"], name="a_place_once_a_sample")]

    @property
    def is_waiting(self) -> bool:
        """True until its pages are made or it is clear that they cannot be."""
        return self.made_at is None and not self.error


class Page(TakenPage):
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
    team_key = TeamKey()

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

    @property
    def is_there(self) -> bool:
        """Whether there is a picture to show: neither withdrawn nor destroyed."""
        return bool(self.image)


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
