"""Work on its way: files that arrive in pieces, and phones that send photos for somebody.

Nothing here is kept for long: an upload goes with its pieces when it is whole or a day old, a phone's link when a day
has passed since it was made.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from work_samples.managers import PartialUploadQuerySet, PhoneQuerySet
from work_samples.models.assignments import Assignment
from work_samples.models.samples import NAME_LENGTH, Sample


class Phone(models.Model):
    """A link that opens once, and the phone that opened it: it brings photos for one person and one assignment.

    Neither the link's code nor the phone's cookie is kept, only their hashes (SHA-256 of long random words). Of one
    person and assignment at most one has not ended: making another ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    link_hash = models.CharField(max_length=64, unique=True)
    link_expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    cookie_hash = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = PhoneQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "owner"], condition=Q(ended_at=None), name="one_phone_a_person_and_assignment"
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None, cookie_hash="") | (Q(opened_at__isnull=False) & ~Q(cookie_hash="")),
                name="a_cookie_for_each_opened_phone",
            ),
        ]

    def __str__(self) -> str:
        return f"phone of {self.owner_id} for {self.assignment_id}"


class PartialUpload(models.Model):
    """A file of `size` bytes of which `received` are here, from the first on, as its owner's browser sends it.

    `sample` is the sample whose further pages the file is meant to be, and from `finished_at` on the one that it is in.
    `name` is what the file is called, until then: it may name a student. `error` says why a whole file was not taken.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+")
    sample = models.ForeignKey(Sample, null=True, on_delete=models.SET_NULL, related_name="+")
    phone = models.ForeignKey(Phone, null=True, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    objects = PartialUploadQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(received__lte=F("size")), name="no_more_arrives_than_was_said"),
            models.CheckConstraint(condition=Q(finished_at=None) | Q(name=""), name="no_name_stays_after_arrival"),
        ]

    def __str__(self) -> str:
        return f"{self.received} of {self.size} bytes"

    @property
    def is_whole(self) -> bool:
        return self.received == self.size


class UploadPiece(models.Model):
    """Some of a file's bytes, from `offset` on. `file` is its name in the private storage."""

    upload = models.ForeignKey(PartialUpload, on_delete=models.CASCADE, related_name="pieces")
    offset = models.PositiveIntegerField()
    file = models.CharField(max_length=200)

    class Meta:
        ordering = ["offset"]
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="one_piece_a_place")]

    def __str__(self) -> str:
        return f"from {self.offset}"
